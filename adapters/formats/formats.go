// Package formats lists the industry's formats: standards that many carriers write, each read by a package below this
// folder in place of a mapping. Their descriptions and examples stand in adapters/carriers like any carrier's.
package formats

import (
	"waybill/adapters/formats/edifact"
	"waybill/adapters/formats/epcis"
	"waybill/adapters/formats/upu"
	"waybill/adapters/formats/x12"
	"waybill/tracker"
	"waybill/tracker/vocabulary"
)

// Format is one standard's message, with its reader.
type Format struct {
	// Carrier is the carrier code of accounts that bring it, Name its name in readings.
	Carrier, Name string
	// Syntax and Reads say how it is written and what is read of it, for the documentation.
	Syntax string
	Reads  []string
	// Version changes with whatever makes the same payload read otherwise.
	Version string
	Reader
}

// Reader reads payloads of one standard.
type Reader interface {
	// Recognise reports from the content whether a payload is of the standard. It may look at the beginning only.
	Recognise(body []byte) bool
	// Read reads a payload; what cannot be read becomes a fault.
	Read(body []byte) tracker.Reading
	// Codes lists the status codes that are known.
	Codes() []string
}

// All lists the formats, by carrier code.
func All() (map[string]Format, error) {
	words, err := vocabulary.Load()
	if err != nil {
		return nil, err
	}
	all := map[string]Format{}
	for _, f := range []Format{
		{
			Carrier: x12.Carrier, Name: x12.Format, Version: x12.Version, Syntax: "ANSI X12", Reader: x12.New(words),
			Reads: []string{"events", "place", "offset", "estimate", "window", "weight", "pieces", "origin", "destination", "signed by"},
		},
		{
			Carrier: edifact.Carrier, Name: edifact.Format, Version: edifact.Version, Syntax: "UN/EDIFACT", Reader: edifact.New(words),
			Reads: []string{
				"events", "place", "facility", "offset", "estimate", "window", "weight", "pieces", "origin", "destination", "signed by",
			},
		},
		{
			Carrier: epcis.Carrier, Name: epcis.Format, Version: epcis.Version, Syntax: "JSON-LD, XML", Reader: epcis.New(words),
			Reads: []string{"events", "place", "facility", "offset", "corrections"},
		},
		{
			Carrier: upu.Carrier, Name: upu.Format, Version: upu.Version, Syntax: "CSV, XML, EDIFACT", Reader: upu.New(words),
			Reads: []string{"events", "place", "facility", "offset", "signed by"},
		},
	} {
		all[f.Carrier] = f
	}
	return all, nil
}
