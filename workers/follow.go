package workers

import (
	"context"
	"errors"

	"waybill/tracker"
)

// follow brings the latest change of a leg to the shipments that follow it, and then takes the effect off the leg.
// A leg that was written meanwhile keeps its effect: that write has made it due again.
func (w *Workers) follow(ctx context.Context, key string) error {
	leg, err := tracker.Load[tracker.Leg](ctx, w.Store, key)
	if errors.Is(err, tracker.ErrNotFound) || (err == nil && leg.Effect == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := w.advance(ctx, leg); err != nil {
		return err
	}
	effect, before := leg.Effect, leg.Estimate
	for _, follower := range leg.Followers {
		estimate, err := w.refresh(ctx, follower.Shipment)
		if err != nil {
			return err
		}
		leg.Estimate = estimate.Anonymous()
	}
	leg.Effect = nil
	err = tracker.Save(ctx, w.Store, leg)
	if errors.Is(err, tracker.ErrConflict) {
		return nil
	}
	if err != nil {
		return err
	}
	if !tracker.SameEstimate(before, leg.Estimate) {
		w.Feed.Publish(key) // for those who watch the bare number
	}
	if !effect.Backfill {
		w.Metrics.Followed(w.Now().Sub(effect.ReceivedAt))
	}
	return nil
}
