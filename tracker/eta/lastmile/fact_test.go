package lastmile

import (
	"math"
	"testing"
	"time"

	"waybill/tracker"
)

func TestWhatAStopTeaches(t *testing.T) {
	at := func(minutes float64) time.Time { return morning.Add(time.Duration(minutes * float64(time.Minute))) }
	late := at(10_000)
	for _, c := range []struct {
		name  string
		drive func(r *tracker.Route)
		stop  int
		check func(f Fact, ok bool) bool
	}{
		{"arrival and deed are told", func(r *tracker.Route) {
			r.Advance(0, tracker.StopDone, at(5), late)
			r.Advance(1, tracker.StopArrived, at(10), late)
			r.Advance(1, tracker.StopDone, at(12), late)
		}, 1, func(f Fact, ok bool) bool {
			return ok && f.Served && f.Driven && close6(f.Service, math.Log(120)) && close6(f.Speed, math.Log(1000.0/300))
		}},
		{"the deed alone is told", func(r *tracker.Route) {
			r.Advance(0, tracker.StopDone, at(5), late)
			r.Advance(1, tracker.StopDone, at(12), late)
		}, 1, func(f Fact, ok bool) bool {
			return ok && f.Served && f.Driven && close6(math.Exp(f.Service)+1000/math.Exp(f.Speed), 420)
		}},
		{
			"left out", func(r *tracker.Route) { r.Advance(1, tracker.StopSkipped, at(12), late) }, 1,
			func(f Fact, ok bool) bool { return ok && f.Skipped && !f.Served && !f.Driven },
		},
		{"before the stop before it was left", func(r *tracker.Route) {
			r.Advance(0, tracker.StopDone, at(5), late)
			r.Advance(2, tracker.StopDone, at(12), late)
		}, 2, func(_ Fact, ok bool) bool { return !ok }},
		{"a whole day's scans sent at once", func(r *tracker.Route) {
			r.Advance(0, tracker.StopDone, at(600), late)
			r.Advance(1, tracker.StopDone, at(600), late)
		}, 1, func(_ Fact, ok bool) bool { return !ok }},
		{"a clock that stood still for a day", func(r *tracker.Route) {
			r.Advance(0, tracker.StopDone, at(5), late)
			r.Advance(1, tracker.StopDone, at(1500), late)
		}, 1, func(f Fact, _ bool) bool { return !f.Served && !f.Driven }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := route(4)
			c.drive(r)
			f, ok := NewPace(berlin(t), nil, nil, nil, morning).FactOf(r, c.stop)
			if !c.check(f, ok) {
				t.Errorf("it teaches %+v, %t", f, ok)
			}
		})
	}
}

func close6(a, b float64) bool { return math.Abs(a-b) < 1e-6*math.Max(1, math.Abs(b)) }
