package tracker

import "strconv"

// Event is one thing that happened to a parcel, as one carrier tells it: a scan, a notice, a correction.
// The events of a leg form a set: two tellings of one scan have the same ID and merge (see mergeEvents).
type Event struct {
	// Kind is the canonical kind of scan, the same in all of a carrier's channels ("departure", "OT").
	// A mapping states it where codes differ by channel; else it is the carrier's code.
	Kind string `cbor:"1,keyasint,omitempty"`
	// Time is when it happened, in the time of the place.
	Time Stamp `cbor:"2,keyasint,omitempty"`
	// Substatus is what it means in the status model; empty where the code is unknown.
	Substatus Substatus `cbor:"3,keyasint,omitempty"`
	// Code and Text are the carrier's own, kept as given (Text trimmed).
	Code string `cbor:"4,keyasint,omitempty"`
	Text string `cbor:"5,keyasint,omitempty"`
	// Location is the place of the event, as far as it is no person's address.
	Location Location `cbor:"6,keyasint,omitempty"`
	// Lifecycle is the carrier's own unique id of this carriage where it has one: it tells reused numbers apart.
	Lifecycle string `cbor:"7,keyasint,omitempty"`
	// Ref is the carrier's or device's own id of this event, by which a later correction names it.
	Ref string `cbor:"8,keyasint,omitempty"`
	// Voids is the Ref, or the ID, of the event that this one declares never to have happened.
	Voids string `cbor:"9,keyasint,omitempty"`
	// RawTime is the time as given where it could not be read, so that nothing is lost with a date like 30 February.
	RawTime string `cbor:"10,keyasint,omitempty"`
	// Receipt is the id of the earliest receipt that tells of the event.
	Receipt string `cbor:"11,keyasint,omitempty"`
	// Source is by which channel it came first.
	Source Source `cbor:"12,keyasint,omitempty"`
}

// Location is a place as the carrier names it, with the map point where one is known. No street, no name.
type Location struct {
	// Text is the place as the carrier writes it where it gives no parts ("BER-HUB", "Köln, DE").
	Text       string `cbor:"1,keyasint,omitempty" json:"text,omitempty"`
	City       string `cbor:"2,keyasint,omitempty" json:"city,omitempty"`
	State      string `cbor:"3,keyasint,omitempty" json:"state,omitempty"`
	PostalCode string `cbor:"4,keyasint,omitempty" json:"postal_code,omitempty"`
	// Country is ISO 3166-1 alpha-2 in capitals where it could be told, else as given.
	Country string `cbor:"5,keyasint,omitempty" json:"country,omitempty"`
	// Facility is the carrier's own code of the site.
	Facility string `cbor:"6,keyasint,omitempty" json:"facility,omitempty"`
	// Point is the place on the map, nil where unknown.
	Point *Point `cbor:"7,keyasint,omitempty" json:"point,omitempty"`
}

// Point is a position in degrees, WGS 84.
type Point struct {
	Lat float32 `cbor:"1,keyasint" json:"lat"`
	Lon float32 `cbor:"2,keyasint" json:"lon"`
}

// IsZero reports whether nothing is known of the place.
func (l Location) IsZero() bool { return l == Location{} }

// Milestone is the milestone that the event speaks of, NoMilestone where its code is unknown.
func (e *Event) Milestone() Milestone { return e.Substatus.Milestone() }

// ID is the event's identity within its leg: the kind and the local minute. A reworded description or a better
// location is the same event. An event whose time could not be read is told apart by the text of that time.
func (e *Event) ID() string {
	switch e.Time.Precision {
	case PrecisionNone:
		return e.Kind + "@?" + e.RawTime
	case PrecisionDay:
		return e.Kind + "@" + e.Time.Civil().Format(dayLayout)
	case PrecisionMinute, PrecisionSecond:
	}
	return e.Kind + "@" + strconv.FormatInt(floorDiv(e.Time.Local, 60), 36)
}

// floorDiv divides rounding down, so that minutes before 1970 do not fold onto those after it.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
