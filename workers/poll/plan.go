package poll

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/adapters/pull"
	"waybill/tracker"
)

// plan decides when each of the polls that were just asked is asked next, by what its leg says now, and stores them.
func (p *Poller) plan(ctx context.Context, polls []*tracker.Poll, now time.Time) error {
	keys := make([]string, len(polls))
	for i, poll := range polls {
		keys[i] = poll.LegKey.String()
	}
	rows, err := p.Store.Get(ctx, tracker.Legs, keys...)
	if err != nil {
		return err
	}
	legs, err := tracker.DecodeAll[tracker.Leg](rows)
	if err != nil {
		return err
	}
	byKey := make(map[tracker.LegKey]*tracker.Leg, len(legs))
	for _, leg := range legs {
		byKey[leg.LegKey] = leg
	}
	var failure error
	for _, poll := range polls {
		leg := byKey[poll.LegKey]
		if poll.Question != "" {
			over, err := p.answerQuestion(ctx, poll, leg)
			failure = errors.Join(failure, err)
			if over {
				poll.Next = time.Time{}
				continue
			}
		}
		if poll.Failures > 0 {
			poll.Next = now.Add(p.backOff(pull.Rejected, poll, 0))
			continue
		}
		poll.Next = p.next(poll, leg, now)
	}
	return errors.Join(failure, p.save(ctx, polls))
}

// save stores polls. One that was written meanwhile, by somebody who planned it, keeps what that one knew better.
func (p *Poller) save(ctx context.Context, polls []*tracker.Poll) error {
	writes := make([]tracker.Write, len(polls))
	var err error
	for i, poll := range polls {
		if writes[i], err = tracker.Encode(poll); err != nil {
			return err
		}
	}
	if len(writes) == 0 {
		return nil
	}
	results, err := p.Store.Apply(ctx, writes)
	if err != nil {
		return fmt.Errorf("note what came of asking about %d legs: %w", len(polls), err)
	}
	for i, result := range results {
		if errors.Is(result, tracker.ErrConflict) {
			result = p.saveAnew(ctx, polls[i])
		}
		err = errors.Join(err, result)
	}
	return err
}

