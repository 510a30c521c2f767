package edifact

import (
	"strings"
	"unicode"

	"waybill/adapters/mapping"
	"waybill/tracker"
)

// location reads a LOC. Before a means of transport is named it is where the status was reported; behind it, a place
// of the route.
func (r *reading) location(s segment) {
	if r.status != nil && r.status.leg {
		r.status.route = s.at(1, 0)
		return
	}
	code, name := s.at(2, 0), s.at(2, 3)
	if s.at(1, 0) == "172" && name == "" && isProse(code) && r.status != nil { // DHL Freight's remark on a status
		r.status.remark = firstOf(r.status.remark, code)
		return
	}
	l := tracker.Location{City: name, Country: firstOf(countryOf(s.at(3, 0)), countryOf(s.at(3, 3)))}
	switch {
	case isLocode(code):
		l.Country, l.Facility = firstOf(l.Country, code[:2]), code
	case name == "" && isProse(code):
		l.City = code
	default:
		l.Facility = code
	}
	if g := r.group(); g.place.IsZero() {
		g.place = l
	}
}

// isProse reports whether a text is one for people: codes have no blanks and no small letters.
func isProse(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return unicode.IsLower(c) || c == ' ' })
}

// countryOf is a country's code, "" where the text names none.
func countryOf(text string) string {
	if iso := mapping.ISOCountry(text); len(iso) == 2 {
		return iso
	}
	return ""
}

// isLocode reports whether a code has the form of a UN/LOCODE, which begins with a country.
func isLocode(code string) bool {
	if len(code) != 5 || countryOf(code[:2]) == "" || code[:2] != strings.ToUpper(code[:2]) {
		return false
	}
	return !strings.ContainsFunc(code, func(c rune) bool { return !unicode.IsUpper(c) && !unicode.IsDigit(c) })
}

// party reads a NAD: sender and recipient give origin and destination, the depot that reports a status its place, and
// who accepted the goods signed for them.
func (r *reading) party(s segment) {
	r.signing = false
	c := r.consigned
	l := tracker.Location{City: s.at(6, 0), State: s.at(7, 0), PostalCode: s.at(8, 0), Country: s.at(9, 0)}
	switch s.at(1, 0) {
	case "AP":
		r.signing = true
		if name := firstOf(s.at(3, 0), s.at(4, 0)); c != nil && name != "" {
			c.personal.SignedBy = name
		}
	case "CS", "CA", "FW", "WD", "TR": // consolidator, carrier, forwarder, depot, terminal
		if r.status == nil || l.IsZero() {
			return
		}
		l.Facility = s.at(2, 0)
		if r.status.place.IsZero() {
			r.status.place = l
		}
	case "CZ", "SF", "PW":
		r.setPlace(l, func(f *tracker.Facts) *tracker.Location { return &f.Origin })
	case "DP", "ST", "CN", "UC":
		r.setPlace(l, func(f *tracker.Facts) *tracker.Location { return &f.Destination })
	}
}

func (r *reading) setPlace(l tracker.Location, of func(*tracker.Facts) *tracker.Location) {
	if l.IsZero() {
		return
	}
	mapping.Locate(&l)
	facts := &r.headFacts
	if r.consigned != nil {
		facts = &r.consigned.facts
	}
	if at := of(facts); at.IsZero() {
		*at = l
	}
}
