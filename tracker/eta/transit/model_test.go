package transit

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

func TestQuantilesAreCalibratedOnLanesOfKnownLaw(t *testing.T) {
	w := newWorld(1)
	type count struct{ all, early, late, below int }
	counts := map[lane]*count{}
	w.replay(t, New(), monday, 420, func(trip trip) {
		if trip.outcome.Query.At.Before(monday.AddDate(0, 0, 240)) {
			return
		}
		c := counts[trip.lane]
		if c == nil {
			c = &count{}
			counts[trip.lane] = c
		}
		c.all++
		took := trip.outcome.Delivered
		if took.Before(trip.predicted.At(0.1)) {
			c.early++
		}
		if took.Before(trip.predicted.At(0.5)) {
			c.below++
		}
		if took.After(trip.predicted.At(0.9)) {
			c.late++
		}
	})
	var sum count
	for l, c := range counts {
		sum.all, sum.early, sum.late = sum.all+c.all, sum.early+c.early, sum.late+c.late
		if share := float64(c.below) / float64(c.all); math.Abs(share-0.5) > 0.08 {
			t.Errorf("%s to %s: %.3f before the median of %d", l.from, l.to, share, c.all)
		}
	}
	for name, share := range map[string]float64{
		"before p10": float64(sum.early) / float64(sum.all),
		"after p90":  float64(sum.late) / float64(sum.all),
	} {
		if math.Abs(share-0.1) > 0.02 {
			t.Errorf("%.3f %s of %d", share, name, sum.all)
		}
	}
}

func TestMedianIsThatOfTheLane(t *testing.T) {
	w, m := newWorld(2), New()
	w.replay(t, m, monday, 200, func(trip) {})
	at := monday.AddDate(0, 0, 203) // another Monday, far from holidays
	for _, l := range w.lanes {
		q, _, _ := w.parcel(at)
		q.Origin.Region, q.Destination.Region = l.from, l.to
		r := m.Predict(q).Reason
		if want := math.Exp(l.mean); math.Abs(r.Expected/want-1) > 0.12 {
			t.Errorf("%s to %s: %.2f working days, want %.2f", l.from, l.to, r.Expected, want)
		}
		if r.Group != "postcode" || r.Sample < 1000 {
			t.Errorf("%s to %s: the reason is %s of %.0f", l.from, l.to, r.Group, r.Sample)
		}
	}
}

func TestStrikeShowsBeforeItsParcelsArrive(t *testing.T) {
	w, m := newWorld(3), New()
	strike := monday.AddDate(0, 0, 196)
	w.factor = func(at time.Time) float64 {
		if at.Before(strike) {
			return 1
		}
		return 2.5
	}
	var before, after []float64
	w.replay(t, m, monday, 216, func(trip trip) {
		switch at := trip.outcome.Query.At; {
		case at.After(strike.AddDate(0, 0, -10)) && at.Before(strike):
			before = append(before, trip.predicted.Reason.Congestion)
		case at.After(strike.AddDate(0, 0, 7)):
			after = append(after, trip.predicted.Reason.Congestion)
		}
	})
	if b, a := mean(before), mean(after); b < 0.85 || b > 1.15 || a < 1.3 {
		t.Errorf("congestion %.2f before the strike and %.2f in its second week", b, a)
	}
}

