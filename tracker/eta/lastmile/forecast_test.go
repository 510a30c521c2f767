package lastmile

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker"
)

// morning is a Monday morning in Berlin.
var morning = time.Date(2026, time.November, 23, 7, 0, 0, 0, time.UTC)

const zone = "Europe/Berlin"

func berlin(t interface{ Fatal(args ...any) }) *time.Location {
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// route has stops of a kind, a kilometre apart.
func route(stops int) *tracker.Route {
	r := &tracker.Route{ID: "r1", Zone: zone, StartsAt: morning, CreatedAt: morning.Add(-time.Hour)}
	for i := range stops {
		r.Stops = append(r.Stops, tracker.Stop{
			ID: fmt.Sprintf("s%d", i+1), Kind: tracker.StopHouse, Metres: 1000, Shipments: []string{fmt.Sprintf("WB%d", i+1)},
		})
	}
	return r
}

func TestWindowsAreOrderedAndNeverInThePast(t *testing.T) {
	place := berlin(t)
	rapid.Check(t, func(t *rapid.T) {
		r := route(rapid.IntRange(1, 40).Draw(t, "stops"))
		now := morning
		for i := range r.Stops {
			s := &r.Stops[i]
			s.Kind = rapid.SampledFrom(append(tracker.StopKinds(), "castle")).Draw(t, "kind")
			s.Metres = rapid.Float64Range(0, 20_000).Draw(t, "metres")
			s.Service = time.Duration(rapid.IntRange(0, 3600).Draw(t, "service")) * time.Second
			if rapid.IntRange(0, 9).Draw(t, "windowed") == 0 {
				s.Window.From = morning.Add(time.Duration(rapid.IntRange(-120, 900).Draw(t, "opens")) * time.Minute)
			}
		}
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 100_000).Draw(t, "gap")) * time.Second)
			stop := rapid.IntRange(0, len(r.Stops)-1).Draw(t, "stop")
			state := rapid.SampledFrom([]tracker.StopState{tracker.StopArrived, tracker.StopDone, tracker.StopFailed, tracker.StopSkipped}).Draw(t, "state")
			r.Advance(stop, state, now.Add(-time.Duration(rapid.IntRange(-100, 4000).Draw(t, "late"))*time.Second), now)
		}
		pace := NewPace(place, nil, nil, nil, now)
		list := pace.Forecast(r, now)
		for i, f := range list {
			if f.P10.Before(now) || f.P50.Before(f.P10) || f.P90.Before(f.P50) || math.IsNaN(f.In) || f.In > furthest {
				t.Fatalf("seen from %v: %+v", now, f)
			}
			if i > 0 && (f.P10.Before(list[i-1].P10) || f.P50.Before(list[i-1].P50) || f.P90.Before(list[i-1].P90)) {
				t.Fatalf("%+v comes before the stop before it, %+v", f, list[i-1])
			}
			if r.Stops[f.Stop].Closed() {
				t.Fatalf("a closed stop is foretold: %+v", f)
			}
		}
	})
}

func TestStopsAreCountedDown(t *testing.T) {
	r := route(5)
	r.Stops[1].Kind, r.Stops[1].Shipments = tracker.StopBreak, nil
	pace := NewPace(berlin(t), nil, nil, nil, morning)
	lefts := func() (list []int) {
		for _, f := range pace.Forecast(r, morning.Add(time.Hour)) {
			list = append(list, f.Left)
		}
		return list
	}
	if got := fmt.Sprint(lefts()); got != "[1 1 2 3 4]" {
		t.Errorf("a break counts as a stop: %s", got)
	}
	r.Advance(0, tracker.StopDone, morning.Add(10*time.Minute), morning.Add(time.Hour))
	r.Advance(3, tracker.StopDone, morning.Add(40*time.Minute), morning.Add(time.Hour))
	list := pace.Forecast(r, morning.Add(time.Hour))
	if len(list) != 3 || list[0].Stop != 4 || list[0].Left != 1 || list[1].Left != 0 || list[2].Stop != 2 {
		t.Errorf("the third stop was passed by: %+v", list)
	}
	if e := pace.Estimate(r, &list[0], morning.Add(time.Hour)); e.StopsAway != 1 || !strings.HasPrefix(e.Reason, "1 stop away, usually ") {
		t.Errorf("%+v", e)
	}
	if e := pace.Estimate(r, &list[2], morning.Add(time.Hour)); e.StopsAway != 0 || !strings.Contains(e.Reason, "passed by") {
		t.Errorf("%+v", e)
	}
}

