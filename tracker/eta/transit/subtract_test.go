package transit

import (
	"math"
	"testing"
	"time"
)

// wrongly gives trips that are said to have arrived at another time.
func wrongly(trips []trip, by time.Duration) []trip {
	wrong := make([]trip, len(trips))
	for i, trip := range trips {
		trip.outcome.Delivered = trip.outcome.Delivered.Add(by)
		wrong[i] = trip
	}
	return wrong
}

func TestWhatIsSubtractedWasNeverLearnt(t *testing.T) {
	trips := record(t, 120)
	half := len(trips) / 2
	want, got, wrong := NewState(), NewState(), NewState()
	learnAll(t, want, trips)
	learnAll(t, got, trips[:half])
	learnAll(t, wrong, wrongly(trips[half/2:half], 9*24*time.Hour))
	got.Merge(wrong)
	later := NewState() // newer, so that sums are moved to another block of weights meanwhile
	learnAll(t, later, trips[half:])
	got.Merge(later)
	got.Subtract(wrong)
	if n := got.Tracks[Handover].Learnt; n != uint64(len(trips)) {
		t.Errorf("%d are learnt of %d", n, len(trips))
	}
	a, b := modelOf(want), modelOf(got)
	w := newWorld(12)
	for i := range 200 {
		q, _, _ := w.parcel(monday.AddDate(0, 0, 80+i/4))
		for _, level := range Levels {
			if p, r := a.Predict(q), b.Predict(q); math.Abs(p.Days(level)-r.Days(level)) > 1e-6 {
				t.Fatalf("%.2f after %v days, want %v", level, r.Days(level), p.Days(level))
			}
		}
	}
}

func TestWhatIsSubtractedLeavesAStateThatCanBeRead(t *testing.T) {
	trips := record(t, 40)
	for name, c := range map[string]struct{ learnt, undone []trip }{
		"all of it":                          {trips, trips},
		"what was never learnt":              {nil, trips},
		"what would have been long after it": {trips[:20], wrongly(trips[:20], 2*365*24*time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			s, o := NewState(), NewState()
			learnAll(t, s, c.learnt)
			for _, trip := range c.undone {
				if err := o.Learn(trip.outcome, trip.outcome.Delivered); err != nil {
					t.Logf("refused: %v", err)
				}
			}
			s.Subtract(o)
			written, err := s.Encode()
			if err != nil {
				t.Fatal(err)
			}
			m, err := Load(written)
			if err != nil {
				t.Fatal(err)
			}
			q, _, _ := newWorld(13).parcel(monday.AddDate(0, 0, 41))
			p := m.Predict(q)
			if days := p.Days(0.5); !(days > 0 && days < maxWork) {
				t.Errorf("it predicts %v days", days)
			}
		})
	}
}
