package pickup

import (
	"context"
	"crypto/subtle"
	"fmt"
	"slices"

	"waybill/tracker"
)

// Open says which parcel waits under a code, in constant time whether there is one or not. Wrong codes are counted on the
// point before the answer goes out: after WrongMost of them within WrongWithin it answers ErrLocked to any code for LockFor.
// That it was locked stands on the point until somebody unlocks it, among those that need a person.
func (d *Desk) Open(ctx context.Context, point, code string) (*tracker.PickupStay, error) {
	var found string
	var wrong error
	locked := false
	p, err := d.Change(ctx, point, func(p *tracker.PickupPoint) error {
		now := d.Now().UTC()
		found, wrong, locked = "", nil, false
		if now.Before(p.LockedUntil) {
			return ErrLocked
		}
		if now.Sub(p.WrongSince) > WrongWithin {
			p.Wrong, p.WrongSince = 0, now
		}
		if found = d.find(p, code); found != "" {
			return nil
		}
		wrong = ErrCode
		if p.Wrong++; p.Wrong >= WrongMost {
			p.Wrong, p.LockedUntil, locked = 0, now.Add(LockFor), true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if locked {
		d.Log.Warn("codes were guessed at a pickup point; it looks at none for a while", "point", p.ID, "until", p.LockedUntil)
	}
	if wrong != nil {
		return nil, wrong
	}
	return tracker.Load[tracker.PickupStay](ctx, d.Store, found)
}

// find compares a code with all of the point's, each to its end.
func (d *Desk) find(p *tracker.PickupPoint, code string) (stay string) {
	hash := []byte(d.codeHash(p.ID, code))
	for i := range p.Holds {
		if h := &p.Holds[i]; subtle.ConstantTimeCompare([]byte(h.Code), hash) == 1 {
			stay = h.Stay
		}
	}
	return stay
}

// Unlock has a point look at codes again.
func (d *Desk) Unlock(ctx context.Context, point string) (*tracker.PickupPoint, error) {
	return d.Change(ctx, point, func(p *tracker.PickupPoint) error {
		p.Wrong, p.LockedUntil = 0, tracker.PickupPoint{}.LockedUntil
		return nil
	})
}

// Collected notes that the recipient has the parcel. A repeat changes nothing.
func (d *Desk) Collected(ctx context.Context, stay string) (*tracker.PickupStay, error) {
	return d.end(ctx, stay, tracker.StayCollected, scan{Action: "collected"}, tracker.StayWaiting, tracker.StayOverdue)
}

// TakenOut notes that a courier took the parcel out again: to bring it back, or since it cannot stay.
func (d *Desk) TakenOut(ctx context.Context, stay string) (*tracker.PickupStay, error) {
	return d.end(ctx, stay, tracker.StayTakenOut, scan{Action: "returning", Note: "Taken back from the pickup point"}, tracker.StayWaiting, tracker.StayOverdue)
}

// end brings a stay to its end from one of the states given.
func (d *Desk) end(ctx context.Context, stay string, to tracker.StayState, told scan, from ...tracker.StayState) (*tracker.PickupStay, error) {
	s, err := tracker.Load[tracker.PickupStay](ctx, d.Store, stay)
	if err != nil || s.State == to {
		return s, err
	}
	p, err := tracker.Load[tracker.PickupPoint](ctx, d.Store, s.Point)
	if err != nil {
		return nil, err
	}
	s, err = d.changeStay(ctx, stay, func(s *tracker.PickupStay) error {
		if slices.Contains(from, s.State) {
			s.State = to
			return d.tell(s, p, told)
		}
		return fmt.Errorf("%w: it is %s", ErrState, s.State)
	})
	if err != nil {
		return nil, err
	}
	return s, d.settle(ctx, s)
}

// Extend gives the recipient as many days again, once.
func (d *Desk) Extend(ctx context.Context, stay string) (*tracker.PickupStay, error) {
	s, err := tracker.Load[tracker.PickupStay](ctx, d.Store, stay)
	if err != nil {
		return nil, err
	}
	p, err := tracker.Load[tracker.PickupPoint](ctx, d.Store, s.Point)
	if err != nil {
		return nil, err
	}
	return d.changeStay(ctx, stay, func(s *tracker.PickupStay) error {
		switch {
		case s.State != tracker.StayWaiting:
			return fmt.Errorf("%w: it is %s", ErrState, s.State)
		case s.Extended:
			return ErrExtended
		}
		s.Extended, s.Until = true, s.Until.AddDate(0, 0, p.KeepDays)
		return nil
	})
}
