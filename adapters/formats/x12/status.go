package x12

import (
	"strconv"
	"strings"
	"unicode"

	"waybill/adapters/formats/internal/edi"
	"waybill/adapters/mapping"
	"waybill/tracker"
)

// status reads an AT7: a status, or an appointment. Estimates and appointments are facts of the shipment, no scans.
func (r *reading) status(seg segment) {
	r.closeStatus()
	switch {
	case seg.at(1) != "":
		r.happened(seg.at(1), seg.at(2), seg.at(5), seg.at(6), seg.at(7))
	case seg.at(3) != "":
		r.appointment(seg.at(3), seg.at(5), seg.at(6), seg.at(7))
	}
}

// oldStatus reads a Q5, which releases before 003070 have in AT7's place. Its place stands in it. Releases before
// 003010 have no reason, and so the place one element earlier.
func (r *reading) oldStatus(seg segment) {
	r.closeStatus()
	at := 6
	if r.release != "" && r.release < "003" {
		at = 5
	}
	r.happened(seg.at(1), "", seg.at(2), seg.at(3), seg.at(4))
	if r.loop.open {
		r.locate(place(seg.at(at), seg.at(at+1), "", seg.at(at+2)))
	}
}

// happened makes an event of a status, or an estimate.
func (r *reading) happened(code, reason, date, clock, timeCode string) {
	switch code {
	case "":
		return
	case "AG", "X2": // estimated delivery, estimated arrival at the consignee
		r.loop.facts.Estimate = tracker.CarrierEstimate{To: r.moment(date, clock, timeCode)}
		r.loop.estimated = r.loop.facts.Estimate.Known()
		return
	case "B6", "C1": // estimates of a terminal's times
		return
	}
	substatus, known := r.statuses.Read(code)
	if !known {
		r.b.Unknown(code)
	}
	e := tracker.Event{Kind: code, Code: code, Substatus: substatus}
	if means, _ := r.reasons.Read(reason); reason != "" && reason != "NS" && reason != "NA" {
		e.Code += "/" + reason
		e.Substatus = edi.Refine(substatus, means)
	}
	stamp, ok, _ := edi.Stamp(date, clock)
	if !ok {
		e.RawTime = strings.TrimSpace(date + " " + clock)
	}
	if date == "" {
		r.b.Faultf(r.where, "the status %s has no date", code)
	}
	e.Time = stamp
	r.loop.events = append(r.loop.events, e)
	r.loop.told = len(r.loop.events)
	r.loop.open, r.loop.clock = true, timeCode
}

// appointment takes a delivery's appointment for the carrier's estimate, where it states none.
func (r *reading) appointment(code, date, clock, timeCode string) {
	means, known := r.appointments.Read(code)
	if !known {
		r.b.Unknown(code)
	}
	if means != "delivery_scheduled" || r.loop.estimated {
		return
	}
	estimate := &r.loop.facts.Estimate
	if at := r.moment(date, clock, timeCode); code == "ED" { // no earlier than
		estimate.From = at
	} else {
		estimate.To = at
	}
}

// moment is a time of the future, at the consignee's.
func (r *reading) moment(date, clock, timeCode string) tracker.Stamp {
	stamp, ok, _ := edi.Stamp(date, clock)
	if !ok {
		return tracker.Stamp{}
	}
	destination := r.facts.Destination
	giveOffset(&stamp, timeCode, mapping.Locate(&destination))
	return stamp
}

// place reads an MS1, the place of the status before it: city, state and country, or coordinates in degrees, minutes
// and seconds, which some write as decimal degrees.
func (r *reading) place(seg segment) {
	if !r.loop.open {
		return
	}
	country := seg.at(3)
	if strings.ContainsFunc(country, func(c rune) bool { return !unicode.IsLetter(c) }) {
		country = ""
	}
	l := place(seg.at(1), seg.at(2), seg.at(8), country)
	lon, lonOK := degrees(seg.at(4), seg.at(6), "W")
	lat, latOK := degrees(seg.at(5), seg.at(7), "S")
	if lonOK && latOK && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 {
		l.Point = &tracker.Point{Lat: float32(lat), Lon: float32(lon)}
	}
	r.locate(l)
}

// degrees reads DDDMMSS, or degrees with a decimal point, with its direction. Without one, digits alone mean the
// Americas': west, and north.
func degrees(text, direction, negative string) (value float64, ok bool) {
	if strings.Contains(text, ".") {
		value, err := strconv.ParseFloat(text, 64)
		if direction == negative && value > 0 {
			value = -value
		}
		return value, err == nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || len(text) != 7 || n < 0 {
		return 0, false
	}
	value = float64(n/10000) + float64(n/100%100)/60 + float64(n%100)/3600
	if direction == negative || direction == "" && negative == "W" {
		value = -value
	}
	return value, true
}

// locate gives the open status its place, and its time the offset.
func (r *reading) locate(l tracker.Location) {
	e := &r.loop.events[len(r.loop.events)-1]
	zone := mapping.Locate(&l)
	e.Location = l
	r.offset(e, zone)
	r.loop.open = false
}

// closeStatus ends a status that has no place.
func (r *reading) closeStatus() {
	r.loop.told = 0
	if r.loop.open {
		r.offset(&r.loop.events[len(r.loop.events)-1], "")
		r.loop.open = false
	}
}

func (r *reading) offset(e *tracker.Event, zone string) {
	if !giveOffset(&e.Time, r.loop.clock, zone) {
		r.b.Faultf(r.where, "the time code of a status is none of element 623's; its time is taken as that of the place")
	}
}