func TestAHaltThatLastsIsNotOverSoon(t *testing.T) {
	r := route(3)
	r.Advance(0, tracker.StopDone, morning, morning)
	r.Advance(1, tracker.StopArrived, morning.Add(5*time.Minute), morning.Add(5*time.Minute))
	pace := NewPace(berlin(t), nil, nil, nil, morning)
	before := 0.0
	for _, minutes := range []int{10, 20, 60, 240, 2000} {
		f := pace.Forecast(r, morning.Add(time.Duration(minutes)*time.Minute))
		if f[0].In <= before || math.IsInf(f[0].In, 0) {
			t.Errorf("after %d minutes another %.0f seconds are expected, less than the %.0f before", minutes, f[0].In, before)
		}
		before = f[0].In
	}
}

func TestAnEstimateStirsWhenItMatters(t *testing.T) {
	at := func(minutes int) time.Time { return morning.Add(time.Duration(minutes) * time.Minute) }
	shown := &tracker.Estimate{P10: at(30), P50: at(50), P90: at(70), Zone: zone, StopsAway: 12, MadeAt: at(0)}
	for name, c := range map[string]struct {
		change func(e *tracker.Estimate)
		want   bool
	}{
		"the same":                        {func(*tracker.Estimate) {}, false},
		"a few minutes":                   {func(e *tracker.Estimate) { e.P50 = at(54) }, false},
		"a quarter of the width and more": {func(e *tracker.Estimate) { e.P50 = at(62) }, true},
		"one stop fewer, far away":        {func(e *tracker.Estimate) { e.StopsAway = 11 }, false},
		"the tenth stop":                  {func(e *tracker.Estimate) { e.StopsAway = 10 }, true},
		"passed by":                       {func(e *tracker.Estimate) { e.StopsAway, e.P90 = 0, at(300) }, true},
		"what was shown is over":          {func(e *tracker.Estimate) { e.MadeAt = at(71) }, true},
	} {
		e := *shown
		c.change(&e)
		if got := Stirs(shown, &e); got != c.want {
			t.Errorf("%s: stirs is %t", name, got)
		}
	}
	if !Stirs(nil, shown) {
		t.Error("the first estimate is news")
	}
}

func TestProbabilitiesFollowTheQuantiles(t *testing.T) {
	at := func(minutes int) time.Time { return morning.Add(time.Duration(minutes) * time.Minute) }
	e := &tracker.Estimate{P10: at(30), P50: at(50), P90: at(70), Zone: zone}
	for minutes, want := range map[int]float32{0: 0, 10: 0, 30: 0.1, 40: 0.3, 50: 0.5, 70: 0.9, 90: 1, 500: 1} {
		judged := Judge(e, at(minutes), morning)
		if got := *judged.OnTime; math.Abs(float64(got-want)) > 1e-6 {
			t.Errorf("by minute %d it comes with %.2f, want %.2f", minutes, got, want)
		}
		if judged.Today != 1 || judged.Tomorrow != 0 {
			t.Errorf("today with %.2f, tomorrow with %.2f", judged.Today, judged.Tomorrow)
		}
	}
	if late := Judge(e, time.Time{}, morning.Add(-24*time.Hour)); late.OnTime != nil || late.Today != 0 || late.Tomorrow != 1 {
		t.Errorf("seen from the day before: %+v", late)
	}
}
