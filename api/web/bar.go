package web

import (
	"waybill/api/view"
	"waybill/tracker"
	"waybill/tracker/words"
)

// BarStep is a step of the milestone bar.
type BarStep struct {
	Name string
	// State is "done", "now" or "ahead"; Symbol names the icon.
	State  string
	Symbol string
	At     string
}

// bars are the ways that a parcel goes: the usual one, to a pickup point, and back.
var bars = struct{ usual, pickup, back []tracker.Milestone }{
	usual:  []tracker.Milestone{tracker.InfoReceived, tracker.InTransit, tracker.OutForDelivery, tracker.Delivered},
	pickup: []tracker.Milestone{tracker.InfoReceived, tracker.InTransit, tracker.AvailableForPickup, tracker.Delivered},
	back:   []tracker.Milestone{tracker.InfoReceived, tracker.InTransit, tracker.Returning, tracker.Returned},
}

// barOf makes the milestone bar.
func barOf(v *view.Tracking, w *words.Words) []BarStep {
	reached := map[string]string{}
	for _, step := range v.Progress {
		reached[step.Milestone] = step.At
	}
	way := bars.usual
	switch {
	case v.Milestone == "returning" || v.Milestone == "returned":
		way = bars.back
	case reached["available_for_pickup"] != "":
		way = bars.pickup
	}
	at := placeOnBar(way, v.Milestone, reached)
	steps := make([]BarStep, len(way))
	for i, m := range way {
		steps[i] = BarStep{Name: w.Milestone(m), State: "ahead", Symbol: m.String()}
		switch {
		case i < at || (i == at && i == len(way)-1):
			steps[i].State = "done"
		case i == at:
			steps[i].State = "now"
		}
		if stamp, err := tracker.ParseStamp(reached[m.String()]); err == nil && steps[i].State != "ahead" {
			steps[i].At = w.Day(stamp.Civil())
		}
	}
	return steps
}

// placeOnBar is the step that a parcel is at: of a state beside the way (a problem, a failed attempt), the furthest
// step that it had reached; -1 before the first.
func placeOnBar(way []tracker.Milestone, milestone string, reached map[string]string) int {
	at := -1
	for i, m := range way {
		if m.String() == milestone {
			return i
		}
		if reached[m.String()] != "" {
			at = i
		}
	}
	if milestone == tracker.AttemptFailed.String() {
		return 2
	}
	return at
}
