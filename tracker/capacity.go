package tracker

import "time"

// Capacity is how many parcels a carrier takes from a seller a day at a place, and how many of it are given out.
//
//	key    "<tenant>/<carrier>/<facility>"
//	lists  "tenant:<tenant>"
type Capacity struct {
	Tenant  string `cbor:"1,keyasint"`
	Carrier string `cbor:"2,keyasint"`
	// Facility is the seller's or the fleet's code of the place; empty for all of the carrier.
	Facility string `cbor:"3,keyasint,omitempty"`
	PerDay   int    `cbor:"4,keyasint"`
	// Taken is how many were given out, by day ("2026-11-23"); days that are over are left out.
	Taken     map[string]int `cbor:"5,keyasint,omitempty"`
	CreatedAt time.Time      `cbor:"6,keyasint"`

	meta
}

// CapacityKey is the key of a carrier's capacity.
func CapacityKey(tenant, carrier, facility string) string {
	return tenant + "/" + carrier + "/" + facility
}

// Left is how many more parcels can be given out on a day.
func (c *Capacity) Left(day string) int { return max(0, c.PerDay-c.Taken[day]) }

func (c *Capacity) place() place {
	return place{
		table: Capacities, key: CapacityKey(c.Tenant, c.Carrier, c.Facility), order: c.CreatedAt, lists: []string{ListOfTenant(c.Tenant)},
	}
}
