package workers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/notify/webhook"
	"waybill/tracker"
)

// Webhooks sends to sellers' endpoints. webhook.Office is one.
type Webhooks interface {
	// Look serves an endpoint that has something due, and returns at once.
	Look(endpoint string)
	// PutBack puts a delivery in line whose time has come.
	PutBack(ctx context.Context, delivery string) error
}

// serve has an endpoint served that has something due. What is to be done there stands in its line.
func (w *Workers) serve(_ context.Context, key string) error {
	w.Webhooks.Look(key)
	return nil
}

// retry puts a delivery in line whose time has come.
func (w *Workers) retry(ctx context.Context, key string) error { return w.Webhooks.PutBack(ctx, key) }

// toldOtherwiseError: endpoints were told of another state under the sequence number of this one. Somebody else was faster,
// or died before the shipment was saved.
type toldOtherwiseError struct{ change *tracker.WebhookChange }

func (t *toldOtherwiseError) Error() string {
	return fmt.Sprintf("sequence number %d of shipment %s was told of another state", t.change.View.Seq, t.change.Shipment)
}

// hook stores a change of a shipment's view for the seller's endpoints. The change is one record by shipment and sequence
// number, so that of two who see different states under one number the second comes back with toldOtherwiseError, and tells
// its own under the next.
func (w *Workers) hook(ctx context.Context, in webhook.Input, causedAt time.Time) error {
	change := webhook.Decide(in)
	if change == nil {
		return nil
	}
	endpoints, err := webhook.EndpointsOf(ctx, w.Store, change.Tenant)
	if err != nil || len(endpoints) == 0 {
		return err
	}
	var otherwise error // tells what is not ours, too: whoever wrote it may have died before it did
	err = tracker.Save(ctx, w.Store, change)
	if errors.Is(err, tracker.ErrConflict) {
		mine := change
		change, err = tracker.Load[tracker.WebhookChange](ctx, w.Store, mine.Key())
		if err == nil && !change.View.Same(mine.View) {
			otherwise = &toldOtherwiseError{change}
		}
	}
	if err != nil {
		return err
	}
	if err := w.line(ctx, change, endpoints, causedAt); err != nil {
		return err
	}
	return otherwise
}

// inform stores what happened to a shipment besides a change of its view, for the seller's endpoints, and puts it in line there.
// news makes it of the shipment as it stands; its key makes that nothing is told twice.
func (w *Workers) inform(ctx context.Context, s *tracker.Shipment, news func(*tracker.Tracking) *tracker.WebhookChange) error {
	endpoints, err := webhook.EndpointsOf(ctx, w.Store, s.Tenant)
	if err != nil || len(endpoints) == 0 {
		return err
	}
	t, err := w.Finder.Shipment(ctx, s)
	if err != nil {
		return err
	}
	change := news(&t)
	if err := tracker.Save(ctx, w.Store, change); err != nil && !errors.Is(err, tracker.ErrConflict) {
		return err
	}
	return w.line(ctx, change, endpoints, change.At)
}

// line puts a change in line at the endpoints that want it.
func (w *Workers) line(ctx context.Context, change *tracker.WebhookChange, endpoints []*tracker.Endpoint, causedAt time.Time) error {
	if err := webhook.Line(ctx, w.Store, change, endpoints, causedAt, w.Now()); err != nil {
		return err
	}
	w.announce(nil)
	return nil
}
