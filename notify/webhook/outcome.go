package webhook

import (
	"context"
	"errors"
	"time"

	"waybill/notify"
	"waybill/tracker"
)

// result is one attempt and what came of it.
type result struct {
	answer Answer
	err    error
	at     time.Time
	took   time.Duration
}

func (r *result) code() string {
	if failure, ok := errors.AsType[*notify.Failure](r.err); ok {
		return failure.Code
	}
	return "2xx"
}

// note writes what came of an attempt: into the delivery first, then, where that is news, into the endpoint. It does so
// while shutting down, too: else the delivery would be sent again.
func (o *Office) note(ctx context.Context, e *tracker.Endpoint, d *tracker.WebhookDelivery, r result) error {
	ctx = context.WithoutCancel(ctx)
	first := len(d.Attempts) == 0
	for {
		o.outcome(d, r)
		err := tracker.Save(ctx, o.Store, d)
		if err == nil {
			break
		}
		if !errors.Is(err, tracker.ErrConflict) {
			return err
		}
		// Somebody asked for it again meanwhile, or it took so long that it counted as left by a crash.
		if d, err = tracker.Load[tracker.WebhookDelivery](ctx, o.Store, tracker.WebhookDeliveryKey(d.Endpoint, d.Event)); err != nil {
			return err
		}
	}
	var lag time.Duration
	if first && !d.CausedAt.IsZero() && !r.at.IsZero() {
		lag = r.at.Sub(d.CausedAt)
	}
	o.Observer.Attempted(string(d.State), r.code(), r.took, lag)
	if r.at.IsZero() {
		return nil // nothing was sent: that says nothing of the endpoint
	}
	return o.noteHealth(ctx, e, r)
}

// outcome puts an attempt into its delivery.
func (o *Office) outcome(d *tracker.WebhookDelivery, r result) {
	a := tracker.WebhookAttempt{At: r.at.UTC(), Status: r.answer.Status, Body: r.answer.Body, Took: r.took}
	if r.at.IsZero() {
		a.At = o.Now().UTC()
	}
	if r.err != nil {
		a.Error = r.err.Error()
	}
	d.Note(a)
	d.NextAt = time.Time{}
	if r.err == nil {
		d.State = tracker.WebhookDelivered
		return
	}
	switch notify.VerdictOf(r.err) {
	case notify.Gone:
		d.PutInLine() // for when somebody enables the endpoint again
		return
	case notify.Permanent:
		d.State = tracker.WebhookFailed
		return
	case notify.Retry, notify.Unsure:
	}
	var after time.Duration
	if failure, ok := errors.AsType[*notify.Failure](r.err); ok {
		after = failure.After
	}
	wait, more := nextTry(d.Tries, after, o.Random())
	if !more {
		d.State = tracker.WebhookFailed
		return
	}
	d.State, d.NextAt = tracker.WebhookRetrying, o.Now().Add(wait).UTC()
}
