// Package x12 reads the ANSI X12 transaction set 214 (transportation carrier shipment status) of all releases, and
// writes the 997 that acknowledges it.
//
// The structure is taken strictly: control numbers and counts that do not fit are faults. The content is taken as it
// comes: any separators, several interchanges in one file, no ISA or GS, segments that the standard does not have.
package x12

import (
	"strings"

	"waybill/adapters/formats/internal/edi"
	"waybill/tracker"
	"waybill/tracker/vocabulary"
)

// The carrier code, the format's name in readings, and the reader's version, which changes with whatever makes the
// same file read otherwise.
const (
	Carrier = "x12_214"
	Format  = "x12-214"
	Version = "x12-3"
)

// Reader reads 214s. It is safe for concurrent use.
type Reader struct {
	statuses, reasons, appointments *vocabulary.Vocabulary
}

// New makes a reader with the code lists of elements 1650, 1651 and 1652.
func New(words map[string]*vocabulary.Vocabulary) *Reader {
	return &Reader{statuses: words["x12_1650"], reasons: words["x12_1651"], appointments: words["x12_1652"]}
}

// Codes lists the status codes that are known.
func (r *Reader) Codes() []string { return append(r.statuses.Codes(), r.appointments.Codes()...) }

// Recognise reports whether a payload is a file with a 214, from its first header and the first transaction set.
func (r *Reader) Recognise(body []byte) bool {
	text := strings.TrimLeft(strings.TrimPrefix(string(body[:min(len(body), 2000)]), "\ufeff"), " \r\n\t\x00")
	for _, header := range []string{"ISA", "GS", "ST"} {
		rest, found := strings.CutPrefix(text, header)
		if !found || rest == "" || isAlphanumeric(rest[0]) {
			continue
		}
		separator := rest[:1]
		return strings.Contains(text, "ST"+separator+"214"+separator) || strings.Contains(text, "GS"+separator+"QM"+separator)
	}
	return false
}

// Read reads all 214s of a file. Sets of other kinds are left out, without a fault: files carry several kinds.
func (r *Reader) Read(body []byte) tracker.Reading {
	b := edi.Builder{Reading: tracker.Reading{Carrier: Carrier, Format: Format}}
	list := parse(edi.Text(body, nil))
	sets := 0
	for i := range list {
		sets += r.interchange(&b, &list[i])
	}
	if sets == 0 {
		b.Faultf("", "no transaction set 214 was found; expected ISA, GS, ST*214 and so on, with any separators")
	}
	return b.Reading
}

// interchange reads the 214s of one interchange and counts them.
func (r *Reader) interchange(b *edi.Builder, x *interchange) (sets int) {
	for i := range x.groups {
		g := &x.groups[i]
		for j := range g.sets {
			if g.sets[j].header.at(1) == "214" {
				sets++
				r.set(b, g.release(), &g.sets[j])
			}
		}
		for _, code := range g.envelopeErrors() {
			b.Faultf("group "+g.header.at(6), "%s", map[string]string{
				groupNoTrailer: "the trailer GE is missing", groupControlMismatch: "GE02 is not the control number of GS06",
				groupCountOdds: "GE01 is not the number of transaction sets",
			}[code])
		}
	}
	where := "interchange " + x.header.at(13)
	switch {
	case x.trailer != nil && x.header != nil && x.trailer.at(2) != x.header.at(13):
		b.Faultf(where, "IEA02 is not the control number of ISA13")
	case x.trailer != nil && x.header != nil && !counts(x.trailer.at(1), len(x.groups)):
		b.Faultf(where, "IEA01 is not the number of functional groups")
	}
	if x.brokenOff {
		b.Faultf(where, "it breaks off")
	}
	return sets
}

// release is the version of the standard, "004010"; "" where it is not told.
func (g *group) release() string { return g.header.at(8) }
