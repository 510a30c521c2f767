package edifact

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrNothingToAcknowledge is returned for a file without an interchange that could be acknowledged.
var ErrNothingToAcknowledge = errors.New("the file has no interchange (UNB with a sender, a recipient and a reference) that a CONTRL could answer")

// The codes of CONTRL (ISO 9735-4) that are used here, of elements 0083 (action) and 0085 (error).
const (
	rejected, acknowledged                   = "4", "7"
	errorMissing, errorReferences, errorTold = "13", "28", "29"
)

// Acknowledge writes the syntax and service report (CONTRL) of a file: for each of its interchanges one, from its
// recipient to its sender, that takes the interchange (UCI) and refuses each message (UCM) whose envelope is wrong. An
// interchange of CONTRLs alone is answered by none.
//
// reference is that of the first interchange written, 1 to 99999999999999; the next have the following ones. now is when it
// is written.
func Acknowledge(body []byte, reference int64, now time.Time) ([]byte, error) {
	const most = 99_999_999_999_999
	if reference < 1 || reference > most {
		return nil, fmt.Errorf("interchange reference %d is not within 1 and %d", reference, int64(most))
	}
	var out strings.Builder
	list := parse(body)
	for i := range list {
		x := &list[i]
		if x.header == nil || x.header.at(2, 0) == "" || x.header.at(3, 0) == "" || x.header.at(5, 0) == "" || x.reports() {
			continue
		}
		out.WriteString(x.answer(strconv.FormatInt(reference, 10), now))
		reference = reference%most + 1
	}
	if out.Len() == 0 {
		return nil, ErrNothingToAcknowledge
	}
	return []byte(out.String()), nil
}

// Asked reports whether an interchange of a file asks for its CONTRL (UNB, element 0031).
func Asked(body []byte) bool {
	return slices.ContainsFunc(parse(body), func(x interchange) bool { return x.header != nil && x.header.at(9, 0) == "1" })
}

// reports reports whether all messages are CONTRLs.
func (x *interchange) reports() bool {
	return len(x.messages) > 0 && !slices.ContainsFunc(x.messages, func(m message) bool { return m.kind() != "CONTRL" })
}

// answer is the interchange with the CONTRL, in the service characters of the one that it answers.
func (x *interchange) answer(reference string, now time.Time) string {
	h, c := x.header, x.header.characters
	version := "3"
	if h.at(1, 1) == "4" {
		version = "4"
	}
	kind := map[string]string{"3": "CONTRL:D:3:UN", "4": "CONTRL:4:1:UN"}[version]
	w := writer{characters: c}
	if *c != standard {
		w.text.WriteString("UNA" + string([]byte{c.component, c.element, '.', c.release, ' ', c.terminator}))
	}
	head := []string{"UNB", w.parts(h.at(1, 0), version), h.element(3), h.element(2), w.parts(now.Format("060102"), now.Format("1504")), reference}
	if h.at(11, 0) == "1" { // a test is answered by a test
		head = append(head, "", "", "", "", "", "1")
	}
	w.write(head...)
	w.segments = 0
	w.write("UNH", "1", w.parts(strings.Split(kind, ":")...))
	w.write(append([]string{"UCI", h.element(5), h.element(2), h.element(3)}, x.verdict()...)...)
	for i := range x.messages {
		if verdict := x.messages[i].verdict(); verdict[0] == rejected {
			w.write(append([]string{"UCM", x.messages[i].segments[0].element(1), x.messages[i].segments[0].element(2)}, verdict...)...)
		}
	}
	w.write("UNT", strconv.Itoa(w.segments+1), "1")
	w.write("UNZ", "1", reference)
	return w.text.String()
}

// verdict are the action taken on an interchange and, where it is rejected, the error and the segment that has it.
func (x *interchange) verdict() []string {
	units := len(x.messages)
	if x.groups > 0 {
		units = x.groups
	}
	switch {
	case x.trailer == nil:
		return []string{rejected, errorMissing, "UNZ"}
	case x.trailer.at(2, 0) != x.header.at(5, 0):
		return []string{rejected, errorReferences, "UNZ"}
	case !counts(x.trailer.at(1, 0), units):
		return []string{rejected, errorTold, "UNZ"}
	}
	return []string{acknowledged}
}

// verdict is the same for a message.
func (m *message) verdict() []string {
	last := m.segments[len(m.segments)-1]
	switch {
	case !m.closed:
		return []string{rejected, errorMissing, "UNT"}
	case last.at(2, 0) != m.segments[0].at(1, 0):
		return []string{rejected, errorReferences, "UNT"}
	case !counts(last.at(1, 0), len(m.segments)):
		return []string{rejected, errorTold, "UNT"}
	}
	return []string{acknowledged}
}

// element is a data element as it stands in the file, with its release characters.
func (s segment) element(n int) string {
	if n < len(s.elements) {
		return s.elements[n]
	}
	return ""
}

// writer writes segments.
type writer struct {
	characters *service
	text       strings.Builder
	segments   int
}

func (w *writer) parts(components ...string) string {
	return strings.Join(components, string([]byte{w.characters.component}))
}

func (w *writer) write(elements ...string) {
	w.segments++
	w.text.WriteString(strings.Join(elements, string([]byte{w.characters.element})))
	w.text.WriteByte(w.characters.terminator)
}
