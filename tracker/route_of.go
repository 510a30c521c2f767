package tracker

import (
	"context"
	"time"
)

const (
	// startsEarly is how long before its planned start a round may be under way.
	startsEarly = 2 * time.Hour
	// RouteLasts is for how long after its planned start a route is looked at: what is open then was forgotten.
	RouteLasts = 20 * time.Hour
)

// RouteOf finds the route that has a shipment on it, the newest where several have; ErrNotFound where none has.
func RouteOf(ctx context.Context, store Store, shipment string) (*Route, error) {
	routes, err := LoadList[Route](ctx, store, ListOfShipment(shipment), Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(routes) == 0 {
		return nil, ErrNotFound
	}
	return routes[0], nil
}

// Follow brings onto the route what the scans of one of its parcels say: that the round has begun, that its stop is done,
// that it failed. It reports whether that is news. Scans from before the round are of an earlier one.
func (r *Route) Follow(leg *Leg, now time.Time) bool {
	stop := r.StopOf(leg.Number)
	if stop < 0 {
		return false
	}
	news, from := false, r.StartsAt.Add(-startsEarly)
	for i := range leg.Events {
		e := &leg.Events[i]
		at := e.Time.Instant()
		if !e.Time.Known() || e.Voids != "" || at.Before(from) || at.After(r.StartsAt.Add(RouteLasts)) {
			continue
		}
		switch e.Milestone() {
		case OutForDelivery:
			news = r.begin(later(at, r.StartsAt, time.Time.Compare), now) || news
		case Delivered, AvailableForPickup:
			news = r.Advance(stop, StopDone, at, now) || news
		case AttemptFailed, Exception, Returning:
			news = r.Advance(stop, StopFailed, at, now) || news
		case NoMilestone, Pending, InfoReceived, InTransit, Returned, Cancelled, Expired:
		}
	}
	return news
}

// begin notes that the round has begun, unless it was known.
func (r *Route) begin(at, now time.Time) bool {
	if !r.StartedAt.IsZero() || at.After(now) {
		return false
	}
	r.StartedAt = at.UTC()
	r.touch(now)
	return true
}

// Settle ends what is over: nobody needs to know any more where the vehicle or the doors were. It reports whether the
// route goes on.
func (r *Route) Settle(now time.Time) (goesOn bool) {
	if !r.Over() && now.Before(r.StartsAt.Add(RouteLasts)) {
		return true
	}
	r.Position, r.Left, r.LeftStop, r.SealedPoints = Position{}, 0, "", nil
	r.NextLook = time.Time{}
	return false
}
