package tracker

import "time"

// HeadlineKind is the sentence that tells where a parcel is; tracker/words has it in each language.
type HeadlineKind string

// The headlines.
const (
	HeadPending        HeadlineKind = "pending"
	HeadBackOrdered    HeadlineKind = "back_ordered"
	HeadInfoReceived   HeadlineKind = "info_received"
	HeadOnTheWay       HeadlineKind = "on_the_way"
	HeadArriving       HeadlineKind = "arriving"         // on Day, between From and To where the window is narrow
	HeadArrivingBy     HeadlineKind = "arriving_by"      // today by To
	HeadArrivingRange  HeadlineKind = "arriving_range"   // from the day of From to the day of To
	HeadDelayed        HeadlineKind = "delayed"          // no new date is known
	HeadDelayedUntil   HeadlineKind = "delayed_until"    // now expected on Day
	HeadOutForDelivery HeadlineKind = "out_for_delivery" // today, no hour known
	HeadAttemptFailed  HeadlineKind = "attempt_failed"
	HeadPickup         HeadlineKind = "available_for_pickup"
	HeadDelivered      HeadlineKind = "delivered"
	HeadException      HeadlineKind = "exception"
	HeadReturning      HeadlineKind = "returning"
	HeadReturned       HeadlineKind = "returned"
	HeadCancelled      HeadlineKind = "cancelled"
	HeadExpired        HeadlineKind = "expired"
)

// Headline is the one sentence for a view at a moment: not a status, but made of estimate, promise and clock.
type Headline struct {
	Kind HeadlineKind
	// From and To are the window in the zone of the destination; To alone for a day or an hour by which.
	From, To time.Time
	// Days is from today (0) to the day of To, in the zone of the destination.
	Days int
	// Hours: the window is narrow enough to say hours.
	Hours bool
	// Reason explains a delay or an exception; empty where unknown.
	Reason Substatus
	// At is when it was reached, for what has happened.
	At Stamp
	// Place is the pickup point.
	Place string
	// Until is when the sentence may change by the clock alone; zero where it will not.
	Until time.Time
}

const (
	// hourWindow is the widest window of which hours are said; beyond, the day is more honest.
	hourWindow = 6 * time.Hour
	// WidestDays is the widest window, in days, that is said at all: nobody can plan by three weeks.
	WidestDays = 7
	// eveningHour is by when a carrier delivers on the day where it names no hour.
	eveningHour = 20
)

// HeadlineOf makes the headline of a view. zone is where days are counted: the destination's, else the visitor's.
func HeadlineOf(v *View, zone *time.Location, now time.Time) Headline {
	h := Headline{At: v.Since, Reason: reasonOf(v), Place: v.Pickup}
	switch v.Milestone {
	case Delivered:
		h.Kind = HeadDelivered
	case Returned:
		h.Kind = HeadReturned
	case Returning:
		h.Kind = HeadReturning
	case Cancelled:
		h.Kind = HeadCancelled
	case Expired:
		h.Kind = HeadExpired
	case AvailableForPickup:
		h.Kind = HeadPickup
	case AttemptFailed:
		h.Kind = HeadAttemptFailed
	case Exception:
		h.Kind = HeadException
		if v.Late || isDelay(v.Substatus) {
			h.expect(v, zone, now)
		}
	case NoMilestone, Pending, InfoReceived, InTransit, OutForDelivery:
		h.expect(v, zone, now)
	}
	return h
}

// expect is the headline of a parcel that is still to come.
func (h *Headline) expect(v *View, zone *time.Location, now time.Time) {
	delayed := v.Late || isDelay(v.Substatus)
	switch {
	case v.BackOrdered.Known():
		h.Kind, h.To = HeadBackOrdered, v.BackOrdered.Instant()
		return
	case v.Estimate == nil:
		h.Kind = h.unexpected(v, delayed)
		return
	}
	from, to, shown := v.Estimate.Window()
	if to.Before(now) {
		h.Kind = h.unexpected(v, delayed)
		return
	}
	local := now.In(zone)
	h.From, h.To = from.In(zone), to.In(zone)
	if h.From.Before(local) {
		h.From = local
	}
	h.Days = daysBetween(local, h.To)
	h.Until = startOfDay(local).AddDate(0, 0, 1)
	h.Hours = h.To.Sub(h.From) <= hourWindow
	switch {
	case !shown:
		h.Kind = h.unexpected(v, delayed)
	case delayed:
		h.Kind = HeadDelayedUntil
	case h.Days == 0:
		h.Kind = HeadArrivingBy
		if h.To.Hour() > eveningHour {
			h.To = time.Date(h.To.Year(), h.To.Month(), h.To.Day(), h.To.Hour()+1, 0, 0, 0, zone).Truncate(time.Hour)
		}
	case daysBetween(h.From, h.To) == 0:
		h.Kind = HeadArriving
	default:
		h.Kind = HeadArrivingRange
	}
	if v.Milestone == OutForDelivery && !delayed && h.Days > 0 {
		h.Kind = HeadOutForDelivery
	}
}

// unexpected is the headline where no estimate holds.
func (h *Headline) unexpected(v *View, delayed bool) HeadlineKind {
	switch {
	case v.Milestone == Exception && !isDelay(v.Substatus):
		return HeadException
	case delayed:
		return HeadDelayed
	case v.Milestone == OutForDelivery:
		return HeadOutForDelivery
	case v.Milestone == InTransit:
		return HeadOnTheWay
	case v.Milestone == InfoReceived:
		return HeadInfoReceived
	}
	return HeadPending
}

// reasonOf is what explains the state: an exception's own substatus, or what made it late.
func reasonOf(v *View) Substatus {
	if v.Milestone == Exception || v.Milestone == AttemptFailed {
		if v.Substatus != v.Milestone.Plain() && v.Substatus != "delayed" {
			return v.Substatus
		}
		return ""
	}
	if v.Late && v.DelayReason.Milestone() == Exception && v.DelayReason != "delayed" {
		return v.DelayReason
	}
	return ""
}

// isDelay reports whether a substatus speaks of lateness alone, so that a new date is the news.
func isDelay(s Substatus) bool {
	switch s {
	case "stuck", "delayed", "delayed_by_weather", "delayed_by_customs", "delayed_by_carrier", "delayed_by_external_cause":
		return true
	}
	return false
}

func startOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// daysBetween counts calendar days, whatever the clocks do in between.
func daysBetween(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}
