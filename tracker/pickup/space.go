package pickup

import (
	"slices"
	"time"

	"waybill/tracker"
)

// Fits reports whether a point can keep what it holds and, besides, one more parcel of each size given: every parcel needs a
// compartment of its own that is as large or larger. Sizes are nested, so that it suffices to count from the largest down.
func Fits(p *tracker.PickupPoint, now time.Time, more ...tracker.PickupSize) bool {
	holds := live(p, now)
	if p.Kind == tracker.PickupCounter {
		return len(holds)+len(more) <= p.Capacity
	}
	free := make([]int, len(tracker.PickupSizes()))
	for _, c := range p.Compartments {
		if !c.Broken && !occupied(holds, c.ID) {
			free[c.Size.Rank()]++
		}
	}
	for _, h := range holds {
		if !h.There {
			free[h.Size.Rank()]--
		}
	}
	for _, size := range more {
		free[size.Rank()]--
	}
	left := 0
	for _, f := range slices.Backward(free) {
		if left += f; left < 0 {
			return false
		}
	}
	return true
}

// Space is how many more parcels of a size a point can take.
func Space(p *tracker.PickupPoint, size tracker.PickupSize, now time.Time) int {
	if p.Closed {
		return 0
	}
	var more []tracker.PickupSize
	for Fits(p, now, append(more, size)...) {
		more = append(more, size)
	}
	return len(more)
}

// live are the holds that count: reservations that ended do not.
func live(p *tracker.PickupPoint, now time.Time) []tracker.PickupHold {
	return slices.DeleteFunc(slices.Clone(p.Holds), func(h tracker.PickupHold) bool {
		return !h.There && !h.Until.IsZero() && !now.Before(h.Until)
	})
}

func occupied(holds []tracker.PickupHold, compartment string) bool {
	return slices.ContainsFunc(holds, func(h tracker.PickupHold) bool { return h.There && h.Compartment == compartment })
}

// compartmentFor is the smallest free compartment into which a parcel goes, "" where there is none.
func compartmentFor(p *tracker.PickupPoint, size tracker.PickupSize) string {
	best := -1
	for i, c := range p.Compartments {
		if c.Broken || c.Size.Rank() < size.Rank() || occupied(p.Holds, c.ID) {
			continue
		}
		if best < 0 || c.Size.Rank() < p.Compartments[best].Size.Rank() {
			best = i
		}
	}
	if best < 0 {
		return ""
	}
	return p.Compartments[best].ID
}

func holdOf(p *tracker.PickupPoint, stay string) int {
	return slices.IndexFunc(p.Holds, func(h tracker.PickupHold) bool { return h.Stay == stay })
}

func drop(p *tracker.PickupPoint, stay string) {
	p.Holds = slices.DeleteFunc(p.Holds, func(h tracker.PickupHold) bool { return h.Stay == stay })
}
