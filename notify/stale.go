package notify

import (
	"strings"
	"time"

	"waybill/tracker"
)

// Stale says why a message must not be sent any more, by the view as it is now; "" while it is still true and worth
// telling. s gives the zone in which days are counted.
func Stale(m *tracker.Message, s *tracker.Shipment, v *tracker.View, now time.Time) string {
	if !m.Expires.IsZero() && now.After(m.Expires) {
		return "not sent: it could not be sent while it was news"
	}
	return staleReason(m.Moment, m.Occurrence, v, ZoneOf(s, v), now, false)
}

// staleReason says what made a moment untrue. ahead: it is decided before its day and only has to be possible.
func staleReason(moment tracker.Moment, occurrence string, v *tracker.View, zone *time.Location, now time.Time, ahead bool) string {
	meanwhile := "not sent: " + strings.ReplaceAll(v.Milestone.String(), "_", " ") + " in the meantime"
	if asks(moment) || still(moment, occurrence, v) {
		return changed(moment, occurrence, v, zone, now, ahead)
	}
	return meanwhile
}

// still reports whether the parcel stands where the moment speaks of.
func still(moment tracker.Moment, occurrence string, v *tracker.View) bool {
	at := v.Milestone
	onItsWay := at == tracker.InTransit || at == tracker.Exception
	switch moment {
	case tracker.MomentConfirmed, tracker.MomentBackOrdered, tracker.MomentPacked:
		return at <= tracker.InfoReceived
	case tracker.MomentInfoReceived:
		return at == tracker.InfoReceived
	case tracker.MomentShipped, tracker.MomentInTransit:
		return onItsWay
	case tracker.MomentArrivingToday:
		return at == tracker.InfoReceived || at == tracker.InTransit
	case tracker.MomentOutForDelivery, tracker.MomentFewStopsAway:
		return at == tracker.OutForDelivery
	case tracker.MomentAttemptFailed:
		return at == tracker.AttemptFailed || onItsWay
	case tracker.MomentRedirected:
		return v.Substatus == "redirected"
	case tracker.MomentReadyForPickup, tracker.MomentPickupReminder:
		return at == tracker.AvailableForPickup
	case tracker.MomentDelivered:
		return at == tracker.Delivered
	case tracker.MomentDelayed:
		return at <= tracker.InTransit || at == tracker.OutForDelivery || at == tracker.Exception || at == tracker.AttemptFailed
	case tracker.MomentException:
		return at == tracker.Exception
	case tracker.MomentCustoms:
		return at <= tracker.InTransit || at == tracker.Exception
	case tracker.MomentReturned:
		return at.String() == occurrence
	case tracker.MomentCancelled:
		return at == tracker.Cancelled
	case tracker.MomentCaseUpdate, tracker.MomentReturnUpdate: // wherever the parcel is
		return true
	case tracker.MomentConfirmChannel, tracker.MomentSignIn:
	}
	return false
}

// changed says what else is different from what the message would say, the parcel standing where it should.
func changed(moment tracker.Moment, occurrence string, v *tracker.View, zone *time.Location, now time.Time, ahead bool) string {
	const newDate = "not sent: the expected date changed in the meantime"
	switch moment {
	case tracker.MomentBackOrdered:
		if v.BackOrdered.LocalText() != occurrence {
			return newDate
		}
	case tracker.MomentArrivingToday:
		if arrivingOn(v, zone) != occurrence || delayedUntil(v, zone, now) != "" {
			return newDate
		}
		if !ahead && now.In(zone).Format(time.DateOnly) != occurrence {
			return "not sent: the day is over"
		}
	case tracker.MomentOutForDelivery, tracker.MomentFewStopsAway, tracker.MomentReadyForPickup, tracker.MomentPickupReminder,
		tracker.MomentCancelled:
		// That it was earlier than was known then is no reason: nobody would be told at all.
		if dayOf(v.Since) > occurrence {
			return "not sent: " + strings.ReplaceAll(v.Milestone.String(), "_", " ") + " anew in the meantime"
		}
	case tracker.MomentDelayed:
		if delayedUntil(v, zone, now) != occurrence {
			return newDate
		}
	case tracker.MomentException:
		if substatus, _, _ := strings.Cut(occurrence, "@"); substatus != string(v.Substatus) {
			return "not sent: " + strings.ReplaceAll(string(v.Substatus), "_", " ") + " in the meantime"
		}
	case tracker.MomentCustoms:
		if customsWants(v) != occurrence {
			return "not sent: customs wants something else, or nothing more, in the meantime"
		}
	case tracker.MomentConfirmed, tracker.MomentPacked, tracker.MomentInfoReceived, tracker.MomentShipped, tracker.MomentInTransit,
		tracker.MomentAttemptFailed,
		tracker.MomentDelivered, tracker.MomentReturned, tracker.MomentCaseUpdate, tracker.MomentReturnUpdate, tracker.MomentRedirected, tracker.MomentConfirmChannel, tracker.MomentSignIn:
	}
	return ""
}
