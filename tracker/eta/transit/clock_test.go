package transit

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func date(text string) float64 {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return civil(t)
}

func TestWorkingTime(t *testing.T) {
	tests := []struct {
		name     string
		place    Place
		from, to string
		want     float64
	}{
		{"within a day", Place{Country: "DE"}, "2024-01-09 06:00", "2024-01-09 18:00", 0.5},
		{"Monday to Friday", Place{Country: "DE"}, "2024-01-08 12:00", "2024-01-12 12:00", 4},
		{"over a weekend", Place{Country: "DE"}, "2024-01-12 00:00", "2024-01-15 00:00", 1.45},
		{"over Good Friday and Easter Monday", Place{Country: "DE"}, "2024-03-28 00:00", "2024-04-02 00:00", 1 + 0.2 + 0.3 + 0.15 + 0.2},
		{"Easter Monday is a working day in the United States", Place{Country: "US"}, "2024-04-01 00:00", "2024-04-02 00:00", 1},
		{"a holiday of a region", Place{Country: "BR", Region: "SP"}, "2018-07-09 00:00", "2018-07-10 00:00", 0.2},
		{"the same day elsewhere", Place{Country: "BR", Region: "RJ"}, "2018-07-09 00:00", "2018-07-10 00:00", 1},
		{"a holiday on a Sunday weighs as a Sunday", Place{Country: "BR"}, "2023-01-01 00:00", "2023-01-02 00:00", 0.15},
		{"Friday in Riyadh", Place{Country: "SA"}, "2024-01-12 00:00", "2024-01-13 00:00", 0.15},
		{"Sunday in Riyadh", Place{Country: "SA"}, "2024-01-14 00:00", "2024-01-15 00:00", 1},
		{"backwards", Place{Country: "DE"}, "2024-01-09 00:00", "2024-01-08 00:00", 0},
		{"nowhere: a plain week", Place{}, "2024-12-23 00:00", "2024-12-30 00:00", 5.45},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			clock := newClock(test.place, test.place, date(test.from))
			if got := clock.work(date(test.from), date(test.to)); math.Abs(got-test.want) > 1e-9 {
				t.Errorf("%v working days, want %v", got, test.want)
			}
		})
	}
}

func TestHolidaysOfBothEnds(t *testing.T) {
	germany, france := Place{Country: "DE"}, Place{Country: "FR"}
	const unity, plain = "2024-10-03", "2024-07-12" // a Thursday and a Friday
	for _, test := range []struct {
		name     string
		from, to Place
		start    string
		want     float64
	}{
		{"handed over on a holiday of the origin", germany, france, unity, 1.2},
		{"a holiday of the destination alone, on the first day", france, germany, unity, 2},
		{"a holiday of the destination, a day later", france, germany, "2024-10-02", 1.2},
		{"a holiday of the origin, a day later", germany, france, "2024-10-02", 2},
		{"no holiday at all", germany, france, plain, 1.3},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := date(test.start + " 00:00")
			clock := newClock(test.from, test.to, start)
			if got := clock.work(start, start+2); math.Abs(got-test.want) > 1e-9 {
				t.Errorf("%v working days in two, want %v", got, test.want)
			}
		})
	}
}

func TestWalkIsTheInverseOfWork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Float64Range(16000, 24000).Draw(t, "from")
		country := rapid.SampledFrom([]string{"BR", "DE", "SA", ""})
		clock := newClock(Place{Country: country.Draw(t, "origin")}, Place{Country: country.Draw(t, "destination")}, from)
		walk := walker{clock: &clock, at: from}
		var work float64
		for range 3 {
			work += rapid.Float64Range(0, 40).Draw(t, "work")
			if got := clock.work(from, walk.to(work)); math.Abs(got-work) > 1e-6 {
				t.Fatalf("%v working days on there are %v", work, got)
			}
		}
	})
}

func TestCivilTimeGoesRound(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for at := time.Date(2017, 1, 1, 12, 34, 56, 0, zone); at.Year() < 2019; at = at.AddDate(0, 0, 1) {
			if got := instant(civil(at), zone); !got.Equal(at) {
				t.Fatalf("%s became %s", at, got)
			}
		}
	}
}

func TestDecayNeedsNoCommonNow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const halfLife = 3
		now := 30000.0
		var together, left, right Mean
		var weight, sum float64
		for range rapid.IntRange(1, 20).Draw(t, "outcomes") {
			at := now - rapid.Float64Range(0, 4000).Draw(t, "age")
			value := rapid.Float64Range(-5, 5).Draw(t, "value")
			together.add(at, halfLife, value)
			if rapid.Bool().Draw(t, "left") {
				left.add(at, halfLife, value)
			} else {
				right.add(at, halfLife, value)
			}
			decayed := math.Exp2((at - now) / halfLife)
			weight += decayed
			sum += decayed * value
		}
		left.merge(right)
		for name, m := range map[string]*Mean{"together": &together, "merged": &left} {
			w, s := m.at(now, halfLife)
			if math.Abs(w-weight) > 1e-9 || math.Abs(s-sum) > 1e-9 {
				t.Fatalf("%s: weight %v and sum %v, want %v and %v", name, w, s, weight, sum)
			}
		}
	})
}

func TestRidgeFindsTheStrengths(t *testing.T) {
	var r, half, other Ridge
	random := newWorld(30).random
	var want [features]float64
	for i := range want {
		want[i] = random.NormFloat64()
	}
	for n := range 4000 {
		var x [features]float64
		var y float64
		for i := range x {
			x[i] = random.NormFloat64()
			y += want[i] * x[i]
		}
		at := 20000 + float64(n)/1000
		r.add(at, &x, y, 1)
		if n%2 == 0 {
			half.add(at, &x, y, 1)
		} else {
			other.add(at, &x, y, 1)
		}
	}
	half.merge(&other)
	got, merged := r.solve(20004), half.solve(20004)
	for i := range want {
		if math.Abs(got[i]-want[i]) > 0.02 || math.Abs(got[i]-merged[i]) > 1e-9 {
			t.Errorf("strength %d is %v, merged %v, want %v", i, got[i], merged[i], want[i])
		}
	}
}
