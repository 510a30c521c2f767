package tracker

import "time"

// PickupStay is one parcel's stay at a pickup point, from the reservation to its end.
//
//	key    its id
//	lists  "tenant:<tenant>"; "shipment:<id>" once a shipment is named
//	due    when its reservation or its time there ends, or at once while something of it is untold
type PickupStay struct {
	ID string `cbor:"1,keyasint"`
	// Tenant is the seller; Reference is the seller's word for what is bought.
	Tenant    string     `cbor:"2,keyasint"`
	Reference string     `cbor:"3,keyasint,omitempty"`
	Shipment  string     `cbor:"4,keyasint,omitempty"`
	Point     string     `cbor:"5,keyasint"`
	Size      PickupSize `cbor:"6,keyasint"`
	State     StayState  `cbor:"7,keyasint"`
	// Compartment is where it waits, in a locker.
	Compartment string `cbor:"8,keyasint,omitempty"`
	// Until is when the reservation ends, or when the parcel goes back.
	Until     time.Time `cbor:"9,keyasint,omitempty"`
	Extended  bool      `cbor:"10,keyasint,omitempty"`
	CreatedAt time.Time `cbor:"11,keyasint"`
	UpdatedAt time.Time `cbor:"12,keyasint"`
	// Before are the points from which it was redirected.
	Before []string `cbor:"13,keyasint,omitempty"`
	// Untold is the sealed scan that tells of its latest change, until it was taken in; UntoldAt when that is tried next.
	Untold   []byte    `cbor:"14,keyasint,omitempty"`
	UntoldAt time.Time `cbor:"15,keyasint,omitempty"`

	meta
}

// StayState is how far a stay is.
type StayState string

// The states. Overdue parcels are on their way back but still there.
const (
	StayReserved  StayState = "reserved"
	StayWaiting   StayState = "waiting"
	StayCollected StayState = "collected"
	StayOverdue   StayState = "overdue"
	StayTakenOut  StayState = "taken_out"
	StayReleased  StayState = "released"
)

// Over reports whether the stay takes up no place any more.
func (s *PickupStay) Over() bool {
	return s.State == StayCollected || s.State == StayTakenOut || s.State == StayReleased
}

func (s *PickupStay) place() place {
	p := place{table: PickupStays, key: s.ID, order: s.CreatedAt, lists: []string{ListOfTenant(s.Tenant)}}
	if s.Shipment != "" {
		p.lists = append(p.lists, ListOfShipment(s.Shipment))
	}
	switch {
	case len(s.Untold) > 0:
		p.due = dueAt(s.UntoldAt)
	case s.State == StayReserved, s.State == StayWaiting:
		p.due = dueAt(s.Until)
	}
	return p
}

// PickupBinding says which stay is a shipment's: a parcel waits at one place.
//
//	key    the shipment's ID
type PickupBinding struct {
	Shipment string    `cbor:"1,keyasint"`
	Stay     string    `cbor:"2,keyasint"`
	At       time.Time `cbor:"3,keyasint"`

	meta
}

func (b *PickupBinding) place() place {
	return place{table: PickupBindings, key: b.Shipment, order: b.At}
}
