package transit

import (
	"math"
	"time"

	"waybill/tracker/eta/holidays"
)

// maxDays bounds every walk over the calendar: a parcel that takes longer is
// lost or its times are wrong.
const maxDays = 400

// Weights of a day on the working clock; a working day is 1. They are the
// share of a day's progress that parcels make on such a day, as measured on
// retail parcels: hardly any is delivered then, but some move.
const (
	saturdayWeight = 0.3
	sundayWeight   = 0.15
	holidayWeight  = 0.2
)

// fridayWeekend lists the countries that rest on Friday and Saturday.
var fridayWeekend = map[string]bool{
	"AF": true, "BH": true, "DZ": true, "EG": true, "IQ": true, "IR": true, "JO": true, "KW": true,
	"LY": true, "OM": true, "QA": true, "SA": true, "SD": true, "SY": true, "YE": true,
}

// clock counts working time on a parcel's way. It keeps the week of the
// destination; on the day it starts the holidays of the origin, where the parcel
// still is, and from then on those of the destination. Civil times go in and out
// as days since 1970-01-01 by the clock on the wall, so that a day has one
// length whatever daylight saving does to it.
type clock struct {
	week     [7]float64
	from, to *holidays.Calendar
	first    holidays.Day
}

func newClock(from, to Place, start float64) clock {
	c := clock{
		week:  [7]float64{sundayWeight, 1, 1, 1, 1, 1, saturdayWeight},
		from:  holidays.For(from.Country, from.Region),
		to:    holidays.For(to.Country, to.Region),
		first: holidays.Day(start),
	}
	if fridayWeekend[to.Country] {
		c.week = [7]float64{1, 1, 1, 1, 1, sundayWeight, saturdayWeight}
	}
	return c
}

func (c *clock) weight(day float64) float64 {
	d := holidays.Day(day)
	calendar := c.to
	if d == c.first {
		calendar = c.from
	}
	w := c.week[d.Weekday()]
	if w > holidayWeight && calendar.Holiday(d) {
		return holidayWeight
	}
	return w
}

// work is the working days between two civil times, at most those of maxDays.
func (c *clock) work(from, to float64) float64 {
	to = math.Min(to, from+maxDays)
	if to <= from {
		return 0
	}
	first, last := math.Floor(from), math.Floor(to)
	if first == last {
		return (to - from) * c.weight(first)
	}
	sum := (first+1-from)*c.weight(first) + (to-last)*c.weight(last)
	for day := first + 1; day < last; day++ {
		sum += c.weight(day)
	}
	return sum
}

// walker goes forward on a clock to one mark after the other.
type walker struct {
	clock *clock
	at    float64 // civil time
	done  float64 // working days so far
}

// to is the civil time at which the given working days have passed since the
// start, at most maxDays on; they must not decrease from call to call.
func (w *walker) to(work float64) float64 {
	for day, last := math.Floor(w.at), w.at+maxDays; day < last; day++ {
		weight := w.clock.weight(day)
		left := (day + 1 - w.at) * weight
		if w.done+left >= work {
			w.at += math.Max(0, work-w.done) / weight
			w.done = math.Max(w.done, work)
			return w.at
		}
		w.done += left
		w.at = day + 1
	}
	return w.at
}

// civil is a time by the clock on the wall of its location.
func civil(t time.Time) float64 {
	_, offset := t.Zone()
	seconds := t.Unix() + int64(offset)
	day := math.Floor(float64(seconds) / 86400)
	return day + (float64(seconds)-day*86400+float64(t.Nanosecond())/1e9)/86400
}

// instant is the moment at which the clock on the wall of a location shows a
// civil time, to the second. A time skipped by daylight saving is the hour after.
func instant(civil float64, in *time.Location) time.Time {
	day := math.Floor(civil)
	return time.Date(1970, time.January, 1+int(day), 0, 0, int(math.Round((civil-day)*86400)), 0, in)
}
