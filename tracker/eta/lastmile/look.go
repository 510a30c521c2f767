package lastmile

import (
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"waybill/tracker"
)

// Look brings what a route says of its stops up to date: what is foretold is noted for learning, and the stops whose
// estimate is news are marked as untold.
func (p *Pace) Look(r *tracker.Route, now time.Time) {
	forecasts := p.Forecast(r, now)
	for i := range forecasts {
		f := &forecasts[i]
		s := &r.Stops[f.Stop]
		if e := estimate(r, f, now); Stirs(s.Shown, &e) {
			s.Shown, s.Untold = p.Estimate(r, f, now), true
		}
	}
	if !r.StartedAt.IsZero() && len(forecasts) > 0 {
		p.foretell(r, now, forecasts[0].In)
	}
}

// foretell notes what will be expected a little later should nothing happen until then, once for every class of stops
// left. People look at any time between two scans, not at the moment of one: what is learnt of misses must be of such
// looks. What was noted for later than now did not come to that, and is dropped.
func (p *Pace) foretell(r *tracker.Route, now time.Time, gap float64) {
	const reach = 1.5 // of the time that the next stop is expected to take
	at := now.Add(seconds(gap * reach * chance(r.ID, now)))
	for _, f := range p.Forecast(r, at) {
		s := &r.Stops[f.Stop]
		s.Foretold = slices.DeleteFunc(s.Foretold, func(told tracker.Foretold) bool { return told.At.After(now) })
		if s.Kind == tracker.StopBreak || f.Left == 0 {
			continue
		}
		if n := len(s.Foretold); n == 0 || classOf(s.Foretold[n-1].Left) > classOf(f.Left) {
			s.Foretold = append(s.Foretold, tracker.Foretold{Left: f.Left, At: at.UTC(), In: f.In})
		}
	}
}

// chance is a number from 0 to 1 that is the same whenever it is asked for, and for no two moments alike.
func chance(route string, at time.Time) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(route + "@" + strconv.FormatInt(at.UnixNano(), 36)))
	return float64(h.Sum64()>>11) / (1 << 53)
}
