package tracker

import "time"

// Allocation is who was chosen to carry a parcel that is not handed over yet, so that it can be asked again.
//
//	key    the shipment's ID
//	lists  "tenant:<tenant>"
//	due    when it is asked again whether somebody else would keep the promise
type Allocation struct {
	Shipment string `cbor:"1,keyasint"`
	Tenant   string `cbor:"2,keyasint"`
	// Plan are the options as they were asked for, in the form of package allocate.
	Plan []byte `cbor:"3,keyasint"`
	// Chosen is the option that was taken.
	Chosen Choice `cbor:"4,keyasint"`
	// Better is what was told to be better, nil for nothing yet; Tellings counts what was told.
	Better    *Choice   `cbor:"5,keyasint,omitempty"`
	Tellings  int       `cbor:"6,keyasint,omitempty"`
	CreatedAt time.Time `cbor:"7,keyasint"`
	// NextLook is zero once the parcel was handed over.
	NextLook time.Time `cbor:"8,keyasint,omitempty"`

	meta
}

// Choice is an option to have a parcel carried, and how likely it keeps the promise.
type Choice struct {
	Carrier  string  `cbor:"1,keyasint" json:"carrier" example:"ups"`
	Service  string  `cbor:"2,keyasint,omitempty" json:"service,omitempty"`
	Facility string  `cbor:"3,keyasint,omitempty" json:"facility,omitempty"`
	Chance   float64 `cbor:"4,keyasint" json:"chance" doc:"Of the promise, from 0 to 1." example:"0.93"`
}

// Same reports whether two choices are the same option.
func (c Choice) Same(d Choice) bool {
	return c.Carrier == d.Carrier && c.Service == d.Service && c.Facility == d.Facility
}

func (a *Allocation) place() place {
	return place{
		table: Allocations, key: a.Shipment, order: a.CreatedAt, lists: []string{ListOfTenant(a.Tenant)}, due: dueAt(a.NextLook),
	}
}
