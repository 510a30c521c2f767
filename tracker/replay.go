package tracker

import (
	"bytes"
	"context"
	"fmt"
	"time"
)

// Replay rebuilds legs from their receipts with the mappings of today: after a mapping was mended. It may be stopped
// and repeated at any time; a leg that comes out as it was is not written.
type Replay struct {
	in *Ingest
}

// NewReplay makes a Replay.
func NewReplay(in *Ingest) *Replay { return &Replay{in: in} }

// Rebuilt is what a replay made, or with a dry run would make, of a leg.
type Rebuilt struct {
	Leg           LegKey
	Before, After State
	// EventsBefore and EventsAfter count events.
	EventsBefore, EventsAfter int
	Changed                   bool
	// Missing counts receipts that are no longer kept; with any, the leg is left as it is.
	Missing int
}

// Receipts gives the receipts of a carrier since a moment, page by page, the newest first; next is nil at the end.
func (r *Replay) Receipts(ctx context.Context, carrier string, since time.Time, after *Cursor) (list []*Receipt, next *Cursor, err error) {
	const pageSize = 200
	list, err = LoadList[Receipt](ctx, r.in.store, ListOfCarrier(carrier), Page{After: after, Limit: pageSize})
	if err != nil {
		return nil, nil, err
	}
	if len(list) == pageSize {
		next = CursorOf(list[len(list)-1])
	}
	for i, receipt := range list {
		if receipt.ReceivedAt.Before(since) {
			return list[:i], nil, nil
		}
	}
	return list, next, nil
}

// LegsOf reads a receipt with today's mapping and names the legs that it tells of.
func (r *Replay) LegsOf(receipt *Receipt) ([]LegKey, error) {
	if err := r.in.OpenReceipt(receipt); err != nil {
		return nil, err
	}
	reading := r.in.reader.Read(receipt)
	var keys []LegKey
	for key := range byLeg(&reading) {
		keys = append(keys, key)
	}
	return keys, nil
}

// Requeue settles a receipt anew where today's mapping reads it: the way out of quarantine, and onto legs that the
// old mapping did not see in it. It reports whether anything could be read.
func (r *Replay) Requeue(ctx context.Context, receipt *Receipt) (bool, error) {
	if err := r.in.OpenReceipt(receipt); err != nil {
		return false, err
	}
	if reading := r.in.reader.Read(receipt); len(reading.Shipments) == 0 && len(reading.Errors) == 0 {
		return false, nil
	}
	receipt.Quarantine = ""
	receipt.due = dueAt(r.in.now().Add(sweepAfter))
	if err := Save(ctx, r.in.store, receipt); err != nil {
		return false, err
	}
	return true, r.in.Settle(ctx, receipt)
}

// Leg rebuilds one leg. With dry nothing is written.
func (r *Replay) Leg(ctx context.Context, key LegKey, dry bool) (Rebuilt, error) {
	for range casTries {
		leg, err := Load[Leg](ctx, r.in.store, key.String())
		if err != nil {
			return Rebuilt{Leg: key}, err
		}
		rebuilt, fresh, err := r.rebuild(ctx, leg)
		if err != nil || dry || !rebuilt.Changed || rebuilt.Missing > 0 || leg.Frozen {
			return rebuilt, err
		}
		write, err := Encode(fresh)
		if err != nil {
			return rebuilt, err
		}
		results, err := r.in.store.Apply(ctx, []Write{write})
		if err != nil {
			return rebuilt, err
		}
		if results[0] == nil {
			r.in.feed.Publish(key.String())
			return rebuilt, nil
		}
	}
	return Rebuilt{Leg: key}, fmt.Errorf("leg %s: written by others %d times in a row: %w", key, casTries, ErrConflict)
}

// rebuild makes the leg anew from its receipts, beside the old one.
func (r *Replay) rebuild(ctx context.Context, leg *Leg) (Rebuilt, *Leg, error) {
	rows, err := r.in.store.Get(ctx, Receipts, leg.Receipts...)
	if err != nil {
		return Rebuilt{}, nil, err
	}
	receipts, err := DecodeAll[Receipt](rows)
	if err != nil {
		return Rebuilt{}, nil, err
	}
	fresh := &Leg{
		LegKey: leg.LegKey, CreatedAt: leg.CreatedAt, Estimate: leg.Estimate, meta: leg.meta,
	}
	for _, receipt := range receipts {
		if err := r.in.OpenReceipt(receipt); err != nil {
			return Rebuilt{}, nil, err
		}
		reading := r.in.reader.Read(receipt)
		read := byLeg(&reading)[leg.LegKey]
		receipt.MappingVersion = r.in.reader.Version(receipt.Carrier)
		if _, err := fresh.Absorb(receipt, read, r.in.keys, r.in.now()); err != nil {
			return Rebuilt{}, nil, err
		}
	}
	// Followers come last, so that absorbing history notes no effect of its own.
	fresh.Followers, fresh.Effect = leg.Followers, leg.Effect
	rebuilt := Rebuilt{
		Leg: leg.LegKey, Before: latest(leg), After: latest(fresh), EventsBefore: len(leg.Events),
		EventsAfter: len(fresh.Events), Missing: len(leg.Receipts) - len(receipts),
	}
	rebuilt.Changed, err = differ(leg, fresh)
	if err == nil && rebuilt.Changed && len(fresh.Followers) > 0 && fresh.Effect == nil {
		// Views change, but what happened long ago is news to nobody.
		fresh.Effect = &Effect{Since: r.in.now().UTC(), ReceivedAt: r.in.now().UTC(), Backfill: true}
	}
	return rebuilt, fresh, err
}

func latest(l *Leg) State {
	all := l.Generations()
	if len(all) == 0 {
		return State{Last: -1}
	}
	return all[len(all)-1].State
}

// differ compares what receipts tell of two legs, byte by byte.
func differ(a, b *Leg) (bool, error) {
	told := func(l *Leg) ([]byte, error) {
		return docEncoding.Marshal(Leg{
			Events: l.Events, Claims: l.Claims, Partners: l.Partners, MappingVersion: l.MappingVersion,
		})
	}
	x, err := told(a)
	if err != nil {
		return false, err
	}
	y, err := told(b)
	return !bytes.Equal(x, y), err
}
