package api

import (
	"time"

	"waybill/notify/webhook"
	"waybill/tracker"
)

// WebhookFields are what an endpoint is told of, and where. Absent ones are left as they are.
type WebhookFields struct {
	URL         *string           `json:"url,omitempty" maxLength:"2000" doc:"Where to post to: https, on the public internet." example:"https://shop.example.com/hooks/waybill"`
	Description *string           `json:"description,omitempty" maxLength:"200" doc:"Your own words for it."`
	Types       *[]string         `json:"types,omitempty" maxItems:"50" doc:"Types of events to be told of; empty for all." example:"[\"shipment.out_for_delivery\",\"shipment.delivered\"]"`
	Carriers    *[]string         `json:"carriers,omitempty" maxItems:"100" doc:"Only shipments that travel with one of these; empty for all." example:"[\"ups\"]"`
	Tags        *[]string         `json:"tags,omitempty" maxItems:"100" doc:"Only shipments with one of these tags; empty for all."`
	Headers     *[]webhook.Header `json:"headers,omitempty" maxItems:"20" doc:"Headers of your own, sent with every post; kept sealed."`
	Contact     *string           `json:"contact,omitempty" maxLength:"254" doc:"E-mail address of who is told when it is disabled; else your brand's address for answers." example:"ops@shop.example.com"`
}

// put applies the fields to what is known.
func (f *WebhookFields) put(w *webhook.Wishes) {
	for _, field := range []struct {
		from *string
		to   *string
	}{{f.URL, &w.URL}, {f.Description, &w.Description}, {f.Contact, &w.Contact}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	if f.Headers != nil {
		w.Headers = *f.Headers
	}
	for _, field := range []struct {
		from *[]string
		to   *[]string
	}{{f.Types, &w.Types}, {f.Carriers, &w.Carriers}, {f.Tags, &w.Tags}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
}

// WebhookEndpoint is an endpoint and how it fares.
type WebhookEndpoint struct {
	ID          string           `json:"id" example:"ep_019ab2c41f70001a2b3c4d5e"`
	URL         string           `json:"url"`
	Description string           `json:"description,omitempty"`
	Form        string           `json:"form" enum:"standard,easypost"`
	Types       []string         `json:"types"`
	Carriers    []string         `json:"carriers"`
	Tags        []string         `json:"tags"`
	Headers     []webhook.Header `json:"headers,omitempty"`
	Contact     string           `json:"contact,omitempty"`
	// Secret is in the answers of create and rotate alone.
	Secret         string     `json:"secret,omitempty" doc:"Shown once: when the endpoint is made, or its secret rotated."`
	Disabled       bool       `json:"disabled"`
	DisabledReason string     `json:"disabled_reason,omitempty"`
	DisabledAt     *time.Time `json:"disabled_at,omitempty"`
	SucceededAt    *time.Time `json:"succeeded_at,omitempty" doc:"Its latest success, to a minute."`
	FailingSince   *time.Time `json:"failing_since,omitempty" doc:"The first failure after its latest success."`
	Replaying      bool       `json:"replaying" doc:"Whether events of the past are still to be put in line."`
	CreatedAt      time.Time  `json:"created_at"`
	UpdatedAt      time.Time  `json:"updated_at"`
}

func (s *Server) endpointOf(e *tracker.Endpoint) (WebhookEndpoint, error) {
	contact, err := webhook.OpenContact(s.keys, e)
	if err != nil {
		return WebhookEndpoint{}, err
	}
	headers, err := webhook.OpenHeaders(s.keys, e)
	return WebhookEndpoint{
		ID: e.ID, URL: e.URL, Description: e.Description, Form: string(e.Form), Types: orNone(e.Types), Carriers: orNone(e.Carriers),
		Tags: orNone(e.Tags), Headers: headers, Contact: contact, Disabled: e.Disabled != "", DisabledReason: e.Disabled, DisabledAt: timeOrNone(e.DisabledAt),
		SucceededAt: timeOrNone(e.SucceededAt), FailingSince: timeOrNone(e.FailingSince), Replaying: len(e.Replays) > 0,
		CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
	}, err
}

// orNone is a list that JSON shows as one, also where it is empty.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
