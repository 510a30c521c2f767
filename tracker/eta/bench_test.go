package eta

import (
	"strconv"
	"testing"
)

// BenchmarkEstimate is one estimate of a parcel under way, with its groups in memory.
func BenchmarkEstimate(b *testing.B) {
	m := NewModel(openStore(b), fixed(monday))
	t := parcel{scans: []scan{{"picked_up", 0}}}.tracking(monday)
	for b.Loop() {
		if _, err := m.Estimate(b.Context(), t, monday); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLearnAndFold is one delivery learnt and folded, durably.
func BenchmarkLearnAndFold(b *testing.B) {
	m := NewModel(openStore(b), fixed(monday))
	i := 0
	for b.Loop() {
		p := parcel{id: strconv.Itoa(i), scans: []scan{{"picked_up", -100}, {"delivered", -50}}}
		if err := m.Learn(b.Context(), p.tracking(monday)); err != nil {
			b.Fatal(err)
		}
		if i++; i%foldMost == 0 {
			if err := m.Fold(b.Context(), monday); err != nil {
				b.Fatal(err)
			}
		}
	}
}
