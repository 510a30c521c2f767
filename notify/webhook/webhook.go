// Package webhook tells sellers' own servers what happens to their shipments.
//
// Decide makes of a change of a shipment's view the events that it is, and of those a delivery for each endpoint that
// wants it. They stand in the store under keys that exist once (the change by shipment and sequence number, the delivery
// by endpoint and event), so that deciding twice decides the same. An Office sends them: each endpoint has a line of its
// own, oldest first, its own breaker and a bounded share of what is under way; what fails leaves the line until its next
// attempt, so that nothing waits behind it. A Desk keeps the endpoints.
//
// Payloads and signatures follow Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec v1), or, where an
// endpoint asks for it, EasyPost's event objects.
package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"

	"waybill/tracker"
)

// EventID is the id of an event, by which receivers know it again: it follows from what the event is.
func EventID(shipment string, seq int64, kind string) string {
	h := sha256.New()
	for _, part := range []string{shipment, strconv.FormatInt(seq, 10), kind} {
		_, _ = io.WriteString(h, part)
		_, _ = h.Write([]byte{0})
	}
	return "evt_" + hex.EncodeToString(h.Sum(nil)[:16])
}

// Deliveries makes the deliveries of a change to the endpoints that want it. An endpoint of EasyPost's form is told once
// of a change, as EasyPost does: its events name no types of their own.
func Deliveries(c *tracker.WebhookChange, endpoints []*tracker.Endpoint) []*tracker.WebhookDelivery {
	var list []*tracker.WebhookDelivery
	for _, e := range endpoints {
		apart, _ := c.Apart()
		for _, kind := range c.Types {
			if !e.Wants(kind, c) || apart != "" && e.Form == tracker.WebhookEasyPost { // which knows no cases and returns
				continue
			}
			list = append(list, newDelivery(c, e, kind))
			if e.Form == tracker.WebhookEasyPost {
				break
			}
		}
	}
	return list
}

func eventOfChange(c *tracker.WebhookChange, kind string) string {
	if id, n := c.Apart(); id != "" {
		return EventID(c.Shipment+"/"+id, n, kind)
	}
	return EventID(c.Shipment, c.View.Seq, kind)
}

func newDelivery(c *tracker.WebhookChange, e *tracker.Endpoint, kind string) *tracker.WebhookDelivery {
	return &tracker.WebhookDelivery{
		Endpoint: e.ID, Event: eventOfChange(c, kind), Tenant: c.Tenant,
		Change: c.Key(), Type: kind, Shipment: c.Shipment, Seq: c.View.Seq,
		State: tracker.WebhookPending, CreatedAt: c.At,
	}
}
