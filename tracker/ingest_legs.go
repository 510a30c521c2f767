package tracker

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// legChange is one thing to bring onto a leg: what a receipt tells, or a shipment that will follow it.
type legChange struct {
	key      LegKey
	receipt  *Receipt
	read     ReadShipment
	follower *Follower
}

// maxNumber is the longest tracking number that is taken for one.
const maxNumber = 64

// casTries is how often a leg is read anew when somebody else wrote it meanwhile.
const casTries = 16

// byLeg gathers what a reading tells of each leg. Numbers that cannot be numbers were reported as faults by the
// adapter; what is left of them here is passed over.
func byLeg(reading *Reading) map[LegKey]ReadShipment {
	legs := make(map[LegKey]ReadShipment, len(reading.Shipments))
	for i := range reading.Shipments {
		read := reading.Shipments[i]
		number := NormaliseNumber(read.Number)
		if number == "" || len(number) > maxNumber {
			continue
		}
		key := LegKey{Carrier: reading.Carrier, Number: number}
		if have, twice := legs[key]; twice {
			read.Events = append(have.Events, read.Events...)
			read.Facts = read.Facts.or(have.Facts)
			read.Partners = append(have.Partners, read.Partners...)
		}
		legs[key] = read
	}
	return legs
}

// changeLegs brings a batch of changes onto their legs: one read, one commit, and again for those legs alone that
// somebody else wrote in between.
func (in *Ingest) changeLegs(ctx context.Context, changes []legChange) []error {
	errs := make([]error, len(changes))
	waiting := make(map[LegKey][]int, len(changes))
	for i := range changes {
		waiting[changes[i].key] = append(waiting[changes[i].key], i)
	}
	for range casTries {
		in.tryLegs(ctx, changes, waiting, errs)
		if len(waiting) == 0 {
			return errs
		}
	}
	for _, indices := range waiting {
		for _, i := range indices {
			errs[i] = fmt.Errorf("leg %s: written by others %d times in a row: %w", changes[i].key, casTries, ErrConflict)
		}
	}
	return errs
}

// tryLegs makes one attempt at all waiting legs and takes those off waiting that are settled, well or badly.
func (in *Ingest) tryLegs(ctx context.Context, changes []legChange, waiting map[LegKey][]int, errs []error) {
	settle := func(key LegKey, err error) {
		for _, i := range waiting[key] {
			errs[i] = err
		}
		delete(waiting, key)
	}
	legs, err := loadLegs(ctx, in.store, waiting, in.now())
	if err != nil {
		for key := range waiting {
			settle(key, err)
		}
		return
	}
	var writes []Write
	var keys []LegKey
	for _, leg := range legs {
		write, changed, err := in.change(leg, changes, waiting[leg.LegKey])
		if err != nil || !changed {
			settle(leg.LegKey, err)
			continue
		}
		writes, keys = append(writes, write), append(keys, leg.LegKey)
	}
	if len(writes) == 0 {
		return
	}
	results, err := in.store.Apply(ctx, writes)
	if err != nil {
		results = repeat(err, len(writes))
	}
	var told []string
	for i, key := range keys {
		if errors.Is(results[i], ErrConflict) {
			continue
		}
		if results[i] == nil {
			told = append(told, key.String())
		}
		settle(key, results[i])
	}
	if len(told) > 0 {
		in.feed.Publish(told...)
	}
}

// change applies the changes that wait for one leg.
func (in *Ingest) change(leg *Leg, changes []legChange, indices []int) (Write, bool, error) {
	now, changed := in.now(), false
	for _, i := range indices {
		c := changes[i]
		if c.follower != nil {
			changed = leg.Follow(*c.follower, now) || changed
			continue
		}
		absorbed, err := leg.Absorb(c.receipt, c.read, in.keys, now)
		if err != nil {
			return Write{}, false, err
		}
		changed = changed || absorbed
	}
	if !changed {
		return Write{}, false, nil
	}
	write, err := Encode(leg)
	return write, true, err
}

// loadLegs reads the legs that are waited for; those that are new begin here.
func loadLegs[V any](ctx context.Context, store Store, wanted map[LegKey]V, now time.Time) ([]*Leg, error) {
	keys := make([]string, 0, len(wanted))
	for key := range wanted {
		keys = append(keys, key.String())
	}
	rows, err := store.Get(ctx, Legs, keys...)
	if err != nil {
		return nil, err
	}
	legs, err := DecodeAll[Leg](rows)
	if err != nil {
		return nil, err
	}
	known := make(map[LegKey]bool, len(legs))
	for _, leg := range legs {
		known[leg.LegKey] = true
	}
	for key := range wanted {
		if !known[key] {
			legs = append(legs, &Leg{LegKey: key, CreatedAt: now.UTC()})
		}
	}
	return legs, nil
}
