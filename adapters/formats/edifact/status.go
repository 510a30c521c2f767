package edifact

import (
	"strings"

	"waybill/adapters/formats/internal/edi"
	"waybill/adapters/mapping"
	"waybill/tracker"
)

// status is an STS group while it is read.
type status struct {
	group
	segment segment
	remark  string
	// leg: a means of transport (TDT) was named; places and times from there on are those of its route.
	leg bool
	// route is the place of the route being read, by the qualifier of its LOC.
	route string
	// cut: the message breaks off behind it.
	cut bool
}

func (r *reading) startStatus(s segment) {
	c := r.consignmentOpen()
	r.status = &status{segment: s}
	r.signing = false
	c.statuses = append(c.statuses, r.status)
}

// event makes the event of a status; !ok for one that says nothing, without code and words, and for one that a cut left
// without a time.
func (r *reading) event(c *consignment, s *status) (tracker.Event, bool) {
	code, text, substatus := r.meaning(s.segment)
	if code == "" {
		r.b.Faultf(r.where, "a status (STS) has no code")
	}
	if text == "" {
		text = firstOf(s.segment.at(3, 3), s.remark)
	}
	if code == "" && text == "" {
		return tracker.Event{}, false
	}
	e := tracker.Event{Kind: code, Code: code, Text: text, Substatus: substatus}
	if e.Kind == "" {
		e.Kind = text
	}
	for n := 3; n < len(s.segment.elements); n++ {
		reason := s.segment.at(n, 0)
		if reason == "" {
			continue
		}
		if n == 3 {
			e.Code += "/" + reason
		}
		if means, _ := r.reasons.Read(reason); !proprietary(s.segment, n) {
			e.Substatus = edi.Refine(e.Substatus, means)
		}
	}
	for _, place := range []tracker.Location{s.place, c.place, r.head.place} {
		if e.Location = place; !place.IsZero() {
			break
		}
	}
	zone := mapping.Locate(&e.Location)
	var ok bool
	if e.Time, e.RawTime, ok = happened(zone, &s.times, &c.times, &r.head.times); !ok {
		r.b.Faultf(r.where, "the status %s has no time", code)
		return e, !s.cut
	}
	if e.RawTime != "" {
		r.b.Faultf(r.where, "the time of the status %s cannot be read", code)
	}
	return e, true
}

// meaning finds a status' code (C555, element 2), its text and what it means.
//
// Up to D.00B the code is one of element 9011; from D.01B on C555 is of element 4405, a list of anything's conditions, and
// transport statuses are those of Recommendation 24, whose numbers are those of 9011. UPS writes the status as the third
// component of the category instead, DB Schenker as its second. Codes of letters are X12's. Those that a carrier defines itself mean nothing.
func (r *reading) meaning(s segment) (code, text string, substatus tracker.Substatus) {
	code, text = s.at(2, 0), s.at(2, 3)
	if code == "" && text == "" {
		code = firstOf(s.at(1, 2), s.at(1, 1))
	}
	if code == "" {
		return "", text, ""
	}
	if proprietary(s, 2) {
		r.b.Unknown(code)
		return code, text, ""
	}
	if category := s.at(1, 0); r.directory >= "D01B" && !strings.HasPrefix(r.directory, "D9") && len(category) == 1 && category > "1" {
		return code, text, "" // of an order, an inspection, a publication, the law
	}
	for _, list := range r.statuses {
		if substatus, known := list.Read(strings.TrimLeft(code, "0")); known {
			return code, text, substatus
		}
	}
	r.b.Unknown(code)
	return code, text, ""
}

// proprietary reports whether a code is of a list that the partners defined between themselves (3055 is ZZZ, or an
// agency of theirs), as far as it can be told.
func proprietary(s segment, element int) bool {
	agency := s.at(element, 2)
	return agency == "ZZZ" || agency == "ZZ" || agency == "92" || agency == "91" // mutually, buyer's, seller's
}
