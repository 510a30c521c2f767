package eta

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker"
)

func TestWindowsAreInOrderAndNeverInThePast(t *testing.T) {
	m := newModel(inMemory(), monday)
	rapid.Check(t, func(t *rapid.T) {
		stages := []tracker.Substatus{"picked_up", "arrived_at_facility", "arrived_at_delivery_facility", "label_created"}
		p := parcel{
			scans:   []mark{{rapid.SampledFrom(stages).Draw(t, "scan"), 0}},
			service: rapid.SampledFrom([]tracker.ServiceLevel{tracker.SameDay, tracker.Express, tracker.Standard, tracker.Economy}).Draw(t, "level"),
			promise: at(rapid.Float64Range(-50, 500).Draw(t, "promise")),
		}
		var last time.Time
		for hours := 0.0; hours < 500; hours += rapid.Float64Range(1, 60).Draw(t, "wait") {
			now := at(hours)
			e := estimate(m.t(t), m, p, now)
			if e == nil {
				continue
			}
			if e.P10.Before(now) || e.P50.Before(e.P10) || e.P90.Before(e.P50) || e.From.Before(now.Truncate(quarter)) || e.To.Before(e.From) {
				t.Fatalf("at %s: %+v", now, e)
			}
			if e.P90.Before(last) {
				t.Fatalf("at %s the parcel that has not come is expected by %s, before that by %s", now, e.P90, last)
			}
			if e.Today < 0 || e.Tomorrow < 0 || e.Today+e.Tomorrow > 1.0001 || *e.OnTime < 0 || *e.OnTime > 1 {
				t.Fatalf("probabilities %v, %v, %v", e.Today, e.Tomorrow, *e.OnTime)
			}
			last = e.P90
		}
	})
}

// t has rapid's checks fail the test that they belong to.
func (m *Model) t(t *rapid.T) testing.TB { return failing{t: t} }

type failing struct {
	testing.TB
	t *rapid.T
}

func (f failing) Helper()           {}
func (f failing) Fatal(args ...any) { f.t.Fatal(args...) }

func TestNobodyDeliversOnHolidaysAndSundays(t *testing.T) {
	m := newModel(inMemory(), monday)
	d := m.doorAt(tracker.Location{Country: "FR"}, "Europe/Paris")
	for name, c := range map[string]struct{ at, opens time.Time }{
		"Christmas":                       {time.Date(2026, 12, 25, 10, 0, 0, 0, d.zone), time.Date(2026, 12, 26, 8, 0, 0, 0, d.zone)},
		"a Sunday":                        {time.Date(2026, 11, 29, 10, 0, 0, 0, d.zone), time.Date(2026, 11, 30, 8, 0, 0, 0, d.zone)},
		"the night the clocks go forward": {time.Date(2026, 3, 28, 23, 0, 0, 0, d.zone), time.Date(2026, 3, 30, 8, 0, 0, 0, d.zone)},
	} {
		if got := d.open(c.at); !got.Equal(c.opens) {
			t.Errorf("%s: it opens at %s, want %s", name, got, c.opens)
		}
	}
	saturday := time.Date(2026, 3, 28, 12, 0, 0, 0, d.zone)
	if got := d.openTime(saturday, saturday.AddDate(0, 0, 2)); got != 24*time.Hour {
		t.Errorf("from Saturday noon to Monday noon %s are open, want 24h", got)
	}
	if got := d.addOpen(saturday, 24*time.Hour); !got.Equal(saturday.AddDate(0, 0, 2)) {
		t.Errorf("24 open hours later it is %s", got)
	}
}

