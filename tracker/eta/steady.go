package eta

import (
	"time"

	"waybill/tracker"
)

const (
	// settledPart of its window's width, and at least settledLeast, is by how much an end of the window must move to be
	// news; and narrower parts of it are when it has become that much narrower.
	settledPart  = 4
	settledLeast = 45 * time.Minute
)

// Steady gives what is shown: the old estimate where the new one is no news to anybody, since each message and each page
// that moves has its price. A change is news where
//
//   - what it rests on has changed, or a disruption has come or gone,
//   - the old window has passed, or the new middle lies outside of it,
//   - an end of the window has moved by more than a quarter of its width, and by three quarters of an hour.
//
// What is kept goes on with the new probabilities, which no message tells.
func Steady(before, after *tracker.Estimate) *tracker.Estimate {
	if before == nil || after == nil || before.To.IsZero() || before.Zone != after.Zone || before.Source != after.Source ||
		before.Why.Disruption != after.Why.Disruption || before.Why.Kind != after.Why.Kind {
		return after
	}
	from, to, shown := before.Window()
	if _, _, shows := after.Window(); shown != shows {
		return after
	}
	now := after.MadeAt
	if !to.After(now) || after.P50.After(to) || after.P50.Before(earliest(from, now)) {
		return after
	}
	bound := max(to.Sub(from)/settledPart, settledLeast)
	// Time that has passed moves the beginning, which is no news.
	if later(from, now).Sub(later(after.From, now)).Abs() > bound || to.Sub(after.To).Abs() > bound {
		return after
	}
	kept := *before
	kept.Today, kept.Tomorrow, kept.OnTime, kept.MadeAt = after.Today, after.Tomorrow, after.OnTime, after.MadeAt
	return &kept
}

const (
	// refreshOnTheWay and refreshEarly are how often an estimate is made anew though nothing was heard.
	refreshOnTheWay = 3 * time.Hour
	refreshToday    = 30 * time.Minute
	refreshEarly    = 12 * time.Hour
)

// NextRefresh is when the estimate of a view should be made anew by the clock alone; zero where there is nothing to
// estimate. The probability of today ends with the day.
func NextRefresh(v *tracker.View, now time.Time) time.Time {
	if v.Milestone.Ended() || v.Estimate == nil {
		return time.Time{}
	}
	zone, err := time.LoadLocation(v.Estimate.Zone)
	if err != nil {
		zone = time.UTC
	}
	next := hourOf(now.In(zone).AddDate(0, 0, 1), 0).Add(time.Minute)
	if _, to, _ := v.Estimate.Window(); to.After(now) {
		next = earliest(next, to.Add(time.Minute)) // then what is shown has passed
	}
	every := refreshEarly
	switch {
	case v.Milestone == tracker.OutForDelivery:
		every = refreshToday
	case v.Milestone.Physical():
		every = refreshOnTheWay
	}
	return earliest(next, now.Add(every))
}
