package x12

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ErrNothingToAcknowledge is returned for a file without a functional group that could be acknowledged.
var ErrNothingToAcknowledge = errors.New("the file has no interchange with a functional group to acknowledge; a 997 answers GS and ISA")

// Acknowledge writes the functional acknowledgement (997, release 004010) of a file: for each of its interchanges one,
// from its receiver to its sender, with a transaction set for each functional group that is not itself one of
// acknowledgements. Every 214 is accepted, accepted with errors (its elements' rules are broken), or rejected (its
// envelope is); sets of other kinds are rejected as not supported.
//
// control is the number of the first interchange written, 1 to 999999999; the next have the following ones. now is
// when it is written.
func Acknowledge(body []byte, control int, now time.Time) ([]byte, error) {
	const most = 999_999_999
	if control < 1 || control > most {
		return nil, fmt.Errorf("interchange control number %d is not within 1 and %d", control, most)
	}
	var out strings.Builder
	for _, x := range parse(string(body)) {
		if len(x.header) < 17 {
			continue
		}
		if a := newAnswer(&x, control, now); a.sets > 0 {
			out.WriteString(a.finish())
			control = control%most + 1
		}
	}
	if out.Len() == 0 {
		return nil, ErrNothingToAcknowledge
	}
	return []byte(out.String()), nil
}

// ControlAt is the control number of what is written at a moment: the second, by which partners see the order.
func ControlAt(now time.Time) int {
	const most = 999_999_999
	return int(now.Unix()%most) + 1
}

// answer is a 997 while it is written.
type answer struct {
	text     strings.Builder
	x        *interchange
	control  string
	sets     int
	segments int
}

func newAnswer(x *interchange, control int, now time.Time) *answer {
	a := &answer{x: x, control: fmt.Sprintf("%09d", control)}
	h := x.header
	usage := h.at(15)
	if usage == "" {
		usage = "P"
	}
	a.write("ISA", "00", blanks, "00", blanks, h.at(7), pad(h.at(8)), h.at(5), pad(h.at(6)), now.Format("060102"), now.Format("1504"),
		"U", "00401", a.control, "0", usage, x.component)
	if h.at(14) == "1" {
		verdict, note := x.verdict()
		a.write("TA1", h.at(13), h.at(9), h.at(10), verdict, note)
	}
	first := &group{}
	for i := range x.groups {
		if x.groups[i].header != nil {
			first = &x.groups[i]
			break
		}
	}
	a.write("GS", "FA", first.header.at(3), first.header.at(2), now.Format("20060102"), now.Format("1504"), strconv.Itoa(control), "X", "004010")
	for i := range x.groups {
		if g := &x.groups[i]; g.header != nil && g.header.at(1) != "FA" {
			a.group(g)
		}
	}
	return a
}

// verdict are the elements I17 and I18 of a TA1, for whom the interchange asks it (ISA14): accepted, accepted with an error,
// or rejected, and why.
func (x *interchange) verdict() (code, note string) {
	switch {
	case x.trailer == nil:
		return "R", "023" // the file ends early
	case x.trailer.at(2) != x.header.at(13):
		return "R", "001"
	case !counts(x.trailer.at(1), len(x.groups)):
		return "E", "021"
	}
	return "A", "000"
}

const blanks = "          "

// pad fills an identification to ISA's 15 characters.
func pad(id string) string { return fmt.Sprintf("%-15.15s", id) }

func (a *answer) write(elements ...string) {
	a.segments++
	text := strings.Join(elements, a.x.element)
	if elements[0] != "ISA" { // whose elements have fixed lengths
		text = strings.TrimRight(text, a.x.element)
	}
	a.text.WriteString(text)
	a.text.WriteString(a.x.terminator)
}

func (a *answer) finish() string {
	control, _ := strconv.Atoi(a.control)
	a.write("GE", strconv.Itoa(a.sets), strconv.Itoa(control))
	a.write("IEA", "1", a.control)
	return a.text.String()
}

// group acknowledges a functional group: AK1, each set's AK2 to AK5, AK9.
func (a *answer) group(g *group) {
	a.sets++
	number := fmt.Sprintf("%04d", a.sets)
	a.segments = 0
	a.write("ST", "997", number)
	a.write("AK1", g.header.at(1), g.header.at(6))
	accepted, flawed := 0, false
	for i := range g.sets {
		switch a.set(&g.sets[i]) {
		case "A":
			accepted++
		case "E":
			accepted++
			flawed = true
		}
	}
	envelope := g.envelopeErrors()
	if g.header.at(1) != "QM" {
		envelope = append([]string{groupUnsupported}, envelope...)
	}
	declared := g.trailer.at(1)
	if _, err := strconv.Atoi(declared); err != nil {
		declared = strconv.Itoa(len(g.sets))
	}
	verdict := verdictOf(accepted, len(g.sets), flawed || len(envelope) > 0)
	a.write(append([]string{"AK9", verdict, declared, strconv.Itoa(len(g.sets)), strconv.Itoa(accepted)}, envelope...)...)
	a.write("SE", strconv.Itoa(a.segments+1), number)
}

// verdictOf is element 715: accepted, accepted but with errors noted, partly accepted, rejected.
func verdictOf(accepted, received int, flawed bool) string {
	switch {
	case accepted == 0:
		return "R"
	case accepted < received:
		return "P"
	case flawed:
		return "E"
	}
	return "A"
}

// set acknowledges a transaction set and answers element 717: A, E or R.
func (a *answer) set(s *set) (verdict string) {
	a.write("AK2", s.header.at(1), s.header.at(2))
	if s.header.at(1) != "214" {
		a.write("AK5", "R", setUnsupported)
		return "R"
	}
	errs := s.check()
	for i := range errs {
		a.segmentError(&errs[i])
	}
	codes := s.envelopeErrors()
	verdict = "A"
	switch {
	case len(codes) > 0:
		verdict = "R"
	case len(errs) > 0:
		verdict = "E"
	}
	for i := range errs {
		if errs[i].code == segmentMissing {
			verdict = "R"
		}
	}
	if len(errs) > 0 {
		codes = append(codes, setSegmentErrors)
	}
	a.write(append([]string{"AK5", verdict}, codes...)...)
	return verdict
}

func (a *answer) segmentError(e *segmentError) {
	a.write("AK3", e.id, strconv.Itoa(e.position), "", e.code)
	for _, element := range e.elements {
		a.write("AK4", strconv.Itoa(element.position), element.reference, element.code)
	}
}
