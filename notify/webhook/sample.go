package webhook

import (
	"time"

	"waybill/tracker"
	"waybill/tracker/words"
)

// sampleShipment is the parcel of test events: nobody's.
const sampleShipment = "WB2345679ABCDEFGJ"

// NewTest makes a test event for an endpoint, which is sent whatever the endpoint wants.
func NewTest(e *tracker.Endpoint, now time.Time) *tracker.WebhookDelivery {
	return &tracker.WebhookDelivery{
		Endpoint: e.ID, Event: EventID(tracker.NewID(now), 0, Test), Tenant: e.Tenant, Type: Test,
		State: tracker.WebhookPending, CreatedAt: now.UTC(),
	}
}

// Example is an event as endpoints get it, for the reference.
func Example(publicURL string) ([]byte, error) {
	w := writer{publicURL: publicURL, english: words.For("en")}
	c := sample(&tracker.WebhookDelivery{CreatedAt: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)})
	return w.standard(c, typeOf(tracker.OutForDelivery))
}

// sample is the change that a test event tells of: a made-up parcel out for delivery.
func sample(d *tracker.WebhookDelivery) *tracker.WebhookChange {
	at := d.CreatedAt.UTC().Truncate(time.Second)
	place := tracker.Location{City: "Berlin", Country: "DE"}
	c := &tracker.WebhookChange{
		Tenant: d.Tenant, Shipment: sampleShipment, Types: []string{Test}, At: at, Order: "1001", Service: tracker.Standard, Test: true,
		Legs:      []tracker.LegKey{{Carrier: tracker.FleetCarrier, Number: sampleShipment}, {Carrier: "ups", Number: "1Z999AA10123456784"}},
		CreatedAt: at.Add(-48 * time.Hour),
	}
	c.Events = []tracker.WebhookEvent{
		{Leg: 1, Event: tracker.Event{
			Kind: "OT", Time: tracker.StampAt(at.Add(-time.Hour)), Substatus: "out_for_delivery", Code: "OT", Text: "Out For Delivery Today", Location: place,
		}},
		{Leg: 1, Event: tracker.Event{
			Kind: "PU", Time: tracker.StampAt(at.Add(-24 * time.Hour)), Substatus: "picked_up", Code: "PU", Text: "Pickup Scan", Location: place,
		}},
	}
	c.View = tracker.View{
		Seq: 1, Milestone: tracker.OutForDelivery, Substatus: "out_for_delivery", Since: c.Events[0].Time, Leg: 1, Location: place,
		LocationAt: c.Events[0].Time, LastAt: c.Events[0].Time,
		Estimate: &tracker.Estimate{P10: at.Add(time.Hour), P50: at.Add(3 * time.Hour), P90: at.Add(6 * time.Hour), Zone: "Europe/Berlin", Source: "model"},
	}
	return c
}
