package eta

import (
	"time"

	"waybill/tracker"
)

const (
	// By how much of its window's width, and at least by how much time, an estimate must move to be news.
	settledPart  = 8
	settledLeast = 20 * time.Minute
)

// Steady gives the old estimate where the new one differs by so little that it would be no news to anybody: each
// message and each page that moves has its price.
func Steady(before, after *tracker.Estimate) *tracker.Estimate {
	if before == nil || after == nil || before.Source != after.Source || before.Zone != after.Zone {
		return after
	}
	bound := max(before.P90.Sub(before.P10)/settledPart, settledLeast)
	near := func(a, b time.Time) bool { return a.Sub(b).Abs() < bound }
	if near(before.P10, after.P10) && near(before.P50, after.P50) && near(before.P90, after.P90) {
		return before
	}
	return after
}

const (
	// refreshOnTheWay and refreshEarly are how often an estimate is made anew though nothing was heard.
	refreshOnTheWay = 3 * time.Hour
	refreshToday    = 30 * time.Minute
	refreshEarly    = 12 * time.Hour
)

// NextRefresh is when the estimate of a view should be made anew by the clock alone; zero where there is nothing to
// estimate.
func NextRefresh(v *tracker.View, now time.Time) time.Time {
	switch {
	case v.Milestone.Ended() || v.Estimate == nil:
		return time.Time{}
	case v.Milestone == tracker.OutForDelivery:
		return now.Add(refreshToday)
	case v.Milestone.Physical():
		return now.Add(refreshOnTheWay)
	}
	return now.Add(refreshEarly)
}
