package score

import (
	"time"

	"waybill/tracker"
)

// Visit is a parcel's stay at a facility.
type Visit struct {
	// Account is the facility's in that month.
	Account string `cbor:"1,keyasint"`
	// Hour is the hour of the week at which it came (0 is Monday's first), by the clock of the place.
	Hour  int     `cbor:"2,keyasint"`
	Hours float64 `cbor:"3,keyasint"`
}

// longestStay is the longest stay that counts as one: beyond, a scan is missing.
const longestStay = 14 * day

// visitsOf are the stays of one carriage: from the first scan of an arrival at a facility to the scan that it left.
func visitsOf(c *tracker.Carriage) []Visit {
	var visits []Visit
	var came *tracker.Event
	for i := range c.Generation.Events {
		e := &c.Generation.Events[i]
		if !e.Time.Known() || e.Time.Precision == tracker.PrecisionDay {
			continue
		}
		switch {
		case e.Substatus == "arrived_at_facility" || e.Substatus == "arrived_at_delivery_facility":
			if came == nil || placeOf(came) != placeOf(e) {
				came = e
			}
		case e.Substatus == "departed_facility" && came != nil:
			at := came.Time.Instant()
			stay := e.Time.Instant().Sub(at)
			if place := placeOf(came); place != "" && place == placeOf(e) && stay > 0 && stay <= longestStay {
				local := came.Time.Civil()
				visits = append(visits, Visit{
					Account: dwellPrefix + word(c.Carrier) + "/" + place + "/" + at.UTC().Format(monthLayout),
					Hour:    (int(local.Weekday())+6)%7*24 + local.Hour(), Hours: stay.Hours(),
				})
			}
			came = nil
		}
	}
	return visits
}

// placeOf names a facility: by the carrier's code where it has one, else by its town.
func placeOf(e *tracker.Event) string {
	l := &e.Location
	switch {
	case l.Facility != "":
		return word(l.Facility)
	case l.City != "":
		return word(l.City + ", " + l.Country)
	}
	return word(l.Text)
}

// Dwell is how long parcels lie at a facility, by hour of the week.
type Dwell map[int]*Sketch

func (d Dwell) add(v *Visit) error {
	if d[v.Hour] == nil {
		d[v.Hour] = &Sketch{}
	}
	return d[v.Hour].Add(v.Hours)
}

func endOfMonth(text string) (time.Time, bool) {
	month, err := time.Parse(monthLayout, text)
	return month.AddDate(0, 1, 0), err == nil
}
