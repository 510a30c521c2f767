package eta

import (
	"math"
	"time"

	"waybill/tracker"
)

// How likely a parcel is brought on the day it is expected on its last mile, and else on the next delivery day.
const (
	lastMileSure  = 0.9
	lastMileAfter = 0.08
)

// lastMile is the estimate of a parcel on the vehicle, or of one that is brought again after a failed attempt: that
// day by the evening, and once this has passed, the next delivery day.
func (d door) lastMile(v *tracker.View, promise, now time.Time) *tracker.Estimate {
	seen := v.LastAt.Instant().In(d.zone)
	day, why := seen, tracker.WhyToday
	if v.Milestone == tracker.AttemptFailed {
		day, why = hourOf(seen.AddDate(0, 0, 1), firstHour), tracker.WhyAgain
	}
	if !now.Before(hourOf(day, lastHour)) {
		day = hourOf(now.In(d.zone), firstHour)
		if !now.Before(hourOf(day, lastHour)) {
			day = day.AddDate(0, 0, 1)
		}
		why = tracker.WhyOverdue
	}
	day = d.open(hourOf(day, firstHour))
	from, to := later(hourOf(day, firstHour), now.In(d.zone)), hourOf(day, lastHour)
	if from.After(to) {
		from = to
	}
	e := &tracker.Estimate{
		P10: from.UTC(), P50: from.Add(to.Sub(from) / 2).UTC(), P90: to.UTC(), From: from.UTC(), To: to.UTC(),
		Zone: d.name, Source: sourceModel, MadeAt: now.UTC(), Why: tracker.Why{Kind: why}, Confidence: confidenceMedium,
	}
	switch local := now.In(d.zone); {
	case sameDay(day, local):
		e.Today, e.Tomorrow = lastMileSure, lastMileAfter
	case sameDay(day, local.AddDate(0, 0, 1)):
		e.Tomorrow = lastMileSure
	}
	if !promise.IsZero() {
		onTime := float32(0)
		switch {
		case !promise.Before(to):
			onTime = lastMileSure
		case promise.After(from):
			onTime = float32(lastMileSure * float64(promise.Sub(from)) / float64(to.Sub(from)))
		}
		e.OnTime = &onTime
	}
	return e
}

// heldUp is an estimate of the last mile in a disruption: what was to come that day comes late, or on a later one.
func (d door) heldUp(e *tracker.Estimate, trouble *tracker.Disruption, promise, now time.Time) *tracker.Estimate {
	f := &foresight{source: e.Source, why: e.Why}
	between := func(from, to time.Time, part float64) float64 {
		return math.Max(0, (from.Sub(now).Hours()+part*to.Sub(from).Hours())/24)
	}
	for i, level := range levels {
		switch {
		case level <= 0.1:
			f.at[i] = between(e.P10, e.P10, 0)
		case level <= 0.5:
			f.at[i] = between(e.P10, e.P50, (level-0.1)/0.4)
		case level <= 0.9:
			f.at[i] = between(e.P50, e.P90, (level-0.5)/0.4)
		default: // what does not come on its day comes on the next
			f.at[i] = between(e.P90, e.P90.AddDate(0, 0, 1), (level-0.9)/0.1)
		}
	}
	f.widen(trouble)
	return f.estimate(d, promise, now)
}
