package tracker

import (
	"cmp"
	"slices"
	"strings"
)

// MaxLegEvents is how many events a leg holds. Beyond it the earliest keptFirst and the latest others stay; the
// rest is still in the receipts. What stays depends on the set of events alone, never on their arrival.
const (
	MaxLegEvents = 500
	keptFirst    = 50
)

// eventKey is an event's identity (see Event.ID) without the cost of building a text.
type eventKey struct {
	kind, raw string
	moment    int64
	precision Precision
}

func (e *Event) key() eventKey {
	switch e.Time.Precision {
	case PrecisionNone:
		return eventKey{kind: e.Kind, raw: e.RawTime}
	case PrecisionDay:
		return eventKey{kind: e.Kind, moment: floorDiv(e.Time.Local, 86400), precision: PrecisionDay}
	case PrecisionMinute, PrecisionSecond:
	}
	return eventKey{kind: e.Kind, moment: floorDiv(e.Time.Local, 60), precision: PrecisionMinute}
}

// mergeEvents is the union of two sets of events, sorted. Events of one identity become one. It is commutative,
// associative and idempotent, on which rule 2 rests. changed is false where more adds nothing to have.
func mergeEvents(have, more []Event) (merged []Event, changed bool) {
	at := make(map[eventKey]int, len(have)+len(more))
	merged = slices.Clone(have)
	for i := range merged {
		at[merged[i].key()] = i
	}
	for i := range more {
		key := more[i].key()
		j, known := at[key]
		if !known {
			at[key] = len(merged)
			merged = append(merged, more[i])
			changed = true
			continue
		}
		if better := mergeEvent(&merged[j], &more[i]); better != merged[j] {
			merged[j], changed = better, true
		}
	}
	if !changed {
		return have, false
	}
	slices.SortFunc(merged, compareEvents)
	if len(merged) > MaxLegEvents {
		merged = slices.Delete(merged, keptFirst, keptFirst+len(merged)-MaxLegEvents)
	}
	return merged, true
}

// mergeEvent joins two tellings of one event: of each field the better by a total order stays.
func mergeEvent(a, b *Event) Event {
	joined := Event{
		Kind:      a.Kind,
		Time:      later(a.Time, b.Time, compareStamps),
		Substatus: later(a.Substatus, b.Substatus, compareDetail),
		Code:      later(a.Code, b.Code, strings.Compare),
		Text:      later(a.Text, b.Text, compareFullness),
		Location:  later(a.Location, b.Location, compareLocations),
		Lifecycle: later(a.Lifecycle, b.Lifecycle, strings.Compare),
		Ref:       later(a.Ref, b.Ref, strings.Compare),
		Voids:     later(a.Voids, b.Voids, strings.Compare),
		RawTime:   later(a.RawTime, b.RawTime, strings.Compare),
		Receipt:   a.Receipt, Source: a.Source,
	}
	// The earliest receipt is who said it first; receipts' ids are ordered in time.
	if b.Receipt != "" && (a.Receipt == "" || b.Receipt < a.Receipt) {
		joined.Receipt, joined.Source = b.Receipt, b.Source
	}
	return joined
}

func later[T any](a, b T, compare func(a, b T) int) T {
	if compare(b, a) > 0 {
		return b
	}
	return a
}

// compareStamps ranks tellings of one moment: a known zone over an unknown, finer over coarser.
func compareStamps(a, b Stamp) int {
	return cmp.Or(
		cmp.Compare(a.Source, b.Source), cmp.Compare(a.Precision, b.Precision), cmp.Compare(a.Local, b.Local),
		cmp.Compare(a.Offset, b.Offset), strings.Compare(a.Zone, b.Zone),
	)
}

func compareDetail(a, b Substatus) int {
	i, knownA := statusIndex[a]
	j, knownB := statusIndex[b]
	if !knownA || !knownB {
		return strings.Compare(string(a), string(b))
	}
	return cmp.Or(cmp.Compare(statuses[i].Detail, statuses[j].Detail), cmp.Compare(i, j))
}

