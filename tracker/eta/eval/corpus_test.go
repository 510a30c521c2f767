package eval

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// olist is the file of real parcels in the shared corpus; the test is skipped without it.
func olist(t testing.TB) string {
	t.Helper()
	shared := os.Getenv("WAYBILL_TEST_SHARED")
	if shared == "" {
		t.Skip("WAYBILL_TEST_SHARED names no shared corpus")
	}
	return filepath.Join(shared, "eta", "olist_train.csv.gz")
}

// The bounds are what the model reached when its settings were chosen, on
// purchases before March 2018, with a little room. March and April hold the
// slowest month of the file and a fast recovery: all errors are larger than in
// quiet months, so the share of the trailing lane quantiles' error that is left
// says more than the error.
func TestRealParcelsOfMarchAndApril2018(t *testing.T) {
	for at, most := range map[string]struct {
		mae, share, width, pinball float64
		within1, within2           float64
	}{
		"handoff":  {mae: 5.06, share: 0.865, width: 15.8, pinball: 5.01, within1: 0.245, within2: 0.38},
		"purchase": {mae: 5.54, share: 0.868, width: 17.3, pinball: 5.46, within1: 0.195, within2: 0.33},
	} {
		t.Run(at, func(t *testing.T) {
			r := runJSON(t, Options{Files: []string{olist(t)}, At: at, PurchasedFrom: time.Date(2018, 3, 1, 0, 0, 0, 0, time.UTC)})
			t.Logf("%+v", r.Metrics)
			if r.Rows != 5903 || r.Skipped != 0 {
				t.Fatalf("%d rows scored, %d lines skipped", r.Rows, r.Skipped)
			}
			if r.MAE > most.mae || r.MAE > most.share*r.Baselines[BaselineNames[2]].MAE {
				t.Errorf("MAE %.3f days, trailing lane quantiles %.3f", r.MAE, r.Baselines[BaselineNames[2]].MAE)
			}
			if r.Within1 < most.within1 || r.Within2 < most.within2 {
				t.Errorf("within a day %.3f, within two %.3f", r.Within1, r.Within2)
			}
			if r.Coverage < 0.77 || r.Coverage > 0.85 || r.Width > most.width {
				t.Errorf("coverage %.3f at a width of %.2f days", r.Coverage, r.Width)
			}
			if r.Pinball.Sum > most.pinball || r.Pinball.Sum < 0.8*most.pinball {
				t.Errorf("pinball sum %.3f: bad, or too good to be true", r.Pinball.Sum)
			}
		})
	}
}

// BenchmarkReplay reads, replays and scores the whole file.
func BenchmarkReplay(b *testing.B) {
	file := olist(b)
	for b.Loop() {
		if err := Run(b.Context(), Options{Files: []string{file}}, b.Output(), nil); err != nil {
			b.Fatal(err)
		}
	}
}
