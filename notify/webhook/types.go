package webhook

import (
	"slices"

	"waybill/tracker"
)

// The types of events that are no milestones; those of milestones are "shipment.<milestone>".
const (
	Registered      = "shipment.registered"
	OrderUpdated    = "shipment.order_updated"
	Delayed         = "shipment.delayed"
	EstimateChanged = "shipment.estimate_changed"
	Customs         = "shipment.customs"
	Updated         = "shipment.updated"
	CaseUpdated     = "case.updated"
	Alternative     = "shipment.alternative"
	// ReturnPrefix begins the types of a return's states.
	ReturnPrefix = "return."
	// Test is sent when somebody asks for it, whatever an endpoint wants.
	Test = "webhook.test"
)

// Type is a type of event and when it is sent.
type Type struct{ Name, When string }

// Types lists the types that an endpoint can choose from.
func Types() []Type {
	list := []Type{
		{Registered, "a shipment was registered"},
		{OrderUpdated, "its order was confirmed, back-ordered, picked or packed"},
	}
	for m := tracker.InfoReceived; int(m) < tracker.MilestoneCount; m++ {
		list = append(list, Type{typeOf(m), "it reached the milestone " + m.String()})
	}
	return append(list,
		Type{Delayed, "it will not arrive by the promise, or fell silent"},
		Type{EstimateChanged, "it is expected at another time than before"},
		Type{Customs, "customs began, held or cleared it, or wants papers"},
		Type{Updated, "something else changed, as a scan at another place"},
		Type{CaseUpdated, "a customer's problem was reported, answered, decided or settled"},
		Type{Alternative, "the carrier that you allocated will be late, and another one would not: allocate anew before it is handed over"},
		Type{ReturnPrefix + string(tracker.ReturnRequested), "a customer wants to send something back: approve or refuse it"},
		Type{ReturnPrefix + string(tracker.ReturnApproved), "a return was approved, by your rules or by you"},
		Type{ReturnPrefix + string(tracker.ReturnRefused), "a return was refused"},
		Type{ReturnPrefix + string(tracker.ReturnWithdrawn), "a customer took the wish back"},
		Type{ReturnPrefix + string(tracker.ReturnReceived), "a return came back, with what was in it: refund and restock"},
	)
}

// IsType reports whether an endpoint can choose a type.
func IsType(name string) bool {
	return slices.ContainsFunc(Types(), func(t Type) bool { return t.Name == name })
}

func typeOf(m tracker.Milestone) string { return "shipment." + m.String() }

// typesOf says which events lie between two views of a shipment, the most telling first. first: nobody was told of the
// shipment yet.
func typesOf(before, after *tracker.View, first bool) []string {
	var types []string
	add := func(name string, holds bool) {
		if holds && !slices.Contains(types, name) {
			types = append(types, name)
		}
	}
	m := after.Milestone
	add(typeOf(m), m > tracker.Pending && m != before.Milestone)
	add(typeOf(m), m == tracker.Exception && after.Substatus != before.Substatus)
	add(typeOf(tracker.AttemptFailed), later(before.AttemptAt, after.AttemptAt))
	add(OrderUpdated, !first && m == tracker.Pending && after.Substatus != before.Substatus)
	add(OrderUpdated, after.BackOrdered.Known() && after.BackOrdered != before.BackOrdered)
	add(Customs, after.Customs != before.Customs || !slices.Equal(after.Papers, before.Papers))
	add(Delayed, after.Late && !before.Late)
	add(EstimateChanged, after.Estimate != nil && !sameWindow(before.Estimate, after.Estimate))
	add(Registered, first)
	add(Updated, len(types) == 0)
	return types
}

// later reports whether a moment is known, and after the one that was.
func later(was, is tracker.Stamp) bool {
	return is.Known() && (!was.Known() || is.Instant().After(was.Instant()))
}

func sameWindow(a, b *tracker.Estimate) bool {
	return a != nil && a.P10.Equal(b.P10) && a.P50.Equal(b.P50) && a.P90.Equal(b.P90)
}
