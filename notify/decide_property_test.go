package notify

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker"
)

// Whatever the scans, and however late, often and reversed they come in: nobody is told a thing twice, none at night
// that is not urgent, and nothing that was over when it was sent.
func TestNeverTwiceNeverStaleNeverAtNight(t *testing.T) {
	substatuses := []tracker.Substatus{
		"label_created", "picked_up", "departed_facility", "out_for_delivery", "recipient_unavailable", "delivered",
		"incorrect_address", "delayed_by_weather", "at_pickup_point", "customs_needs_information", "customs_cleared",
		"returning", "returned", "label_voided",
	}
	rapid.Check(t, func(rt *rapid.T) {
		j := newJourney(t, "Mon 06:00")
		start := j.now
		for range rapid.IntRange(1, 25).Draw(rt, "scans") {
			j.until(start.Add(min(j.now.Sub(start)+time.Duration(rapid.IntRange(0, 600).Draw(rt, "minutes"))*time.Minute,
				6*24*time.Hour)).In(berlin).Format("Mon 15:04"))
			lateness := time.Duration(rapid.IntRange(0, 900).Draw(rt, "lateness")) * time.Minute
			substatus := rapid.SampledFrom(substatuses).Draw(rt, "substatus")
			event := tracker.Event{Kind: string(substatus), Substatus: substatus, Time: tracker.StampAt(j.now.Add(-lateness))}
			if rapid.Bool().Draw(rt, "estimated") {
				from := j.now.Add(time.Duration(rapid.IntRange(1, 72).Draw(rt, "hours")) * time.Hour)
				j.estimate = &tracker.Estimate{P10: from, P50: from, P90: from.Add(4 * time.Hour), Zone: "Europe/Berlin"}
			}
			j.read(event)
			j.read(event)
			checkSent(rt, j)
		}
	})
}

// over are the milestones at which a moment is news no more.
var over = map[tracker.Moment][]tracker.Milestone{
	tracker.MomentInfoReceived:   {tracker.InTransit, tracker.OutForDelivery, tracker.Delivered, tracker.Returned, tracker.Cancelled},
	tracker.MomentShipped:        {tracker.OutForDelivery, tracker.AvailableForPickup, tracker.Delivered, tracker.Returned, tracker.Cancelled},
	tracker.MomentArrivingToday:  {tracker.OutForDelivery, tracker.AvailableForPickup, tracker.Delivered, tracker.Returned, tracker.Cancelled},
	tracker.MomentOutForDelivery: {tracker.AttemptFailed, tracker.AvailableForPickup, tracker.Delivered, tracker.Returned, tracker.Cancelled},
	tracker.MomentAttemptFailed:  {tracker.OutForDelivery, tracker.AvailableForPickup, tracker.Delivered, tracker.Returned, tracker.Cancelled},
	tracker.MomentReadyForPickup: {tracker.Delivered, tracker.Returning, tracker.Returned, tracker.Cancelled},
	tracker.MomentDelayed:        {tracker.AvailableForPickup, tracker.Delivered, tracker.Returned, tracker.Cancelled},
	tracker.MomentException:      {tracker.InTransit, tracker.OutForDelivery, tracker.Delivered, tracker.Returned, tracker.Cancelled},
	tracker.MomentCustoms:        {tracker.OutForDelivery, tracker.Delivered, tracker.Returned, tracker.Cancelled},
	tracker.MomentDelivered:      {tracker.InTransit, tracker.OutForDelivery, tracker.Returning, tracker.Returned},
}

// checkSent looks at everything that was sent, and where the parcel stood then.
func checkSent(t *rapid.T, j *journey) {
	times := map[string]int{}
	for i, line := range j.sent {
		weekday, rest, _ := strings.Cut(line, " ")
		hour, moment, _ := strings.Cut(rest, " ")
		if r, _ := ruleOf(tracker.Moment(moment)); !r.urgent && (hour < "08:00" || hour >= "22:00") {
			t.Fatalf("sent at night: %s", line)
		}
		if slices.Contains(over[tracker.Moment(moment)], j.standing[i]) {
			t.Fatalf("sent though over: %s, the parcel being %s", line, j.standing[i])
		}
		switch tracker.Moment(moment) {
		case tracker.MomentInfoReceived, tracker.MomentShipped, tracker.MomentDelivered:
			weekday = "" // once in all
		case tracker.MomentArrivingToday:
		default:
			continue // comes again on another day, or with another date or reason: its id sees to that
		}
		most := 1
		if tracker.Moment(moment) == tracker.MomentAttemptFailed {
			most = 2 // yesterday's may become known today only
		}
		if times[weekday+moment]++; times[weekday+moment] > most {
			t.Fatalf("sent twice: %s", line)
		}
	}
}

// BenchmarkDecide is a scan's messages decided, on one core. Its floor is what no decision can do without: each message's
// id, which is a hash.
func BenchmarkDecide(b *testing.B) {
	j := newJourney(b, "Mon 09:00")
	before := j.shipment.View
	j.until("Mon 10:00").scan("out_for_delivery", "Mon 10:00")
	in := Input{Shipment: j.shipment, Before: before, After: j.shipment.View, Subscriptions: j.people, Now: j.now}
	decided := Decide(in)
	if len(decided) == 0 {
		b.Fatal("nothing is decided")
	}
	b.Run("decide", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Decide(in)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
	})
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			for _, m := range decided {
				MessageID(m.Shipment, m.Moment, m.Occurrence, m.Subscription, m.Channel)
			}
		}
	})
}
