package eta

import (
	"time"

	"waybill/tracker"
)

// Parcels come to the door between these hours, and not on Sundays.
const (
	firstHour = 8
	lastHour  = 20
)

// window makes an estimate of three moments: moved to when carriers deliver, its ends at the beginning and the end of
// delivery days, so that it does not change with every look at the clock, and not before now.
func window(p10, p50, p90 time.Time, zone *time.Location, now time.Time) *tracker.Estimate {
	from := hourOf(deliverable(p10.In(zone)), firstHour)
	if from.Before(now) {
		from = deliverable(now.In(zone))
	}
	to := hourOf(deliverable(p90.In(zone)), lastHour)
	if to.Before(from) {
		to = from
	}
	middle := deliverable(p50.In(zone))
	if middle.Before(from) {
		middle = from
	}
	if middle.After(to) {
		middle = to
	}
	return &tracker.Estimate{P10: from.UTC(), P50: middle.UTC(), P90: to.UTC(), MadeAt: now.UTC()}
}

// deliverable is the moment itself where carriers deliver then, else when they begin again. It keeps the order of
// moments.
func deliverable(t time.Time) time.Time {
	if t.Hour() >= lastHour && !t.Equal(hourOf(t, lastHour)) {
		t = hourOf(t.AddDate(0, 0, 1), firstHour)
	}
	if t.Hour() < firstHour {
		t = hourOf(t, firstHour)
	}
	if t.Weekday() == time.Sunday {
		t = hourOf(t.AddDate(0, 0, 1), firstHour)
	}
	return t
}

// hourOf is an hour of the day of a moment, in its zone.
func hourOf(t time.Time, hour int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), hour, 0, 0, 0, t.Location())
}

// lastMile is the estimate of a parcel on the vehicle, or of one that is brought again after a failed attempt: that
// day by the evening, and once this has passed, the next delivery day.
func lastMile(v *tracker.View, zone *time.Location, name string, now time.Time) *tracker.Estimate {
	seen := v.LastAt.Instant().In(zone)
	day, reason := seen, "out for delivery: today by the evening"
	if v.Milestone == tracker.AttemptFailed {
		day, reason = hourOf(seen.AddDate(0, 0, 1), firstHour), "after a failed attempt it is usually brought on the next delivery day"
	}
	if !now.Before(hourOf(day, lastHour)) {
		day = hourOf(now.In(zone), firstHour)
		if !now.Before(hourOf(day, lastHour)) {
			day = day.AddDate(0, 0, 1)
		}
		reason = "expected before and not reported yet: usually brought on the next delivery day"
	}
	if v.Milestone != tracker.OutForDelivery || !sameDay(day, seen) {
		day = deliverable(day) // who is out on a Sunday delivers on Sundays
	}
	from, to := later(hourOf(day, firstHour), now), hourOf(day, lastHour)
	if from.After(to) {
		from = to
	}
	return &tracker.Estimate{
		P10: from.UTC(), P50: from.Add(to.Sub(from) / 2).UTC(), P90: to.UTC(),
		Zone: name, Source: sourceModel, Reason: reason, MadeAt: now.UTC(),
	}
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
