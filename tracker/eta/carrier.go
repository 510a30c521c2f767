package eta

import (
	"fmt"
	"time"

	"waybill/tracker"
)

// Errors of carriers' estimates are counted in half days from a week early to two weeks late, each bucket with its half
// day in the middle: errors gather around whole days.
const (
	errorBuckets = 42
	errorStep    = 12.0
	errorFirst   = -7*24.0 - errorStep/2
)

func errorBucketOf(hours float64) int {
	return max(0, min(int((hours-errorFirst)/errorStep), errorBuckets-1))
}

// enoughErrors is how many deliveries, as they count now, a carrier's record must have before it moves its estimates.
const enoughErrors = 20

// fromCarrier takes the carrier's own estimate, widened by how right it was before; nil where it gave none, or one
// that has passed.
func (d door) fromCarrier(t *tracker.Tracking, record *group, now time.Time) *tracker.Estimate {
	from, to, carrier, ok := carrierWindow(t, d.zone)
	if !ok || !to.After(now) {
		return nil
	}
	middle := from.Add(to.Sub(from) / 2)
	errors := counts(record.Errors, now)
	if p10, p90, ok := errorQuantiles(errors); ok {
		// The window is the carrier's, or as wide as its errors were, whichever is the wider.
		from = earliest(from, middle.Add(p10))
		to = later(to, middle.Add(p90))
		e := d.window(from, middle, to, now)
		e.Source, e.Reason = sourceBlend, fmt.Sprintf("%s's own estimate, and how right these were on %d deliveries", carrier, record.Deliveries)
		return e
	}
	from, middle = later(from, now), later(middle, now)
	return &tracker.Estimate{
		P10: from.UTC(), P50: middle.UTC(), P90: to.UTC(), Zone: d.name, Source: sourceCarrier,
		Reason: carrier + "'s own estimate", MadeAt: now.UTC(),
	}
}

// carrierWindow is the latest leg's own estimate. A day means its delivery hours; an end alone, a window before it.
func carrierWindow(t *tracker.Tracking, zone *time.Location) (from, to time.Time, carrier string, ok bool) {
	for i := len(t.Carriages) - 1; i >= 0; i-- {
		c := &t.Carriages[i]
		estimate := c.Generation.Facts.Estimate
		if !estimate.Known() {
			continue
		}
		to = moment(estimate.To, lastHour, zone)
		switch {
		case estimate.From.Known():
			from = moment(estimate.From, firstHour, zone)
		default:
			from = hourOf(to.In(zone), firstHour)
		}
		if from.After(to) {
			from = to
		}
		return from, to, c.Carrier, true
	}
	return from, to, "", false
}

// moment is the instant that a carrier's stamp means at the destination; of a mere day, an hour.
func moment(s tracker.Stamp, hour int, zone *time.Location) time.Time {
	civil := s.Civil()
	if s.Precision == tracker.PrecisionDay {
		return time.Date(civil.Year(), civil.Month(), civil.Day(), hour, 0, 0, 0, zone)
	}
	if s.Source == tracker.ZoneUnknown {
		return time.Date(civil.Year(), civil.Month(), civil.Day(), civil.Hour(), civil.Minute(), civil.Second(), 0, zone)
	}
	return s.Instant()
}

// errorQuantiles are the errors that one in ten was below, and one in ten above.
func errorQuantiles(errors []float64) (p10, p90 time.Duration, ok bool) {
	total := 0.0
	for _, e := range errors {
		total += e
	}
	if total < enoughErrors {
		return 0, 0, false
	}
	at := func(q float64) time.Duration {
		want := q * total
		for i, e := range errors {
			if want <= e && e > 0 {
				return time.Duration((errorFirst + errorStep*(float64(i)+want/e)) * float64(time.Hour))
			}
			want -= e
		}
		return time.Duration((errorFirst + errorStep*errorBuckets) * float64(time.Hour))
	}
	return at(0.1), at(0.9), true
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
