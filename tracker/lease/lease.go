// Package lease hands out rights that end by themselves: who holds the lease of a name may do a thing, and when it
// dies another may, once the lease has run out. Leases are rows of the store, changed by compare-and-set alone.
//
// A lease is no lock: its holder may be slow and not know that it has run out. What is done under one is therefore
// harmless when two do it at once; the lease only keeps them out of each other's way. The clocks of the holders
// must agree to well within the time to live.
package lease

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
)

// ErrHeld is returned where somebody else holds the lease.
var ErrHeld = errors.New("the lease is held by somebody else")

// Lease is a right that was taken.
type Lease struct {
	// Name is what it is the right to; Owner who holds it.
	Name, Owner string
	// Until is when it ends by itself.
	Until time.Time

	lists   []string
	version int64
}

// document is a lease as it is stored.
type document struct {
	Owner string    `json:"owner"`
	Until time.Time `json:"until"`
}

// Acquire takes the lease of a name for ttl, ErrHeld where another owner holds it. An owner that holds it already
// has it renewed.
func Acquire(ctx context.Context, store tracker.Store, name, owner string, ttl time.Duration, now time.Time) (*Lease, error) {
	return acquire(ctx, store, &Lease{Name: name, Owner: owner}, ttl, now)
}

// Renew has a lease end ttl from now, ErrHeld where it was lost meanwhile.
func (l *Lease) Renew(ctx context.Context, store tracker.Store, ttl time.Duration, now time.Time) error {
	renewed := *l
	renewed.Until = now.Add(ttl).UTC()
	if err := renewed.write(ctx, store); err != nil {
		return err
	}
	*l = renewed
	return nil
}

// Release gives a lease back before it ends. One that was lost meanwhile is left to its holder.
func (l *Lease) Release(ctx context.Context, store tracker.Store) error {
	err := tracker.ErrorOf(store.Apply(ctx, []tracker.Write{{
		Table: tracker.Leases, Row: tracker.Row{Key: l.Name, Version: l.version}, Delete: true,
	}}))
	if err != nil && !errors.Is(err, tracker.ErrConflict) {
		return fmt.Errorf("release the lease %s: %w", l.Name, err)
	}
	return nil
}

func acquire(ctx context.Context, store tracker.Store, l *Lease, ttl time.Duration, now time.Time) (*Lease, error) {
	rows, err := store.Get(ctx, tracker.Leases, l.Name)
	if err != nil {
		return nil, fmt.Errorf("acquire the lease %s: %w", l.Name, err)
	}
	l.version = 0
	if len(rows) > 0 {
		held, err := read(rows[0])
		if err != nil {
			return nil, err
		}
		if held.Owner != l.Owner && now.Before(held.Until) {
			return nil, fmt.Errorf("acquire the lease %s: %w: %s until %s", l.Name, ErrHeld, held.Owner, held.Until.Format(time.RFC3339))
		}
		l.version = held.version
	}
	l.Until = now.Add(ttl).UTC()
	if err := l.write(ctx, store); err != nil {
		return nil, err
	}
	return l, nil
}

// write stores the lease; a lost race is ErrHeld.
func (l *Lease) write(ctx context.Context, store tracker.Store) error {
	doc, err := json.Marshal(document{Owner: l.Owner, Until: l.Until})
	if err != nil {
		return fmt.Errorf("encode the lease %s: %w", l.Name, err)
	}
	err = tracker.ErrorOf(store.Apply(ctx, []tracker.Write{{
		Table: tracker.Leases, Row: tracker.Row{Key: l.Name, Version: l.version, Lists: l.lists, Doc: doc},
	}}))
	if errors.Is(err, tracker.ErrConflict) {
		return fmt.Errorf("take the lease %s: %w", l.Name, ErrHeld)
	}
	if err != nil {
		return fmt.Errorf("take the lease %s: %w", l.Name, err)
	}
	l.version++
	return nil
}

func read(row tracker.Row) (*Lease, error) {
	var d document
	if err := json.Unmarshal(row.Doc, &d); err != nil {
		return nil, fmt.Errorf("read the lease %s: %w", row.Key, err)
	}
	return &Lease{Name: row.Key, Owner: d.Owner, Until: d.Until, version: row.Version}, nil
}
