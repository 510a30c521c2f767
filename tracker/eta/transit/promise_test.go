package transit

import (
	"math"
	"testing"
)

// TestTheChanceOfAPromiseIsCalibrated promises parcels of lanes of known law for some day: of those that are given a chance,
// as many come in time. So it is at hand-over and for those that have not come two days later.
func TestTheChanceOfAPromiseIsCalibrated(t *testing.T) {
	const classes, fewest = 5, 100
	for name, waited := range map[string]int{"at hand-over": 0, "two days later": 2} {
		t.Run(name, func(t *testing.T) {
			var chances, kept, all [classes]float64
			w := newWorld(3)
			w.replay(t, New(), monday, 360, func(trip trip) {
				at := trip.outcome.Query.At
				now := at.AddDate(0, 0, waited)
				if at.Before(monday.AddDate(0, 0, 180)) || trip.outcome.Delivered.Before(now) {
					return
				}
				promised := now.AddDate(0, 0, 1+w.random.IntN(14))
				p := trip.predicted.Given(now)
				chance := p.By(promised)
				i := min(int(chance*classes), classes-1)
				all[i]++
				chances[i] += chance
				if !trip.outcome.Delivered.After(promised) {
					kept[i]++
				}
			})
			for i, n := range all {
				if n < fewest {
					t.Fatalf("%.0f promises with a chance from %.1f", n, float64(i)/classes)
				}
				foretold, came := chances[i]/n, kept[i]/n
				t.Logf("%.3f foretold, %.3f kept, of %.0f", foretold, came, n)
				if math.Abs(foretold-came) > 0.05 {
					t.Errorf("%.3f foretold, %.3f kept, of %.0f", foretold, came, n)
				}
			}
		})
	}
}