func TestSteadyShowsWhatMatters(t *testing.T) {
	day := func(d, hour int) time.Time { return time.Date(2026, 11, d, hour, 0, 0, 0, time.UTC) }
	e := func(made, from, p50, to time.Time) *tracker.Estimate {
		return &tracker.Estimate{P10: from, P50: p50, P90: to, From: from, To: to, MadeAt: made, Source: sourceModel, Today: 0.1}
	}
	old := e(day(23, 9), day(25, 8), day(26, 12), day(28, 20))
	for name, c := range map[string]struct {
		after *tracker.Estimate
		news  bool
	}{
		"the same":                       {e(day(23, 12), day(25, 8), day(26, 12), day(28, 20)), false},
		"a few hours in the middle":      {e(day(23, 12), day(25, 8), day(26, 18), day(28, 20)), false},
		"a day later at its end":         {e(day(23, 12), day(25, 8), day(26, 18), day(30, 20)), true},
		"the middle leaves the window":   {e(day(23, 12), day(25, 8), day(29, 18), day(29, 20)), true},
		"the window has passed":          {e(day(28, 21), day(30, 8), day(30, 12), day(30, 20)), true},
		"time passes, within the window": {e(day(26, 9), day(26, 9), day(27, 12), day(28, 20)), false},
	} {
		t.Run(name, func(t *testing.T) {
			c.after.Today = 0.7
			got := Steady(old, c.after)
			if news := !got.To.Equal(old.To) || !got.P50.Equal(old.P50); news != c.news {
				t.Errorf("news: %v, want %v", news, c.news)
			}
			if got.Today != 0.7 {
				t.Error("the probability of today is an old one")
			}
		})
	}
}

func TestPoisonMovesNothingMuch(t *testing.T) {
	for name, scans := range map[string][]mark{
		"a lost parcel that is found after 200 days": {{"picked_up", -250 * 24}, {"delivered", -50 * 24}},
		"a delivery that its next scan contradicts":  {{"picked_up", -30}, {"delivered", -1}, {"arrived_at_facility", -0.5}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newModel(inMemory(), monday)
			for _, p := range journeys("p", 60, -600, 48) {
				travel(t, m, p)
			}
			fold(t, m, monday)
			fresh := parcel{scans: []mark{{"picked_up", 0}}}
			before := estimate(t, m, fresh, monday)
			travel(t, m, parcel{id: "poison", scans: scans})
			fold(t, m, monday)
			if after := estimate(t, m, fresh, monday); after.P50.Sub(before.P50).Abs() > 36*time.Hour {
				t.Errorf("P50 moved from %s to %s", before.P50, after.P50)
			}
		})
	}
}

func TestTheCarriersOwnEstimateIsEvidence(t *testing.T) {
	m := newModel(inMemory(), monday)
	wednesday, err := tracker.ParseStamp("2026-11-25")
	if err != nil {
		t.Fatal(err)
	}
	p := parcel{scans: []mark{{"picked_up", 0}}}
	alone := estimate(t, m, p, monday)
	p.estimate = tracker.CarrierEstimate{To: wednesday}
	e := estimate(t, m, p, monday)
	if e.Source == sourceModel || !e.P50.Before(alone.P50) || e.P90.Sub(e.P10) >= alone.P90.Sub(alone.P10) {
		t.Errorf("with the carrier's Wednesday it is %+v, without %+v", e, alone)
	}
	if late := estimate(t, m, p, at(24*9)); late.Source != sourceModel {
		t.Errorf("an estimate that has passed still counts: %+v", late)
	}
}

func TestSilenceThatMeansSomething(t *testing.T) {
	m := newModel(inMemory(), monday)
	p := parcel{scans: []mark{{"picked_up", 0}}}
	w := look(t, m, p, monday).Watch
	if w.StuckAt.Before(at(24)) || !w.LostAt.After(w.StuckAt) || w.ClaimFrom.Before(at(13*24)) {
		t.Fatalf("silence means %+v", w)
	}
	for name, c := range map[string]struct {
		at     time.Time
		silent bool
		want   tracker.Substatus
	}{
		"before":                   {w.StuckAt.Add(-time.Hour), false, "picked_up"},
		"stuck":                    {w.StuckAt, false, "stuck"},
		"probably lost":            {w.LostAt, false, "probably_lost"},
		"while the feed is silent": {w.LostAt, true, "picked_up"},
	} {
		tracking := p.tracking(monday)
		tracking.View.Watch = w
		tracking.View.Watch.Silent = c.silent
		v := tracking.View.Judge(tracking.Shipment, tracker.Patience{Late: 90 * 24 * time.Hour, Expire: 99 * 24 * time.Hour}, c.at)
		if v.Substatus != c.want {
			t.Errorf("%s: it is %s", name, v.Substatus)
		}
		if again := v.Judge(tracking.Shipment, tracker.DefaultPatience, monday); again.Substatus != "picked_up" {
			t.Errorf("%s: looked at earlier it is %s: what the clock said does not go", name, again.Substatus)
		}
	}
}
