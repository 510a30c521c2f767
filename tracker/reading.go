package tracker

// Reading is what an adapter makes of one receipt's bytes. It is a pure function of the receipt:
// no clock, no look-up outside the process.
type Reading struct {
	// Carrier and Format name the mapping that read it ("ups", "ups-track-v1").
	Carrier, Format string
	// Shipments are the carriages that the payload speaks of, in its order.
	Shipments []ReadShipment
	// Errors are the carrier's own error answers, as "number not found".
	Errors []ReadError
	// UnknownCodes are codes that the mapping does not know, each once.
	UnknownCodes []string
	// Faults are what could not be read: their parts were left out, all else was read. A payload of which
	// nothing could be read has faults and no shipments, and is quarantined.
	Faults []Fault
}

// ReadShipment is one carriage under one number, as a payload tells it.
type ReadShipment struct {
	// Number is the tracking number as the payload has it.
	Number string
	Events []Event
	// Facts are what the payload says beyond the events.
	Facts Facts
	// Partners are further carriages that the payload names: a partner's number for the same parcel.
	Partners []LegKey
	// Personal is what it says of persons; it is sealed beside the leg and never part of Facts.
	Personal Personal
}

// Facts are a carrier's statements about a carriage other than events. Zero values say nothing.
type Facts struct {
	// Estimate is the carrier's own delivery estimate.
	Estimate CarrierEstimate `cbor:"1,keyasint,omitempty"`
	// Service is the carrier's name of the service ("UPS Ground").
	Service string `cbor:"2,keyasint,omitempty"`
	// WeightGrams is the weight of the package.
	WeightGrams int64 `cbor:"3,keyasint,omitempty"`
	// Origin and Destination are places, without street and name.
	Origin      Location `cbor:"4,keyasint,omitempty"`
	Destination Location `cbor:"5,keyasint,omitempty"`
	// Pickup is the pickup point where the parcel waits or is bound for.
	Pickup string `cbor:"6,keyasint,omitempty"`
	// Pieces is how many packages travel under the shipment, 0 where unsaid.
	Pieces int `cbor:"7,keyasint,omitempty"`
	// Papers are documents that customs or the carrier still wants.
	Papers []string `cbor:"8,keyasint,omitempty"`
	// Position is where the vehicle is that carries it, to a kilometre, since nearer is the driver's own affair: of the
	// latest report only, and no part of its history.
	Position Position `cbor:"9,keyasint,omitempty"`
	// PickupHours are the opening hours of the pickup point, in its own words ("Mo–Sa 8–20").
	PickupHours string `cbor:"10,keyasint,omitempty"`
}

// Position is where a vehicle was at a moment.
type Position struct {
	Point Point `cbor:"1,keyasint"`
	At    Stamp `cbor:"2,keyasint"`
}

// CarrierEstimate is when a carrier expects to deliver: a day, a moment, or a window with both ends.
type CarrierEstimate struct {
	From Stamp `cbor:"1,keyasint,omitempty"`
	To   Stamp `cbor:"2,keyasint,omitempty"`
}

// Known reports whether there is an estimate.
func (e CarrierEstimate) Known() bool { return e.To.Known() }

// Personal is what a payload says of persons.
type Personal struct {
	// SignedBy is who received the parcel.
	SignedBy string `cbor:"1,keyasint,omitempty" json:"signed_by,omitempty"`
	// Place is where it was left, in the carrier's words ("front porch").
	Place string `cbor:"2,keyasint,omitempty" json:"place,omitempty"`
	// PhotoURL and SignatureURL are the carrier's own links, where it gives links.
	PhotoURL     string `cbor:"3,keyasint,omitempty" json:"photo_url,omitempty"`
	SignatureURL string `cbor:"4,keyasint,omitempty" json:"signature_url,omitempty"`
	// Address is the delivery address as the payload gives it.
	Address string `cbor:"5,keyasint,omitempty" json:"address,omitempty"`
	// PickupCode opens the locker or is asked for at the pickup point: whoever has it gets the parcel. PickupCodeAt is the
	// moment for which it was told, in Unix seconds: of two codes the later holds.
	PickupCode   string `cbor:"6,keyasint,omitempty" json:"pickup_code,omitempty"`
	PickupCodeAt int64  `cbor:"7,keyasint,omitempty" json:"-"`
}

// ReadError is a carrier's error answer.
type ReadError struct {
	// Number is the tracking number it concerns, empty where it concerns the whole request.
	Number string
	Code   string
	Text   string
}

// Fault is one thing in a payload that could not be read.
type Fault struct {
	// Where is the place in the payload ("shipments[2].events[0].date").
	Where string `json:"where"`
	// What says what was found and what was expected, without personal data.
	What string `json:"what"`
}

// Reader turns a receipt into a reading. Package adapters implements it.
// Read never fails: what cannot be read becomes a Fault.
type Reader interface {
	Read(receipt *Receipt) Reading
	// Version names the mapping in force for a carrier, so that replay knows what was read with an older one.
	Version(carrier string) string
}
