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
	// out is a moment of the day on which its vehicle is out, whatever day that is; zero where it is on none.
	out time.Time
}

// doorOf is where the days of a delivery are counted: in the destination's zone, else in that of the last scan.
func (m *Model) doorOf(t *tracker.Tracking) door {
	d, last := m.doorAt(t.Shipment.Destination, t.Shipment.Zone), t.View.LastAt
	if d.name != "" {
		return d
	}
	if zone := m.load(last.Zone); zone != nil {
		d.zone = zone
	} else if last.Known() && last.Source != tracker.ZoneUnknown {
		d.zone = time.FixedZone("", int(last.Offset)*60)
	}
	return d
}

// doorAt is the door at a place, in a zone where that is known.
func (m *Model) doorAt(place tracker.Location, zone string) door {
	d := door{zone: time.UTC, holidays: holidays.For(place.Country, place.State)}
	if known := m.load(zone); known != nil {
		d.zone, d.name = known, zone
	}
	return d
}

func (m *Model) load(name string) *time.Location {
	if name == "" {
		return nil
	}
	if zone, ok := m.zones.Load(name); ok {
		return zone.(*time.Location) //nolint:forcetypeassert // nothing else is stored
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil // a name that the system does not know counts days less well; that is all
	}
	m.zones.Store(name, zone)
	return zone
}

// open is the moment itself where carriers deliver then, else when they begin again. It keeps the order of moments.
func (d door) open(t time.Time) time.Time {
	t = t.In(d.zone)
	if t.After(hourOf(t, lastHour)) {
		t = hourOf(t.AddDate(0, 0, 1), firstHour)
	}
	t = later(t, hourOf(t, firstHour))
	for range closedMost {
		if d.delivers(t) {
			break
		}
		t = hourOf(t.AddDate(0, 0, 1), firstHour)
	}
	return t
}

// closedMost is how many days in a row any calendar is closed.
const closedMost = 10

// delivers reports whether carriers deliver on the day of a moment in the door's zone.
func (d door) delivers(t time.Time) bool {
	if !d.out.IsZero() && sameDay(t, d.out) {
		return true
	}
	day := holidays.DayOf(t)
	return day.Weekday() != time.Sunday && !d.holidays.Holiday(day)
}

// openTime is the time between two moments without the days on which nobody delivers: silence on those says nothing.
func (d door) openTime(from, to time.Time) time.Duration {
	from, to = from.In(d.zone), to.In(d.zone)
	var sum time.Duration
	for day := from; day.Before(to); {
		next := hourOf(day.AddDate(0, 0, 1), 0)
		if d.delivers(day) {
			sum += earliest(next, to).Sub(day)
		}
		day = next
	}
	return sum
}

// addOpen is the moment by which so much open time has passed.
func (d door) addOpen(from time.Time, open time.Duration) time.Time {
	for day := from.In(d.zone); ; {
		next := hourOf(day.AddDate(0, 0, 1), 0)
		if d.delivers(day) {
			if left := next.Sub(day); left >= open {
				return day.Add(open)
			}
			open -= next.Sub(day)
		}
		day = next
	}
}

// hourOf is an hour of the day of a moment, in its zone.
func hourOf(t time.Time, hour int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), hour, 0, 0, 0, t.Location())
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

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
