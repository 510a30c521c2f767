package pickup

import (
	"context"
	"errors"
	"slices"
	"time"

	"waybill/tracker"
)

const (
	// redirectWithin is how far a customer is sent to another point, in metres.
	redirectWithin = 10_000
	redirectTries  = 20
	// lookAgain is when it is tried again to find room for what cannot stay.
	lookAgain = 15 * time.Minute
)

// Relieve sends what a point can no longer take to the next one with room, before a driver comes for nothing: all of its
// reservations where it is closed, else the latest until the rest fits. Parcels that are there stay. What finds no room
// elsewhere is tried again later.
func (d *Desk) Relieve(ctx context.Context, point string) error {
	p, err := tracker.Load[tracker.PickupPoint](ctx, d.Store, point)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	left := false
	for _, h := range slices.Backward(slices.Clone(p.Holds)) {
		if !p.Closed && Fits(p, d.Now()) {
			break
		}
		if h.There {
			continue
		}
		moved, err := d.redirect(ctx, p, h.Stay)
		if err != nil {
			return err
		}
		if left = left || !moved; moved {
			drop(p, h.Stay)
		}
	}
	_, err = d.Change(ctx, point, func(p *tracker.PickupPoint) error {
		if p.NextLook = (time.Time{}); left {
			p.NextLook = d.Now().UTC().Add(lookAgain)
		}
		return nil
	})
	return err
}

// redirect moves a reservation to the nearest point with room, and reports whether there was one. The new place is taken
// before the old one is given up.
func (d *Desk) redirect(ctx context.Context, from *tracker.PickupPoint, stay string) (bool, error) {
	s, err := tracker.Load[tracker.PickupStay](ctx, d.Store, stay)
	if errors.Is(err, tracker.ErrNotFound) || err == nil && (s.State != tracker.StayReserved || s.Point != from.ID) {
		return true, d.free(ctx, &tracker.PickupStay{ID: stay, Point: from.ID}) // moved or ended already
	}
	if err != nil {
		return false, err
	}
	near, err := d.Around(ctx, from.Point, redirectWithin, s.Size, redirectTries)
	if err != nil {
		return false, err
	}
	for _, n := range near {
		if n.ID == from.ID {
			continue
		}
		err := d.hold(ctx, n.ID, s)
		if errors.Is(err, ErrFull) || errors.Is(err, ErrClosed) {
			continue // somebody was faster
		}
		if err != nil {
			return false, err
		}
		return true, d.moved(ctx, stay, from, n.PickupPoint)
	}
	return false, nil
}

// moved notes the new point of a stay, tells of it where a shipment is named, and gives the old place up.
func (d *Desk) moved(ctx context.Context, stay string, from, to *tracker.PickupPoint) error {
	s, err := d.changeStay(ctx, stay, func(s *tracker.PickupStay) error {
		s.Point, s.Before = to.ID, append(s.Before, from.ID)
		if s.Shipment == "" {
			return nil
		}
		return d.tell(s, to, scan{
			Action: "redirected", Note: "To be collected at " + nameOf(to) + ", since " + from.Name + " cannot take it",
			Pickup: &place{Name: nameOf(to), Hours: to.Hours},
		})
	})
	if err != nil {
		return err
	}
	if err := d.free(ctx, &tracker.PickupStay{ID: stay, Point: from.ID}); err != nil {
		return err
	}
	return d.settle(ctx, s)
}
