package notify

import (
	"time"

	"waybill/tracker"
)

// Preview words a message with sample data: an invented parcel of the seller's, told to its recipient.
func (w *Writer) Preview(moment tracker.Moment, channel tracker.Channel, locale string, tenant *tracker.Tenant) (Content, error) {
	return w.Render(sampleSaid(moment, channel, locale, tenant))
}

func sampleSaid(moment tracker.Moment, channel tracker.Channel, locale string, tenant *tracker.Tenant) Said {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	return Said{
		Moment: moment, Channel: channel, Locale: locale, Tenant: tenant, Now: now, Token: "sample",
		Shipment: &tracker.Shipment{
			ID: "WB0000000000000SA", Tenant: tenant.ID, Order: "1001", Zone: "Europe/Berlin",
			Items: []tracker.Item{{SKU: "TEA-1", Quantity: 2, Title: "Darjeeling, 250 g"}, {SKU: "MUG-7", Quantity: 1}},
		},
		View:         sampleView(moment, now),
		Handed:       sampleHanded(moment, channel, tenant),
		Subscription: &tracker.Subscription{ID: "sample", Recipient: !asks(moment)},
	}
}

// sampleHanded is what is told of the sample parcel's handover.
func sampleHanded(moment tracker.Moment, channel tracker.Channel, tenant *tracker.Tenant) tracker.Handed {
	switch {
	case moment == tracker.MomentDelivered:
		return tracker.Handed{Place: "Garage", Photo: true}
	case channel != tracker.SMS || tenant.CodeBySMS:
		return tracker.Handed{Code: "4711"}
	}
	return tracker.Handed{}
}

// sampleView is where the sample parcel stands at a moment.
func sampleView(moment tracker.Moment, now time.Time) *tracker.View {
	v := &tracker.View{Milestone: tracker.InTransit, Since: tracker.StampAt(now)}
	today := &tracker.Estimate{P10: now, P50: now.Add(4 * time.Hour), P90: now.Add(9 * time.Hour)}
	later := &tracker.Estimate{P10: now.Add(2 * day), P50: now.Add(2*day + 4*time.Hour), P90: now.Add(2*day + 8*time.Hour)}
	switch moment {
	case tracker.MomentConfirmed, tracker.MomentPacked, tracker.MomentConfirmChannel, tracker.MomentSignIn:
		v.Milestone = tracker.Pending
	case tracker.MomentInfoReceived:
		v.Milestone = tracker.InfoReceived
	case tracker.MomentBackOrdered:
		v.Milestone, v.BackOrdered = tracker.Pending, tracker.StampAt(now.Add(7*day))
	case tracker.MomentShipped, tracker.MomentInTransit:
		v.Estimate = later
	case tracker.MomentArrivingToday:
		v.Estimate = today
	case tracker.MomentOutForDelivery:
		v.Milestone, v.Estimate = tracker.OutForDelivery, today
	case tracker.MomentFewStopsAway:
		v.Milestone = tracker.OutForDelivery
		v.Estimate = &tracker.Estimate{P10: now.Add(10 * time.Minute), P50: now.Add(20 * time.Minute), P90: now.Add(40 * time.Minute), StopsAway: 3}
	case tracker.MomentAttemptFailed:
		v.Milestone, v.Substatus = tracker.AttemptFailed, "recipient_unavailable"
	case tracker.MomentRedirected:
		v.Milestone, v.Substatus, v.Pickup = tracker.InTransit, "redirected", "Kiosk Sonne"
	case tracker.MomentReadyForPickup, tracker.MomentPickupReminder:
		v.Milestone, v.Pickup = tracker.AvailableForPickup, "Kiosk Sonne"
		v.PickupHours = "8–20"
	case tracker.MomentDelivered, tracker.MomentCaseUpdate, tracker.MomentReturnUpdate:
		v.Milestone = tracker.Delivered
	case tracker.MomentDelayed:
		v.Late, v.DelayReason, v.Estimate = true, "delayed_by_weather", later
	case tracker.MomentException:
		v.Milestone, v.Substatus = tracker.Exception, "incorrect_address"
	case tracker.MomentCustoms:
		v.Customs, v.Papers = "held", []string{"commercial invoice"}
	case tracker.MomentReturned:
		v.Milestone = tracker.Returning
	case tracker.MomentCancelled:
		v.Milestone = tracker.Cancelled
	}
	return v
}
