package adapters

import (
	"waybill/adapters/mapping"
	"waybill/tracker"
)

// Explanation tells how a payload was read.
type Explanation struct {
	Carrier string `json:"carrier"`
	Format  string `json:"format"`
	// Version names the mapping.
	Version string `json:"version"`
	// Facts are in the order in which they were read, each with the rule that gave it.
	Facts []mapping.TraceLine `json:"facts"`
	// Faults are what could not be read.
	Faults       []tracker.Fault `json:"faults,omitempty"`
	UnknownCodes []string        `json:"unknown_codes,omitempty"`
}

// Explain reads a payload and tells which rule of which mapping gave each fact. carrier "" recognises it.
func (r *Registry) Explain(carrier string, body []byte) Explanation {
	standard, ok := r.standards[carrier]
	if found, _, recognised := r.Recognise(body); !ok && carrier == "" && recognised {
		standard, ok = r.standards[found]
	}
	if ok { // its rules are those of the standard; what it says is all there is to explain
		reading := standard.Read(body)
		return Explanation{
			Carrier: reading.Carrier, Format: reading.Format, Version: r.Version(reading.Carrier),
			Faults: reading.Faults, UnknownCodes: reading.UnknownCodes,
		}
	}
	tree, done := r.tree()
	defer done()
	format, fault := r.current.Load().recognise(carrier, body, tree)
	if fault != nil {
		return Explanation{Carrier: carrier, Faults: []tracker.Fault{*fault}}
	}
	var trace mapping.Trace
	reading := format.Read(tree, &trace)
	return Explanation{
		Carrier: reading.Carrier, Format: reading.Format, Version: format.Carrier().Version(), Facts: trace.Lines,
		Faults: reading.Faults, UnknownCodes: reading.UnknownCodes,
	}
}
