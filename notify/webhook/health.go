package webhook

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"waybill/notify"
	"waybill/tracker"
)

const (
	// lanesMost is how many attempts are under way at one endpoint at most. An endpoint of which nothing is known begins
	// with one, and gets another with each success: one that hangs holds one slot.
	lanesMost = 8
	// tripAfter failures in a row an endpoint is left alone for restFor, then tried with one delivery.
	tripAfter = 5
	restFor   = time.Minute
	// outageFrom is how long an endpoint must have failed for its waiting deliveries to be brought forward once it is back:
	// what wavers does not have its attempts used up in one go.
	outageFrom = 5 * time.Minute
	// disableAfter is how long an endpoint may fail without a single success.
	disableAfter = 5 * 24 * time.Hour
	// successEvery is how exactly successes are noted at the endpoint.
	successEvery = time.Minute
)

// health is what this process knows of an endpoint.
type health struct {
	breaker *gobreaker.CircuitBreaker[result]

	mu sync.Mutex
	// streak counts the successes since the last failure, failed whether that was the last word; opens is when a breaker
	// that is open lets one through.
	streak int
	failed bool
	opens  time.Time
}

// healthOf is what is known of an endpoint; nothing, where it is new to this process.
func (o *Office) healthOf(id string) *health {
	o.mu.Lock()
	defer o.mu.Unlock()
	h, ok := o.health[id]
	if !ok {
		h = &health{}
		h.breaker = gobreaker.NewCircuitBreaker[result](gobreaker.Settings{
			MaxRequests: 1, Timeout: restFor,
			ReadyToTrip: func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= tripAfter },
			OnStateChange: func(_ string, _, to gobreaker.State) {
				if to == gobreaker.StateOpen {
					h.mu.Lock()
					h.opens = time.Now().Add(restFor)
					h.mu.Unlock()
				}
			},
		})
		o.health[id] = h
	}
	return h
}

func (o *Office) forget(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.health, id)
}

// room is how many attempts may be under way; 0 while the endpoint is left alone, and then until when.
func (h *health) room(now time.Time) (lanes int, opens time.Time) {
	state := h.breaker.State()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case state == gobreaker.StateOpen:
		return 0, now.Add(max(time.Until(h.opens), time.Second))
	case state == gobreaker.StateHalfOpen, h.failed:
		return 1, time.Time{}
	}
	return min(1+h.streak, lanesMost), time.Time{}
}

func (h *health) failing() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.failed
}

// try makes an attempt through the breaker; begun is false where that is open.
func (h *health) try(attempt func() result) (r result, begun bool) {
	r, err := h.breaker.Execute(func() (result, error) {
		r := attempt()
		return r, r.err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return r, false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failed = err != nil
	h.streak++
	if h.failed {
		h.streak = 0
	}
	return r, true
}

// noteHealth writes into the endpoint what an attempt says of it: that it began to fail, that it is back, or that it has
// to be disabled.
func (o *Office) noteHealth(ctx context.Context, e *tracker.Endpoint, r result) error {
	gone := notify.VerdictOf(r.err) == notify.Gone
	if !newsOf(e, r, gone) {
		return nil
	}
	var back time.Duration
	err := Change(ctx, o.Store, e.ID, func(e *tracker.Endpoint) error {
		back = 0
		switch {
		case !newsOf(e, r, gone):
			return errUnchanged
		case r.err == nil:
			if !e.FailingSince.IsZero() {
				back = r.at.Sub(e.FailingSince)
			}
			e.SucceededAt, e.FailingSince = r.at.UTC(), time.Time{}
			return nil
		case e.FailingSince.IsZero():
			e.FailingSince = r.at.UTC()
		}
		if gone {
			o.disable(e, "the endpoint answered 410: it wants nothing any more")
		} else if r.at.Sub(e.FailingSince) >= disableAfter {
			o.disable(e, "nothing could be delivered for five days: "+r.err.Error())
		}
		return nil
	})
	if errors.Is(err, errUnchanged) || errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err == nil && back >= outageFrom {
		err = o.bringForward(ctx, e.ID)
	}
	return err
}

// newsOf reports whether an attempt says something of the endpoint that is not written yet.
func newsOf(e *tracker.Endpoint, r result, gone bool) bool {
	switch {
	case e.Disabled != "":
		return false
	case r.err == nil:
		return !e.FailingSince.IsZero() && r.at.After(e.FailingSince) || r.at.Sub(e.SucceededAt) > successEvery
	case e.FailingSince.IsZero():
		return r.at.After(e.SucceededAt)
	}
	return gone || r.at.Sub(e.FailingSince) >= disableAfter
}

// disable ends sending to an endpoint; what comes from now on is kept in line. Its owner is told soon.
func (o *Office) disable(e *tracker.Endpoint, reason string) {
	now := o.Now().UTC()
	e.Disabled, e.DisabledAt, e.UpdatedAt = reason, now, now
	e.Notice, e.Notices = now, 0
	o.Log.Warn("a webhook endpoint was disabled", "endpoint", e.ID, "tenant", e.Tenant, "reason", reason)
}

// bringForward puts what waits for another attempt in line at once: the endpoint is back.
func (o *Office) bringForward(ctx context.Context, id string) error {
	for {
		page := tracker.Page{Limit: roundMost, Oldest: true}
		waiting, err := tracker.LoadList[tracker.WebhookDelivery](ctx, o.Store, tracker.ListOfRetrying(id), page)
		if err != nil || len(waiting) == 0 {
			return err
		}
		for _, d := range waiting {
			d.PutInLine()
		}
		written, err := apply(ctx, o.Store, waiting)
		if err != nil || len(written) == 0 { // where none was written, others are at work on them
			return err
		}
	}
}
