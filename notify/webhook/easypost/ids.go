package easypost

import (
	"fmt"
	"strconv"
	"strings"

	"waybill/tracker"
)

// EasyPost's ids are a kind, "_" and letters and digits; its libraries read the kind from them. Ours can be read back, so
// that no table of them is needed.
const (
	trackerPrefix = "trk_"
	eventPrefix   = "evt_"
	payloadPrefix = "payload_"
	webhookPrefix = "hook_"
	// endpointPrefix begins the ids of our endpoints.
	endpointPrefix = "ep_"
)

// TrackerID is a shipment's id as a tracker.
func TrackerID(shipment string) string { return trackerPrefix + shipment }

// ParseTrackerID gives the shipment that is meant.
func ParseTrackerID(id string) (shipment string, ok bool) {
	rest, ok := strings.CutPrefix(id, trackerPrefix)
	if !ok {
		return "", false
	}
	shipment, ok = tracker.ParseTrackingID(rest)
	return shipment, ok && shipment == rest
}

// EventID is the id of a change as an event.
func EventID(shipment string, seq int64) string {
	return eventPrefix + shipment + fmt.Sprintf("%010d", seq)
}

// ParseEventID gives the change that is meant.
func ParseEventID(id string) (shipment string, seq int64, ok bool) {
	const digits = 10
	rest, ok := strings.CutPrefix(id, eventPrefix)
	if !ok || len(rest) <= digits {
		return "", 0, false
	}
	seq, err := strconv.ParseInt(rest[len(rest)-digits:], 10, 64)
	if err != nil || seq < 0 {
		return "", 0, false
	}
	shipment = rest[:len(rest)-digits]
	return shipment, seq, EventID(shipment, seq) == id
}

// WebhookID is an endpoint's id as a webhook.
func WebhookID(endpoint string) string {
	return webhookPrefix + strings.TrimPrefix(endpoint, endpointPrefix)
}

// ParseWebhookID gives the endpoint that is meant.
func ParseWebhookID(id string) (endpoint string, ok bool) {
	rest, ok := strings.CutPrefix(id, webhookPrefix)
	return endpointPrefix + rest, ok
}

// PayloadID is the id of an event's payload to an endpoint; it is unique within the event.
func PayloadID(endpoint string) string {
	return payloadPrefix + strings.TrimPrefix(endpoint, endpointPrefix)
}

// ParsePayloadID gives the endpoint that is meant.
func ParsePayloadID(id string) (endpoint string, ok bool) {
	rest, ok := strings.CutPrefix(id, payloadPrefix)
	return endpointPrefix + rest, ok
}
