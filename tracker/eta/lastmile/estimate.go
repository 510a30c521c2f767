package lastmile

import (
	"fmt"
	"math"
	"time"

	"waybill/tracker"
)

// source is what the estimates of routes rest on, as Estimate.Source says it.
const source = "model"

// Estimate is what is said of a forecast.
func (p *Pace) Estimate(r *tracker.Route, f *Forecast, now time.Time) *tracker.Estimate {
	e := estimate(r, f, now)
	e.Reason, e.Confidence, e.Why = p.reason(r, f, now), p.confidence(), why(r, f, now)
	return &e
}

// why is the reason for those who wait for the parcel, to be said in their language.
func why(r *tracker.Route, f *Forecast, now time.Time) tracker.Why {
	switch {
	case f.Left == 0:
		return tracker.Why{Kind: tracker.WhyVanBack}
	case r.StartedAt.IsZero():
		return tracker.Why{Kind: tracker.WhyVanStarts}
	}
	return tracker.Why{Kind: tracker.WhyVan, Minutes: int(math.Ceil(f.P50.Sub(now).Minutes()))}
}

// estimate is an Estimate without its reason: most are looked at and not shown.
func estimate(r *tracker.Route, f *Forecast, now time.Time) tracker.Estimate {
	e := tracker.Estimate{
		P10: f.P10.UTC(), P50: f.P50.UTC(), P90: f.P90.UTC(), From: f.P10.UTC(), To: f.P90.UTC(), Zone: r.Zone, Source: source,
		MadeAt: now.UTC(),
	}
	if !r.StartedAt.IsZero() {
		e.StopsAway = f.Left
	}
	return e
}

// confidence says how much was learnt: some rounds, or none.
func (p *Pace) confidence() string {
	const some, much = 100, 1500
	switch {
	case p.stops < some:
		return "low"
	case p.stops < much:
		return "medium"
	}
	return "high"
}

func (p *Pace) reason(r *tracker.Route, f *Forecast, now time.Time) string {
	var reason string
	switch {
	case f.Left == 0:
		reason = "the vehicle has passed by; it usually comes back at the end of its round"
	case r.StartedAt.IsZero():
		reason = fmt.Sprintf("stop %d of its round, which begins at %s", f.Left, r.StartsAt.In(p.zone).Format("15:04"))
	case f.Left == 1:
		reason = "1 stop away, usually " + inWords(f.P50.Sub(now))
	default:
		reason = fmt.Sprintf("%d stops away, usually %s", f.Left, inWords(f.P50.Sub(now)))
	}
	if p.stops == 0 {
		reason += "; a first guess, as no round was learnt yet"
	}
	return reason
}

// inWords says a time as people do: to five minutes from a quarter of an hour on.
func inWords(d time.Duration) string {
	minutes := int(math.Ceil(d.Minutes()))
	switch {
	case minutes <= 1:
		return "a minute"
	case minutes > 90:
		return fmt.Sprintf("%.1f hours", math.Round(d.Hours()*2)/2)
	case minutes > 15:
		minutes = (minutes + 2) / 5 * 5
	}
	return fmt.Sprintf("%d minutes", minutes)
}

const (
	// By how much of its window's width, and at least by how much time, an estimate must move to be news.
	movedPart  = 4
	movedLeast = 5 * time.Minute
)

// Stirs reports whether an estimate says something new to those who were shown the other: pages that move with every
// breath of the traffic are worse than none.
func Stirs(shown, e *tracker.Estimate) bool {
	if shown == nil || e.Zone != shown.Zone {
		return true
	}
	if e.StopsAway != shown.StopsAway && (near(e.StopsAway) || near(shown.StopsAway)) {
		return true
	}
	bound := max(shown.P90.Sub(shown.P10)/movedPart, movedLeast)
	return e.P50.Sub(shown.P50).Abs() > bound || e.P90.Sub(shown.P90).Abs() > 2*bound || shown.P90.Before(e.MadeAt)
}

func near(stops int) bool { return stops > 0 && stops <= tracker.ShownStops }
