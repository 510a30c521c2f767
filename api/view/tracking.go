// Package view makes what people and programs see of a parcel out of what the domain knows: the public view, which
// holds nothing personal, the details that a proof opens, and the seller's view.
package view

import (
	"slices"
	"time"

	"waybill/tracker"
	"waybill/tracker/words"
)

// Tracking is the public view: what anybody may see who knows the number. Times are RFC 3339 where the offset of the
// place is known, else the local time without one.
type Tracking struct {
	Number string `json:"number" example:"1Z999AA10123456784"`
	// Carrier is who has the parcel, or had it last.
	Carrier     string `json:"carrier,omitempty" doc:"Code of the carrier that has the parcel." example:"ups"`
	CarrierName string `json:"carrier_name,omitempty" example:"UPS"`
	Milestone   string `json:"milestone" doc:"One of the twelve milestones." example:"in_transit"`
	Substatus   string `json:"substatus" doc:"What exactly happened, in the words of the status model." example:"departed_facility"`
	// Status and Headline are in Language.
	Status   string `json:"status" doc:"The substatus in the visitor's language." example:"Left the facility"`
	Headline string `json:"headline" doc:"The one sentence that says where it is and when it comes." example:"Arriving today by 20:00"`
	Language string `json:"language" example:"en"`
	Since    string `json:"since,omitempty" doc:"When the milestone was reached."`
	Closed   bool   `json:"closed,omitempty" doc:"It ended so long ago that the outcome alone is shown, also to its recipient."`
	// Progress are the milestones that were reached, with when they first were.
	Progress []Step  `json:"progress"`
	Estimate *Window `json:"estimate,omitempty"`
	// Promise is when the seller promised delivery.
	Promise *Window `json:"promise,omitempty"`
	// FirstEstimate and Estimates are what was shown before, to compare with the promise, the estimate and what came.
	FirstEstimate *Shown  `json:"first_estimate,omitempty" doc:"What was expected at first, to compare with promise and estimate."`
	Estimates     []Shown `json:"estimates,omitempty" doc:"Windows that were shown, the first first, at most 12."`
	Late          bool    `json:"late"`
	DelayReason   string  `json:"delay_reason,omitempty" doc:"The substatus that says why it is late."`
	BackOrdered   string  `json:"back_ordered_until,omitempty"`
	Location      *Place  `json:"location,omitempty" doc:"Where it was last seen."`
	LocationAt    string  `json:"location_at,omitempty" doc:"Since when it is there."`
	// Vehicle is where the van is on its round, to a kilometre.
	Vehicle *tracker.Point `json:"vehicle,omitempty" doc:"Where the van is while it is out for delivery, to a kilometre."`
	// StopsAway is said from ten stops away on.
	StopsAway int    `json:"stops_away,omitempty" doc:"How many stops the van still makes up to the door, that one included; from ten on."`
	Attempts  int    `json:"attempts" doc:"Failed delivery attempts."`
	Pickup    string `json:"pickup,omitempty" doc:"The pickup point where it waits."`
	// PickupHours are its opening hours.
	PickupHours string   `json:"pickup_hours,omitempty" doc:"Its opening hours, in its own words."`
	Service     string   `json:"service,omitempty" doc:"The carrier's name of the service."`
	Customs     *Customs `json:"customs,omitempty"`
	Feed        *Feed    `json:"feed,omitempty" doc:"Set while nothing can be learnt from the carrier: the state may be old."`
	Legs        []Leg    `json:"legs" doc:"The carriages in their order, each by one carrier."`
	Events      []Event  `json:"events" doc:"What happened, the newest first."`
	// Candidates are set, and nothing else is, where the number fits several carriers.
	Candidates []Candidate `json:"candidates,omitempty" doc:"Set where the number fits several carriers: choose one with ?carrier=."`
	Details    *Details    `json:"details,omitempty" doc:"For who has proved to be the recipient."`
}

// Step is a milestone and when it was first reached.
type Step struct {
	Milestone string `json:"milestone"`
	At        string `json:"at"`
}

// Window is a span of time in which something is expected.
type Window struct {
	From   string `json:"from,omitempty"`
	To     string `json:"to"`
	Zone   string `json:"zone,omitempty" doc:"IANA zone of the destination, for saying days."`
	Source string `json:"source,omitempty" doc:"model, carrier or blend."`
	// What follows is an estimate's alone.
	P10        string   `json:"p10,omitempty" doc:"One of ten such parcels comes before."`
	P50        string   `json:"p50,omitempty" doc:"One of two."`
	P90        string   `json:"p90,omitempty" doc:"Nine of ten."`
	Today      *float64 `json:"today,omitempty" doc:"Probability that it comes today, where it is delivered."`
	Tomorrow   *float64 `json:"tomorrow,omitempty" doc:"Probability that it comes tomorrow."`
	OnTime     *float32 `json:"on_time,omitempty" doc:"Probability that it comes by the promise."`
	Confidence string   `json:"confidence,omitempty" doc:"low, medium or high."`
	Reason     string   `json:"reason,omitempty" doc:"What it rests on, in the visitor's language." example:"usually 3 working days; slower this week"`
}

// Shown is a window as it was shown from a moment on.
type Shown struct {
	At   string `json:"at" doc:"From when on it was shown."`
	From string `json:"from"`
	To   string `json:"to"`
	P50  string `json:"p50" doc:"One of two such parcels comes before."`
	// Wide: the page said no time.
	Wide bool `json:"wide,omitempty" doc:"It was too wide to plan by, so that pages said no time."`
}

// Customs is how far customs is, and what it still wants.
type Customs struct {
	State  string   `json:"state" enum:"started,held,cleared"`
	Papers []string `json:"papers,omitempty" doc:"Documents that are still wanted."`
}

