package notify

import (
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
	names := []string{s.Zone}
	if v.Estimate != nil {
		names = append(names, v.Estimate.Zone)
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	return time.UTC
}
