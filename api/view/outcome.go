package view

import (
	"time"

	"waybill/tracker"
)

// ClosesAt is when a parcel's public view shrinks to the outcome: openFor after its journey ended. Zero while it goes on, and
// where openFor is 0, which is never.
func ClosesAt(v *tracker.View, openFor time.Duration) time.Time {
	if openFor == 0 || !v.Milestone.Ended() || !v.Since.Known() {
		return time.Time{}
	}
	return v.Since.Instant().Add(openFor)
}

// Outcome is what is left of a public view once it has closed: what became of the parcel, and when.
func (v *Tracking) Outcome() *Tracking {
	return &Tracking{
		Number: v.Number, Carrier: v.Carrier, CarrierName: v.CarrierName, Milestone: v.Milestone, Substatus: v.Substatus,
		Status: v.Status, Headline: v.Headline, Language: v.Language, Since: v.Since, Closed: true,
		Progress: []Step{}, Legs: []Leg{}, Events: []Event{},
	}
}
