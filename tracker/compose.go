package tracker

import (
	"cmp"
	"slices"
	"time"
)

// Patience says how long silence is borne.
type Patience struct {
	// Late is after how long without a scan a parcel on its way, of which nothing else is known, counts as delayed.
	Late time.Duration
	// Expire is after how long without a scan nothing more is expected.
	Expire time.Duration
	// Outages are those of a carrier's feed, in any order; nil knows of none. It is asked on every look-up and must not block.
	Outages func(carrier string) []Outage
}

// DefaultPatience is a week, and thirty days as the field has it (AfterShip's "Expired").
var DefaultPatience = Patience{Late: 7 * 24 * time.Hour, Expire: 30 * 24 * time.Hour}

// Carriage is one leg of a shipment with the parcel on it that is meant, where the number was reused.
type Carriage struct {
	ShipmentLeg
	Generation Generation
	// Started: somebody had the parcel in hand on this leg.
	Started bool
}

// Carriages picks, for each leg of a shipment, the parcel that is meant. legs may lack some, in any order.
//
// The scans of a made-up parcel are played on its own leg, which nobody else follows and where no real scan comes: they
// are shown on the carrier's leg where it has one.
func Carriages(s *Shipment, legs []*Leg) []Carriage {
	list := make([]Carriage, len(s.Legs))
	for i, ref := range s.Legs {
		list[i].ShipmentLeg = ref
		source := ref.LegKey
		if last := len(s.Legs) - 1; s.Test && last > 0 {
			source = LegKey{}
			if i == last {
				source = s.Legs[0].LegKey
			}
		}
		for _, leg := range legs {
			if leg.LegKey != source {
				continue
			}
			all := leg.Generations()
			at := len(all) - 1
			if !ref.Since.IsZero() {
				at = GenerationFor(all, ref.Since)
			}
			if at >= 0 {
				list[i].Generation = all[at]
				list[i].Started = started(all[at].Events)
			}
		}
	}
	return list
}

func started(events []Event) bool {
	return slices.ContainsFunc(events, func(e Event) bool { return e.Milestone().Physical() })
}

// Compose makes the view of a shipment from its legs, its order (nil where there is none) and the clock. The estimate
// is carried over from the shipment's present view; Expect replaces it.
func Compose(s *Shipment, carriages []Carriage, order *Order, patience Patience, now time.Time) View {
	events, legOf := journey(carriages, order)
	state := foldSorted(events)
	v := View{
		Seq: s.View.Seq, Milestone: state.Milestone, Substatus: state.Substatus, Since: state.Since, Reached: state.Reached,
		Location: state.Location, LocationAt: state.LocationAt, Attempts: state.Attempts, AttemptAt: state.AttemptAt, Customs: state.Customs,
		DelayReason: state.DelayReason, FirstEstimate: s.View.FirstEstimate, Lane: s.View.Lane,
	}
	if state.Last >= 0 {
		last := &events[state.Last]
		v.LastEvent, v.LastText, v.LastAt, v.Leg = last.ID(), last.Text, last.Time, legOf[state.Last]
	}
	for i := range carriages { // later legs know better
		facts := carriages[i].Generation.Facts
		if facts.Service != "" {
			v.CarrierService = facts.Service
		}
		if facts.Pickup != "" {
			v.Pickup, v.PickupHours = facts.Pickup, ""
		}
		v.PickupHours = cmp.Or(facts.PickupHours, v.PickupHours)
		if len(facts.Papers) > 0 && v.Customs != "cleared" {
			v.Papers = facts.Papers
		}
	}
	v.Vehicle = vehicle(carriages, &v)
	if order != nil && v.Milestone == Pending {
		v.BackOrdered = order.backOrderedUntil()
	}
	if !v.Milestone.Ended() {
		v.Estimate, v.Watch = s.View.Estimate, s.View.Watch
	}
	return v.Judge(s, patience, now)
}

// vehicle is where the van is that brings the parcel; nil unless it is on the round, and known since it set out.
func vehicle(carriages []Carriage, v *View) *Point {
	if v.Milestone != OutForDelivery || v.Leg < 0 {
		return nil
	}
	p := carriages[v.Leg].Generation.Facts.Position
	if !p.At.Known() || p.At.Instant().Before(v.Since.Instant()) {
		return nil
	}
	return &p.Point
}

// journey is everything that happened to a shipment, over all legs, in order; legOf[i] is the leg of events[i],
// -1 for a step of the order.
func journey(carriages []Carriage, order *Order) (events []Event, legOf []int) {
	type placed struct {
		event Event
		leg   int
	}
	var all []placed
	if order != nil {
		for _, step := range order.Steps {
			all = append(all, placed{step.event(), -1})
		}
	}
	for i := range carriages {
		goesOn := slices.ContainsFunc(carriages[i+1:], func(c Carriage) bool { return c.Started })
		for _, event := range carriages[i].Generation.Events {
			// What one carrier calls delivered was handed to the next one where another carries it on.
			if goesOn && event.Milestone() == Delivered {
				event.Substatus = "handed_to_partner"
			}
			all = append(all, placed{event, i})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return compareEvents(a.event, b.event) })
	events, legOf = make([]Event, len(all)), make([]int, len(all))
	for i := range all {
		events[i], legOf[i] = all[i].event, all[i].leg
	}
	return events, legOf
}

// Same reports whether two views say the same to everybody, so that nothing needs to be told.
func (v View) Same(w View) bool {
	v.Seq, w.Seq = 0, 0
	v.NextLook, w.NextLook = time.Time{}, time.Time{}
	v.Vehicle, w.Vehicle = nil, nil
	v.Watch, w.Watch, v.Lane, w.Lane = Watch{}, Watch{}, "", ""
	if SameEstimate(v.Estimate, w.Estimate) {
		v.Estimate, w.Estimate = nil, nil
	}
	if SameEstimate(v.FirstEstimate, w.FirstEstimate) {
		v.FirstEstimate, w.FirstEstimate = nil, nil
	}
	a, errA := docEncoding.Marshal(v)
	b, errB := docEncoding.Marshal(w)
	return errA == nil && errB == nil && string(a) == string(b)
}

// event is a step of an order as an event of the journey.
func (step *OrderStep) event() Event {
	return Event{
		Kind: "order." + string(step.Substatus), Time: step.At, Substatus: step.Substatus, Text: step.Note, Source: FromSeller,
	}
}

// backOrderedUntil is the new date of an order that waits, unknown where it does not.
func (o *Order) backOrderedUntil() Stamp {
	if n := len(o.Steps); n > 0 && o.Steps[n-1].Substatus == "back_ordered" {
		return o.Steps[n-1].Expected
	}
	return Stamp{}
}
