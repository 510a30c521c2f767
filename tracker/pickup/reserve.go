package pickup

import (
	"context"
	"fmt"

	"waybill/tracker"
)

// Wish is a place that a seller asks for.
type Wish struct {
	Tenant, Reference string
	Point             string
	Size              tracker.PickupSize
	// Shipment may be named later, by Bind.
	Shipment string
}

// Reserve takes a place for a parcel that is to come. Without a shipment it is free again after ReserveFor. ErrFull and
// ErrClosed say that there is none, ErrElse that the shipment has one.
func (d *Desk) Reserve(ctx context.Context, w Wish) (*tracker.PickupStay, error) {
	now := d.Now().UTC()
	s := &tracker.PickupStay{
		ID: "stay_" + tracker.NewID(now), Tenant: w.Tenant, Reference: w.Reference, Point: w.Point, Size: w.Size,
		State: tracker.StayReserved, Until: now.Add(ReserveFor), CreatedAt: now, UpdatedAt: now,
	}
	if err := d.hold(ctx, w.Point, s); err != nil {
		return nil, err
	}
	// Should this fail, the place is free again at the end of the reservation.
	if err := tracker.Save(ctx, d.Store, s); err != nil {
		return nil, err
	}
	if w.Shipment == "" {
		return s, nil
	}
	bound, err := d.Bind(ctx, s.ID, w.Shipment)
	if err != nil {
		_, _ = d.Release(ctx, s.ID) // else it ends by itself
		return nil, err
	}
	return bound, nil
}

// hold takes a place at a point for a stay; one that it has there already does.
func (d *Desk) hold(ctx context.Context, point string, s *tracker.PickupStay) error {
	_, err := d.Change(ctx, point, func(p *tracker.PickupPoint) error {
		if holdOf(p, s.ID) >= 0 {
			return nil
		}
		switch now := d.Now(); {
		case p.Closed:
			return ErrClosed
		case !Fits(p, now, s.Size):
			return ErrFull
		}
		p.Holds = append(p.Holds, tracker.PickupHold{Stay: s.ID, Size: s.Size, Until: s.Until})
		return nil
	})
	return err
}

// Bind names the shipment that a reservation is for, which holds for BoundFor from then on.
func (d *Desk) Bind(ctx context.Context, stay, shipment string) (*tracker.PickupStay, error) {
	s, err := tracker.Load[tracker.PickupStay](ctx, d.Store, stay)
	switch {
	case err != nil:
		return nil, err
	case s.Shipment == shipment:
		return s, nil
	case s.Shipment != "":
		return nil, ErrElse
	case s.State != tracker.StayReserved || !d.Now().Before(s.Until):
		return nil, ErrEnded
	}
	until := d.Now().UTC().Add(BoundFor)
	_, err = d.Change(ctx, s.Point, func(p *tracker.PickupPoint) error {
		i := holdOf(p, s.ID)
		if i < 0 {
			return ErrEnded
		}
		p.Holds[i].Until = until
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := d.bind(ctx, shipment, s.ID); err != nil {
		return nil, err
	}
	return d.changeStay(ctx, s.ID, func(s *tracker.PickupStay) error {
		s.Shipment, s.Until = shipment, until
		return nil
	})
}

// Release gives a reserved place back.
func (d *Desk) Release(ctx context.Context, stay string) (*tracker.PickupStay, error) {
	s, err := d.changeStay(ctx, stay, func(s *tracker.PickupStay) error {
		if s.State != tracker.StayReserved && s.State != tracker.StayReleased {
			return fmt.Errorf("%w: it is %s", ErrState, s.State)
		}
		s.State = tracker.StayReleased
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s, d.free(ctx, s)
}

// free gives the place of a stay that is over to others.
func (d *Desk) free(ctx context.Context, s *tracker.PickupStay) error {
	_, err := d.Change(ctx, s.Point, func(p *tracker.PickupPoint) error {
		drop(p, s.ID)
		return nil
	})
	return err
}
