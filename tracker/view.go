package tracker

import "time"

// View is what a shipment's legs, its order and the clock amount to: the answer to "where is my parcel".
type View struct {
	// Seq counts the changes of the view; webhooks carry it, so that a receiver can tell the order.
	Seq       int64     `cbor:"1,keyasint,omitempty" json:"seq"`
	Milestone Milestone `cbor:"2,keyasint" json:"milestone"`
	Substatus Substatus `cbor:"3,keyasint" json:"substatus"`
	// Since is when the milestone was reached for the current time.
	Since Stamp `cbor:"4,keyasint,omitempty" json:"since"`
	// Reached is when each milestone was first reached; unknown stamps for those that were not.
	Reached [MilestoneCount]Stamp `cbor:"5,keyasint" json:"-"`
	// Location is where the parcel was last seen, and At since when it is there.
	Location   Location `cbor:"6,keyasint,omitempty" json:"location,omitzero"`
	LocationAt Stamp    `cbor:"7,keyasint,omitempty" json:"location_at"`
	// Leg is the index of the leg that the parcel is on.
	Leg int `cbor:"8,keyasint,omitempty" json:"leg"`
	// LastEvent is the ID of the latest event that counts, LastText the carrier's words for it, LastAt its moment.
	LastEvent string `cbor:"9,keyasint,omitempty" json:"-"`
	LastText  string `cbor:"10,keyasint,omitempty" json:"last_text,omitempty"`
	LastAt    Stamp  `cbor:"11,keyasint,omitempty" json:"last_at"`
	// Attempts counts failed delivery attempts.
	Attempts int `cbor:"12,keyasint,omitempty" json:"attempts"`
	// Customs is "", "started", "held" or "cleared"; Papers are what is still wanted.
	Customs string   `cbor:"13,keyasint,omitempty" json:"customs,omitempty"`
	Papers  []string `cbor:"14,keyasint,omitempty" json:"papers,omitempty"`
	// Late: it will not, or did not, arrive by the promise (or by the carrier's first estimate). DelayReason is the
	// substatus that says why, where an event did.
	Late        bool      `cbor:"15,keyasint,omitempty" json:"late"`
	DelayReason Substatus `cbor:"16,keyasint,omitempty" json:"delay_reason,omitempty"`
	// Estimate is when it is expected; nil when nothing can be said or it has ended.
	Estimate *Estimate `cbor:"17,keyasint,omitempty" json:"estimate,omitempty"`
	// FirstEstimate is the first one made, kept for comparison.
	FirstEstimate *Estimate `cbor:"18,keyasint,omitempty" json:"first_estimate,omitempty"`
	// BackOrdered is the new date of a back-ordered order, while it waits.
	BackOrdered Stamp `cbor:"19,keyasint,omitempty" json:"back_ordered_until"`
	// NextLook is when time alone will change the view (late, silent, expired); zero for never.
	NextLook time.Time `cbor:"20,keyasint,omitempty" json:"-"`
	// Pickup is the pickup point where it waits.
	Pickup string `cbor:"21,keyasint,omitempty" json:"pickup,omitempty"`
	// PickupHours are its opening hours, in its own words.
	PickupHours string `cbor:"28,keyasint,omitempty" json:"pickup_hours,omitempty"`
	// CarrierService is the carrier's name of the service.
	CarrierService string `cbor:"22,keyasint,omitempty" json:"carrier_service,omitempty"`
	// Watch is what silence would mean, as it was worked out at the latest look; Concern what needs a person's eye.
	Watch   Watch   `cbor:"25,keyasint,omitempty" json:"-"`
	Concern Concern `cbor:"26,keyasint,omitempty" json:"concern,omitzero"`
	// AttemptAt is the latest failed delivery attempt.
	AttemptAt Stamp `cbor:"24,keyasint,omitempty" json:"attempt_at"`
	// Vehicle is where the van is while it is out for delivery.
	Vehicle *Point `cbor:"23,keyasint,omitempty" json:"vehicle,omitempty"`

	// Lane names the way it goes, see LaneOf; empty where its ends are unknown.
	Lane string `cbor:"27,keyasint,omitempty" json:"-"`

	// told is where it stands by its scans alone, before the clock judges; not stored.
	told *standing
}

// ShownStops is from how many stops away on it is said how many they are: farther off, much may still change.
const ShownStops = 10

// StopsAway is how many stops the vehicle still makes up to the door, that one included; 0 where that is not said.
func (v *View) StopsAway() int {
	if v.Estimate == nil || v.Milestone != OutForDelivery || v.Estimate.StopsAway > ShownStops {
		return 0
	}
	return v.Estimate.StopsAway
}
