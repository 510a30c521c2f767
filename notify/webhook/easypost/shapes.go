// Package easypost says shipments in the words and shapes of EasyPost's API (docs.easypost.com: Trackers, Events, Webhooks),
// as its client libraries read them: for webhooks in its form, and for the API that takes the place of its own.
package easypost

import "time"

// Tracker is a shipment.
type Tracker struct {
	ID              string         `json:"id"`
	Object          string         `json:"object"`
	Mode            string         `json:"mode"`
	TrackingCode    string         `json:"tracking_code"`
	Status          string         `json:"status"`
	StatusDetail    string         `json:"status_detail"`
	SignedBy        *string        `json:"signed_by"`
	Weight          *float64       `json:"weight"` // ounces
	EstDeliveryDate *time.Time     `json:"est_delivery_date"`
	ShipmentID      *string        `json:"shipment_id"`
	Carrier         string         `json:"carrier"`
	TrackingDetails []Detail       `json:"tracking_details"`
	CarrierDetail   Carriage       `json:"carrier_detail"`
	PublicURL       string         `json:"public_url"`
	Finalized       bool           `json:"finalized"`
	IsReturn        bool           `json:"is_return"`
	Metadata        map[string]any `json:"metadata"`
	CreatedAt       time.Time      `json:"created_at"`
	UpdatedAt       time.Time      `json:"updated_at"`
	Fees            []struct{}     `json:"fees"`
}

// Detail is one scan.
type Detail struct {
	Object           string   `json:"object"`
	Message          string   `json:"message"`
	Description      *string  `json:"description"`
	Status           string   `json:"status"`
	StatusDetail     string   `json:"status_detail"`
	DateTime         string   `json:"datetime"`
	Source           string   `json:"source"`
	CarrierCode      string   `json:"carrier_code,omitempty"`
	TrackingLocation Location `json:"tracking_location"`
}

// Location is where a scan was made.
type Location struct {
	Object  string  `json:"object"`
	City    string  `json:"city"`
	State   string  `json:"state"`
	Country string  `json:"country"`
	Zip     *string `json:"zip"`
}

// Carriage is what the carrier says beside the scans.
type Carriage struct {
	Object                      string     `json:"object"`
	Service                     string     `json:"service"`
	ContainerType               *string    `json:"container_type"`
	EstDeliveryDateLocal        *string    `json:"est_delivery_date_local"`
	EstDeliveryTimeLocal        *string    `json:"est_delivery_time_local"`
	OriginLocation              string     `json:"origin_location"`
	OriginTrackingLocation      *Location  `json:"origin_tracking_location"`
	DestinationLocation         string     `json:"destination_location"`
	DestinationTrackingLocation *Location  `json:"destination_tracking_location"`
	GuaranteedDeliveryDate      *time.Time `json:"guaranteed_delivery_date"`
	AlternateIdentifier         *string    `json:"alternate_identifier"`
	InitialDeliveryAttempt      *string    `json:"initial_delivery_attempt"`
}

// Event is a change. Result is in what endpoints are posted, not in lists.
type Event struct {
	ID            string         `json:"id"`
	Object        string         `json:"object"`
	Mode          string         `json:"mode"`
	Description   string         `json:"description"`
	Previous      map[string]any `json:"previous_attributes"`
	Result        *Tracker       `json:"result,omitempty"`
	Status        string         `json:"status"`
	PendingURLs   []string       `json:"pending_urls"`
	CompletedURLs []string       `json:"completed_urls"`
	CreatedAt     time.Time      `json:"created_at"`
	UpdatedAt     time.Time      `json:"updated_at"`
}

// Payload is an event on its way to one webhook, with its latest attempt.
type Payload struct {
	ID              string            `json:"id"`
	Object          string            `json:"object"`
	RequestURL      string            `json:"request_url"`
	RequestHeaders  map[string]string `json:"request_headers"`
	RequestBody     string            `json:"request_body"`
	ResponseHeaders map[string]string `json:"response_headers"`
	ResponseBody    string            `json:"response_body"`
	ResponseCode    int               `json:"response_code"`
	TotalTime       int64             `json:"total_time"` // milliseconds
	CreatedAt       time.Time         `json:"created_at"`
	UpdatedAt       time.Time         `json:"updated_at"`
}

// Webhook is an endpoint.
type Webhook struct {
	ID            string     `json:"id"`
	Object        string     `json:"object"`
	Mode          string     `json:"mode"`
	URL           string     `json:"url"`
	CustomHeaders []Header   `json:"custom_headers"`
	DisabledAt    *time.Time `json:"disabled_at"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
}

// Header is a header that every post to a webhook bears.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ModeOf is the mode of objects of the sandbox, and of all others.
func ModeOf(test bool) string {
	if test {
		return "test"
	}
	return "production"
}
