package tracker

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// PickupPoint is a place of our own where parcels wait to be collected. What is kept there, and what is to come, stands in
// this one row, so that two who want the last compartment cannot both have it.
//
//	key    its id, as the fleet calls it
//	lists  "all"; "cell:<y>/<x>", see ListOfCell; "trouble" while it is closed, locked or has something broken
//	due    when its reservations are to be looked at: it was closed, or something broke
type PickupPoint struct {
	ID      string     `cbor:"1,keyasint"`
	Kind    PickupKind `cbor:"2,keyasint"`
	Name    string     `cbor:"3,keyasint"`
	Address Address    `cbor:"4,keyasint,omitempty"`
	Point   Point      `cbor:"5,keyasint"`
	// Hours are when it is open, as customers are told.
	Hours string `cbor:"6,keyasint,omitempty"`
	// Compartments are a locker's; Capacity is how many parcels a counter takes.
	Compartments []Compartment `cbor:"7,keyasint,omitempty"`
	Capacity     int           `cbor:"8,keyasint,omitempty"`
	// KeepDays is how many days a parcel waits before it goes back.
	KeepDays int `cbor:"9,keyasint"`
	// Closed points take nothing new; what waits there can be collected.
	Closed bool `cbor:"10,keyasint,omitempty"`
	// Holds are the parcels that wait there or will.
	Holds []PickupHold `cbor:"11,keyasint,omitempty"`
	// Wrong counts the codes that were guessed wrong since WrongSince; while it is before LockedUntil no code is looked at.
	Wrong       int       `cbor:"12,keyasint,omitempty"`
	WrongSince  time.Time `cbor:"13,keyasint,omitempty"`
	LockedUntil time.Time `cbor:"14,keyasint,omitempty"`
	CreatedAt   time.Time `cbor:"15,keyasint"`
	UpdatedAt   time.Time `cbor:"16,keyasint"`
	// NextLook is when its reservations are to be looked at; zero for never.
	NextLook time.Time `cbor:"17,keyasint,omitempty"`

	meta
}

// PickupKind is what kind of place it is.
type PickupKind string

// The kinds: a locker opens by itself, at a counter somebody hands the parcel out.
const (
	PickupLocker  PickupKind = "locker"
	PickupCounter PickupKind = "counter"
)

// PickupSize is the size of a compartment, and of what fits into it.
type PickupSize string

// PickupSizes lists the sizes, the smallest first.
func PickupSizes() []PickupSize { return []PickupSize{"S", "M", "L", "XL"} }

// Rank is the size's place among all, -1 for none of them.
func (s PickupSize) Rank() int { return slices.Index(PickupSizes(), s) }

// Compartment is one door of a locker.
type Compartment struct {
	ID     string     `cbor:"1,keyasint"`
	Size   PickupSize `cbor:"2,keyasint"`
	Broken bool       `cbor:"3,keyasint,omitempty"`
}

// PickupHold is a place that is taken: by a parcel that is to come, or by one that is there.
type PickupHold struct {
	// Stay is the id of the PickupStay.
	Stay string     `cbor:"1,keyasint"`
	Size PickupSize `cbor:"2,keyasint"`
	// Until is when the place is free again by itself; zero once the parcel is there.
	Until time.Time `cbor:"3,keyasint,omitempty"`
	// There: the parcel is there, in a locker in the Compartment.
	There       bool   `cbor:"4,keyasint,omitempty"`
	Compartment string `cbor:"5,keyasint,omitempty"`
	// Code is the keyed hash of the code that opens it; empty when none does.
	Code string `cbor:"6,keyasint,omitempty"`
}

// ListTrouble is the pickup points that need a person.
const ListTrouble = "trouble"

// cellDegrees is the size of the squares by which points are found: 28 km from north to south.
const cellDegrees = 0.25

// ListOfCell is the pickup points in a square of the map.
func ListOfCell(y, x int) string {
	const around = 360 / cellDegrees
	x = ((x % around) + around) % around
	return fmt.Sprintf("cell:%d/%d", y, x)
}

// CellOf is the square of a place.
func CellOf(p Point) (y, x int) {
	return int(math.Floor((float64(p.Lat) + 90) / cellDegrees)), int(math.Floor((float64(p.Lon) + 180) / cellDegrees))
}

// CellsWithin is how many squares one has to go up or down, and left or right, to see all that is so near.
func CellsWithin(p Point, metres float64) (dy, dx int) {
	const perDegree, leastCos = 111_000, 0.05
	cos := max(math.Cos(float64(p.Lat)*math.Pi/180), leastCos)
	return int(math.Ceil(metres / perDegree / cellDegrees)), int(math.Ceil(metres / (perDegree * cos) / cellDegrees))
}

func (p *PickupPoint) place() place {
	lists := []string{ListAll, ListOfCell(CellOf(p.Point))}
	broken := func(c Compartment) bool { return c.Broken }
	if p.Closed || !p.LockedUntil.IsZero() || slices.ContainsFunc(p.Compartments, broken) {
		lists = append(lists, ListTrouble)
	}
	return place{table: PickupPoints, key: p.ID, order: p.CreatedAt, lists: lists, due: dueAt(p.NextLook)}
}
