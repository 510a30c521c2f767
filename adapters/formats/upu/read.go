// Package upu reads EMSEVT, the item events that posts exchange by the standards of the Universal Postal Union.
//
// The standard (M40) is not public; its events are, as are the fields that a post passes on: the item's S10 identifier,
// the event's code, its local time, the office, and with some events a reason and an action. Read are the forms in which
// posts and their software hand these on: tables (CSV with any separator, with the names of the columns in the first line), XML
// whose elements or attributes bear such names, and messages EMSEVT in EDIFACT syntax with IFTSTA's segments.
package upu

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"waybill/adapters/formats/edifact"
	"waybill/adapters/formats/internal/edi"
	"waybill/adapters/mapping"
	"waybill/tracker"
	"waybill/tracker/vocabulary"
)

// The carrier code, the format's name in readings, and the reader's version, which changes with whatever makes the
// same payload read otherwise.
const (
	Carrier = "upu_emsevt"
	Format  = "upu-emsevt"
	Version = "upu-1"
)

// Reader reads EMSEVT. It is safe for concurrent use.
type Reader struct {
	events  *vocabulary.Vocabulary
	edifact *edifact.Reader
}

// New makes a reader with the UPU's list of events.
func New(words map[string]*vocabulary.Vocabulary) *Reader {
	events := words["upu_emsevt"]
	return &Reader{events: events, edifact: edifact.NewOf(Carrier, Format, "EMSEVT", events)}
}

// Codes lists the events that are known.
func (r *Reader) Codes() []string { return r.events.Codes() }

// item is the form of an S10 identifier, code that of an event.
var (
	item = regexp.MustCompile(`\b[A-Z]{2}[0-9]{9}[A-Z]{2}\b`)
	code = regexp.MustCompile(`\bE[MDX][A-Z]\b`)
)

// recognised is how much of a payload is looked at.
const recognised = 16 << 10

// Recognise reports whether a payload is EMSEVT: a message of that name, or a table or XML with an S10 identifier and an event's code.
func (r *Reader) Recognise(body []byte) bool {
	if r.edifact.Recognise(body) {
		return true
	}
	head := bytes.TrimLeft(body[:min(len(body), recognised)], "\xef\xbb\xbf \r\n\t")
	if len(head) == 0 || head[0] == '{' || head[0] == '[' || !code.Match(head) || !item.Match(head) {
		return false
	}
	if head[0] == '<' {
		return bytes.Contains(head, []byte("EMSEVT")) || bytes.Contains(head, []byte("emsevt"))
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return header(edi.Text(line, nil)) != nil
}

// Read reads a payload up to where it breaks off.
func (r *Reader) Read(body []byte) tracker.Reading {
	b := edi.Builder{Reading: tracker.Reading{Carrier: Carrier, Format: Format}}
	text := strings.TrimLeft(edi.Text(body, nil), " \r\n\t\x00")
	switch {
	case text == "":
		b.Faultf("", "the payload is empty")
	case strings.HasPrefix(text, "UN"):
		return r.edifact.Read(body)
	case text[0] == '<':
		r.xml(&b, text)
	default:
		r.table(&b, text)
	}
	return b.Reading
}

// event adds what a record tells.
func (r *Reader) event(b *edi.Builder, where string, rec record) {
	number := edi.Number(strings.ReplaceAll(rec[itemField], " ", ""))
	happened := strings.ToUpper(rec[eventField])
	if number == "" || happened == "" {
		b.Faultf(where, "an event needs the item's identifier and its own code")
		return
	}
	substatus, known := r.events.Read(happened)
	if !known {
		b.Unknown(happened)
	}
	e := tracker.Event{Kind: happened, Code: happened, Text: rec[textField], Substatus: substatus, Location: rec.place()}
	for _, detail := range []string{rec[reasonField], rec[actionField]} {
		if detail != "" {
			e.Code += "/" + detail
		}
	}
	zone := mapping.Locate(&e.Location)
	var ok bool
	if e.Time, ok = rec.time(); !ok {
		e.RawTime = strings.TrimSpace(rec[dateField] + " " + rec[timeField])
		b.Faultf(where, "the time is missing or cannot be read; expected 2026-11-23T14:05:00, with or without its offset")
	}
	mapping.GiveZone(&e.Time, zone, tracker.ZoneFromLocation)
	i := slices.IndexFunc(b.Shipments, func(s tracker.ReadShipment) bool { return s.Number == number })
	if i < 0 {
		i = len(b.Shipments)
		b.Shipments = append(b.Shipments, tracker.ReadShipment{Number: number})
	}
	s := &b.Shipments[i]
	s.Events = append(s.Events, e)
	if signed := rec[signedField]; signed != "" {
		s.Personal.SignedBy = signed
	}
}
