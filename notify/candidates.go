package notify

import (
	"strings"
	"time"

	"waybill/tracker"
)

// candidates are the moments that lie between the two views, and those that the clock brings. Some are out of date
// already: staleReason tells.
func candidates(in *Input, zone *time.Location) []candidate {
	before, after := &in.Before, &in.After
	var list []candidate
	list = append(list, orderSteps(before, after)...)
	list = append(list, milestones(before, after)...)
	// The day tells attempts apart, not their number: carriers describe one attempt in several scans.
	if at := after.AttemptAt; at.Known() && (!before.AttemptAt.Known() || dayOf(at) > dayOf(before.AttemptAt)) {
		list = append(list, candidate{moment: tracker.MomentAttemptFailed, occurrence: dayOf(at), at: at})
	}
	if c, ok := exception(before, after); ok {
		list = append(list, c)
	}
	if after.Substatus == "redirected" && after.Pickup != "" && (before.Substatus != "redirected" || before.Pickup != after.Pickup) {
		list = append(list, candidate{moment: tracker.MomentRedirected, occurrence: after.LastAt.LocalText(), at: after.LastAt})
	}
	if want := customsWants(after); want != "" && want != customsWants(before) {
		list = append(list, candidate{moment: tracker.MomentCustoms, occurrence: want, at: after.LastAt})
	}
	if c, ok := delayed(before, after, zone, in.Now); ok {
		list = append(list, c)
	}
	if c, ok := arrivingToday(after, zone, in.Now); ok {
		list = append(list, c)
	}
	if c, ok := fewStopsAway(before, after); ok {
		list = append(list, c)
	}
	if c, ok := pickupReminder(after, zone); ok {
		list = append(list, c)
	}
	return list
}

// orderSteps are the moments before a carrier has the parcel; of several steps the last one is told.
func orderSteps(before, after *tracker.View) []candidate {
	if after.BackOrdered.Known() && after.BackOrdered.LocalText() != before.BackOrdered.LocalText() {
		return []candidate{{moment: tracker.MomentBackOrdered, occurrence: after.BackOrdered.LocalText(), at: after.LastAt}}
	}
	if after.Substatus == before.Substatus {
		return nil
	}
	switch after.Substatus {
	case "order_confirmed":
		return []candidate{{moment: tracker.MomentConfirmed, at: after.LastAt}}
	case "packed":
		return []candidate{{moment: tracker.MomentPacked, at: after.LastAt}}
	}
	return nil
}

// told are the milestones that are moments; MomentShipped is the first scan of all.
var told = []struct {
	milestone tracker.Milestone
	moment    tracker.Moment
}{
	{tracker.InfoReceived, tracker.MomentInfoReceived},
	{tracker.OutForDelivery, tracker.MomentOutForDelivery},
	{tracker.AvailableForPickup, tracker.MomentReadyForPickup},
	{tracker.Delivered, tracker.MomentDelivered},
	{tracker.Returning, tracker.MomentReturned},
	{tracker.Returned, tracker.MomentReturned},
	{tracker.Cancelled, tracker.MomentCancelled},
}

// milestones are the milestones reached anew, those passed through included. The day tells two of a kind apart:
// a status that flaps within a day is told once.
func milestones(before, after *tracker.View) []candidate {
	var list []candidate
	if first := firstScan(after); first.Known() && !firstScan(before).Known() {
		list = append(list, candidate{moment: tracker.MomentShipped, at: first})
	} else if after.Milestone == tracker.InTransit && after.LastEvent != before.LastEvent {
		list = append(list, candidate{moment: tracker.MomentInTransit, occurrence: dayOf(after.LastAt), at: after.LastAt})
	}
	for _, t := range told {
		at := after.Reached[t.milestone]
		switch {
		case after.Milestone == t.milestone:
			at = after.Since
			if !anew(t.milestone, before, at) {
				continue
			}
		case !at.Known() || before.Reached[t.milestone].Known():
			continue
		}
		occurrence := dayOf(at)
		if t.moment == tracker.MomentReturned {
			occurrence = t.milestone.String()
		}
		list = append(list, candidate{moment: t.moment, occurrence: occurrence, at: at})
	}
	return list
}

// anew reports whether a milestone that is reached at a moment is news. That it was reached earlier than was known is
// none, nor is another time of a delivery. One that is reached again on its day is: the message of that day is the same,
// and was perhaps not sent.
func anew(m tracker.Milestone, before *tracker.View, at tracker.Stamp) bool {
	if before.Milestone == m {
		return m != tracker.Delivered && dayOf(at) > dayOf(before.Since)
	}
	known := before.Reached[m]
	return !known.Known() || dayOf(at) >= dayOf(known)
}

// firstScan is when somebody first had the parcel in hand.
func firstScan(v *tracker.View) tracker.Stamp {
	var first tracker.Stamp
	for m, at := range v.Reached {
		if tracker.Milestone(m).Physical() && at.Known() && (!first.Known() || at.Instant().Before(first.Instant())) {
			first = at
		}
	}
	return first
}

// actionable are the exceptions of which a customer is told: somebody must act, or it will not arrive.
// The others are the carrier's own affair until they make the parcel late.
var actionable = map[tracker.Substatus]bool{
	"held": true, "held_for_payment": true, "incorrect_address": true, "recipient_moved": true, "refused": true,
	"undeliverable": true, "damaged": true, "lost": true, "stolen": true, "pickup_missed": true,
	"rejected_by_carrier": true, "disposed": true, "probably_lost": true,
}

