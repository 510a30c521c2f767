package workers

import (
	"context"
	"errors"

	"waybill/notify/webhook"
	"waybill/tracker"
)

// tellReturn makes what follows from a return's state, and tells the seller's endpoints and the customer of it. Each step is
// unique by its place among the return's, so that all may be done twice.
func (w *Workers) tellReturn(ctx context.Context, key string) error {
	r, err := tracker.Load[tracker.Return](ctx, w.Store, key)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := w.Returns.Finish(ctx, r); err != nil {
		return err
	}
	s, err := tracker.Load[tracker.Shipment](ctx, w.Store, r.Outbound)
	if err != nil && !errors.Is(err, tracker.ErrNotFound) { // a removed one's return ends in silence
		return err
	}
	for i := r.Told; i < len(r.Steps) && err == nil; i++ {
		if err := w.tellStep(ctx, s, r, i); err != nil {
			return err
		}
	}
	r.Told = len(r.Steps)
	if err := tracker.Save(ctx, w.Store, r); !errors.Is(err, tracker.ErrConflict) { // changed meanwhile: it is due again
		return err
	}
	return nil
}

func (w *Workers) tellStep(ctx context.Context, s *tracker.Shipment, r *tracker.Return, step int) error {
	err := w.inform(ctx, s, func(t *tracker.Tracking) *tracker.WebhookChange { return webhook.ReturnOf(t, r, step) })
	if err != nil {
		return err
	}
	switch state := r.Steps[step].State; state {
	case tracker.ReturnApproved, tracker.ReturnRefused, tracker.ReturnReceived:
		return w.People.ReturnNews(ctx, s, r, state)
	case tracker.ReturnRequested, tracker.ReturnWithdrawn: // the customer's own doing
	}
	return nil
}
