package eta

import (
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/holidays"
)

// Parcels come to the door between these hours, on no Sunday and no public holiday.
const (
	firstHour = 8
	lastHour  = 20
)

// door is where a parcel comes to, as far as it tells when it may.
type door struct {
	zone *time.Location
	// name is the zone's IANA name where it is the destination's own, else empty.
	name     string
	holidays *holidays.Calendar
}

// window makes an estimate of three moments: moved to when carriers deliver, its ends at the beginning and the end of
// delivery days, so that it does not change with every look at the clock, and not before now.
func (d door) window(p10, p50, p90, now time.Time) *tracker.Estimate {
	from := hourOf(d.open(p10), firstHour)
	if from.Before(now) {
		from = d.open(now)
	}
	to := later(hourOf(d.open(p90), lastHour), from)
	middle := later(d.open(p50), from)
	if middle.After(to) {
		middle = to
	}
	return &tracker.Estimate{P10: from.UTC(), P50: middle.UTC(), P90: to.UTC(), Zone: d.name, MadeAt: now.UTC()}
}

// open is the moment itself where carriers deliver then, else when they begin again. It keeps the order of moments.
func (d door) open(t time.Time) time.Time {
	t = t.In(d.zone)
	if t.After(hourOf(t, lastHour)) {
		t = hourOf(t.AddDate(0, 0, 1), firstHour)
	}
	t = later(t, hourOf(t, firstHour))
	const closedMost = 10 // days in a row, of any calendar
	for range closedMost {
		if t.Weekday() != time.Sunday && !d.holidays.Holiday(holidays.DayOf(t)) {
			break
		}
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
func (d door) lastMile(v *tracker.View, now time.Time) *tracker.Estimate {
	seen := v.LastAt.Instant().In(d.zone)
	day, reason := seen, "out for delivery: today by the evening"
	if v.Milestone == tracker.AttemptFailed {
		day, reason = hourOf(seen.AddDate(0, 0, 1), firstHour), "after a failed attempt it is usually brought on the next delivery day"
	}
	if !now.Before(hourOf(day, lastHour)) {
		day = hourOf(now.In(d.zone), firstHour)
		if !now.Before(hourOf(day, lastHour)) {
			day = day.AddDate(0, 0, 1)
		}
		reason = "expected before and not reported yet: usually brought on the next delivery day"
	}
	if v.Milestone != tracker.OutForDelivery || !sameDay(day, seen) {
		day = d.open(day) // who is out on a Sunday delivers on Sundays
	}
	from, to := later(hourOf(day, firstHour), now), hourOf(day, lastHour)
	if from.After(to) {
		from = to
	}
	return &tracker.Estimate{
		P10: from.UTC(), P50: from.Add(to.Sub(from) / 2).UTC(), P90: to.UTC(),
		Zone: d.name, Source: sourceModel, Reason: reason, MadeAt: now.UTC(),
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
