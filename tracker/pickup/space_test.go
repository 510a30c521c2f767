package pickup

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker"
)

// placed reports, by trying every way, whether each parcel can have a free compartment of its own.
func placed(free, parcels []int) bool {
	if len(parcels) == 0 {
		return true
	}
	for i, size := range free {
		if size < parcels[0] {
			continue
		}
		rest := append(append([]int{}, free[:i]...), free[i+1:]...)
		if placed(rest, parcels[1:]) {
			return true
		}
	}
	return false
}

func TestFitsIsTrueWhenEveryParcelFindsACompartment(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	sizes := tracker.PickupSizes()
	rapid.Check(t, func(t *rapid.T) {
		p := &tracker.PickupPoint{Kind: tracker.PickupLocker}
		var free, parcels []int
		for i := range rapid.IntRange(0, 5).Draw(t, "compartments") {
			c := tracker.Compartment{ID: strconv.Itoa(i), Size: rapid.SampledFrom(sizes).Draw(t, "size")}
			switch rapid.IntRange(0, 3).Draw(t, "state") {
			case 0:
				c.Broken = true
			case 1:
				p.Holds = append(p.Holds, tracker.PickupHold{Stay: "x", There: true, Compartment: c.ID, Size: "S"})
			default:
				free = append(free, c.Size.Rank())
			}
			p.Compartments = append(p.Compartments, c)
		}
		for range rapid.IntRange(0, 5).Draw(t, "reservations") {
			h := tracker.PickupHold{Stay: "r", Size: rapid.SampledFrom(sizes).Draw(t, "of"), Until: now.Add(time.Hour)}
			if rapid.Bool().Draw(t, "ended") {
				h.Until = now
			} else {
				parcels = append(parcels, h.Size.Rank())
			}
			p.Holds = append(p.Holds, h)
		}
		if got, want := Fits(p, now), placed(free, parcels); got != want {
			t.Fatalf("%v, want %v: free %v, parcels %v", got, want, free, parcels)
		}
		more := rapid.SampledFrom(sizes).Draw(t, "more")
		if got, want := Fits(p, now, more), placed(free, append(parcels, more.Rank())); got != want {
			t.Fatalf("one %s more: %v, want %v: free %v, parcels %v", more, got, want, free, parcels)
		}
	})
}

func TestACounterTakesAsManyAsItHasRoomFor(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := &tracker.PickupPoint{Kind: tracker.PickupCounter, Capacity: 3, Holds: []tracker.PickupHold{
		{Stay: "a", There: true, Size: "XL"}, {Stay: "b", Size: "S", Until: now.Add(time.Hour)}, {Stay: "c", Size: "S", Until: now},
	}}
	if got := Space(p, "XL", now); got != 1 {
		t.Errorf("%d, want 1", got)
	}
	if p.Closed = true; Space(p, "S", now) != 0 {
		t.Error("a closed one has space")
	}
}
