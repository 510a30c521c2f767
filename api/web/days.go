package web

import (
	"slices"
	"time"

	"waybill/adapters/fleet"
	"waybill/api/view"
	"waybill/tracker"
	"waybill/tracker/words"
)

// DayOfEvents are the events of one day, the newest first.
type DayOfEvents struct {
	Name   string
	Events []EventLine
}

// EventLine is an event as the list shows it.
type EventLine struct {
	// Time is the time of the place; ISO is the same for machines.
	Time, ISO string
	// Said is what happened in the visitor's language, else the carrier's words; Words are the carrier's where they say
	// more.
	Said, Words string
	Place       string
	Carrier     string
	Tone        string
}

// daysOf groups events by the day on the spot.
func daysOf(v *view.Tracking, w *words.Words) []DayOfEvents {
	var days []DayOfEvents
	last, carrier := "\x00", ""
	for i := range v.Events {
		e := &v.Events[i]
		day := ""
		if e.Stamp.Known() {
			day = e.Stamp.Civil().Format(time.DateOnly)
		}
		if day != last {
			name := w.Say("page.undated")
			if day != "" {
				name = w.Day(e.Stamp.Civil())
			}
			days = append(days, DayOfEvents{Name: name})
			last = day
		}
		lines := &days[len(days)-1].Events
		line := lineOf(v, e, w)
		// Who had it is said where it changes.
		if line.Carrier == carrier {
			line.Carrier = ""
		} else {
			carrier = line.Carrier
		}
		*lines = append(*lines, line)
	}
	return days
}

func lineOf(v *view.Tracking, e *view.Event, w *words.Words) EventLine {
	line := EventLine{ISO: e.Time, Said: e.Status, Words: e.Text, Tone: "calm"}
	if e.Stamp.Precision >= tracker.PrecisionMinute {
		line.Time = w.Time(e.Stamp.Civil())
	}
	if line.Said == "" {
		line.Said, line.Words = e.Text, ""
	}
	if line.Said == "" {
		line.Said = e.Code
	}
	if line.Words == line.Said || saysNoMore(e) {
		line.Words = ""
	}
	if e.Location != nil {
		line.Place = joined(e.Location)
	}
	if e.Leg >= 0 && e.Leg < len(v.Legs) && len(v.Legs) > 1 {
		line.Carrier = v.Legs[e.Leg].CarrierName
	}
	switch e.Milestone {
	case "delivered":
		line.Tone = "good"
	case "exception", "attempt_failed", "returning", "returned", "cancelled":
		line.Tone = "bad"
	}
	return line
}

// saysNoMore reports whether the words are those that every scan of its kind by our own fleet has: the status says the
// same in the visitor's language.
func saysNoMore(e *view.Event) bool {
	return slices.ContainsFunc(fleet.Actions(), func(a fleet.Action) bool { return a.Name == e.Code && a.Text == e.Text })
}

// joined is a place in one line.
func joined(p *view.Place) string {
	text := p.Text
	for _, part := range []string{p.City, p.State, p.Country} {
		if part == "" {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += part
	}
	return text
}
