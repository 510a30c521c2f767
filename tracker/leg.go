package tracker

import "time"

// LegKey names a leg: one carrier and its number, normalised (capitals, no spaces).
// Parcels that travel by our own tracking ID (the in-house fleet, a seller's own milestones) have carrier "fleet".
type LegKey struct {
	Carrier string `cbor:"1,keyasint" json:"carrier"`
	Number  string `cbor:"2,keyasint" json:"number"`
}

// FleetCarrier is the carrier code of our own tracking IDs.
const FleetCarrier = "fleet"

// String is the key of the leg's row.
func (k LegKey) String() string { return k.Carrier + ":" + k.Number }

// Leg is one carriage by one carrier under one number; it belongs to nobody.
//
//	key    "<carrier>:<number>"
//	lists  "number:<number>"
//	due    at once while it has an effect
type Leg struct {
	LegKey `cbor:"1,keyasint"`
	// Events are all that receipts tell, sorted by time, merged by identity, at most MaxLegEvents.
	Events []Event `cbor:"2,keyasint,omitempty"`
	// Claims are the carrier's other statements, each with the moment it speaks for.
	Claims []Claims `cbor:"3,keyasint,omitempty"`
	// Receipts are the ids of the receipts it is made of, for replay and for "who said so".
	Receipts []string `cbor:"4,keyasint,omitempty"`
	// Followers are the shipments that follow it.
	Followers []Follower `cbor:"5,keyasint,omitempty"`
	// Partners are further carriages for the same parcel that payloads named.
	Partners []LegKey `cbor:"6,keyasint,omitempty"`
	// Sealed is the Personal that payloads told, sealed; nil where nothing was told.
	Sealed []byte `cbor:"7,keyasint,omitempty"`
	// Effect is what is still to be done about the latest change; nil when all is done.
	Effect *Effect `cbor:"8,keyasint,omitempty"`
	// Frozen legs take no more events: their personal data was erased.
	Frozen bool `cbor:"9,keyasint,omitempty"`
	// Estimate is the delivery estimate for the current generation, as last computed.
	Estimate *Estimate `cbor:"10,keyasint,omitempty"`
	// CreatedAt is when the first receipt or registration named it.
	CreatedAt time.Time `cbor:"11,keyasint"`
	// MappingVersion is the oldest mapping version among its readings, for replay.
	MappingVersion string `cbor:"12,keyasint,omitempty"`
	meta
}

// Follower is a shipment that follows a leg.
type Follower struct {
	Shipment string `cbor:"1,keyasint"`
	Tenant   string `cbor:"2,keyasint"`
	// Since is when it was registered: it chooses the generation where a number was reused.
	Since time.Time `cbor:"3,keyasint"`
}

// Claims are the facts of one reading, with the moment for which it speaks (its latest event) and its receipt:
// of two claims the later wins, whatever the order of arrival.
type Claims struct {
	AsOf      int64  `cbor:"1,keyasint"`
	Receipt   string `cbor:"2,keyasint"`
	Lifecycle string `cbor:"3,keyasint,omitempty"`
	Facts     Facts  `cbor:"4,keyasint"`
}

// Effect is the note on a leg that its followers must be told of a change.
type Effect struct {
	// Since is when the oldest change that is not yet told was committed.
	Since time.Time `cbor:"1,keyasint"`
	// ReceivedAt is when the receipt of that change came in, for measuring scan-to-message.
	ReceivedAt time.Time `cbor:"2,keyasint"`
	// Backfill marks history that was read in bulk (an import, a replay): views change, nobody is notified.
	Backfill bool `cbor:"4,keyasint,omitempty"`
}
