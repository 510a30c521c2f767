// Package epcis reads GS1 EPCIS: documents, query documents, lists of events and single events of EPCIS 2.0 as JSON-LD,
// and documents of EPCIS 1.0 to 1.2 as XML.
//
// Objects are told by their EPCs, which are shipments here: those of an event's list, and of an aggregation its parent,
// whose contents travel with it. Quantities of a class, sensors and extensions are left alone.
package epcis

import (
	"bytes"

	"waybill/adapters/formats/internal/edi"
	"waybill/tracker"
	"waybill/tracker/vocabulary"
)

// The carrier code, the format's names in readings, and the reader's version, which changes with whatever makes the
// same document read otherwise.
const (
	Carrier   = "epcis"
	Format    = "epcis-2.0-jsonld"
	FormatXML = "epcis-1.2-xml"
	Version   = "epcis-2"
)

// Reader reads EPCIS. It is safe for concurrent use.
type Reader struct {
	steps, dispositions *vocabulary.Vocabulary
}

// New makes a reader with the Core Business Vocabulary's business steps and dispositions.
func New(words map[string]*vocabulary.Vocabulary) *Reader {
	return &Reader{steps: words["epcis_bizstep"], dispositions: words["epcis_disposition"]}
}

// Codes lists the business steps that are known.
func (r *Reader) Codes() []string { return r.steps.Codes() }

// Recognise reports whether a payload is EPCIS: by the name of its document, or by an event's type and time.
func (r *Reader) Recognise(body []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), " \r\n\t")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' && head[0] != '<' {
		return false
	}
	if bytes.Contains(head, []byte("EPCISDocument")) || bytes.Contains(head, []byte("EPCISQueryDocument")) {
		return true
	}
	if head[0] == '<' || !bytes.Contains(head, []byte(`"eventTime"`)) {
		return false
	}
	for _, kind := range []string{"Object", "Aggregation", "Transaction", "Transformation", "Association"} {
		if bytes.Contains(head, []byte(`"`+kind+`Event"`)) {
			return true
		}
	}
	return false
}

// Read reads a payload up to where it breaks off.
func (r *Reader) Read(body []byte) tracker.Reading {
	rd := reading{Reader: r, b: edi.Builder{Reading: tracker.Reading{Carrier: Carrier, Format: Format}}, at: map[string]int{}}
	body = bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), " \r\n\t")
	switch {
	case len(body) == 0:
		rd.b.Faultf("", "the payload is empty")
	case body[0] == '<':
		rd.b.Format = FormatXML
		rd.xml(body)
	default:
		rd.json(body)
	}
	return rd.b.Reading
}

// reading is one payload while it is read.
type reading struct {
	*Reader
	b edi.Builder
	// at is the place of each number's shipment.
	at map[string]int
}

func (r *reading) add(number string, e tracker.Event) {
	i, have := r.at[number]
	if !have {
		i = len(r.b.Shipments)
		r.at[number] = i
		r.b.Shipments = append(r.b.Shipments, tracker.ReadShipment{Number: number})
	}
	r.b.Shipments[i].Events = append(r.b.Shipments[i].Events, e)
}
