package eval

import (
	"context"
	"testing"
	"time"
)

// shock makes an arrival another, as a sudden change of the network would have.
type shock func(r *Row) time.Time

// faster has all that happens after a moment take a share of its time.
func faster(from time.Time, share float64) shock {
	return func(r *Row) time.Time {
		begins := from
		if r.Handed.After(from) {
			begins = r.Handed
		}
		if !r.Delivered.After(begins) {
			return r.Delivered
		}
		return begins.Add(time.Duration(share * float64(r.Delivered.Sub(begins))))
	}
}

// strike has parcels queue: for ten days 35 % of the usual number are delivered, then 130 % until the backlog is gone, first
// come, first served.
func strike(from time.Time) shock {
	const length, during, after = 10.0, 0.35, 1.3
	return func(r *Row) time.Time {
		due := r.Delivered.Sub(from).Hours() / 24 // as many days' parcels are before it
		if due <= 0 {
			return r.Delivered
		}
		served := due / during
		if served > length {
			served = length + (due-during*length)/after
		}
		return from.Add(time.Duration(max(served, due) * 24 * float64(time.Hour)))
	}
}

// TestSuddenChanges replays real parcels with made-up strikes and speed-ups in them, and scores the weeks from a week before
// to two months after. Only purchases before March 2018 are in.
func TestSuddenChanges(t *testing.T) {
	day := func(month time.Month, day, year int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	rows, _, err := read(t.Context(), []string{olist(t)})
	if err != nil {
		t.Fatal(err)
	}
	end := 0
	for end < len(rows) && rows[end].Purchased.Before(day(time.March, 1, 2018)) {
		end++
	}
	for name, test := range map[string]struct {
		from   time.Time
		shocks []shock
		// share of the trailing lane quantiles' error, and of parcels within p10 to p90
		share, coverage float64
	}{
		"a quarter faster": {day(time.August, 15, 2017), []shock{faster(day(time.August, 15, 2017), 0.75)}, 0.87, 0.79},
		"a fifth faster":   {day(time.January, 10, 2018), []shock{faster(day(time.January, 10, 2018), 0.8)}, 0.94, 0.76},
		"a strike":         {day(time.August, 21, 2017), []shock{strike(day(time.August, 21, 2017))}, 0.91, 0.79},
		"a strike in a faster network": {
			day(time.January, 15, 2018),
			[]shock{faster(day(time.January, 10, 2018), 0.8), strike(day(time.January, 15, 2018))},
			1.06, 0.75,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := append([]Row(nil), rows[:end]...)
			for i := range changed {
				for _, s := range test.shocks {
					changed[i].Delivered = s(&changed[i])
				}
			}
			o := Options{From: test.from.AddDate(0, 0, -7), Until: test.from.AddDate(0, 2, 0)}
			found := newFindings()
			err := replay(context.Background(), changed, moments[o.At], func(int, int) {}, func(s Scored) {
				if o.scores(&s) {
					found.add(s)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			r := found.report(0)
			lane := r.Baselines[BaselineNames[2]].MAE
			t.Logf("%s: %d rows, error %.2f days, %.3f of the lane's, coverage %.3f, width %.1f, pinball %.2f, after p90 %.3f",
				name, r.Rows, r.MAE, r.MAE/lane, r.Coverage, r.Width, r.Pinball.Sum, r.Late)
			if r.MAE > test.share*lane || r.Coverage < test.coverage {
				t.Errorf("error %.3f of the lane's, coverage %.3f", r.MAE/lane, r.Coverage)
			}
		})
	}
}
