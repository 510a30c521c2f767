package notify

import (
	"slices"
	"testing"
	"time"

	"waybill/tracker"
)

func TestAnUndisturbedWeek(t *testing.T) {
	j := newJourney(t, "Mon 08:30")
	j.scan("label_created", "Mon 08:30")
	j.until("Mon 17:00").scan("picked_up", "Mon 16:55")
	j.expect("Wed 09:00", "Wed 18:00")
	j.until("Tue 03:00").scan("departed_facility", "Tue 02:58")
	j.until("Wed 06:10").scan("out_for_delivery", "Wed 06:05")
	j.until("Wed 13:00").scan("delivered", "Wed 12:58")
	j.until("Sun 12:00")
	// The day was announced at eight only if nothing newer had happened: here it went out before.
	j.wants("Mon 17:00 shipped", "Wed 08:00 out_for_delivery", "Wed 13:00 delivered")
	if got := j.reasons(tracker.MomentArrivingToday); !slices.Equal(got, []string{"not sent: out for delivery in the meantime"}) {
		t.Errorf("arriving today: %q", got)
	}
}

func TestAWeekOfMishaps(t *testing.T) {
	j := newJourney(t, "Mon 08:30")
	j.until("Mon 17:00").scan("picked_up", "Mon 16:55")
	j.scan("picked_up", "Mon 16:55") // the same by poll
	j.expect("Tue 09:00", "Tue 18:00")
	j.until("Tue 08:40").scan("out_for_delivery", "Tue 08:30")
	j.until("Tue 08:50").scan("departed_facility", "Tue 06:00") // late: moves nothing back
	j.until("Tue 11:00").scan("recipient_unavailable", "Tue 10:58")
	j.until("Tue 11:05").scan("delivery_rescheduled", "Tue 10:59") // the same attempt, told twice
	j.until("Tue 12:00").scan("out_for_delivery", "Tue 11:50")     // flaps
	j.until("Tue 12:10").scan("recipient_unavailable", "Tue 12:05")
	j.until("Tue 23:30").scan("incorrect_address", "Tue 23:20")
	j.expect("Thu 09:00", "Thu 18:00") // at night
	j.until("Wed 09:30").scan("problem_resolved", "Wed 09:25")
	j.until("Thu 09:00").scan("out_for_delivery", "Thu 08:50")
	j.until("Thu 15:00").scan("delivered_to_neighbour", "Thu 14:55")
	j.until("Thu 15:10").scan("delivered", "Thu 14:55") // another channel of the carrier
	j.until("Thu 16:00").scan("recipient_unavailable", "Thu 10:00")
	j.until("Sun 12:00")
	j.wants(
		"Mon 17:00 shipped",
		"Tue 08:00 arriving_today",
		"Tue 08:40 out_for_delivery",
		"Tue 11:00 attempt_failed",
		"Wed 08:00 delayed", // with its new day, which is why Thursday morning brings no "arriving today"
		"Wed 08:00 exception",
		"Thu 09:00 out_for_delivery",
		"Thu 15:00 delivered",
	)
}

func TestWhatIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		moments []tracker.Moment
		play    func(j *journey)
		want    []string
	}{
		"steps of an order, the last of several": {play: func(j *journey) {
			j.order = &tracker.Order{Tenant: "acme", Number: "1", Steps: []tracker.OrderStep{
				{Substatus: "order_confirmed", At: tracker.StampAt(clock("Mon 08:00"))},
			}}
			j.until("Mon 09:05").look(false)
			j.order.Steps = append(j.order.Steps, tracker.OrderStep{Substatus: "picked", At: tracker.StampAt(clock("Mon 10:00"))},
				tracker.OrderStep{Substatus: "packed", At: tracker.StampAt(clock("Mon 10:30"))})
			j.until("Mon 10:31").look(false)
		}, want: []string{"Mon 09:05 order_confirmed", "Mon 10:31 packed"}},
		"back-ordered once for each new date": {play: func(j *journey) {
			for i, date := range []string{"Wed 00:00", "Fri 00:00", "Wed 00:00"} {
				j.order = &tracker.Order{Steps: []tracker.OrderStep{{
					Substatus: "back_ordered", At: tracker.StampAt(clock("Mon 09:00").Add(time.Duration(i) * time.Minute)),
					Expected: tracker.StampAt(clock(date)),
				}}}
				j.until("Mon 09:1" + string(rune('0'+i))).look(false)
			}
		}, want: []string{"Mon 09:10 back_ordered", "Mon 09:11 back_ordered"}},
		"in transit where it was chosen": {moments: []tracker.Moment{tracker.MomentInTransit}, play: func(j *journey) {
			j.until("Mon 09:30").scan("picked_up", "Mon 09:30")
			j.until("Mon 12:00").scan("departed_facility", "Mon 12:00")
			j.until("Mon 14:00").scan("arrived_at_facility", "Mon 14:00")
			j.until("Tue 09:00").scan("departed_facility", "Tue 09:00")
		}, want: []string{"Mon 12:00 in_transit", "Tue 09:00 in_transit"}},
		"announced to the carrier, where it was chosen, once and while it is so": {moments: []tracker.Moment{tracker.MomentInfoReceived}, play: func(j *journey) {
			j.until("Mon 10:00").scan("label_created", "Mon 10:00")
			j.until("Tue 10:00").scan("label_created", "Tue 10:00")
			j.until("Tue 12:00").scan("picked_up", "Tue 12:00")
		}, want: []string{"Mon 10:00 info_received"}},
		"only the latest of what happened between two looks": {play: func(j *journey) {
			j.until("Tue 12:00").read(
				tracker.Event{Kind: "a", Substatus: "picked_up", Time: tracker.StampAt(clock("Mon 15:00"))},
				tracker.Event{Kind: "b", Substatus: "out_for_delivery", Time: tracker.StampAt(clock("Tue 08:00"))},
				tracker.Event{Kind: "c", Substatus: "delivered", Time: tracker.StampAt(clock("Tue 11:00"))},
			)
		}, want: []string{"Tue 12:00 delivered"}},
		"a failed attempt still matters when the parcel is back in the depot": {play: func(j *journey) {
			j.until("Mon 14:00").scan("picked_up", "Mon 13:00")
			j.until("Tue 12:00").read(
				tracker.Event{Kind: "a", Substatus: "recipient_unavailable", Time: tracker.StampAt(clock("Tue 11:00"))},
				tracker.Event{Kind: "b", Substatus: "arrived_at_facility", Time: tracker.StampAt(clock("Tue 11:30"))},
			)
		}, want: []string{"Mon 14:00 shipped", "Tue 12:00 attempt_failed"}},
		"an urgent moment at night": {play: func(j *journey) {
			j.until("Mon 23:00").scan("recipient_unavailable", "Mon 22:58")
		}, want: []string{"Mon 23:00 attempt_failed"}},
		"nothing of what is older than a day": {play: func(j *journey) {
			j.until("Wed 12:00").scan("delivered", "Tue 09:00")
		}},
		"a scan from before the registration that comes in after it is news": {play: func(j *journey) {
			j.scan("out_for_delivery", "Mon 07:00")
		}, want: []string{"Mon 09:00 out_for_delivery"}},
		"ready for pickup, and again at the next place on another day": {play: func(j *journey) {
			j.until("Tue 10:00").scan("at_pickup_point", "Tue 10:00")
			j.until("Tue 11:00").scan("pickup_reminder", "Tue 11:00")
			j.until("Wed 10:00").scan("departed_facility", "Wed 10:00")
			j.until("Thu 10:00").scan("in_locker", "Thu 10:00")
		}, want: []string{"Tue 10:00 ready_for_pickup", "Thu 10:00 ready_for_pickup", "Sun 10:00 pickup_reminder"}},
		"no reminder of what was collected": {play: func(j *journey) {
			j.until("Tue 10:00").scan("at_pickup_point", "Tue 10:00")
			j.until("Wed 10:00").scan("delivered", "Wed 10:00")
			j.until("Sun 12:00")
		}, want: []string{"Tue 10:00 ready_for_pickup", "Wed 10:00 delivered"}},
		"customs, once, until it is cleared": {moments: []tracker.Moment{tracker.MomentCustoms}, play: func(j *journey) {
			j.until("Tue 10:00").scan("customs_needs_information", "Tue 10:00")
			j.until("Tue 11:00").scan("customs_started", "Tue 11:00")
			j.until("Tue 12:00").scan("customs_needs_information", "Tue 12:00")
			j.until("Wed 12:00").scan("customs_cleared", "Wed 12:00")
		}, want: []string{"Tue 10:00 customs"}},
		"a return, on its way and when it has come": {play: func(j *journey) {
			j.until("Tue 10:00").scan("returning", "Tue 10:00")
			j.until("Fri 10:00").scan("returned", "Fri 10:00")
		}, want: []string{"Tue 10:00 returned", "Fri 10:00 returned"}},
		"a cancellation": {play: func(j *journey) {
			j.until("Mon 10:00").scan("label_voided", "Mon 10:00")
		}, want: []string{"Mon 10:00 cancelled"}},
		"exceptions that nobody can act on are the carrier's affair": {play: func(j *journey) {
			j.until("Mon 10:00").scan("picked_up", "Mon 10:00")
			j.until("Mon 11:00").scan("missorted", "Mon 11:00")
		}, want: []string{"Mon 10:00 shipped"}},
		"a delay, each later day once, and never an earlier one": {moments: []tracker.Moment{tracker.MomentDelayed}, play: func(j *journey) {
			j.until("Mon 10:00").scan("delayed_by_weather", "Mon 10:00")
			j.until("Mon 11:00").expect("Wed 10:00", "Wed 12:00")
			j.until("Mon 12:00").expect("Thu 10:00", "Thu 12:00")
			j.until("Mon 13:00").expect("Wed 10:00", "Wed 12:00")
			j.until("Mon 14:00").expect("Thu 10:00", "Thu 12:00")
		}, want: []string{"Mon 10:00 delayed", "Mon 11:00 delayed", "Mon 12:00 delayed"}},
		"late by the clock alone": {moments: []tracker.Moment{tracker.MomentDelayed}, play: func(j *journey) {
			j.shipment.Promise.To = clock("Wed 12:00")
			j.until("Tue 10:00").scan("picked_up", "Tue 10:00")
			j.until("Wed 12:01").look(false)
			j.until("Wed 15:00").look(false)
		}, want: []string{"Wed 12:01 delayed"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJourney(t, "Mon 09:00", test.moments...)
			test.play(j)
			j.until("Sun 12:00")
			j.wants(test.want...)
		})
	}
}