func mean(xs []float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

func TestFreshModelSaysSo(t *testing.T) {
	q, _, _ := newWorld(4).parcel(monday)
	p := New().Predict(q)
	if p.Reason.Group != "prior" || p.Reason.Sample != 0 {
		t.Errorf("reason: %+v", p.Reason)
	}
	if p.Days(0.1) < 0.5 || p.Days(0.5) < 2 || p.Days(0.5) > 8 || p.Days(0.9) > 25 {
		t.Errorf("from %.1f by %.1f to %.1f days", p.Days(0.1), p.Days(0.5), p.Days(0.9))
	}
}

func TestDistanceCountsBeforeAnythingIsLearnt(t *testing.T) {
	m := New()
	q, _, _ := newWorld(4).parcel(monday)
	near, far := q, q
	near.DistanceKM, far.DistanceKM = 30, 3000
	if a, b := m.Predict(near), m.Predict(far); a.Days(0.5) >= b.Days(0.5) {
		t.Errorf("%.1f days nearby, %.1f far away", a.Days(0.5), b.Days(0.5))
	}
}

func TestPoison(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*Outcome)
		refused error
	}{
		{"delivered before it was handed over, a clock's error", func(o *Outcome) { o.Delivered = o.Query.At.Add(-time.Hour) }, nil},
		{"delivered weeks before", func(o *Outcome) { o.Delivered = o.Query.At.AddDate(0, 0, -20) }, ErrImplausible},
		{"lost and found after 200 days", func(o *Outcome) { o.Query.At = o.Delivered.AddDate(0, 0, -200) }, nil},
		{"delivered years later", func(o *Outcome) { o.Delivered = o.Query.At.AddDate(3, 0, 0) }, ErrImplausible},
		{"delivered next month", func(o *Outcome) { o.Delivered = o.Delivered.AddDate(0, 1, 0) }, ErrImplausible},
		{"no time at all", func(o *Outcome) { o.Delivered = time.Time{} }, ErrImplausible},
		{"basis of another version", func(o *Outcome) { o.Basis.Version++ }, ErrBasis},
		{"basis that is no number", func(o *Outcome) { o.Basis.Center = math.NaN() }, ErrBasis},
		{"basis beyond reason", func(o *Outcome) { o.Basis.Features[3] = 1e30 }, ErrBasis},
		{"no such moment", func(o *Outcome) { o.Query.Moment = moments }, ErrBasis},
		{"predicted in the year 1", func(o *Outcome) { o.Query.At = time.Time{} }, ErrImplausible},
	}
	w, healthy := newWorld(5), New()
	w.replay(t, healthy, monday, 60, func(trip) {})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := modelOf(NewState())
			m.Merge(&healthy.State)
			m.Refresh()
			now := monday.AddDate(0, 0, 60)
			q, _, _ := w.parcel(now)
			before := m.Predict(q)
			old := q
			old.At = now.AddDate(0, 0, -4)
			o := Outcome{Query: old, Basis: m.Predict(old).Basis, Delivered: now}
			test.change(&o)
			if err := m.Learn(o, now); !errors.Is(err, test.refused) {
				t.Fatalf("refused with %v, want %v", err, test.refused)
			}
			m.Refresh()
			after := m.Predict(q)
			if d := math.Abs(after.Days(0.5) - before.Days(0.5)); d > 0.05 || math.IsNaN(d) {
				t.Errorf("one outcome moved the median by %.3f days", d)
			}
		})
	}
}

func TestOddQueries(t *testing.T) {
	m := trained(t)
	plain, _, _ := newWorld(6).parcel(monday)
	for name, change := range map[string]func(*Query){
		"nothing known":                      func(q *Query) { *q = Query{At: q.At} },
		"distance not a number":              func(q *Query) { q.DistanceKM = math.NaN() },
		"distance below zero":                func(q *Query) { q.DistanceKM = -5 },
		"distance without end":               func(q *Query) { q.DistanceKM = math.Inf(1) },
		"weight of a ship":                   func(q *Query) { q.WeightGrams = 1e15 },
		"weight not a number":                func(q *Query) { q.WeightGrams = math.NaN() },
		"ordered after hand-over":            func(q *Query) { q.Ordered = q.At.AddDate(1, 0, 0) },
		"promised years ago":                 func(q *Query) { q.Promised = q.At.AddDate(-9, 0, 0) },
		"promised in a century":              func(q *Query) { q.Promised = q.At.AddDate(100, 0, 0) },
		"due years ago":                      func(q *Query) { q.Due = q.At.AddDate(-9, 0, 0) },
		"an endless name":                    func(q *Query) { q.Shipper = strings.Repeat("x", 1<<16) },
		"decades before anything was learnt": func(q *Query) { q.At = q.At.AddDate(-23, 0, 0) },
		"beyond the holidays":                func(q *Query) { q.At = q.At.AddDate(60, 0, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			q := plain
			change(&q)
			p := m.Predict(q)
			for _, level := range Levels {
				if d := p.Days(level); !(d >= 0 && d <= maxDays) {
					t.Errorf("%.2f after %v days", level, d)
				}
			}
		})
	}
}
