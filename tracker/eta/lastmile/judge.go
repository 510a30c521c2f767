package lastmile

import (
	"time"

	"waybill/tracker"
)

// Judge gives a copy of an estimate with the probabilities that it comes today, tomorrow, and by the promise, seen from
// now; a zero promise is none.
func Judge(e *tracker.Estimate, promise, now time.Time) *tracker.Estimate {
	judged := *e
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		zone = time.UTC
	}
	local := now.In(zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, zone)
	judged.MadeAt = now.UTC()
	judged.Today = float32(by(e, midnight))
	judged.Tomorrow = float32(by(e, midnight.AddDate(0, 0, 1))) - judged.Today
	if !promise.IsZero() {
		chance := float32(by(e, promise))
		judged.OnTime = &chance
	}
	return &judged
}

// by is the probability that it comes by a moment: straight lines between the quantiles, and beyond the outer ones as
// far again as from the middle to them.
func by(e *tracker.Estimate, t time.Time) float64 {
	first, last := e.P10.Add(-e.P50.Sub(e.P10)), e.P90.Add(e.P90.Sub(e.P50))
	marks := []struct {
		at    time.Time
		level float64
	}{{first, 0}, {e.P10, 0.1}, {e.P50, 0.5}, {e.P90, 0.9}, {last, 1}}
	for i := 1; i < len(marks); i++ {
		from, to := marks[i-1], marks[i]
		if t.Before(to.at) {
			if !t.After(from.at) {
				return from.level
			}
			return from.level + (to.level-from.level)*float64(t.Sub(from.at))/float64(to.at.Sub(from.at))
		}
	}
	return 1
}
