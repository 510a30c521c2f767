package tracker

import "fmt"

// Substatus says in the field's words what exactly happened within a milestone.
// Its zero value goes with NoMilestone; every milestone has a plain substatus for "no more is known".
type Substatus string

// status ties a substatus to its milestone. Detail ranks how much it tells beyond the plain one,
// so that two readings of one scan agree on the more telling (see mergeEvents).
type status struct {
	Substatus Substatus
	Milestone Milestone
	Detail    uint8
}

// statuses is the status model: every substatus, once. Carriers' mappings may use these names and no others.
var statuses = []status{
	{"awaiting_information", Pending, 0},
	{"order_confirmed", Pending, 1},
	{"back_ordered", Pending, 2},
	{"picked", Pending, 2},
	{"packed", Pending, 2},

	{"information_received", InfoReceived, 0},
	{"label_created", InfoReceived, 1},
	{"pickup_scheduled", InfoReceived, 2},
	{"pickup_failed", InfoReceived, 2},
	{"ready_for_carrier", InfoReceived, 2},

	{"on_the_way", InTransit, 0},
	{"picked_up", InTransit, 1},
	{"accepted", InTransit, 1},
	{"arrived_at_facility", InTransit, 1},
	{"departed_facility", InTransit, 1},
	{"processed_at_facility", InTransit, 1},
	{"arrived_at_delivery_facility", InTransit, 2},
	{"arrived_in_destination_country", InTransit, 2},
	{"departed_origin_country", InTransit, 2},
	{"customs_started", InTransit, 2},
	{"customs_cleared", InTransit, 2},
	{"handed_to_partner", InTransit, 2},
	{"received_from_partner", InTransit, 2},
	{"redirected", InTransit, 2},
	{"delivery_scheduled", InTransit, 2},
	{"recipient_contacted", InTransit, 2},
	{"in_transit_to_pickup_point", InTransit, 2},
	{"problem_resolved", InTransit, 2},

	{"out_for_delivery", OutForDelivery, 0},
	{"loaded_on_vehicle", OutForDelivery, 1},
	{"arriving_soon", OutForDelivery, 2},

	{"attempt_failed", AttemptFailed, 0},
	{"recipient_unavailable", AttemptFailed, 1},
	{"business_closed", AttemptFailed, 1},
	{"access_restricted", AttemptFailed, 1},
	{"payment_not_ready", AttemptFailed, 1},
	{"identity_not_verified", AttemptFailed, 1},
	{"not_enough_time", AttemptFailed, 1},
	{"delivery_rescheduled", AttemptFailed, 1},

	{"available_for_pickup", AvailableForPickup, 0},
	{"at_pickup_point", AvailableForPickup, 1},
	{"in_locker", AvailableForPickup, 2},
	{"pickup_reminder", AvailableForPickup, 1},

	{"delivered", Delivered, 0},
	{"delivered_to_recipient", Delivered, 1},
	{"delivered_signed", Delivered, 2},
	{"delivered_to_neighbour", Delivered, 2},
	{"delivered_to_safe_place", Delivered, 2},
	{"delivered_to_mailbox", Delivered, 2},
	{"delivered_to_reception", Delivered, 2},
	{"delivered_payment_collected", Delivered, 2},
	{"collected_by_recipient", Delivered, 2},

	{"exception", Exception, 0},
	{"delayed", Exception, 1},
	{"delayed_by_weather", Exception, 2},
	{"delayed_by_customs", Exception, 2},
	{"delayed_by_carrier", Exception, 2},
	{"delayed_by_external_cause", Exception, 2},
	{"held", Exception, 1},
	{"held_at_customs", Exception, 2},
	{"held_for_payment", Exception, 2},
	{"customs_needs_information", Exception, 3},
	{"documents_missing", Exception, 2},
	{"incorrect_address", Exception, 2},
	{"recipient_moved", Exception, 2},
	{"refused", Exception, 2},
	{"undeliverable", Exception, 1},
	{"missorted", Exception, 2},
	{"misrouted", Exception, 2},
	{"damaged", Exception, 2},
	{"lost", Exception, 2},
	{"probably_lost", Exception, 1},
	{"stuck", Exception, 1},
	{"stolen", Exception, 2},
	{"security_check", Exception, 2},
	{"pickup_missed", Exception, 2},
	{"rejected_by_carrier", Exception, 2},
	{"disposed", Exception, 2},

	{"returning", Returning, 0},
	{"return_requested", Returning, 1},

	{"returned", Returned, 0},
	{"return_received", Returned, 1},

	{"cancelled", Cancelled, 0},
	{"label_voided", Cancelled, 1},

	{"expired", Expired, 0},
}

// statusIndex finds a substatus' place in statuses; plainSubstatus the substatus a bare milestone stands for.
var statusIndex, plainSubstatus = func() (map[Substatus]int, [MilestoneCount]Substatus) {
	index := make(map[Substatus]int, len(statuses))
	var plain [MilestoneCount]Substatus
	for i, s := range statuses {
		index[s.Substatus] = i
		if s.Detail == 0 {
			plain[s.Milestone] = s.Substatus
		}
	}
	return index, plain
}()

// Milestone is the milestone that the substatus belongs to, NoMilestone for an unknown or empty one.
func (s Substatus) Milestone() Milestone {
	if i, ok := statusIndex[s]; ok {
		return statuses[i].Milestone
	}
	return NoMilestone
}

// Plain is the substatus that says no more than the milestone itself, as "on_the_way" for in_transit.
func (m Milestone) Plain() Substatus {
	if int(m) >= MilestoneCount {
		return ""
	}
	return plainSubstatus[m]
}

// ParseStatus reads what mappings write: a substatus ("customs_cleared") or a milestone ("in_transit"),
// which stands for its plain substatus.
func ParseStatus(name string) (Milestone, Substatus, error) {
	if m := Substatus(name).Milestone(); m != NoMilestone {
		return m, Substatus(name), nil
	}
	if m, err := ParseMilestone(name); err == nil {
		return m, m.Plain(), nil
	}
	return NoMilestone, "", fmt.Errorf("status %q is neither a substatus nor a milestone of the status model", name)
}

// Substatuses lists the status model in order, for documentation and for checking tables against it.
func Substatuses() []Substatus {
	list := make([]Substatus, len(statuses))
	for i, s := range statuses {
		list[i] = s.Substatus
	}
	return list
}