func TestHistoryIsNotTold(t *testing.T) {
	j := newJourney(t, "Mon 09:00")
	receipt := &tracker.Receipt{ID: "r", ReceivedAt: j.now, Source: tracker.FromImport}
	read := tracker.ReadShipment{Events: []tracker.Event{{Kind: "d", Substatus: "delivered", Time: tracker.StampAt(clock("Mon 10:00"))}}}
	if _, err := j.leg.Absorb(receipt, read, j.keys, j.now); err != nil {
		t.Fatal(err)
	}
	j.until("Mon 10:05").look(true)
	j.until("Tue 10:00").wants()
	if len(j.messages) != 0 {
		t.Errorf("a backfill decided %d messages", len(j.messages))
	}
}

func TestWhoIsTold(t *testing.T) {
	in := Input{
		Shipment: &tracker.Shipment{ID: "WB1", Tenant: "acme", Zone: "Europe/Berlin", Locale: "de"},
		Before:   tracker.View{Milestone: tracker.InTransit},
		After:    tracker.View{Milestone: tracker.Delivered, Since: tracker.StampAt(clock("Mon 10:00"))},
		Now:      clock("Mon 10:01"),
		Tenant:   &tracker.Tenant{ID: "acme", Moments: map[tracker.Channel][]tracker.Moment{tracker.SMS: {tracker.MomentShipped}}},
		Subscriptions: []*tracker.Subscription{
			{ID: "default", Channel: tracker.Email, ConfirmedAt: clock("Mon 09:00"), Locale: "fr"},
			{ID: "chose another", Channel: tracker.Email, ConfirmedAt: clock("Mon 09:00"), Moments: []tracker.Moment{tracker.MomentShipped}},
			{ID: "chose it", Channel: tracker.SMS, ConfirmedAt: clock("Mon 09:00"), Moments: []tracker.Moment{tracker.MomentDelivered}},
			{ID: "seller chose another", Channel: tracker.SMS, ConfirmedAt: clock("Mon 09:00")},
			{ID: "not confirmed", Channel: tracker.Email},
			{ID: "ended", Channel: tracker.Email, ConfirmedAt: clock("Mon 09:00"), EndedAt: clock("Mon 09:30")},
		},
	}
	in.After.Reached[tracker.Delivered] = in.After.Since
	told := map[string]string{}
	for _, m := range Decide(in) {
		if m.Moment == tracker.MomentDelivered {
			told[m.Subscription] = m.Locale
		}
	}
	if len(told) != 2 || told["default"] != "fr" || told["chose it"] != "de" {
		t.Errorf("told %v, want default in fr and chose it in the shipment's de", told)
	}
	again := Decide(in)
	for i, m := range Decide(in) {
		if m.ID != again[i].ID {
			t.Error("decided again, a message has another id")
		}
	}
}

func TestPassedMilestonesAreExplained(t *testing.T) {
	j := newJourney(t, "Mon 09:00")
	j.until("Mon 12:00").read(
		tracker.Event{Kind: "a", Substatus: "out_for_delivery", Time: tracker.StampAt(clock("Mon 10:00"))},
		tracker.Event{Kind: "b", Substatus: "delivered", Time: tracker.StampAt(clock("Mon 11:00"))},
	)
	want := []string{"not sent: delivered in the meantime"}
	if got := j.reasons(tracker.MomentOutForDelivery); !slices.Equal(got, want) {
		t.Errorf("out for delivery: %q, want %q", got, want)
	}
}
