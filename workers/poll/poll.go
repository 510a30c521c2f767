// Package poll asks carriers about the legs that fall due for it. What is due stands in the store (tracker.Poll), is
// claimed there, and asked about in batches by account; replies go into the same ingest as webhooks. It needs no
// queue: with Redis down carriers are asked all the same, each worker then counting calls for itself (rule 13).
package poll

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"waybill/adapters/pull"
	"waybill/tracker"
	"waybill/tracker/seal"
)

// Options are what a Poller needs.
type Options struct {
	Store    tracker.Store
	Ingest   *tracker.Ingest
	Keys     *seal.Keys
	Asker    *pull.Asker
	Schedule pull.Schedule
	Observer Observer
	Now      func() time.Time
	Log      *slog.Logger
	// Concurrency is how many calls are under way at once.
	Concurrency int
	// Interval is how often the store is asked for what is due.
	Interval time.Duration
}

// Poller asks. It is safe for concurrent use.
type Poller struct {
	Options

	accounts accounts
	slots    slots
}

const (
	// claimMost is how many legs are claimed at once.
	claimMost = 256
	// hold is how long they are held: whoever claimed them is done by then, or dead.
	hold = 2 * time.Minute
	// lanes is how many claims are worked on beside each other, so that a carrier that does not answer holds up no other.
	lanes = 4
)

// New makes a Poller.
func New(o Options) (*Poller, error) {
	if o.Store == nil || o.Ingest == nil || o.Keys == nil || o.Asker == nil || o.Schedule == nil || o.Observer == nil ||
		o.Now == nil || o.Log == nil || o.Concurrency < 1 || o.Interval <= 0 {
		return nil, errors.New("the poller cannot start: one of its options is not set")
	}
	p := &Poller{Options: o}
	p.accounts.poller = p
	p.slots.next = map[string]time.Time{}
	return p, nil
}

// Run asks until the context ends, and then finishes the calls in hand. share gives the buckets that are the worker's
// own.
func (p *Poller) Run(ctx context.Context, share func() []uint8) {
	var all errgroup.Group
	for range lanes {
		all.Go(func() error {
			p.lane(ctx, share)
			return nil
		})
	}
	_ = all.Wait()
}

func (p *Poller) lane(ctx context.Context, share func() []uint8) {
	ticker := time.NewTicker(p.Interval)
	defer ticker.Stop()
	failing := false
	for ctx.Err() == nil {
		n, err := p.Pass(ctx, share())
		if err != nil && ctx.Err() == nil && !failing {
			p.Log.Warn("carriers are not asked for now; it is tried again", "error", err)
		}
		failing = err != nil
		if n == claimMost && !failing {
			continue
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

// Pass claims legs that are due among the buckets (nil is all), asks about them, and returns when all are settled. It
// says how many were claimed.
func (p *Poller) Pass(ctx context.Context, buckets []uint8) (claimed int, err error) {
	if buckets != nil && len(buckets) == 0 {
		return 0, nil
	}
	now := p.Now()
	rows, err := p.Store.Claim(ctx, tracker.Claim{
		Table: tracker.Polls, Buckets: buckets, Now: now, Until: now.Add(hold), Limit: claimMost,
	})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	polls, err := tracker.DecodeAll[tracker.Poll](rows)
	if err != nil {
		return len(rows), err
	}
	batches, err := p.batches(ctx, polls)
	if err != nil {
		return len(rows), errors.Join(err, p.putBack(ctx, polls))
	}
	var group errgroup.Group
	group.SetLimit(max(1, p.Concurrency/lanes))
	for _, b := range batches {
		group.Go(func() error {
			if ctx.Err() != nil {
				return p.putBack(ctx, b.polls)
			}
			// A call in hand at the end is finished: it is bounded by its own time.
			return p.ask(context.WithoutCancel(ctx), b)
		})
	}
	return len(rows), group.Wait()
}

// batch is what is asked in one call.
type batch struct {
	account *opened
	polls   []*tracker.Poll
}

// batches deals polls out to accounts, as many to a call as the carrier takes. Those that have no account are asked
// about no more, until their shipment is planned anew.
func (p *Poller) batches(ctx context.Context, polls []*tracker.Poll) ([]batch, error) {
	if err := p.accounts.refresh(ctx); err != nil {
		return nil, err
	}
	var list []batch
	open := map[*opened]int{}
	var parked []*tracker.Poll
	for _, poll := range polls {
		account := p.accounts.of(poll.Carrier, poll.Tenant)
		if account == nil {
			poll.Next = time.Time{}
			parked = append(parked, poll)
			continue
		}
		at, ok := open[account]
		if !ok || len(list[at].polls) >= p.Asker.Most(poll.Carrier) {
			at = len(list)
			list, open[account] = append(list, batch{account: account}), at
		}
		list[at].polls = append(list[at].polls, poll)
	}
	return list, p.save(ctx, parked)
}

// putBack has claimed polls fall due again at once.
func (p *Poller) putBack(ctx context.Context, polls []*tracker.Poll) error {
	dues := make([]tracker.Due, len(polls))
	for i, poll := range polls {
		dues[i] = tracker.Due{Key: poll.LegKey.String(), At: p.Now().UnixMilli()}
	}
	return p.reschedule(context.WithoutCancel(ctx), dues)
}

func (p *Poller) reschedule(ctx context.Context, dues []tracker.Due) error {
	if len(dues) == 0 {
		return nil
	}
	if err := p.Store.Reschedule(ctx, tracker.Polls, dues); err != nil {
		return fmt.Errorf("put off asking about %d legs: %w", len(dues), err)
	}
	return nil
}
