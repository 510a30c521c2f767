package webhook

import (
	"slices"
	"time"

	"waybill/tracker"
)

// Input is a change of a shipment's view. The shipment's new view is in Tracking.
type Input struct {
	Tracking *tracker.Tracking
	// Before is the view that endpoints were last told of.
	Before tracker.View
	// First: nobody was told of the shipment yet.
	First bool
	// Backfill: the change is history read in bulk. Of it nothing is told but that the shipment was registered.
	Backfill bool
	Now      time.Time
}

const (
	// eventsKept is how many events of a shipment a change keeps.
	eventsKept = 25
	// longestText is how much of a carrier's words is told, in characters.
	longestText = 300
)

// Decide makes the record of a change, nil where there is nothing to tell. It is a function of its input alone.
func Decide(in Input) *tracker.WebhookChange {
	t := in.Tracking
	types := typesOf(&in.Before, &t.View, in.First)
	if in.Backfill {
		types = slices.DeleteFunc(types, func(name string) bool { return name != Registered })
	}
	if len(types) == 0 {
		return nil
	}
	c := StateOf(t, in.Now)
	c.Types, c.Events = types, c.Events[:min(len(c.Events), eventsKept)]
	return c
}

// CaseOf makes the record of a change of a case, with the shipment as it stands.
func CaseOf(t *tracker.Tracking, c *tracker.Case) *tracker.WebhookChange {
	change := aboutParcel(t, CaseUpdated, c.UpdatedAt)
	change.Case = &tracker.WebhookCase{
		ID: c.ID, Kind: c.Kind, State: c.State, Decision: c.Decision, Replacement: c.Replacement, Entries: len(c.Entries),
	}
	return change
}

// ReturnOf makes the record of one step of a return, with the outbound shipment as it stands.
func ReturnOf(t *tracker.Tracking, r *tracker.Return, step int) *tracker.WebhookChange {
	change := aboutParcel(t, ReturnPrefix+string(r.Steps[step].State), r.Steps[step].At)
	change.Back = &tracker.WebhookReturn{
		ID: r.ID, State: r.Steps[step].State, Shipment: r.Shipment, Items: r.Items, Method: r.Method, PaidBy: r.PaidBy, Steps: step + 1,
	}
	if r.Steps[step].State == tracker.ReturnReceived {
		change.Back.Received = r.Received
	}
	return change
}

// AlternativeOf makes the record of what is better than the chosen carrier.
func AlternativeOf(t *tracker.Tracking, a *tracker.Allocation, at time.Time) *tracker.WebhookChange {
	change := aboutParcel(t, Alternative, at)
	change.Alternative = &tracker.WebhookAlternative{Chosen: a.Chosen, Better: *a.Better, Tellings: a.Tellings}
	return change
}

// aboutParcel begins the record of what is not a change of the view.
func aboutParcel(t *tracker.Tracking, kind string, at time.Time) *tracker.WebhookChange {
	change := StateOf(t, at)
	change.Types, change.Events = []string{kind}, change.Events[:min(len(change.Events), eventsKept)]
	return change
}

// StateOf says a shipment as changes are told, with all its events.
func StateOf(t *tracker.Tracking, at time.Time) *tracker.WebhookChange {
	s := t.Shipment
	c := &tracker.WebhookChange{
		Tenant: s.Tenant, Shipment: s.ID, At: at.UTC(), Order: s.Order, Consignment: s.Consignment,
		Reference: s.Reference, Tags: s.Tags, Service: s.Service, Promise: s.Promise, View: t.View, Events: events(t),
		Return: s.Return, Test: s.Test, CreatedAt: s.CreatedAt,
	}
	for _, leg := range s.Legs {
		c.Legs = append(c.Legs, leg.LegKey)
	}
	return c
}

// events are the events of a shipment, the newest first: without those that were declared void, and without what
// only our own records need.
func events(t *tracker.Tracking) []tracker.WebhookEvent {
	var list []tracker.WebhookEvent
	add := func(e tracker.Event, leg int) {
		list = append(list, tracker.WebhookEvent{Leg: leg, Event: tracker.Event{
			Kind: e.Kind, Time: e.Time, Substatus: e.Substatus, Code: e.Code, Text: shortened(e.Text), Location: e.Location,
		}})
	}
	voided := map[string]bool{}
	for _, c := range t.Carriages {
		for i := range c.Generation.Events {
			voided[c.Generation.Events[i].Voids] = true
		}
	}
	for leg, c := range t.Carriages {
		for i := range c.Generation.Events {
			if e := &c.Generation.Events[i]; e.Voids == "" && !voided[e.ID()] && (e.Ref == "" || !voided[e.Ref]) {
				add(*e, leg)
			}
		}
	}
	if t.Order != nil {
		for _, step := range t.Order.Steps {
			add(tracker.Event{Kind: "order." + string(step.Substatus), Time: step.At, Substatus: step.Substatus, Text: step.Note}, -1)
		}
	}
	slices.SortStableFunc(list, func(a, b tracker.WebhookEvent) int { return b.Time.Instant().Compare(a.Time.Instant()) })
	return list
}

// shortened is the beginning of a text.
func shortened(text string) string {
	if runes := []rune(text); len(runes) > longestText {
		return string(runes[:longestText-1]) + "…"
	}
	return text
}
