package tracker

import "fmt"

// Milestone is where a parcel stands, in the twelve steps every audience understands.
// The zero value means "this event says nothing about where the parcel stands", as with an unknown carrier code.
type Milestone uint8

// The twelve milestones, in the order of an undisturbed journey.
const (
	NoMilestone Milestone = iota
	Pending
	InfoReceived
	InTransit
	OutForDelivery
	AttemptFailed
	AvailableForPickup
	Delivered
	Exception
	Returning
	Returned
	Cancelled
	Expired
)

// MilestoneCount is the size of an array indexed by Milestone.
const MilestoneCount = int(Expired) + 1

var milestoneNames = [MilestoneCount]string{
	"", "pending", "info_received", "in_transit", "out_for_delivery", "attempt_failed", "available_for_pickup",
	"delivered", "exception", "returning", "returned", "cancelled", "expired",
}

// String is the name used in JSON, in mappings and in the documentation.
func (m Milestone) String() string {
	if int(m) >= MilestoneCount {
		return fmt.Sprintf("milestone(%d)", uint8(m))
	}
	return milestoneNames[m]
}

// Ended reports whether the journey is over, so that nothing more is expected to happen.
func (m Milestone) Ended() bool {
	return m == Delivered || m == Returned || m == Cancelled || m == Expired
}

// Physical reports whether somebody must have held the parcel for this milestone to be true.
func (m Milestone) Physical() bool {
	return m >= InTransit && m <= Returned
}

// ParseMilestone reads a name as String writes it.
func ParseMilestone(name string) (Milestone, error) {
	for i, n := range milestoneNames {
		if n == name && i > 0 {
			return Milestone(i), nil
		}
	}
	return NoMilestone, fmt.Errorf("milestone %q is not known; the milestones are %v", name, milestoneNames[1:])
}

// MarshalText writes the name, so that JSON and logs show words.
func (m Milestone) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads a name; the empty text is NoMilestone.
func (m *Milestone) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = NoMilestone
		return nil
	}
	parsed, err := ParseMilestone(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
