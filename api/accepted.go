package api

import (
	"waybill/tracker"
)

// Accepted is the answer to scans that were taken in.
type Accepted struct {
	Receipt string `json:"receipt" doc:"Under this id the payload is kept." example:"019ab3c5d7e00000a1b2c3d4"`
	// Settled: the scans show already. Otherwise they do in a moment; nothing can be lost either way.
	Settled      bool          `json:"settled" doc:"Whether the scans show already; otherwise they do in a moment."`
	Shipments    int           `json:"shipments"`
	Events       int           `json:"events"`
	UnknownCodes []string      `json:"unknown_codes,omitempty" doc:"Codes of the carrier that are not known; their events are kept with their text."`
	Quarantined  string        `json:"quarantined,omitempty" doc:"Why nothing could be read; the payload is kept and a person looks at it."`
	Faults       []FaultReport `json:"faults,omitempty" doc:"Parts that could not be read; all else was."`
	Errors       []ErrorReport `json:"errors,omitempty" doc:"The carrier's own error answers in the payload."`
}

// FaultReport is a part of a payload that could not be read.
type FaultReport struct {
	Where string `json:"where"`
	What  string `json:"what"`
}

// ErrorReport is an error answer of a carrier.
type ErrorReport struct {
	Number string `json:"tracking_number,omitempty"`
	Code   string `json:"code,omitempty"`
	Text   string `json:"text,omitempty"`
}

// mostReported bounds the lists of an answer: a payload of ten thousand faults needs no answer of that size.
const mostReported = 50

func acceptedOf(o *tracker.Outcome) *Accepted {
	a := &Accepted{
		Receipt: o.Receipt, Settled: o.Settled, Shipments: o.Shipments, Events: o.Events,
		UnknownCodes: o.UnknownCodes[:min(len(o.UnknownCodes), mostReported)], Quarantined: o.Quarantine,
	}
	for _, f := range o.Faults[:min(len(o.Faults), mostReported)] {
		a.Faults = append(a.Faults, FaultReport{Where: f.Where, What: f.What})
	}
	for _, e := range o.Errors[:min(len(o.Errors), mostReported)] {
		a.Errors = append(a.Errors, ErrorReport{Number: e.Number, Code: e.Code, Text: e.Text})
	}
	return a
}

// carrierNames are the carriers with the in-house fleet among them, as pages name them.
type carrierNames struct{ Carriers }

// Name is how people call a carrier.
func (n carrierNames) Name(code string) string {
	if c := n.Carrier(code); c != nil {
		return c.Name
	}
	return code
}
