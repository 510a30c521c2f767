// Package edifact reads UN/EDIFACT IFTSTA (international multimodal status report), directories D.94A to D.21B.
//
// The structure is taken strictly: references and counts that do not fit are faults. The content is taken as it comes:
// any service characters and character sets, several interchanges, messages and consignments, no UNB, segments in the
// order of any directory.
package edifact

import (
	"slices"
	"strings"

	"waybill/adapters/formats/internal/edi"
	"waybill/tracker"
	"waybill/tracker/vocabulary"
)

// The carrier code, the format's name in readings, and the reader's version, which changes with whatever makes the
// same file read otherwise.
const (
	Carrier = "edifact_iftsta"
	Format  = "edifact-iftsta"
	Version = "edifact-3"
)

// Reader reads messages of one type. It is safe for concurrent use.
type Reader struct {
	// carrier and format are the names in readings, kind is the message type that is read.
	carrier, format, kind string
	// statuses are the lists in which a status is looked up, in order; reasons is that of element 9013.
	statuses []*vocabulary.Vocabulary
	reasons  *vocabulary.Vocabulary
}

// New makes a reader of IFTSTAs with the code lists of elements 9011 (which UN/ECE Recommendation 24 carries on) and 9013,
// and with those of X12, which container lines write in IFTSTAs too.
func New(words map[string]*vocabulary.Vocabulary) *Reader {
	return &Reader{
		carrier: Carrier, format: Format, kind: "IFTSTA", reasons: words["iftsta_9013"],
		statuses: []*vocabulary.Vocabulary{words["iftsta_9011"], words["x12_157"], words["x12_1650"]},
	}
}

// NewOf makes a reader of messages that another body derived from IFTSTA, under a type and with a list of statuses of
// its own.
func NewOf(carrier, format, kind string, statuses *vocabulary.Vocabulary) *Reader {
	return &Reader{
		carrier: carrier, format: format, kind: kind, reasons: &vocabulary.Vocabulary{}, statuses: []*vocabulary.Vocabulary{statuses},
	}
}

// Codes lists the status codes that are known.
func (r *Reader) Codes() []string {
	var codes []string
	for _, list := range r.statuses {
		codes = append(codes, list.Codes()...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Recognise reports whether a payload is a file with such a message: its first segment is one of the service's, and its
// first message is of the type.
func (r *Reader) Recognise(body []byte) bool {
	text := strings.TrimLeft(strings.TrimPrefix(string(body[:min(len(body), 4000)]), "\ufeff"), " \r\n\t\x00")
	for _, tag := range []string{"UNA", "UNB", "UNG", "UNH"} {
		if strings.HasPrefix(text, tag) {
			at := strings.Index(text, "UNH")
			return at >= 0 && strings.Contains(text[at:min(at+60, len(text))], r.kind)
		}
	}
	return false
}

// Read reads all messages of the type in a file. Those of other types are left out, without a fault: files carry several.
func (r *Reader) Read(body []byte) tracker.Reading {
	b := edi.Builder{Reading: tracker.Reading{Carrier: r.carrier, Format: r.format}}
	list := parse(body)
	messages := 0
	for i := range list {
		messages += r.interchange(&b, &list[i])
	}
	if messages == 0 {
		b.Faultf("", "no message %s was found; expected UNA or UNB, UNH with %s, and so on", r.kind, r.kind)
	}
	return b.Reading
}

// interchange reads the messages of one interchange and counts them.
func (r *Reader) interchange(b *edi.Builder, x *interchange) (messages int) {
	for i := range x.messages {
		m := &x.messages[i]
		if m.kind() == r.kind {
			messages++
			r.message(b, m)
		}
	}
	where := "interchange"
	if x.header != nil {
		where += " " + x.header.at(5, 0)
	}
	if x.header != nil && x.trailer != nil {
		if x.trailer.at(2, 0) != x.header.at(5, 0) {
			b.Faultf(where, "UNZ has another reference than UNB")
		}
		units := len(x.messages)
		if x.groups > 0 {
			units = x.groups
		}
		if !counts(x.trailer.at(1, 0), units) {
			b.Faultf(where, "UNZ does not have the number of messages")
		}
	}
	if x.brokenOff {
		b.Faultf(where, "it breaks off")
	}
	return messages
}

// message reads one message.
func (r *Reader) message(b *edi.Builder, m *message) {
	where := "message " + m.segments[0].at(1, 0)
	rd := reading{Reader: r, b: b, where: where, first: len(b.Shipments), directory: m.directory()}
	for _, s := range m.segments {
		rd.segment(s)
	}
	rd.broken = !m.closed
	rd.endConsignment()
	last := m.segments[len(m.segments)-1]
	switch {
	case !m.closed:
		b.Faultf(where, "the trailer UNT is missing")
	case last.at(2, 0) != m.segments[0].at(1, 0):
		b.Faultf(where, "UNT has another reference than UNH")
	case !counts(last.at(1, 0), len(m.segments)):
		b.Faultf(where, "UNT does not have the number of segments")
	}
}
