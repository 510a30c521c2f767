package transit

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// trained is a model that knows the lanes of the test world.
func trained(t testing.TB) *Model {
	m := New()
	newWorld(20).replay(t, m, monday, 60, func(trip) {})
	return m
}

// anyQuery draws a query about some parcel of any moment.
func anyQuery(t *rapid.T) Query {
	place := rapid.Custom(func(t *rapid.T) Place {
		return Place{
			Country: rapid.SampledFrom([]string{"DE", "BR", "SA", "US", ""}).Draw(t, "country"),
			Region:  rapid.SampledFrom([]string{"BY", "HH", "SP", "CA", ""}).Draw(t, "region"),
			Area:    rapid.StringMatching(`[0-9]{0,3}`).Draw(t, "area"),
		}
	})
	at := monday.Add(time.Duration(rapid.Int64Range(0, 400*86400).Draw(t, "at")) * time.Second)
	q := Query{
		Moment:      Moment(rapid.IntRange(0, int(moments)-1).Draw(t, "moment")),
		At:          at,
		Carrier:     rapid.SampledFrom([]string{"dhl", "ups", ""}).Draw(t, "carrier"),
		Origin:      place.Draw(t, "origin"),
		Destination: place.Draw(t, "destination"),
		DistanceKM:  rapid.Float64Range(-1, 20000).Draw(t, "distance"),
		WeightGrams: rapid.Float64Range(0, 1e5).Draw(t, "weight"),
	}
	if rapid.Bool().Draw(t, "promised") {
		q.Promised = at.AddDate(0, 0, rapid.IntRange(-5, 60).Draw(t, "promised in"))
	}
	if rapid.Bool().Draw(t, "ordered") {
		q.Ordered = at.AddDate(0, 0, -rapid.IntRange(0, 60).Draw(t, "ordered before"))
	}
	return q
}

func TestWindowsAreOrderedAndMonotoneInTime(t *testing.T) {
	m := trained(t)
	rapid.Check(t, func(t *rapid.T) {
		p := m.Predict(anyQuery(t))
		now := p.Start
		before := p
		for range 4 {
			now = now.Add(time.Duration(rapid.IntRange(0, 30*86400).Draw(t, "later")) * time.Second)
			given := p.Given(now)
			last := now.Truncate(time.Second)
			for _, level := range []float64{0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999} {
				at := given.At(level)
				if at.Before(last) {
					t.Fatalf("given %s, quantile %.3f at %s is before %s", now, level, at, last)
				}
				if at.Before(before.At(level)) {
					t.Fatalf("quantile %.3f went back from %s to %s as time went on", level, before.At(level), at)
				}
				last = at
			}
			before = given
		}
	})
}

func TestProbabilityAndQuantileAreInverse(t *testing.T) {
	m := trained(t)
	rapid.Check(t, func(t *rapid.T) {
		p := m.Predict(anyQuery(t))
		p = p.Given(p.Start.Add(time.Duration(rapid.IntRange(0, 20*86400).Draw(t, "later")) * time.Second))
		level := rapid.Float64Range(0.02, 0.995).Draw(t, "level")
		// A quantile is told to the second.
		low, high := p.By(p.At(level).Add(-2*time.Second)), p.By(p.At(level).Add(2*time.Second))
		if low > level+1e-9 || high < level-1e-9 {
			t.Fatalf("by the quantile %.4f the parcel has come with %.4f to %.4f", level, low, high)
		}
	})
}

func TestProbabilityOfADayGrowsWhileAParcelIsAwaited(t *testing.T) {
	m := trained(t)
	q, _, _ := newWorld(21).parcel(monday.AddDate(0, 0, 63))
	p := m.Predict(q)
	week := q.At.AddDate(0, 0, 30)
	if p.By(q.At) != 0 || p.By(q.At.Add(-time.Hour)) != 0 {
		t.Error("a parcel may have arrived before it started")
	}
	if by := p.By(week); by < 0.95 || by >= 1 {
		t.Errorf("by a month on: %v", by)
	}
	now := p.At(0.9)
	given := p.Given(now)
	if by := given.By(now); by != 0 {
		t.Errorf("a parcel not yet here has come with %v", by)
	}
	if given.By(week) >= p.By(week) {
		t.Error("an overdue parcel is as likely to come by a fixed day as it was")
	}
}

func TestArrivalIsToldByTheClockOnTheWall(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		at   time.Time
		days float64
		want string
	}{
		{"clocks go forward in between", time.Date(2024, 3, 29, 15, 0, 0, 0, berlin), 3, "2024-04-01T15:00:00+02:00"},
		{"clocks go back in between", time.Date(2024, 10, 25, 15, 0, 0, 0, berlin), 4, "2024-10-29T15:00:00+01:00"},
		{"an hour that does not exist", time.Date(2024, 3, 30, 2, 30, 0, 0, berlin), 1, "2024-03-31T03:30:00+02:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := Prediction{Start: test.at}
			for i := range p.Quantiles {
				p.Quantiles[i] = test.days
			}
			if got := p.At(0.5).Format(time.RFC3339); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestTailOfTheLost(t *testing.T) {
	p := New().Predict(Query{Moment: Handover, At: monday})
	given := p.Given(monday.AddDate(0, 0, 150))
	if wait := given.Days(0.5) - 150; wait < 10 || wait > 150 {
		t.Errorf("after 150 days half of the parcels come within %.0f more", wait)
	}
	if p.Days(0.999) <= p.Days(0.99) || math.IsInf(p.Days(0.9999), 0) {
		t.Error("there is nothing beyond the last level")
	}
}