// compareFullness prefers the longer text; texts of one length by the alphabet, so that the choice is the same everywhere.
func compareFullness(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func compareLocations(a, b Location) int {
	return cmp.Or(
		cmp.Compare(a.fullness(), b.fullness()), strings.Compare(a.Country, b.Country), strings.Compare(a.State, b.State),
		strings.Compare(a.City, b.City), strings.Compare(a.PostalCode, b.PostalCode), strings.Compare(a.Facility, b.Facility),
		strings.Compare(a.Text, b.Text), comparePoints(a.Point, b.Point),
	)
}

func (l *Location) fullness() int {
	n := 0
	for _, part := range [...]string{l.Text, l.City, l.State, l.PostalCode, l.Country, l.Facility} {
		if part != "" {
			n++
		}
	}
	if l.Point != nil {
		n++
	}
	return n
}

func comparePoints(a, b *Point) int {
	if a == nil || b == nil {
		return 0 // differing presence was told apart by fullness
	}
	return cmp.Or(cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon))
}

// compareEvents orders events by their moment; at one moment by milestone, so that "delivered" follows
// "out for delivery"; then by identity, so that the order is total.
func compareEvents(a, b Event) int {
	if a.Time.Known() != b.Time.Known() {
		if b.Time.Known() {
			return 1 // events without a time stand last
		}
		return -1
	}
	// Written out, not with cmp.Or: nearly always the first comparison decides, on the hottest path there is.
	if c := a.Time.Instant().Compare(b.Time.Instant()); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Milestone(), b.Milestone()); c != 0 {
		return c
	}
	return cmp.Or(
		strings.Compare(a.Kind, b.Kind), cmp.Compare(a.Time.Local, b.Time.Local),
		cmp.Compare(a.Time.Precision, b.Time.Precision), strings.Compare(a.RawTime, b.RawTime),
	)
}

// mergeClaims joins claims: of each fact the one that speaks for the latest moment wins, and claims that win
// nothing any more are dropped. The result depends on the set of claims alone.
func mergeClaims(have []Claims, more Claims) []Claims {
	all := append(slices.Clone(have), more)
	slices.SortFunc(all, func(a, b Claims) int {
		return -cmp.Or(cmp.Compare(a.AsOf, b.AsOf), strings.Compare(a.Receipt, b.Receipt), strings.Compare(a.Lifecycle, b.Lifecycle))
	})
	all = slices.CompactFunc(all, func(a, b Claims) bool {
		return a.AsOf == b.AsOf && a.Receipt == b.Receipt && a.Lifecycle == b.Lifecycle
	})
	told := map[string]Facts{} // by lifecycle
	kept := all[:0]
	for _, claims := range all {
		before := told[claims.Lifecycle]
		after := before.or(claims.Facts)
		if !after.same(before) {
			kept = append(kept, claims)
			told[claims.Lifecycle] = after
		}
	}
	return kept
}

// or fills what f does not say from older facts.
func (f Facts) or(older Facts) Facts {
	if !f.Estimate.Known() {
		f.Estimate = older.Estimate
	}
	f.Service = cmp.Or(f.Service, older.Service)
	f.WeightGrams = cmp.Or(f.WeightGrams, older.WeightGrams)
	if f.Origin.IsZero() {
		f.Origin = older.Origin
	}
	if f.Destination.IsZero() {
		f.Destination = older.Destination
	}
	f.Pickup = cmp.Or(f.Pickup, older.Pickup)
	f.PickupHours = cmp.Or(f.PickupHours, older.PickupHours)
	f.Pieces = cmp.Or(f.Pieces, older.Pieces)
	if len(f.Papers) == 0 {
		f.Papers = older.Papers
	}
	if !f.Position.At.Known() {
		f.Position = older.Position
	}
	return f
}

// same compares which facts are told, which is all that or can change.
func (f Facts) same(g Facts) bool {
	return f.Estimate == g.Estimate && f.Service == g.Service && f.WeightGrams == g.WeightGrams &&
		f.Origin == g.Origin && f.Destination == g.Destination && f.Pickup == g.Pickup && f.PickupHours == g.PickupHours && f.Pieces == g.Pieces &&
		f.Position == g.Position && slices.Equal(f.Papers, g.Papers)
}