func exception(before, after *tracker.View) (candidate, bool) {
	if after.Milestone != tracker.Exception || !actionable[after.Substatus] {
		return candidate{}, false
	}
	if before.Milestone == tracker.Exception && before.Substatus == after.Substatus {
		return candidate{}, false
	}
	occurrence := string(after.Substatus) + "@" + dayOf(after.Since)
	at := after.LastAt
	if after.Substatus == "probably_lost" && after.Concern.Substatus == after.Substatus {
		at = after.Since // the clock told it, long after the last scan
	}
	return candidate{moment: tracker.MomentException, occurrence: occurrence, at: at}, true
}

// customsWants is what customs waits for: papers, or the substatus that says so; "" where it waits for nothing.
func customsWants(v *tracker.View) string {
	if v.Customs == "cleared" || v.Milestone.Ended() {
		return ""
	}
	if len(v.Papers) > 0 {
		return "papers: " + strings.Join(v.Papers, ", ")
	}
	switch v.Substatus {
	case "held_at_customs", "customs_needs_information", "documents_missing":
		return string(v.Substatus)
	}
	return ""
}

// noDay stands for a delay of which no new date is known.
const noDay = "unknown"

// delayed is a new delay, or a later date of one that was told already.
func delayed(before, after *tracker.View, zone *time.Location, now time.Time) (candidate, bool) {
	is, was := delayedUntil(after, zone, now), delayedUntil(before, zone, now)
	if is == "" || is == was || (was != "" && is == noDay) || (was != "" && was != noDay && is < was) {
		return candidate{}, false
	}
	return candidate{moment: tracker.MomentDelayed, occurrence: is}, true
}

// delayedUntil is the day ("2026-11-24") that a delayed parcel is now expected on, noDay where none is known, and ""
// where the headline speaks of no delay. A parcel that is out for delivery today is told of as such.
func delayedUntil(v *tracker.View, zone *time.Location, now time.Time) string {
	h := tracker.HeadlineOf(v, zone, now)
	switch {
	case v.Milestone == tracker.OutForDelivery && h.Days == 0:
		return ""
	case h.Kind == tracker.HeadDelayed:
		return noDay
	case h.Kind == tracker.HeadDelayedUntil:
		return h.To.Format(time.DateOnly)
	}
	return ""
}

// arrivingToday is decided ahead, as soon as the day is known, since nothing may happen that morning to remind of it.
// Before it is sent the estimate is looked at again.
func arrivingToday(v *tracker.View, zone *time.Location, now time.Time) (candidate, bool) {
	to, shown := shownEnd(v)
	if !shown || !to.After(now) || arrivingOn(v, zone) == "" || delayedUntil(v, zone, now) != "" {
		return candidate{}, false
	}
	c := candidate{moment: tracker.MomentArrivingToday, occurrence: arrivingOn(v, zone)}
	c.due = morning(to.In(zone))
	return c, true
}

// arrivingOn is the day by which a parcel on its way is expected; "" where none is, or something else is the news.
func arrivingOn(v *tracker.View, zone *time.Location) string {
	to, shown := shownEnd(v)
	if !shown || v.BackOrdered.Known() {
		return ""
	}
	if v.Milestone != tracker.InfoReceived && v.Milestone != tracker.InTransit {
		return ""
	}
	return to.In(zone).Format(time.DateOnly)
}

// shownEnd is the end of the window that is shown; ok is false where none is.
func shownEnd(v *tracker.View) (to time.Time, ok bool) {
	if v.Estimate == nil {
		return to, false
	}
	_, to, ok = v.Estimate.Window()
	return to, ok
}

// fewStops is how many stops away the courier is called near.
const fewStops = 3

// fewStopsAway is told once a day, when the courier comes near for the first time.
func fewStopsAway(before, after *tracker.View) (candidate, bool) {
	near := func(v *tracker.View) bool { return v.StopsAway() > 0 && v.StopsAway() <= fewStops }
	if !near(after) || near(before) {
		return candidate{}, false
	}
	return candidate{moment: tracker.MomentFewStopsAway, occurrence: dayOf(after.Since)}, true
}

// remindAfter is after how many days a parcel that waits to be collected is remembered.
const remindAfter = 3

// pickupReminder is decided as soon as the parcel waits, since nothing may happen until it is due. Before it is sent it is
// looked whether the parcel still waits.
func pickupReminder(v *tracker.View, zone *time.Location) (candidate, bool) {
	if v.Milestone != tracker.AvailableForPickup || !v.Since.Known() {
		return candidate{}, false
	}
	day := v.Since.Instant().In(zone).AddDate(0, 0, remindAfter)
	return candidate{
		moment: tracker.MomentPickupReminder, occurrence: dayOf(v.Since),
		due: time.Date(day.Year(), day.Month(), day.Day(), remindAt, 0, 0, 0, zone),
	}, true
}

// remindAt is an hour at which shops are open.
const remindAt = 10

// dayOf is the civil day of a stamp.
func dayOf(s tracker.Stamp) string { return s.Civil().Format(time.DateOnly) }
