// Package pickup keeps parcels at lockers and counters: reserved at the check-out, put in by a courier, opened by a code that
// only the recipient knows, collected or sent back in time.
//
// Space is decided by compare-and-set on the point's one row, so that it is never given away twice. What happens to a
// parcel is told as a scan of the fleet, which is kept sealed with the stay until it was taken in: a crash at any moment is
// mended by Look.
package pickup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// The errors that callers tell apart, besides those of the store.
var (
	ErrFull     = errors.New("the pickup point has no room for a parcel of this size")
	ErrClosed   = errors.New("the pickup point takes nothing new at present")
	ErrLocked   = errors.New("too many wrong codes were tried; the pickup point looks at no code for a while")
	ErrCode     = errors.New("no parcel waits under this code here")
	ErrEnded    = errors.New("the reservation has ended; make a new one")
	ErrElse     = errors.New("the shipment has a place at a pickup point already")
	ErrState    = errors.New("the stay is in a state in which that cannot be done")
	ErrExtended = errors.New("the stay was extended once already")
)

const (
	// ReserveFor is how long a reservation without a shipment holds.
	ReserveFor = 30 * time.Minute
	// BoundFor is how long one with a shipment holds.
	BoundFor = 30 * 24 * time.Hour
	// WrongMost is how many codes may be wrong within WrongWithin; then none is looked at for LockFor.
	WrongMost = 5
	// WrongWithin is said at WrongMost.
	WrongWithin = 15 * time.Minute
	// LockFor is said at WrongMost.
	LockFor = 15 * time.Minute
	// untoldFor is when a scan that the request itself did not bring in is tried by a worker.
	untoldFor = 30 * time.Second
	// tries is how often a row is read anew when somebody else wrote it meanwhile.
	tries = 100
)

// Acceptor takes receipts in. tracker.Ingest is one.
type Acceptor interface {
	Accept(ctx context.Context, receipt *tracker.Receipt) (tracker.Outcome, error)
}

// Desk does what is to be done at pickup points.
type Desk struct {
	Store  tracker.Store
	Keys   *seal.Keys
	Ingest Acceptor
	Now    func() time.Time
	Log    *slog.Logger
}

// Change reads a point, has it changed and writes it, again where somebody else was faster. An error of change leaves the
// point as it was.
func (d *Desk) Change(ctx context.Context, id string, change func(*tracker.PickupPoint) error) (*tracker.PickupPoint, error) {
	for range tries {
		p, err := tracker.Load[tracker.PickupPoint](ctx, d.Store, id)
		if err != nil {
			return nil, err
		}
		if err := change(p); err != nil {
			return p, err
		}
		now := d.Now().UTC()
		p.Holds, p.UpdatedAt = live(p, now), now
		if err := tracker.Save(ctx, d.Store, p); !errors.Is(err, tracker.ErrConflict) {
			return p, err
		}
	}
	return nil, fmt.Errorf("pickup point %s: written by others %d times in a row: %w", id, tries, tracker.ErrConflict)
}

// changeStay is Change for a stay.
func (d *Desk) changeStay(ctx context.Context, id string, change func(*tracker.PickupStay) error) (*tracker.PickupStay, error) {
	for range tries {
		s, err := tracker.Load[tracker.PickupStay](ctx, d.Store, id)
		if err != nil {
			return nil, err
		}
		if err := change(s); err != nil {
			return s, err
		}
		s.UpdatedAt = d.Now().UTC()
		if err := tracker.Save(ctx, d.Store, s); !errors.Is(err, tracker.ErrConflict) {
			return s, err
		}
	}
	return nil, fmt.Errorf("stay %s: written by others %d times in a row: %w", id, tries, tracker.ErrConflict)
}

// StayOf is the stay of a shipment, tracker.ErrNotFound where it has none that goes on.
func (d *Desk) StayOf(ctx context.Context, shipment string) (*tracker.PickupStay, error) {
	b, err := tracker.Load[tracker.PickupBinding](ctx, d.Store, shipment)
	if err != nil {
		return nil, err
	}
	return tracker.Load[tracker.PickupStay](ctx, d.Store, b.Stay)
}

// bind makes a stay the shipment's, unless another one of it goes on.
func (d *Desk) bind(ctx context.Context, shipment, stay string) error {
	b, err := tracker.Load[tracker.PickupBinding](ctx, d.Store, shipment)
	switch {
	case errors.Is(err, tracker.ErrNotFound):
		b = &tracker.PickupBinding{Shipment: shipment}
	case err != nil:
		return err
	case b.Stay == stay:
		return nil
	default:
		other, err := tracker.Load[tracker.PickupStay](ctx, d.Store, b.Stay)
		if err == nil && !other.Over() {
			return ErrElse
		}
		if err != nil && !errors.Is(err, tracker.ErrNotFound) {
			return err
		}
	}
	b.Stay, b.At = stay, d.Now().UTC()
	err = tracker.Save(ctx, d.Store, b)
	if errors.Is(err, tracker.ErrConflict) {
		return ErrElse
	}
	return err
}