// saveAnew brings what came of asking onto the poll as it is now.
func (p *Poller) saveAnew(ctx context.Context, mine *tracker.Poll) error {
	const tries = 4
	for range tries {
		fresh, err := tracker.Load[tracker.Poll](ctx, p.Store, mine.LegKey.String())
		if errors.Is(err, tracker.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		fresh.Asked, fresh.Answered, fresh.Digest = mine.Asked, mine.Answered, mine.Digest
		fresh.Failures, fresh.Trouble, fresh.Next, fresh.Question = mine.Failures, mine.Trouble, mine.Next, mine.Question
		if err = tracker.Save(ctx, p.Store, fresh); !errors.Is(err, tracker.ErrConflict) {
			return err
		}
	}
	return nil // it is due again when the claim runs out
}

// gather is over what time numbers are gathered that go into one call.
const gather = 2 * time.Minute

// next is when the carrier is asked about a leg next. Where it takes several numbers in a call, those of the same two
// minutes go together.
func (p *Poller) next(poll *tracker.Poll, leg *tracker.Leg, now time.Time) time.Time {
	next := p.Schedule.Next(look(poll, leg, now))
	if next.IsZero() || p.Asker.Most(poll.Carrier) < 2 {
		return next
	}
	return next.Add(gather - 1).Truncate(gather)
}

// look gathers what the schedule goes by. leg is nil where nothing was heard yet.
func look(poll *tracker.Poll, leg *tracker.Leg, now time.Time) pull.Look {
	l := pull.Look{
		Key: poll.LegKey.String(), Now: now, Asked: poll.Asked, Since: poll.Since, Service: poll.Service,
		From: poll.Promise, To: poll.Promise,
	}
	if zone, err := time.LoadLocation(poll.Zone); err == nil {
		l.Zone = zone
	}
	if leg == nil {
		return l
	}
	all := leg.Generations()
	at := tracker.GenerationFor(all, poll.Since)
	if at < 0 {
		return l
	}
	g := &all[at]
	l.Milestone, l.Substatus, l.Heard = g.State.Milestone, g.State.Substatus, g.Last
	for i := range g.Events {
		if e := &g.Events[i]; e.Source == tracker.FromWebhook {
			if pushed := tracker.TimeOfID(e.Receipt); pushed.After(l.Pushed) {
				l.Pushed = pushed
			}
		}
	}
	if estimate := g.Facts.Estimate; estimate.Known() {
		l.To = estimate.To.Instant()
		if l.From = l.To; estimate.From.Known() {
			l.From = estimate.From.Instant()
		}
	}
	if e := leg.Estimate; e != nil && !l.Milestone.Ended() {
		l.From, l.To = e.P10, e.P90
	}
	return l
}

// Plan sees to it that the carriers of a shipment's legs are asked about it when they should: at its registration, and
// whenever something of it changed. Legs of carriers that are not asked, and those of which no account is at hand,
// are left alone.
func (p *Poller) Plan(ctx context.Context, t *tracker.Tracking) error {
	s := t.Shipment
	if s == nil || s.Test {
		return nil
	}
	if err := p.accounts.refresh(ctx); err != nil {
		return err
	}
	wanted := p.wanted(t)
	if len(wanted) == 0 {
		return nil
	}
	keys := make([]string, len(wanted))
	for i, w := range wanted {
		keys[i] = w.LegKey.String()
	}
	rows, err := p.Store.Get(ctx, tracker.Polls, keys...)
	if err != nil {
		return err
	}
	known, err := tracker.DecodeAll[tracker.Poll](rows)
	if err != nil {
		return err
	}
	var changed []*tracker.Poll
	for _, w := range wanted {
		if merged, ok := p.replan(w, known, legOf(t, w.LegKey)); ok {
			changed = append(changed, merged)
		}
	}
	return p.saveplanned(ctx, changed)
}

// planWithin is by how much a moment may be off before it is stored anew.
const planWithin = time.Minute

// replan gives the poll as it shall be, and whether that is news.
func (p *Poller) replan(wanted wish, known []*tracker.Poll, leg *tracker.Leg) (*tracker.Poll, bool) {
	now := p.Now().UTC()
	poll, old := wanted.Poll, time.Time{}
	for _, have := range known {
		if have.LegKey == wanted.LegKey {
			poll, old = have, have.Next
			poll.Promise, poll.Zone, poll.Service = wanted.Promise, wanted.Zone, wanted.Service
		}
	}
	next := p.next(poll, leg, now)
	switch {
	case poll == wanted.Poll:
		poll.Next = next.Add(time.Duration(wanted.turn) * turnAfter)
		return poll, !next.IsZero()
	case next.IsZero() != old.IsZero():
	case next.IsZero(), poll.Failures > 0, poll.Asked.IsZero() && leg == nil, next.Sub(old).Abs() < planWithin:
		return nil, false // it has ended; its failures decide; its first time stands
	}
	poll.Next = next
	return poll, true
}

// saveplanned stores plans. One that was written meanwhile was asked just now, and is planned by that.
func (p *Poller) saveplanned(ctx context.Context, polls []*tracker.Poll) error {
	writes := make([]tracker.Write, len(polls))
	var err error
	for i, poll := range polls {
		if writes[i], err = tracker.Encode(poll); err != nil {
			return err
		}
	}
	if len(writes) == 0 {
		return nil
	}
	results, err := p.Store.Apply(ctx, writes)
	for _, result := range results {
		if !errors.Is(result, tracker.ErrConflict) {
			err = errors.Join(err, result)
		}
	}
	if err != nil {
		return fmt.Errorf("plan to ask about %d legs: %w", len(polls), err)
	}
	return nil
}

func legOf(t *tracker.Tracking, key tracker.LegKey) *tracker.Leg {
	for _, leg := range t.Legs {
		if leg.LegKey == key {
			return leg
		}
	}
	return nil
}
