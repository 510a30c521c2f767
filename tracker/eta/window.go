package eta

import (
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

// What is shown of an estimate: a window of hours where it is narrow, else whole delivery days. It is never narrower than
// hoursLeast, and it is told to the quarter of an hour.
const (
	hoursMost  = 6 * time.Hour
	hoursLeast = 2 * time.Hour
	quarter    = 15 * time.Minute
)

// estimate is what is shown of a foresight.
//
//	quantiles  moved to when carriers deliver
//	window     from P10 to P90; beyond hoursMost from the beginning of the first delivery day to the end of the last
//	never      before now, or on days without delivery
func (f *foresight) estimate(d door, promise, now time.Time) *tracker.Estimate {
	p := transit.Prediction{Start: now.In(d.zone), Quantiles: f.at}
	at := func(level float64) time.Time { return later(d.open(later(p.At(level), now)), now) }
	e := &tracker.Estimate{
		P10: at(0.1).UTC(), P50: at(0.5).UTC(), P90: at(0.9).UTC(), Zone: d.name, Source: f.source, MadeAt: now.UTC(),
		Confidence: f.confidence, Why: f.why,
	}
	e.From, e.To = d.window(e.P10, e.P90, now)
	by := func(t time.Time) float64 { return p.By(d.lastOpen(t)) }
	tonight := hourOf(now.In(d.zone).AddDate(0, 0, 1), 0)
	today, tomorrow := by(tonight), by(tonight.AddDate(0, 0, 1))
	e.Today, e.Tomorrow = float32(today), float32(tomorrow-today)
	if !promise.IsZero() {
		onTime := float32(by(promise))
		e.OnTime = &onTime
	}
	return e
}

// window is what is shown between two moments at which parcels are brought.
func (d door) window(from, to, now time.Time) (first, last time.Time) {
	from, to = from.In(d.zone), to.In(d.zone)
	if to.Sub(from) <= hoursMost && sameDay(from, to) {
		if short := hoursLeast - to.Sub(from); short > 0 {
			from, to = from.Add(-short/2), to.Add(short-short/2)
		}
		from, to = from.Truncate(quarter), to.Add(quarter-1).Truncate(quarter)
	} else {
		from, to = hourOf(from, firstHour), hourOf(to, lastHour)
	}
	from = later(from, d.open(now))
	return from.UTC(), later(to, from).UTC()
}

// lastOpen is the last moment up to the given one at which carriers deliver.
func (d door) lastOpen(t time.Time) time.Time {
	t = t.In(d.zone)
	for range closedMost {
		switch {
		case !d.delivers(t) || t.Before(hourOf(t, firstHour)):
			t = hourOf(t, 0).Add(-time.Nanosecond)
		case t.After(hourOf(t, lastHour)):
			return hourOf(t, lastHour)
		default:
			return t
		}
	}
	return t
}

// widen takes a disruption in: half of its parcels come later by half of its hours, the last ones by all.
func (f *foresight) widen(trouble *tracker.Disruption) {
	if trouble == nil {
		return
	}
	hours := float64(trouble.ExtraHours)
	if hours == 0 {
		hours = extraHours
	}
	for i, level := range levels {
		f.at[i] += level * hours / 24
	}
	f.confidence = confidenceLow
}

// extraHours is by how much the late ones among the parcels of a disruption come later where nobody said.
const extraHours = 24
