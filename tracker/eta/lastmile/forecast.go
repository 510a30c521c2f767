package lastmile

import (
	"math"
	"time"

	"waybill/tracker"
)

// furthest bounds what is foretold, in seconds: no round lasts longer.
const furthest = 48 * 3600

// Forecast is when a vehicle is expected to have done with a stop.
type Forecast struct {
	// Stop is its index on the route.
	Stop int
	// Left is how many stops are left, itself included; breaks are none. 0 where the vehicle has passed it by.
	Left int
	// P10, P50 and P90 are the quantiles of when it is closed.
	P10, P50, P90 time.Time
	// In is how many seconds it is expected to take from now, before what is known of such expectations.
	In float64
}

// Forecast foretells all open stops of a route, in the order in which they are expected. No quantile lies before now, none
// of a stop before that of the stop before it.
//
// Stops that the vehicle has passed by are expected after all others: drivers come back for them at the end, if at all.
func (p *Pace) Forecast(r *tracker.Route, now time.Time) []Forecast {
	next := r.Next()
	if next < 0 {
		return nil
	}
	var open, passed []int
	for i := range r.Stops {
		switch {
		case r.Stops[i].Closed():
		case i >= next:
			open = append(open, i)
		default:
			passed = append(passed, i)
		}
	}
	list := make([]Forecast, 0, len(open)+len(passed))
	in := 0.0 // seconds from now
	left := 0
	for n, i := range append(open, passed...) {
		s := &r.Stops[i]
		if n == 0 {
			in = p.first(r, i, now)
		} else {
			in += p.leg(s, now.Add(seconds(in)))
		}
		if s.Kind != tracker.StopBreak {
			left++
		}
		in = math.Min(in, furthest)
		f := Forecast{Stop: i, Left: left, In: in}
		p.spreadOut(&f, max(left, 1), now, list)
		if n >= len(open) {
			f.Left = 0
		}
		list = append(list, f)
	}
	return list
}

// leg is what a further stop is expected to add: its way and its halt, unless it is left out, and waiting where it may not
// be served yet.
func (p *Pace) leg(s *tracker.Stop, from time.Time) float64 {
	way := p.way(s, from, true)
	if open := s.Window.From; !open.IsZero() {
		way = math.Max(way, open.Sub(from).Seconds())
	}
	// What is expected of a sum is the sum of the means; the logarithms above are of medians.
	halt := p.halt(s, true) * math.Exp(p.spreads[kindOf(s.Kind)]*p.spreads[kindOf(s.Kind)]/2)
	return way + halt*(1-p.leftOut[kindOf(s.Kind)])
}

// first is how many seconds the stop that the vehicle is at, or drives to, is expected to take from now, given how long it
// has taken already.
func (p *Pace) first(r *tracker.Route, stop int, now time.Time) float64 {
	s := &r.Stops[stop]
	since, way := r.StartsAt, p.way(s, now, true)
	if !r.StartedAt.IsZero() {
		since = r.StartedAt
	}
	if last := r.Last(); last >= 0 && r.Stops[last].ClosedAt.After(since) {
		since = r.Stops[last].ClosedAt
	}
	seen := r.Position.At
	switch {
	case s.State == tracker.StopArrived && !s.ArrivedAt.Before(since):
		since, way = s.ArrivedAt, 0
	case r.LeftStop == s.ID && r.Left > 0 && seen.Known() && seen.Instant().After(since):
		since, way = seen.Instant(), p.drive(r.Left, now, true)
	}
	if wait := since.Sub(now).Seconds(); wait > 0 { // it is to leave later
		return wait + p.leg(s, since)
	}
	if open := s.Window.From.Sub(since).Seconds(); open > way && !s.Window.From.IsZero() {
		way = open
	}
	spread := p.spreads[kindOf(s.Kind)]
	halt := p.halt(s, true)
	elapsed := now.Sub(since).Seconds()
	if elapsed < way { // the halt has not begun: the way has the smaller spread
		return way - elapsed + halt*math.Exp(spread*spread/2)
	}
	return remaining(math.Log(halt), spread, elapsed-way)
}

// remaining is how many seconds a halt still takes on average that has taken so many already: the mean of what is left of
// a log-normal time. Long halts are rather longer than they are over.
func remaining(log, spread, elapsed float64) float64 {
	mean := math.Exp(log + spread*spread/2)
	if elapsed <= 0 {
		return mean
	}
	z := (math.Log(elapsed) - log) / spread
	survive := normal(-z)
	if survive < 1e-6 {
		return elapsed * spread / z // where both vanish, their quotient goes to this
	}
	return math.Max(1, mean*normal(spread-z)/survive-elapsed)
}

// spreadOut gives a forecast its quantiles, after those of the stop before.
func (p *Pace) spreadOut(f *Forecast, left int, now time.Time, before []Forecast) {
	q := between(p.misses, left)
	f.P10, f.P50, f.P90 = now.Add(seconds(f.In*q[0])), now.Add(seconds(f.In*q[1])), now.Add(seconds(f.In*q[2]))
	if len(before) > 0 {
		last := &before[len(before)-1]
		f.P10, f.P50, f.P90 = later(f.P10, last.P10), later(f.P50, last.P50), later(f.P90, last.P90)
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
