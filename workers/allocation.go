package workers

import (
	"context"
	"errors"

	"waybill/notify/webhook"
	"waybill/tracker"
)

// allocateAgain asks anew who should carry a parcel that nobody has yet, and tells the seller where somebody else would keep
// the promise that the chosen one would not. The change is unique by the count of tellings, so that all may be done twice.
func (w *Workers) allocateAgain(ctx context.Context, key string) error {
	a, err := tracker.Load[tracker.Allocation](ctx, w.Store, key)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s, err := tracker.Load[tracker.Shipment](ctx, w.Store, key)
	if err != nil && !errors.Is(err, tracker.ErrNotFound) {
		return err
	}
	news, err := w.Allocating.Again(ctx, a, s)
	if err != nil {
		return err
	}
	if news {
		err := w.inform(ctx, s, func(t *tracker.Tracking) *tracker.WebhookChange { return webhook.AlternativeOf(t, a, w.Now()) })
		if err != nil {
			return err
		}
	}
	if err := tracker.Save(ctx, w.Store, a); !errors.Is(err, tracker.ErrConflict) { // chosen anew meanwhile: it is due again
		return err
	}
	return nil
}
