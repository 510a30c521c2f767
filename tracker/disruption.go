package tracker

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// DisruptionReason is why parcels will be late.
type DisruptionReason string

// The reasons an operator may give.
var disruptionReasons = []DisruptionReason{"storm", "flood", "snow", "strike", "outage", "road_closed", "customs", "peak", "other"}

// DisruptionReasons lists them.
func DisruptionReasons() []DisruptionReason { return slices.Clone(disruptionReasons) }

// Disruption is what an operator declares: that parcels in an area are late for a time.
//
//	key    its id
//	lists  "all"
//	due    when it begins, while its parcels are to be looked at, and when it ends
type Disruption struct {
	ID string `cbor:"1,keyasint"`
	// Countries are ISO 3166-1 codes; States and Postal narrow them down: a parcel is concerned where it comes from, is,
	// or goes to one of the countries and, if there are any, one of the states or postal codes with such a beginning.
	Countries []string `cbor:"2,keyasint,omitempty"`
	States    []string `cbor:"3,keyasint,omitempty"`
	Postal    []string `cbor:"4,keyasint,omitempty"`
	// Carriers are those concerned; none is all.
	Carriers []string         `cbor:"5,keyasint,omitempty"`
	Reason   DisruptionReason `cbor:"6,keyasint"`
	// Note is for people.
	Note string `cbor:"7,keyasint,omitempty"`
	// From and To are when it is in force; a zero To is until it is taken back.
	From time.Time `cbor:"8,keyasint"`
	To   time.Time `cbor:"9,keyasint,omitempty"`
	// ExtraHours is by how much the late ones among its parcels come later than they would.
	ExtraHours int       `cbor:"10,keyasint,omitempty"`
	CreatedAt  time.Time `cbor:"11,keyasint"`
	// By is the hint of the key that declared it.
	By string `cbor:"12,keyasint,omitempty"`
	// Told is what its parcels know of it: "" is nothing.
	Told DisruptionPhase `cbor:"13,keyasint,omitempty"`
	// Seen is how far its parcels have been looked at for the present change; nil when all are.
	Seen *Seen `cbor:"14,keyasint,omitempty"`

	meta
}

// DisruptionPhase is whether a disruption has begun or ended.
type DisruptionPhase string

// The phases.
const (
	DisruptionBegun DisruptionPhase = "begun"
	DisruptionEnded DisruptionPhase = "ended"
)

// Seen is how far the parcels of a disruption have been looked at for a phase: a place in the list of a country's.
type Seen struct {
	Phase DisruptionPhase `cbor:"1,keyasint"`
	List  int             `cbor:"2,keyasint,omitempty"`
	After *Cursor         `cbor:"3,keyasint,omitempty"`
}

// Check says what is wrong with a disruption, and the field.
func (d *Disruption) Check() (field string, err error) {
	switch {
	case len(d.Countries) == 0:
		return "countries", errors.New("name at least one country")
	case !slices.Contains(disruptionReasons, d.Reason):
		return "reason", fmt.Errorf("%q is none of %v", d.Reason, disruptionReasons)
	case !d.To.IsZero() && !d.To.After(d.From):
		return "to", errors.New("does not lie after from")
	}
	return "", nil
}

// InForce reports whether it is in force at a moment.
func (d *Disruption) InForce(now time.Time) bool {
	return !now.Before(d.From) && (d.To.IsZero() || now.Before(d.To))
}

// Covers reports whether a place lies in its area.
func (d *Disruption) Covers(place Location) bool {
	if !slices.Contains(d.Countries, place.Country) {
		return false
	}
	if len(d.States) == 0 && len(d.Postal) == 0 {
		return true
	}
	postal := strings.ToUpper(strings.ReplaceAll(place.PostalCode, " ", ""))
	return place.State != "" && slices.Contains(d.States, place.State) ||
		postal != "" && slices.ContainsFunc(d.Postal, func(head string) bool {
			// Of a destination only the beginning of its code stands in the clear: then all that share it are concerned.
			return strings.HasPrefix(postal, head) || len(postal) == areaLength && strings.HasPrefix(head, postal)
		})
}

// Concerns reports whether parcels of a carrier at any of some places are concerned.
func (d *Disruption) Concerns(carrier string, places ...Location) bool {
	if len(d.Carriers) > 0 && !slices.Contains(d.Carriers, carrier) {
		return false
	}
	return slices.ContainsFunc(places, d.Covers)
}

func (d *Disruption) place() place {
	p := place{table: Disruptions, key: d.ID, order: d.CreatedAt, lists: []string{ListAll}}
	switch {
	case d.Seen != nil || d.Told == "":
		p.due = dueAt(d.From)
	case d.Told == DisruptionBegun && !d.To.IsZero():
		p.due = dueAt(d.To)
	}
	return p
}
