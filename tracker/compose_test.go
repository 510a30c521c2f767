package tracker

import (
	"testing"
	"time"
)

// journeyStart is the first hour of at.
var journeyStart = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

func legOf(carrier, number string, events ...Event) *Leg {
	merged, _ := mergeEvents(nil, events)
	return &Leg{LegKey: LegKey{carrier, number}, Events: merged, CreatedAt: journeyStart}
}

// shipmentOn is a shipment registered at the start that travels on legs.
func shipmentOn(legs ...*Leg) *Shipment {
	s := &Shipment{ID: "WB", Tenant: "acme", CreatedAt: journeyStart}
	for _, leg := range legs {
		s.Legs = append(s.Legs, ShipmentLeg{LegKey: leg.LegKey, Since: journeyStart})
	}
	return s
}

func TestComposeLegs(t *testing.T) {
	step := func(hours int, substatus Substatus) OrderStep {
		return OrderStep{Substatus: substatus, At: at(hours, "").Time}
	}
	for name, c := range map[string]struct {
		legs      []*Leg
		order     *Order
		milestone Milestone
		substatus Substatus
		leg       int
	}{
		"nothing happened yet": {[]*Leg{legOf("fleet", "WB")}, nil, Pending, "awaiting_information", 0},
		"the order was packed": {[]*Leg{legOf("fleet", "WB")}, &Order{Steps: []OrderStep{step(-3, "order_confirmed"), step(-1, "packed")}}, Pending, "packed", -1},
		"one carrier": {
			[]*Leg{legOf("fleet", "WB"), legOf("ups", "1Z", at(1, "picked_up"), at(5, "out_for_delivery"))},
			nil,
			OutForDelivery, "out_for_delivery", 1,
		},
		"what the first carrier calls delivered was handed over": {
			[]*Leg{legOf("ups", "1Z", at(1, "picked_up"), at(20, "delivered")), legOf("usps", "92", at(24, "accepted"))},
			nil,
			InTransit, "accepted", 1,
		},
		"delivered by the first carrier while the second only has paper": {
			[]*Leg{legOf("ups", "1Z", at(1, "picked_up"), at(20, "delivered")), legOf("usps", "92", at(2, "label_created"))},
			nil,
			Delivered, "delivered", 0,
		},
		"delivered by the last carrier": {
			[]*Leg{legOf("ups", "1Z", at(1, "picked_up"), at(20, "delivered")), legOf("usps", "92", at(24, "accepted"), at(40, "delivered"))},
			nil,
			Delivered, "delivered", 1,
		},
		"the order cancelled before any scan": {
			[]*Leg{legOf("ups", "1Z", at(-2, "label_created"))}, &Order{Steps: []OrderStep{step(0, "cancelled")}}, Cancelled, "cancelled", -1,
		},
		"years-old scans of a reused number are not this parcel's": {
			[]*Leg{legOf("ups", "1Z", at(-24*900, "picked_up"), at(-24*890, "delivered"))}, nil, Pending, "awaiting_information", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := shipmentOn(c.legs...)
			got := Compose(s, Carriages(s, c.legs), c.order, DefaultPatience, journeyStart.Add(41*time.Hour))
			if got.Milestone != c.milestone || got.Substatus != c.substatus || got.Leg != c.leg {
				t.Errorf("got %s/%s on leg %d, want %s/%s on leg %d", got.Milestone, got.Substatus, got.Leg, c.milestone, c.substatus, c.leg)
			}
		})
	}
}

func TestTheClockAloneChangesAView(t *testing.T) {
	day := 24 * time.Hour
	leg := legOf("ups", "1Z", at(0, "picked_up"), at(10, "departed_facility"))
	promised := Promise{To: journeyStart.Add(3 * day)}
	estimate := &Estimate{P10: journeyStart.Add(2 * day), P50: journeyStart.Add(3 * day), P90: journeyStart.Add(4 * day)}
	for name, c := range map[string]struct {
		promise  Promise
		estimate *Estimate
		after    time.Duration
		late     bool
		expired  bool
		next     time.Duration
	}{
		"within the promise":             {promised, nil, day, false, false, 3 * day},
		"the promise has passed":         {promised, nil, 3 * day, true, false, 10*time.Hour + 7*day},
		"expected after the promise":     {Promise{To: journeyStart.Add(2 * day)}, estimate, day, true, false, 2 * day},
		"without a promise the estimate": {Promise{}, estimate, 3 * day, false, false, 4 * day},
		"without a promise, overdue":     {Promise{}, estimate, 5 * day, true, false, 10*time.Hour + 7*day},
		"silent for a week":              {Promise{}, nil, 8 * day, true, false, 10*time.Hour + 30*day},
		"silent for a month":             {promised, estimate, 31 * day, false, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := shipmentOn(leg)
			s.Promise = c.promise
			now := journeyStart.Add(c.after)
			v := Compose(s, Carriages(s, []*Leg{leg}), nil, DefaultPatience, journeyStart).Expect(c.estimate, s, DefaultPatience, journeyStart)
			s.View = v
			v = Compose(s, Carriages(s, []*Leg{leg}), nil, DefaultPatience, now)
			if v.Late != c.late || (v.Milestone == Expired) != c.expired {
				t.Errorf("late %v, milestone %s", v.Late, v.Milestone)
			}
			want := journeyStart.Add(c.next)
			if c.next == 0 {
				want = time.Time{}
			}
			if !v.NextLook.Equal(want) {
				t.Errorf("next look %v, want %v", v.NextLook, want)
			}
		})
	}
}