// Place is where something is: no street, no postal code (it is a proof), no name.
type Place struct {
	Text    string         `json:"text,omitempty"`
	City    string         `json:"city,omitempty"`
	State   string         `json:"state,omitempty"`
	Country string         `json:"country,omitempty"`
	Point   *tracker.Point `json:"point,omitempty"`
}

// Leg is one carriage by one carrier.
type Leg struct {
	Carrier     string `json:"carrier"`
	CarrierName string `json:"carrier_name"`
	Number      string `json:"number"`
	URL         string `json:"url,omitempty" doc:"The carrier's own page."`
	Started     bool   `json:"started"`
	Current     bool   `json:"current"`
}

// Event is one thing that happened.
type Event struct {
	ID string `json:"id"`
	// Time has the offset where it is known; LocalTime never has one.
	Time       string `json:"time,omitempty"`
	LocalTime  string `json:"local_time,omitempty"`
	Zone       string `json:"zone,omitempty"`
	ZoneSource string `json:"zone_source" enum:"payload,location,carrier,unknown"`
	Milestone  string `json:"milestone,omitempty"`
	Substatus  string `json:"substatus,omitempty"`
	Status     string `json:"status,omitempty"`
	Code       string `json:"code,omitempty" doc:"The carrier's own code."`
	Text       string `json:"text,omitempty" doc:"The carrier's own words."`
	Location   *Place `json:"location,omitempty"`
	// Leg is the index of the leg, -1 for a step of the order.
	Leg int `json:"leg"`

	// Stamp is the time for pages, which say it in words.
	Stamp tracker.Stamp `json:"-"`
}

// Candidate is one of several carriers that a number fits.
type Candidate struct {
	Carrier     string `json:"carrier"`
	CarrierName string `json:"carrier_name"`
	Milestone   string `json:"milestone"`
	Status      string `json:"status"`
	LastEventAt string `json:"last_event_at,omitempty"`
	Country     string `json:"country,omitempty" doc:"Where it was last seen."`
}

// Carriers names carriers and links to their pages. adapters.Registry is one.
type Carriers interface {
	Name(code string) string
	TrackingURL(key tracker.LegKey) string
}

// Public makes the public view of what was found under a number. until is when the clock alone may change it; zero for
// never.
func Public(t *tracker.Tracking, carriers Carriers, w *words.Words, hide func(string) string, now time.Time) (v *Tracking, until time.Time) {
	headline := tracker.HeadlineOf(&t.View, ZoneOf(t), now)
	v = &Tracking{
		Number: t.Number, Milestone: t.View.Milestone.String(), Substatus: string(t.View.Substatus),
		Status: w.Substatus(t.View.Substatus), Headline: w.Headline(headline), Language: w.Tag(),
		Since: t.View.Since.String(), Progress: progress(&t.View), Late: t.View.Late,
		DelayReason: string(t.View.DelayReason), BackOrdered: t.View.BackOrdered.String(),
		LocationAt: t.View.LocationAt.String(), Attempts: t.View.Attempts, Pickup: hide(t.View.Pickup), PickupHours: hide(t.View.PickupHours),
		Service: t.View.CarrierService, Location: place(t.View.Location, hide), Vehicle: t.View.Vehicle, StopsAway: t.View.StopsAway(), Estimate: window(t.View.Estimate, w, now),
		Legs: legs(t, carriers, w), Events: events(t, w, hide),
	}
	if t.View.Customs != "" || len(t.View.Papers) > 0 {
		v.Customs = &Customs{State: t.View.Customs, Papers: t.View.Papers}
	}
	if t.Shipment != nil {
		if !t.Shipment.Promise.To.IsZero() {
			v.Promise = promise(t.Shipment.Promise, ZoneOf(t))
		}
		if v.Estimates = shown(t.Shipment.Estimates, ZoneOf(t)); len(v.Estimates) > 0 {
			v.FirstEstimate = &v.Estimates[0]
		}
	}
	v.Feed = feedOf(t, carriers, w)
	if i := slices.IndexFunc(v.Legs, func(l Leg) bool { return l.Current }); i >= 0 {
		v.Carrier, v.CarrierName = v.Legs[i].Carrier, v.Legs[i].CarrierName
	}
	return v, soonest(headline.Until, t.View.NextLook, now)
}

// Ambiguous is the public view of a number that several carriers have.
func Ambiguous(number string, found []tracker.Tracking, carriers Carriers, w *words.Words) *Tracking {
	v := &Tracking{Number: number, Language: w.Tag(), Progress: []Step{}, Legs: []Leg{}, Events: []Event{}}
	for i := range found {
		code := found[i].Legs[0].Carrier
		v.Candidates = append(v.Candidates, Candidate{
			Carrier: code, CarrierName: nameOf(code, carriers, w), Milestone: found[i].View.Milestone.String(),
			Status: w.Substatus(found[i].View.Substatus), LastEventAt: found[i].View.LastAt.String(),
			Country: found[i].View.Location.Country,
		})
	}
	return v
}

// soonest is the earlier of two moments that are still to come; zero where none is.
func soonest(a, b, now time.Time) time.Time {
	var first time.Time
	for _, t := range []time.Time{a, b} {
		if t.After(now) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// ZoneOf is where days are counted: the destination's zone, as the estimate or the shipment names it, else UTC.
func ZoneOf(t *tracker.Tracking) *time.Location {
	names := []string{""}
	if t.View.Estimate != nil {
		names = append(names, t.View.Estimate.Zone)
	}
	if t.Shipment != nil {
		names = append(names, t.Shipment.Zone)
	}
	for i := len(names) - 1; i > 0; i-- {
		if zone, err := time.LoadLocation(names[i]); names[i] != "" && err == nil {
			return zone
		}
	}
	return time.UTC
}
