package tracker

import "time"

// Poll is when a carrier is asked about a leg, and what came of it last. It stands beside the leg, not in it: what a
// leg says follows from its receipts alone, and to be asked about changes nothing of it.
//
//	key  "<carrier>:<number>", the leg's
//	due  Next
type Poll struct {
	LegKey `cbor:"1,keyasint"`
	// Tenant is the seller whose own account is used, where it has one.
	Tenant string `cbor:"2,keyasint,omitempty"`
	// Service, Zone and Promise are the shipment's, for deciding when to ask.
	Service ServiceLevel `cbor:"3,keyasint,omitempty"`
	Zone    string       `cbor:"4,keyasint,omitempty"`
	Promise time.Time    `cbor:"5,keyasint,omitempty"`
	// Since is when the leg began to be followed.
	Since time.Time `cbor:"6,keyasint"`
	// Next is when the carrier is asked; zero is never again.
	Next time.Time `cbor:"7,keyasint,omitempty"`
	// Asked is when it was last asked, Answered when it last told of the parcel.
	Asked    time.Time `cbor:"8,keyasint,omitempty"`
	Answered time.Time `cbor:"9,keyasint,omitempty"`
	// Digest is of the last reply that was kept: an equal one is not kept again (rule 2).
	Digest []byte `cbor:"10,keyasint,omitempty"`
	// Failures counts the calls in a row that came to no reply, Trouble is of what kind the last was.
	Failures int    `cbor:"11,keyasint,omitempty"`
	Trouble  string `cbor:"12,keyasint,omitempty"`
	// Question is the shipment whose number may be this carrier's, where nobody named the carrier (rule 8).
	Question string `cbor:"13,keyasint,omitempty"`

	meta
}

func (p *Poll) place() place {
	return place{table: Polls, key: p.LegKey.String(), order: p.Since, due: dueAt(p.Next)}
}
