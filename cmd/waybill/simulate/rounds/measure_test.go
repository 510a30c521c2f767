package rounds

import (
	"fmt"
	"reflect"
	"testing"
)

// The bounds below hold for the seeds at hand with a margin; the figures themselves stand in docs/lastmile.md.
func TestForecastsOfTheLastMileAreCalibrated(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			calibrated(t, seed)
		})
	}
}

func calibrated(t *testing.T, seed uint64) {
	t.Helper()
	r := Measure(seed, 160, func(int) {})
	if r.Scored != 120 || r.All.Count < 50_000 {
		t.Fatalf("%d rounds and %d forecasts were scored", r.Scored, r.All.Count)
	}
	if c := r.All.Coverage; c < 0.77 || c > 0.84 {
		t.Errorf("p10 to p90 hold %.3f of all stops, want about 0.8", c)
	}
	for _, s := range r.ByLeft {
		if low, high := 0.74, 0.90; s.Coverage < low || s.Coverage > high {
			t.Errorf("at %d stops left p10 to p90 hold %.3f, want %.2f to %.2f", s.Left, s.Coverage, low, high)
		}
		if s.Below > 0.17 || s.Above > 0.17 {
			t.Errorf("at %d stops left %.3f come before p10 and %.3f after p90", s.Left, s.Below, s.Above)
		}
	}
	for i := 1; i < len(r.ByLeft); i++ {
		if near, far := r.ByLeft[i-1], r.ByLeft[i]; near.MAE > far.MAE || near.Width > far.Width {
			t.Errorf("%d stops away is foretold worse than %d", near.Left, far.Left)
		}
	}
	if three := r.ByLeft[2]; three.Median > 4 {
		t.Errorf("three stops away the median error is %.1f minutes", three.Median)
	}
	if c := r.FirstDays.Coverage; c < 0.7 || c > 0.92 {
		t.Errorf("before anything was learnt p10 to p90 hold %.3f", c)
	}
}

func TestTheSameSeedDrivesTheSameRounds(t *testing.T) {
	if a, b := Draw(7, 33), Draw(7, 33); !reflect.DeepEqual(a, b) {
		t.Error("round 33 of seed 7 is another the second time")
	}
	if a, b := Draw(7, 33), Draw(8, 33); reflect.DeepEqual(a, b) {
		t.Error("another seed drives the same round")
	}
}

func TestRoundsAreDrivenInOrder(t *testing.T) {
	for index := range 40 {
		r := Draw(3, index)
		for i := 1; i < len(r.Happenings); i++ {
			if r.Happenings[i].At.Before(r.Happenings[i-1].At) {
				t.Fatalf("round %d: happening %d lies before the one before it", index, i)
			}
		}
		for i, at := range r.Closed {
			if at.IsZero() {
				t.Errorf("round %d: stop %d was never closed", index, i)
			}
		}
	}
}