func TestAScanEndsTheSilence(t *testing.T) {
	leg := legOf("ups", "1Z", at(0, "picked_up"), at(24*31, "delivered"))
	s := shipmentOn(leg)
	s.View = View{Milestone: Expired, Substatus: "expired"}
	if v := Compose(s, Carriages(s, []*Leg{leg}), nil, DefaultPatience, journeyStart.AddDate(0, 0, 40)); v.Milestone != Delivered {
		t.Errorf("got %s; a found parcel must not stay expired", v.Milestone)
	}
}

func TestHeadlines(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	clock := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, berlin) }
	window := func(fromDay, fromHour, toDay, toHour int) *Estimate {
		return &Estimate{P10: clock(fromDay, fromHour), P50: clock(toDay, toHour), P90: clock(toDay, toHour)}
	}
	now := clock(23, 10)
	for name, c := range map[string]struct {
		view  View
		kind  HeadlineKind
		days  int
		hours bool
		why   Substatus
	}{
		"today by an hour":              {View{Milestone: OutForDelivery, Estimate: window(23, 12, 23, 20)}, HeadArrivingBy, 0, false, ""},
		"today, though P10 has passed":  {View{Milestone: OutForDelivery, Estimate: window(23, 8, 23, 14)}, HeadArrivingBy, 0, true, ""},
		"tomorrow between two hours":    {View{Milestone: InTransit, Estimate: window(24, 14, 24, 18)}, HeadArriving, 1, true, ""},
		"a day":                         {View{Milestone: InTransit, Estimate: window(24, 8, 24, 20)}, HeadArriving, 1, false, ""},
		"a range of days":               {View{Milestone: InTransit, Estimate: window(24, 8, 26, 20)}, HeadArrivingRange, 3, false, ""},
		"a range too wide to plan by":   {View{Milestone: InTransit, Estimate: window(24, 8, 2+30, 20)}, HeadOnTheWay, 9, false, ""},
		"late with a new day and why":   {View{Milestone: InTransit, Late: true, DelayReason: "delayed_by_weather", Estimate: window(24, 8, 24, 20)}, HeadDelayedUntil, 1, false, "delayed_by_weather"},
		"delayed by the carrier's word": {View{Milestone: Exception, Substatus: "delayed_by_weather", Estimate: window(24, 8, 24, 20)}, HeadDelayedUntil, 1, false, "delayed_by_weather"},
		"late and nobody knows":         {View{Milestone: InTransit, Late: true}, HeadDelayed, 0, false, ""},
		"an estimate that has passed":   {View{Milestone: InTransit, Estimate: window(22, 8, 22, 20)}, HeadOnTheWay, 0, false, ""},
		"damaged":                       {View{Milestone: Exception, Substatus: "damaged", Estimate: window(24, 8, 24, 20)}, HeadException, 0, false, "damaged"},
		"nobody at home":                {View{Milestone: AttemptFailed, Substatus: "recipient_unavailable"}, HeadAttemptFailed, 0, false, "recipient_unavailable"},
		"waits to be collected":         {View{Milestone: AvailableForPickup}, HeadPickup, 0, false, ""},
		"delivered":                     {View{Milestone: Delivered}, HeadDelivered, 0, false, ""},
		"back-ordered":                  {View{Milestone: Pending, BackOrdered: StampAt(clock(30, 0))}, HeadBackOrdered, 0, false, ""},
		"nothing but a label":           {View{Milestone: InfoReceived}, HeadInfoReceived, 0, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := HeadlineOf(&c.view, berlin, now)
			if got.Kind != c.kind || got.Days != c.days || got.Hours != c.hours || got.Reason != c.why {
				t.Errorf("got %s, %d days, hours %v, %q; want %s, %d, %v, %q", got.Kind, got.Days, got.Hours, got.Reason, c.kind, c.days, c.hours, c.why)
			}
		})
	}
}

func TestDaysAreCountedAcrossAChangeOfClocks(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	saturday := time.Date(2026, 10, 24, 23, 30, 0, 0, berlin)
	monday := time.Date(2026, 10, 26, 0, 15, 0, 0, berlin)
	if got := daysBetween(saturday, monday); got != 2 {
		t.Errorf("%d days, want 2", got)
	}
}

func TestTheVanIsShownOnItsRoundAlone(t *testing.T) {
	position := func(hours int) Facts {
		return Facts{Position: Position{Point: Point{52.51, 13.4}, At: at(hours, "").Time}}
	}
	for name, c := range map[string]struct {
		events []Event
		facts  Facts
		shown  bool
	}{
		"on the round":                      {[]Event{at(1, "picked_up"), at(5, "out_for_delivery")}, position(6), true},
		"before the round":                  {[]Event{at(1, "picked_up")}, position(6), false},
		"a position from before it set out": {[]Event{at(5, "out_for_delivery")}, position(4), false},
		"the moment it is delivered":        {[]Event{at(5, "out_for_delivery"), at(7, "delivered")}, position(6), false},
	} {
		t.Run(name, func(t *testing.T) {
			leg := legOf("fleet", "WB", c.events...)
			leg.Claims = []Claims{{AsOf: at(9, "").Time.Instant().Unix(), Receipt: "r", Facts: c.facts}}
			s := shipmentOn(leg)
			v := Compose(s, Carriages(s, []*Leg{leg}), nil, DefaultPatience, journeyStart.Add(8*time.Hour))
			if (v.Vehicle != nil) != c.shown {
				t.Fatalf("vehicle %v", v.Vehicle)
			}
		})
	}
}
