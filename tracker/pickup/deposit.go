package pickup

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"waybill/tracker"
)

// Deposit is a parcel that a courier puts in.
type Deposit struct {
	Shipment *tracker.Shipment
	Point    string
	// Size is asked for where nothing was reserved.
	Size tracker.PickupSize
	// Compartment is where the courier put it; empty takes the smallest free one.
	Compartment string
}

// Put notes that a parcel was put in, and makes the code that opens it. The code goes out with the scan alone, to the
// recipient. A repeat changes nothing.
func (d *Desk) Put(ctx context.Context, in Deposit) (*tracker.PickupStay, error) {
	s, err := d.stayFor(ctx, &in)
	if err != nil {
		return nil, err
	}
	if s.State == tracker.StayWaiting && s.Point == in.Point {
		return s, nil
	}
	if s.State != tracker.StayReserved {
		return nil, fmt.Errorf("%w: it is %s", ErrState, s.State)
	}
	var code string
	p, err := d.Change(ctx, in.Point, func(p *tracker.PickupPoint) error {
		if holdOf(p, s.ID) < 0 && (p.Closed || !Fits(p, d.Now(), s.Size)) {
			return ErrFull
		}
		code = d.codeOf(p, s.ID)
		return d.putInto(p, s, in.Compartment, code)
	})
	if err != nil {
		return nil, err
	}
	before := s.Point
	s, err = d.changeStay(ctx, s.ID, func(s *tracker.PickupStay) error {
		if s.State == tracker.StayWaiting && s.Point == in.Point {
			return nil // by another request, at the same moment
		}
		now := d.Now().UTC()
		s.State, s.Point, s.Shipment = tracker.StayWaiting, in.Point, in.Shipment.ID
		s.Compartment = p.Holds[holdOf(p, s.ID)].Compartment
		s.Until = now.AddDate(0, 0, p.KeepDays)
		action := "at_pickup_point"
		if p.Kind == tracker.PickupLocker {
			action = "in_locker"
		}
		return d.tell(s, p, scan{Action: action, Pickup: &place{Name: nameOf(p), Hours: p.Hours, Code: code}})
	})
	if err != nil {
		return nil, err
	}
	if before != in.Point {
		if err := d.free(ctx, &tracker.PickupStay{ID: s.ID, Point: before}); err != nil && !errors.Is(err, tracker.ErrNotFound) {
			return nil, err
		}
	}
	return s, d.settle(ctx, s)
}

// stayFor is the stay of the parcel, made where nothing was reserved.
func (d *Desk) stayFor(ctx context.Context, in *Deposit) (*tracker.PickupStay, error) {
	s, err := d.StayOf(ctx, in.Shipment.ID)
	if err == nil && !s.Over() || err != nil && !errors.Is(err, tracker.ErrNotFound) {
		return s, err
	}
	return d.Reserve(ctx, Wish{Tenant: in.Shipment.Tenant, Point: in.Point, Size: in.Size, Shipment: in.Shipment.ID})
}

// putInto writes the parcel into a compartment of the point, or onto the counter.
func (d *Desk) putInto(p *tracker.PickupPoint, s *tracker.PickupStay, compartment, code string) error {
	h := tracker.PickupHold{Stay: s.ID, Size: s.Size, There: true, Code: d.codeHash(p.ID, code)}
	i := holdOf(p, s.ID)
	if i >= 0 && p.Holds[i].There { // a crash cut the last attempt short
		h.Compartment = p.Holds[i].Compartment
		p.Holds[i] = h
		return nil
	}
	if p.Kind == tracker.PickupLocker {
		if compartment == "" {
			compartment = compartmentFor(p, s.Size)
		}
		at := slices.IndexFunc(p.Compartments, func(c tracker.Compartment) bool { return c.ID == compartment })
		switch {
		case compartment == "":
			return ErrFull
		case at < 0:
			return fmt.Errorf("%w: it has no compartment %q", ErrState, compartment)
		case p.Compartments[at].Broken:
			return fmt.Errorf("%w: compartment %s is broken", ErrState, compartment)
		case occupied(p.Holds, compartment):
			return fmt.Errorf("%w: compartment %s is taken", ErrState, compartment)
		}
		h.Compartment = compartment
	}
	drop(p, s.ID)
	p.Holds = append(p.Holds, h)
	if !Fits(p, d.Now()) { // a larger compartment than needed, and somebody else's parcel would have none
		return ErrFull
	}
	return nil
}

// codeDigits makes guessing hopeless beside the lock: a hundred parcels, five tries in a quarter of an hour.
const codeDigits = 8

// codeOf is the code of a stay at a point. It follows from the master key and is stored nowhere, so that two couriers who
// post one parcel at once make one code. It opens nothing else at the point.
func (d *Desk) codeOf(p *tracker.PickupPoint, stay string) string {
	const most = 100_000_000
	for n := 0; ; n++ {
		random, _ := base64.RawURLEncoding.DecodeString(d.Keys.Sign("pickup_digits", fmt.Sprintf("%s/%s/%d", p.ID, stay, n)))
		code := fmt.Sprintf("%0*d", codeDigits, binary.BigEndian.Uint64(random)%most)
		hash := d.codeHash(p.ID, code)
		if !slices.ContainsFunc(p.Holds, func(h tracker.PickupHold) bool { return h.Code == hash && h.Stay != stay }) {
			return code
		}
	}
}

// codeHash is how a code is kept: a keyed hash, since all codes of eight digits are soon tried against a plain one.
func (d *Desk) codeHash(point, code string) string {
	return d.Keys.Blind("pickup_code", point+"/"+code)
}

// nameOf is how customers are told a point.
func nameOf(p *tracker.PickupPoint) string {
	parts := slices.Concat([]string{p.Name}, p.Address.Lines, []string{p.Address.City})
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}
