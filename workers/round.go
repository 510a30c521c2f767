package workers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/lastmile"
)

// lookAtRounds is how often the times of a round are looked at though nothing was heard of it.
const lookAtRounds = 5 * time.Minute

// advance brings the scans of a parcel onto the round that it is on, where it is on one of ours.
func (w *Workers) advance(ctx context.Context, leg *tracker.Leg) error {
	if leg.Carrier != tracker.FleetCarrier || !rides(leg) {
		return nil
	}
	for range refreshTries {
		route, err := tracker.RouteOf(ctx, w.Store, leg.Number)
		if errors.Is(err, tracker.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if !route.Follow(leg, w.Now()) {
			return nil
		}
		if err := tracker.Save(ctx, w.Store, route); !errors.Is(err, tracker.ErrConflict) {
			w.announce(nil)
			return err
		}
	}
	return fmt.Errorf("the round of %s: written by others %d times in a row: %w", leg.LegKey, refreshTries, tracker.ErrConflict)
}

// rides reports whether a parcel was on a vehicle, so that it may be on a round: else nothing need be read.
func rides(leg *tracker.Leg) bool {
	for i := range leg.Events {
		switch leg.Events[i].Milestone() {
		case tracker.OutForDelivery, tracker.Delivered, tracker.AttemptFailed, tracker.AvailableForPickup:
			return true
		case tracker.NoMilestone, tracker.Pending, tracker.InfoReceived, tracker.InTransit, tracker.Exception, tracker.Returning,
			tracker.Returned, tracker.Cancelled, tracker.Expired:
		}
	}
	return false
}

// round looks at a route: what its closed stops taught is learnt, its open ones are foretold anew, and the shipments
// whose estimate is news are brought up to date. The route is written first, as that is where they read it from; the
// marks of its untold stops go when they were told, so that a crash between leaves them to the next look.
func (w *Workers) round(ctx context.Context, key string) error {
	route, err := tracker.Load[tracker.Route](ctx, w.Store, key)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := w.Now()
	pace, err := w.rounds.Pace(ctx, route, now)
	if err != nil {
		return fmt.Errorf("the pace of route %s: %w", route.ID, err)
	}
	if err := w.rounds.Learn(ctx, route, pace, now); err != nil {
		return fmt.Errorf("learn from route %s: %w", route.ID, err)
	}
	if route.Settle(now) {
		pace.Look(route, now)
		route.NextLook = now.Add(lookAtRounds).UTC()
	}
	if err := tracker.Save(ctx, w.Store, route); err != nil {
		return written(err)
	}
	told := false
	for i := range route.Stops {
		stop := &route.Stops[i]
		if !stop.Untold {
			continue
		}
		for _, shipment := range stop.Shipments {
			if _, err := w.refresh(ctx, shipment); err != nil {
				return err
			}
		}
		stop.Untold, told = false, true
	}
	if !told {
		return nil
	}
	return written(tracker.Save(ctx, w.Store, route))
}

// written takes it for done where somebody else wrote a route meanwhile: that made it due again.
func written(err error) error {
	if errors.Is(err, tracker.ErrConflict) {
		return nil
	}
	return err
}

// ride is what the round of a parcel says of when it comes; nil where it is on none, or its stop is behind it.
func (w *Workers) ride(ctx context.Context, t *tracker.Tracking, now time.Time) (*tracker.Estimate, error) {
	if t.View.Milestone.Ended() || t.View.Leg < 0 || t.View.Leg >= len(t.Carriages) || !t.Carriages[t.View.Leg].Started ||
		t.Carriages[t.View.Leg].Carrier != tracker.FleetCarrier {
		return nil, nil //nolint:nilnil // no vehicle of ours has it
	}
	route, err := tracker.RouteOf(ctx, w.Store, t.Shipment.ID)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, nil //nolint:nilnil // it is on no round
	}
	if err != nil {
		return nil, err
	}
	stop := route.StopOf(t.Shipment.ID)
	if stop < 0 || route.NextLook.IsZero() || route.Stops[stop].Closed() || route.Stops[stop].Shown == nil {
		return nil, nil //nolint:nilnil // the round is over for it, or was not looked at yet
	}
	return lastmile.Judge(route.Stops[stop].Shown, t.Shipment.Promise.To, now), nil
}
