package view

import (
	"slices"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"waybill/tracker"
	"waybill/tracker/words"
)

func progress(v *tracker.View) []Step {
	steps := []Step{}
	for m, at := range v.Reached {
		if at.Known() {
			steps = append(steps, Step{Milestone: tracker.Milestone(m).String(), At: at.String()})
		}
	}
	return steps
}

// window is what is shown of an estimate, by the clock of now: it names no place, since the recipient's is no stranger's affair.
func window(e *tracker.Estimate, w *words.Words, now time.Time) *Window {
	if e = e.Seen(now); e == nil {
		return nil
	}
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		zone = time.UTC
	}
	from, to, _ := e.Window()
	out := &Window{
		From: rfc3339(from.In(zone)), To: rfc3339(to.In(zone)), P10: rfc3339(e.P10.In(zone)), P50: rfc3339(e.P50.In(zone)),
		P90: rfc3339(e.P90.In(zone)), Zone: e.Zone, Source: e.Source, Confidence: e.Confidence, Reason: w.Why(e.Why, false), OnTime: e.OnTime,
	}
	if out.Reason == "" {
		out.Reason = e.Reason
	}
	if today, tomorrow, ok := e.Chances(zone, now); ok && e.Confidence != "" {
		out.Today, out.Tomorrow = &today, &tomorrow
	}
	return out
}

func promise(p tracker.Promise, zone *time.Location) *Window {
	w := &Window{To: rfc3339(p.To.In(zone))}
	if !p.From.IsZero() {
		w.From = rfc3339(p.From.In(zone))
	}
	return w
}

// shown are the windows that were shown, in the zone of the destination.
func shown(notes []tracker.EstimateNote, zone *time.Location) []Shown {
	var list []Shown
	for _, n := range notes {
		list = append(list, Shown{
			At: rfc3339(n.At.In(zone)), From: rfc3339(n.From.In(zone)), To: rfc3339(n.To.In(zone)), P50: rfc3339(n.P50.In(zone)),
			Wide: n.To.Sub(n.From) > tracker.WidestDays*24*time.Hour,
		})
	}
	return list
}

func rfc3339(t time.Time) string { return t.Truncate(time.Second).Format(time.RFC3339) }

// place leaves out the postal code, and hides what proves something from its text.
func place(l tracker.Location, hide func(string) string) *Place {
	p := Place{City: hide(townName(l.City)), State: l.State, Country: l.Country, Point: l.Point}
	if p.City == "" {
		p.Text = hide(l.Text)
	}
	if p == (Place{}) {
		return nil
	}
	return &p
}

// townName is a place's name as people write it: carriers' machines have capitals alone.
func townName(city string) string {
	letters := 0
	for _, r := range city {
		if unicode.IsLower(r) || unicode.IsDigit(r) {
			return city
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	if letters <= 3 { // "BER" is a code, no name
		return city
	}
	return cases.Title(language.Und).String(city)
}

// nameOf is how people call a carrier; our own fleet is called so in the visitor's language.
func nameOf(code string, carriers Carriers, w *words.Words) string {
	if code == tracker.FleetCarrier {
		return w.Say("page.own_fleet")
	}
	return carriers.Name(code)
}

func legs(t *tracker.Tracking, carriers Carriers, w *words.Words) []Leg {
	list := []Leg{}
	for i, c := range t.Carriages {
		// Our own number is a leg of every shipment; it is one for people only where something happened on it.
		if c.Carrier == tracker.FleetCarrier && len(t.Carriages) > 1 && len(c.Generation.Events) == 0 {
			continue
		}
		list = append(list, Leg{
			Carrier: c.Carrier, CarrierName: nameOf(c.Carrier, carriers, w), Number: c.Number,
			URL: carriers.TrackingURL(c.LegKey), Started: c.Started, Current: i == t.View.Leg,
		})
	}
	if len(list) > 0 && !slices.ContainsFunc(list, func(l Leg) bool { return l.Current }) {
		list[0].Current = true
	}
	return list
}

// events lists what happened, the newest first.
func events(t *tracker.Tracking, w *words.Words, hide func(string) string) []Event {
	list := []Event{}
	voided := map[string]bool{}
	for _, c := range t.Carriages {
		for i := range c.Generation.Events {
			voided[c.Generation.Events[i].Voids] = true
		}
	}
	shown := 0
	for _, c := range t.Carriages {
		empty := c.Carrier == tracker.FleetCarrier && len(t.Carriages) > 1 && len(c.Generation.Events) == 0
		for i := range c.Generation.Events {
			e := &c.Generation.Events[i]
			if e.Voids != "" || voided[e.ID()] || (e.Ref != "" && voided[e.Ref]) {
				continue
			}
			list = append(list, event(e, shown, w, hide))
		}
		if !empty {
			shown++
		}
	}
	if t.Order != nil {
		for i := range t.Order.Steps {
			step := &t.Order.Steps[i]
			list = append(list, event(&tracker.Event{
				Kind: "order." + string(step.Substatus), Time: step.At, Substatus: step.Substatus, Text: step.Note,
			}, -1, w, hide))
		}
	}
	slices.SortStableFunc(list, func(a, b Event) int { return b.Stamp.Instant().Compare(a.Stamp.Instant()) })
	return list
}

func event(e *tracker.Event, leg int, w *words.Words, hide func(string) string) Event {
	v := Event{
		ID: e.ID(), Time: e.Time.String(), LocalTime: e.Time.LocalText(), Zone: e.Time.Zone, ZoneSource: e.Time.Source.String(),
		Milestone: e.Milestone().String(), Substatus: string(e.Substatus), Status: w.Substatus(e.Substatus),
		Code: e.Code, Text: hide(e.Text), Location: place(e.Location, hide), Leg: leg, Stamp: e.Time,
	}
	if !e.Time.Known() {
		v.LocalTime = e.RawTime
	}
	return v
}
