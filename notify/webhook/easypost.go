package webhook

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"waybill/tracker"
	"waybill/tracker/vocabulary"
)

// easyPostEvent is EasyPost's Event object with a Tracker as its result (docs.easypost.com, Events and Trackers; the
// fields are those that its client libraries read).
type easyPostEvent struct {
	ID            string          `json:"id"`
	Object        string          `json:"object"`
	Mode          string          `json:"mode"`
	Description   string          `json:"description"`
	Previous      map[string]any  `json:"previous_attributes"`
	Result        easyPostTracker `json:"result"`
	Status        string          `json:"status"`
	PendingURLs   []string        `json:"pending_urls"`
	CompletedURLs []string        `json:"completed_urls"`
	CreatedAt     time.Time       `json:"created_at"`
	UpdatedAt     time.Time       `json:"updated_at"`
}

type easyPostTracker struct {
	ID              string           `json:"id"`
	Object          string           `json:"object"`
	Mode            string           `json:"mode"`
	TrackingCode    string           `json:"tracking_code"`
	Status          string           `json:"status"`
	StatusDetail    string           `json:"status_detail"`
	EstDeliveryDate *time.Time       `json:"est_delivery_date"`
	Carrier         string           `json:"carrier"`
	TrackingDetails []easyPostDetail `json:"tracking_details"`
	CarrierDetail   easyPostCarrier  `json:"carrier_detail"`
	PublicURL       string           `json:"public_url"`
	Finalized       bool             `json:"finalized"`
	IsReturn        bool             `json:"is_return"`
	Metadata        map[string]any   `json:"metadata"`
	CreatedAt       time.Time        `json:"created_at"`
	UpdatedAt       time.Time        `json:"updated_at"`
	Fees            []struct{}       `json:"fees"`
}

type easyPostDetail struct {
	Object           string           `json:"object"`
	Message          string           `json:"message"`
	Status           string           `json:"status"`
	StatusDetail     string           `json:"status_detail"`
	DateTime         string           `json:"datetime"`
	Source           string           `json:"source"`
	CarrierCode      string           `json:"carrier_code,omitempty"`
	TrackingLocation easyPostLocation `json:"tracking_location"`
}

type easyPostLocation struct {
	Object  string `json:"object"`
	City    string `json:"city"`
	State   string `json:"state"`
	Country string `json:"country"`
}

type easyPostCarrier struct {
	Object  string `json:"object"`
	Service string `json:"service"`
}

// easyPostCarriers are the carriers whose names EasyPost writes in its own way; the others bear our codes.
var easyPostCarriers = map[string]string{
	"ups": "UPS", "usps": "USPS", "fedex": "FedEx", "dhl_express": "DHLExpress", "dhl_ecommerce": "DhlEcs",
	"canadapost": "CanadaPost", "auspost": "AustraliaPost", "royalmail": "RoyalMail", "dpd": "DPD", "gls": "GLS",
	"lasership": "LaserShip", "purolator": "Purolator", "postnl": "PostNL", "aramex": "Aramex", "veho": "Veho",
}

// easyPost is the body of an event as EasyPost's clients read it. Of the scans the oldest are left out where all would
// be too many.
func (w *writer) easyPost(v *vocabulary.Vocabulary, c *tracker.WebhookChange, kind string) ([]byte, error) {
	mode, description, leg := "production", "tracker.updated", current(c)
	if c.Test {
		mode = "test"
	}
	if slices.Contains(c.Types, Registered) {
		description = "tracker.created"
	}
	status, detail := easyPostStatus(v, c.View.Substatus)
	t := easyPostTracker{
		ID: "trk_" + c.Shipment, Object: "Tracker", Mode: mode, TrackingCode: leg.Number, Status: status, StatusDetail: detail,
		Carrier: easyPostName(leg.Carrier), CarrierDetail: easyPostCarrier{Object: "CarrierDetail", Service: c.View.CarrierService},
		PublicURL: w.pageURL(c), Finalized: c.View.Milestone.Ended(), IsReturn: c.Return, CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.At.UTC(),
		Metadata: map[string]any{"seq": c.View.Seq, "order": c.Order, "reference": c.Reference}, Fees: []struct{}{},
	}
	if e := c.View.Estimate; e != nil {
		expected := e.P50.UTC()
		t.EstDeliveryDate = &expected
	}
	for i := range c.Events {
		t.TrackingDetails = append(t.TrackingDetails, easyPostScan(v, c, &c.Events[i]))
	}
	slices.Reverse(t.TrackingDetails)
	for {
		body, err := json.Marshal(easyPostEvent{
			ID: EventID(c.Shipment, c.View.Seq, kind), Object: "Event", Mode: mode, Description: description,
			Previous: map[string]any{}, Result: t, Status: "pending", PendingURLs: []string{}, CompletedURLs: []string{},
			CreatedAt: c.At.UTC(), UpdatedAt: c.At.UTC(),
		})
		if err != nil || len(body) < maxBody || len(t.TrackingDetails) == 0 {
			return body, err
		}
		t.TrackingDetails = t.TrackingDetails[1:]
	}
}

func easyPostScan(v *vocabulary.Vocabulary, c *tracker.WebhookChange, e *tracker.WebhookEvent) easyPostDetail {
	status, detail := easyPostStatus(v, e.Substatus)
	source := tracker.FleetCarrier
	if e.Leg >= 0 && e.Leg < len(c.Legs) {
		source = c.Legs[e.Leg].Carrier
	}
	d := easyPostDetail{
		Object: "TrackingDetail", Message: e.Text, Status: status, StatusDetail: detail, Source: easyPostName(source), CarrierCode: e.Code,
		TrackingLocation: easyPostLocation{"TrackingLocation", e.Location.City, e.Location.State, e.Location.Country},
	}
	if e.Time.Known() {
		// EasyPost knows no local times: its own are UTC where the carrier gave an offset, else the carrier's as given.
		d.DateTime = e.Time.Instant().Format(time.RFC3339)
	}
	return d
}

// easyPostStatus says a substatus in EasyPost's words.
func easyPostStatus(v *vocabulary.Vocabulary, s tracker.Substatus) (status, detail string) {
	code, ok := v.Write(s)
	if !ok {
		code = "unknown/unknown"
	}
	status, detail, _ = strings.Cut(code, "/")
	return status, detail
}

func easyPostName(carrier string) string {
	if name, ok := easyPostCarriers[carrier]; ok {
		return name
	}
	return carrier
}
