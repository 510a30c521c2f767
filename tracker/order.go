package tracker

import "time"

// Order is what a customer bought from a seller in one go: the steps before any carrier has the parcel.
//
//	key    "<tenant>/<order number>"
//	lists  "tenant:<tenant>"
//	due    when its shipments are still to be told of a step
type Order struct {
	Tenant string `cbor:"1,keyasint"`
	Number string `cbor:"2,keyasint"`
	Items  []Item `cbor:"3,keyasint,omitempty"`
	// Steps are its events before the journey, in time order, each once by kind and moment.
	Steps     []OrderStep `cbor:"4,keyasint,omitempty"`
	CreatedAt time.Time   `cbor:"5,keyasint"`
	UpdatedAt time.Time   `cbor:"6,keyasint"`
	// Effect is set while the shipments of the order are still to be told of the latest step.
	Effect *Effect `cbor:"7,keyasint,omitempty"`

	meta
}

// OrderStep is one step of an order: confirmed, back-ordered, picked, packed, cancelled.
type OrderStep struct {
	Substatus Substatus `cbor:"1,keyasint"`
	At        Stamp     `cbor:"2,keyasint"`
	// Expected is the new date of a back-ordered order.
	Expected Stamp  `cbor:"3,keyasint,omitempty"`
	Note     string `cbor:"4,keyasint,omitempty"`
}
