package notify

import (
	"sync"
	"time"

	"waybill/tracker"
)

// Quiet hours, in the recipient's zone: nobody is woken for a parcel.
const (
	quietFrom  = 22
	quietUntil = 8
)

// afterQuiet is the first moment, not before t, outside quiet hours in the zone.
func afterQuiet(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	switch hour := local.Hour(); {
	case hour < quietUntil:
		return morning(local)
	case hour >= quietFrom:
		return morning(local.AddDate(0, 0, 1))
	}
	return t
}

// morning is when the quiet hours of t's day end. On a day without that hour (clocks never change then, but zones
// have jumped over whole days) time.Date gives the next moment there is.
func morning(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), quietUntil, 0, 0, 0, t.Location())
}

// ZoneOf is the zone in which a shipment's recipient counts days and hours: the destination's, else UTC.
func ZoneOf(s *tracker.Shipment, v *tracker.View) *time.Location {
	if zone := zoneNamed(s.Zone); zone != nil {
		return zone
	}
	if v.Estimate != nil {
		if zone := zoneNamed(v.Estimate.Zone); zone != nil {
			return zone
		}
	}
	return time.UTC
}

// zones remembers those that were read: time.LoadLocation reads a file each time.
var zones sync.Map

// zoneNamed is nil for a name that no zone has.
func zoneNamed(name string) *time.Location {
	if name == "" {
		return nil
	}
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location) //nolint:forcetypeassert // nothing else is stored
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	zones.Store(name, zone)
	return zone
}
