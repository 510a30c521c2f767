package poll

import (
	"context"
	"errors"
	"time"

	"waybill/adapters/pull"
	"waybill/tracker"
)

// ask makes one call and settles what it was about.
func (p *Poller) ask(ctx context.Context, b batch) error {
	numbers := make([]string, len(b.polls))
	for i, poll := range b.polls {
		numbers[i] = poll.Number
	}
	began := time.Now()
	replies, err := p.Asker.Ask(ctx, b.account.Account, numbers)
	took := time.Since(began)
	if err != nil {
		return p.failed(ctx, b, took, err)
	}
	call := Call{Carrier: b.account.Carrier, Account: b.account.Key(), Outcome: OutcomeAnswered, Numbers: len(replies), Took: took}
	now := p.Now().UTC()
	for i := range replies {
		p.settle(ctx, b, b.polls[i], &replies[i], now, &call)
	}
	if call.Answered == 0 {
		call.Outcome = OutcomeEmpty
	}
	err = p.plan(ctx, b.polls, now)
	p.Observer.Asked(call)
	return err
}

// settle takes in what a carrier said of one number. A reply equal to the last one is not kept again (rule 2); one that
// does not know the number is not kept at all.
func (p *Poller) settle(ctx context.Context, b batch, poll *tracker.Poll, reply *pull.Reply, now time.Time, call *Call) {
	poll.Asked = now
	switch reply.Verdict {
	case pull.Unknown:
		poll.Failures, poll.Trouble = 0, ""
		return
	case pull.Refused:
		call.Refused++
		poll.Failures, poll.Trouble = poll.Failures+1, string(reply.Verdict)
		return
	case pull.Unreadable:
		call.Unreadable++
	case pull.Answered:
		call.Answered++
		poll.Answered = now
	}
	poll.Failures, poll.Trouble = 0, ""
	if string(poll.Digest) == string(reply.Digest[:]) {
		return
	}
	outcome, err := p.Ingest.Accept(ctx, &tracker.Receipt{
		Source: tracker.FromPoll, Carrier: b.account.Carrier, Account: b.account.Name, ContentType: reply.ContentType,
		Number: poll.Number, Body: reply.Body,
	})
	if err != nil {
		// Nothing was taken in: the reply is told again when it is asked for again.
		p.Log.Warn("a carrier's reply could not be kept; it is asked again", "account", b.account.Key(), "error", err)
		poll.Failures, poll.Trouble = poll.Failures+1, "store"
		return
	}
	if outcome.Quarantine == "" && !reply.Latest.IsZero() {
		call.Lags = append(call.Lags, max(now.Sub(reply.Latest), 0))
	}
	poll.Digest = reply.Digest[:]
	call.Changed++
}

const (
	// failedFirst and failedMost bound the waits after calls that came to nothing; refusedFirst is the first where
	// the credentials are to blame, which a person must mend.
	failedFirst, failedMost = 2 * time.Minute, 6 * time.Hour
	refusedFirst            = 15 * time.Minute
)

// failed puts off what a call was about that came to no reply.
func (p *Poller) failed(ctx context.Context, b batch, took time.Duration, err error) error {
	kind := pull.KindOf(err)
	var failure *pull.Error
	if !errors.As(err, &failure) {
		return err
	}
	if kind == pull.Held || kind == pull.RateLimited {
		p.Observer.Asked(Call{Carrier: b.account.Carrier, Account: b.account.Key(), Outcome: string(kind), Numbers: len(b.polls), Took: took})
		return p.putOff(ctx, b, failure.RetryAfter)
	}
	now := p.Now().UTC()
	worst := 0
	for _, poll := range b.polls {
		poll.Asked, poll.Trouble = now, string(kind)
		poll.Failures++
		worst = max(worst, poll.Failures)
		poll.Next = now.Add(p.backOff(kind, poll, failure.RetryAfter))
	}
	level := p.Log.Info
	if worst == 1 || kind == pull.Unauthorised || kind == pull.Misused {
		level = p.Log.Warn
	}
	level("a carrier did not answer", "account", b.account.Key(), "numbers", len(b.polls), "error", err)
	p.Observer.Asked(Call{Carrier: b.account.Carrier, Account: b.account.Key(), Outcome: string(kind), Numbers: len(b.polls), Took: took})
	return p.save(ctx, b.polls)
}

// putOff deals out new moments to calls that had no room: as far apart as the rate that held them back lets them through,
// which is no more than the wait it asked for.
func (p *Poller) putOff(ctx context.Context, b batch, wait time.Duration) error {
	slot := p.slots.take(b.account.Key(), p.Now().Add(wait), min(wait, p.Asker.Spacing(b.account.Account)))
	dues := make([]tracker.Due, len(b.polls))
	for i, poll := range b.polls {
		dues[i] = tracker.Due{Key: poll.LegKey.String(), At: slot.UnixMilli()}
	}
	return p.reschedule(ctx, dues)
}

// backOff is how long to wait after a failure: twice as long each time, spread, and as long as the carrier asked.
func (p *Poller) backOff(kind pull.Kind, poll *tracker.Poll, asked time.Duration) time.Duration {
	first := failedFirst
	if kind == pull.Unauthorised || kind == pull.Misused || kind == pull.Rejected {
		first = refusedFirst
	}
	wait := min(first<<min(poll.Failures-1, 10), failedMost)
	return max(asked, wait) + pull.Spread(poll.LegKey.String(), wait/4)
}
