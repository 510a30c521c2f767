package x12

import (
	"strconv"

	"waybill/adapters/formats/internal/edi"
)

// The codes of the 997's error elements that are used here, from X12 004010: 720 (segments), 723 (elements),
// 718 (transaction sets), 716 (functional groups).
const (
	segmentMissing, segmentHasErrors                                       = "3", "8"
	elementConditional, elementBadDate, elementBadTime, elementExcluded    = "2", "8", "9", "10"
	setUnsupported, setNoTrailer, setControl, setCount, setSegmentErrors   = "1", "2", "3", "4", "5"
	groupUnsupported, groupNoTrailer, groupControlMismatch, groupCountOdds = "1", "3", "4", "5"
)

// segmentError is a segment that breaks the rules of the 214.
type segmentError struct {
	id string
	// position is the segment's number in its set, ST being 1.
	position int
	code     string
	elements []elementError
}

// elementError is an element that does. reference is its number in the standard's dictionary.
type elementError struct {
	position  int
	reference string
	code      string
	what      string
}

// envelopeErrors are the codes of element 718 for a set's trailer.
func (s *set) envelopeErrors() []string {
	var codes []string
	if s.trailer == nil {
		return []string{setNoTrailer}
	}
	if s.trailer.at(2) != s.header.at(2) {
		codes = append(codes, setControl)
	}
	if !counts(s.trailer.at(1), len(s.segments)) {
		codes = append(codes, setCount)
	}
	return codes
}

// envelopeErrors are the codes of element 716 for a group's trailer.
func (g *group) envelopeErrors() []string {
	if g.header == nil {
		return nil
	}
	if g.trailer == nil {
		return []string{groupNoTrailer}
	}
	var codes []string
	if g.trailer.at(2) != g.header.at(6) {
		codes = append(codes, groupControlMismatch)
	}
	if !counts(g.trailer.at(1), len(g.sets)) {
		codes = append(codes, groupCountOdds)
	}
	return codes
}

// check finds what a 214 breaks of its segments' rules.
func (s *set) check() []segmentError {
	var errs []segmentError
	begun := false
	for i, seg := range s.segments {
		var elements []elementError
		switch seg.at(0) {
		case "B10":
			begun = true
			elements = checkB10(seg)
		case "AT7":
			elements = checkAT7(seg)
		}
		if len(elements) > 0 {
			errs = append(errs, segmentError{id: seg.at(0), position: i + 1, code: segmentHasErrors, elements: elements})
		}
	}
	if !begun {
		errs = append(errs, segmentError{id: "B10", position: 2, code: segmentMissing})
	}
	return errs
}

func checkB10(seg segment) []elementError {
	if seg.at(1) == "" && seg.at(2) == "" && seg.at(6) == "" {
		return []elementError{{1, "127", elementConditional, "names no shipment"}}
	}
	return nil
}

// checkAT7 knows the standard's notes on AT7: E0103 (a status and an appointment exclude each other), P0102 and P0304
// (each has its reason), C0605 (a time needs a date), C0706 (a time code needs a time).
func checkAT7(seg segment) []elementError {
	var errs []elementError
	add := func(position int, reference, code, what string) {
		errs = append(errs, elementError{position, reference, code, what})
	}
	if seg.at(1) != "" && seg.at(3) != "" {
		add(3, "1652", elementExcluded, "is an appointment beside a status")
	}
	if (seg.at(1) == "") != (seg.at(2) == "") {
		add(2, "1651", elementConditional, "status and reason go together")
	}
	if (seg.at(3) == "") != (seg.at(4) == "") {
		add(4, "1651", elementConditional, "appointment and reason go together")
	}
	date, clock := seg.at(5), seg.at(6)
	_, dateOK, clockOK := edi.Stamp(date, clock)
	switch {
	case date == "" && clock != "":
		add(5, "373", elementConditional, "a time needs its date")
	case date != "" && !dateOK:
		add(5, "373", elementBadDate, "is no date")
	case clock != "" && !clockOK:
		add(6, "337", elementBadTime, "is no time")
	}
	if seg.at(7) != "" && clock == "" {
		add(6, "337", elementConditional, "a time code needs its time")
	}
	return errs
}

func (e *segmentError) where(s *set) string {
	return "set " + s.header.at(2) + ", segment " + strconv.Itoa(e.position) + " " + e.id
}
