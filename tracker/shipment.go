package tracker

import "time"

// Shipment is one package of one seller.
//
//	key    its own tracking ID
//	lists  "tenant:<tenant>", "order:<tenant>/<order>", "consignment:<tenant>/<consignment>",
//	       "reference:<tenant>/<reference>", "milestone:<tenant>/<milestone>", "tag:<tenant>/<tag>";
//	       of carriers' legs "code:<tenant>/<number>" and "carrier:<tenant>/<carrier>";
//	       while it needs attention "attention:<tenant>" and "attention:<tenant>/<substatus>";
//	       while it is under way "open:<country>" of origin, place and destination, and "lane:<lane>"
//	terms  see SearchTerms
//	due    the earliest of its timers
type Shipment struct {
	ID     string `cbor:"1,keyasint"`
	Tenant string `cbor:"2,keyasint"`
	// Order is the seller's order number; Consignment groups pieces that travel together.
	Order       string `cbor:"3,keyasint,omitempty"`
	Consignment string `cbor:"4,keyasint,omitempty"`
	// Piece of Pieces: 1 of 3. Both 0 where it travels alone.
	Piece  int `cbor:"5,keyasint,omitempty"`
	Pieces int `cbor:"6,keyasint,omitempty"`
	// Reference is the seller's own word for the shipment.
	Reference string       `cbor:"7,keyasint,omitempty"`
	Items     []Item       `cbor:"8,keyasint,omitempty"`
	Service   ServiceLevel `cbor:"9,keyasint"`
	Promise   Promise      `cbor:"10,keyasint,omitempty"`
	// Legs are its carriages in order. The first is always its own ID by carrier "fleet".
	Legs []ShipmentLeg `cbor:"11,keyasint"`
	// Origin and Destination are places without street and name; the full address is in Sealed.
	Origin      Location `cbor:"12,keyasint,omitempty"`
	Destination Location `cbor:"13,keyasint,omitempty"`
	// Zone is the IANA zone of the destination, for quiet hours and for saying days.
	Zone string `cbor:"14,keyasint,omitempty"`
	// Locale is the recipient's language tag ("de", "pt-BR").
	Locale string `cbor:"15,keyasint,omitempty"`
	// Sealed is the Recipient under the data key DataKey; destroying that key erases the person.
	Sealed  []byte `cbor:"16,keyasint,omitempty"`
	DataKey string `cbor:"17,keyasint,omitempty"`
	// BlindTerms are the recipient's search terms (HMACs).
	BlindTerms []string `cbor:"18,keyasint,omitempty"`
	// PostalProof is the HMAC of the postal code, the proof that opens the full view on the tracking page.
	PostalProof []byte   `cbor:"19,keyasint,omitempty"`
	Tags        []string `cbor:"20,keyasint,omitempty"`
	// View is the shipment's state as its legs, its order and the clock make it.
	View View `cbor:"21,keyasint"`
	// Registered is false until every leg knows that the shipment follows it; the sweep completes it.
	Registered bool      `cbor:"22,keyasint,omitempty"`
	CreatedAt  time.Time `cbor:"23,keyasint"`
	UpdatedAt  time.Time `cbor:"24,keyasint"`
	// Return marks a parcel that travels back to the seller; Outbound is the shipment it came with.
	Return   bool   `cbor:"25,keyasint,omitempty"`
	Outbound string `cbor:"26,keyasint,omitempty"`
	// Learnt is set when its transit time was taken into the estimate.
	Learnt bool `cbor:"27,keyasint,omitempty"`
	// Test marks a shipment of the sandbox.
	Test bool `cbor:"28,keyasint,omitempty"`
	// Estimates are those that were shown, the first first; see Note.
	Estimates []EstimateNote `cbor:"29,keyasint,omitempty"`
	// Forecasts are the predictions that its outcome will be learnt against, in the form of package eta; nil once learnt.
	Forecasts []byte `cbor:"30,keyasint,omitempty"`
	// Area is the first two characters of the postal code it goes to: a region, no proof and no person.
	Area string `cbor:"31,keyasint,omitempty"`
	// Lesson is the outcome that Learnt speaks of.
	Lesson Lesson `cbor:"32,keyasint,omitempty"`

	meta
}

// ShipmentLeg is a leg's place in a shipment.
type ShipmentLeg struct {
	LegKey `cbor:"1,keyasint"`
	// Since is when the leg was added; it chooses the generation of a reused number.
	Since time.Time `cbor:"2,keyasint"`
	// Found is how we know of it: "registered", "guessed" (from the number alone), "answered" (the carrier knew the
	// number when it was asked), "payload" (a partner's number), "destination_post" (an S10 number).
	Found string `cbor:"3,keyasint,omitempty"`
}

// FoundByGuess marks a leg whose carrier nobody named: it is the likeliest for the form of the number.
const FoundByGuess = "guessed"

// Item is a line of what is in the package.
type Item struct {
	SKU      string `cbor:"1,keyasint,omitempty" json:"sku,omitempty"`
	Quantity int    `cbor:"2,keyasint" json:"quantity"`
	// Title is how the seller calls it towards the customer.
	Title string `cbor:"3,keyasint,omitempty" json:"title,omitempty"`
}

// Promise is when the seller promised delivery. Zero times say nothing.
type Promise struct {
	From time.Time `cbor:"1,keyasint,omitempty" json:"from,omitzero"`
	To   time.Time `cbor:"2,keyasint,omitempty" json:"to,omitzero"`
}

// Recipient is the person a shipment goes to; kept sealed.
type Recipient struct {
	Name  string `cbor:"1,keyasint,omitempty" json:"name,omitempty"`
	Email string `cbor:"2,keyasint,omitempty" json:"email,omitempty"`
	// Phone is in E.164 ("+4915112345678").
	Phone   string  `cbor:"3,keyasint,omitempty" json:"phone,omitempty"`
	Address Address `cbor:"4,keyasint,omitempty" json:"address,omitzero"`
}

// Address is a postal address.
type Address struct {
	Lines      []string `cbor:"1,keyasint,omitempty" json:"lines,omitempty" example:"[\"Hauptstraße 1\"]"`
	City       string   `cbor:"2,keyasint,omitempty" json:"city,omitempty" example:"Berlin"`
	State      string   `cbor:"3,keyasint,omitempty" json:"state,omitempty"`
	PostalCode string   `cbor:"4,keyasint,omitempty" json:"postal_code,omitempty" example:"10115"`
	// Country is ISO 3166-1 alpha-2.
	Country string `cbor:"5,keyasint,omitempty" json:"country,omitempty" example:"DE"`
}

// ServiceLevel is how fast the seller sold the delivery; promise, polling and queue priority follow from it.
type ServiceLevel string

// The service levels.
const (
	SameDay  ServiceLevel = "same_day"
	Express  ServiceLevel = "express"
	Standard ServiceLevel = "standard"
	Economy  ServiceLevel = "economy"
)
