package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/notify/webhook"
	"waybill/tracker"
)

// webhookOperations are how sellers keep their endpoints. What was sent to one is in webhook_deliveries.go.
func (s *Server) webhookOperations() {
	tags := []string{"Webhooks"}
	operation(s, huma.Operation{
		OperationID: "create-webhook", Method: http.MethodPost, Path: "/v1/webhooks", Tags: tags,
		Summary: "Have a server of yours told of your shipments", DefaultStatus: http.StatusCreated,
		Description: "Payloads follow Standard Webhooks: check them with its libraries. The secret is shown in this answer alone. " +
			"Types of events:\n\n" + typeTable(),
	}, s.createWebhook)
	operation(s, huma.Operation{
		OperationID: "list-webhooks", Method: http.MethodGet, Path: "/v1/webhooks", Tags: tags, Summary: "List endpoints, the newest first",
	}, s.listWebhooks)
	operation(s, huma.Operation{
		OperationID: "get-webhook", Method: http.MethodGet, Path: "/v1/webhooks/{id}", Tags: tags, Summary: "An endpoint and how it fares",
	}, s.getWebhook)
	operation(s, huma.Operation{
		OperationID: "update-webhook", Method: http.MethodPatch, Path: "/v1/webhooks/{id}", Tags: tags, Summary: "Change an endpoint",
		Description: "Fields that are absent stay. With disabled, nothing is sent until it is enabled; what happens meanwhile is kept.",
	}, s.updateWebhook)
	operation(s, huma.Operation{
		OperationID: "delete-webhook", Method: http.MethodDelete, Path: "/v1/webhooks/{id}", Tags: tags, Summary: "Remove an endpoint",
		DefaultStatus: http.StatusNoContent,
	}, s.deleteWebhook)
	operation(s, huma.Operation{
		OperationID: "rotate-webhook-secret", Method: http.MethodPost, Path: "/v1/webhooks/{id}/secret", Tags: tags,
		Summary: "Give an endpoint another secret", DefaultStatus: http.StatusCreated,
		Description: "Until the overlap ends payloads bear the signatures of both. The secret is shown in this answer alone.",
	}, s.rotateWebhook)
	operation(s, huma.Operation{
		OperationID: "enable-webhook", Method: http.MethodPost, Path: "/v1/webhooks/{id}/enable", Tags: tags,
		Summary:     "Put a disabled endpoint in force again",
		Description: "What happened meanwhile is delivered, oldest first, and so is what failed for good since the endpoint began to fail.",
	}, s.enableWebhook)
	s.deliveryOperations()
	s.documentWebhook()
}

// documentWebhook describes what endpoints get, as OpenAPI's webhooks.
func (s *Server) documentWebhook() {
	body, err := webhook.Example(s.publicURL)
	if err != nil {
		panic("api: the example of a webhook cannot be written: " + err.Error()) // fails on every machine, in every test
	}
	document := s.api.OpenAPI()
	document.Webhooks = map[string]*huma.PathItem{"shipment": {Post: &huma.Operation{
		OperationID: "shipment-event", Tags: []string{"Webhooks"}, Summary: "A shipment changed",
		Description: "Signed by Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature). Answer 2xx within 15 seconds.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {
			Schema:  document.Components.Schemas.Schema(reflect.TypeFor[webhook.Payload](), true, "WebhookPayload"),
			Example: json.RawMessage(body),
		}}},
		Responses: map[string]*huma.Response{"204": {Description: "Taken; any other 2xx will do."}},
	}}}
}

func typeTable() string {
	var text strings.Builder
	text.WriteString("| type | sent when |\n|---|---|\n")
	for _, t := range webhook.Types() {
		text.WriteString("| `" + t.Name + "` | " + t.When + " |\n")
	}
	return text.String()
}

// WebhookFields are what an endpoint is told of, and where. Absent ones are left as they are.
type WebhookFields struct {
	URL         *string   `json:"url,omitempty" maxLength:"2000" doc:"Where to post to: https, on the public internet." example:"https://shop.example.com/hooks/waybill"`
	Description *string   `json:"description,omitempty" maxLength:"200" doc:"Your own words for it."`
	Types       *[]string `json:"types,omitempty" maxItems:"50" doc:"Types of events to be told of; empty for all." example:"[\"shipment.out_for_delivery\",\"shipment.delivered\"]"`
	Carriers    *[]string `json:"carriers,omitempty" maxItems:"100" doc:"Only shipments that travel with one of these; empty for all." example:"[\"ups\"]"`
	Tags        *[]string `json:"tags,omitempty" maxItems:"100" doc:"Only shipments with one of these tags; empty for all."`
	Contact     *string   `json:"contact,omitempty" maxLength:"254" doc:"E-mail address of who is told when it is disabled; else your brand's address for answers." example:"ops@shop.example.com"`
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
	for _, field := range []struct {
		from *[]string
		to   *[]string
	}{{f.Types, &w.Types}, {f.Carriers, &w.Carriers}, {f.Tags, &w.Tags}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
}

// CreateWebhookInput asks for an endpoint.
type CreateWebhookInput struct {
	Body struct {
		WebhookFields
		Form   string `json:"form,omitempty" enum:"standard,easypost" default:"standard" doc:"standard: Standard Webhooks. easypost: EasyPost's event objects with X-Hmac-Signature."`
		Secret string `json:"secret,omitempty" maxLength:"255" doc:"A secret of your own, as whsec_… (with form easypost any text); made where it is absent."`
	}
}

// WebhookEndpoint is an endpoint and how it fares.
type WebhookEndpoint struct {
	ID          string   `json:"id" example:"ep_019ab2c41f70001a2b3c4d5e"`
	URL         string   `json:"url"`
	Description string   `json:"description,omitempty"`
	Form        string   `json:"form" enum:"standard,easypost"`
	Types       []string `json:"types"`
	Carriers    []string `json:"carriers"`
	Tags        []string `json:"tags"`
	Contact     string   `json:"contact,omitempty"`
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
	return WebhookEndpoint{
		ID: e.ID, URL: e.URL, Description: e.Description, Form: string(e.Form), Types: orNone(e.Types), Carriers: orNone(e.Carriers),
		Tags: orNone(e.Tags), Contact: contact, Disabled: e.Disabled != "", DisabledReason: e.Disabled, DisabledAt: timeOrNone(e.DisabledAt),
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

// showEndpoint answers with an endpoint, and with its secret where that is shown this once.
func (s *Server) showEndpoint(e *tracker.Endpoint, secret string, err error) (*Body[WebhookEndpoint], error) {
	if err != nil {
		return nil, webhookProblem(err)
	}
	out, err := s.endpointOf(e)
	out.Secret = secret
	return &Body[WebhookEndpoint]{Body: out}, err
}

// ByWebhook names an endpoint in the path.
type ByWebhook struct {
	ID string `path:"id" maxLength:"64" example:"ep_019ab2c41f70001a2b3c4d5e"`
}

// ownWebhook is an endpoint of the caller's; another's is not there at all.
func (s *Server) ownWebhook(ctx context.Context, id string) (*tracker.Endpoint, error) {
	e, err := tracker.Load[tracker.Endpoint](ctx, s.store, id)
	if err == nil && e.Tenant != callerOf(ctx).Tenant {
		return nil, tracker.ErrNotFound
	}
	return e, err
}

func (s *Server) createWebhook(ctx context.Context, in *CreateWebhookInput) (*Body[WebhookEndpoint], error) {
	wishes := webhook.Wishes{Form: tracker.WebhookForm(in.Body.Form)}
	in.Body.put(&wishes)
	e, secret, err := s.webhooks.Create(ctx, callerOf(ctx).Tenant, wishes, in.Body.Secret)
	return s.showEndpoint(e, secret, err)
}

// WebhookList are endpoints.
type WebhookList struct {
	Items []WebhookEndpoint `json:"items"`
}

func (s *Server) listWebhooks(ctx context.Context, _ *struct{}) (*Body[WebhookList], error) {
	list := tracker.ListOfTenant(callerOf(ctx).Tenant)
	endpoints, err := tracker.LoadList[tracker.Endpoint](ctx, s.store, list, tracker.Page{Limit: 1000})
	if err != nil {
		return nil, err
	}
	out := WebhookList{Items: make([]WebhookEndpoint, len(endpoints))}
	for i, e := range endpoints {
		if out.Items[i], err = s.endpointOf(e); err != nil {
			return nil, err
		}
	}
	return &Body[WebhookList]{Body: out}, nil
}

func (s *Server) getWebhook(ctx context.Context, in *ByWebhook) (*Body[WebhookEndpoint], error) {
	e, err := s.ownWebhook(ctx, in.ID)
	return s.showEndpoint(e, "", err)
}

// UpdateWebhookInput changes an endpoint.
type UpdateWebhookInput struct {
	ByWebhook
	Body struct {
		WebhookFields
		Disabled bool `json:"disabled,omitempty" doc:"Send nothing until it is enabled."`
	}
}

func (s *Server) updateWebhook(ctx context.Context, in *UpdateWebhookInput) (*Body[WebhookEndpoint], error) {
	if _, err := s.ownWebhook(ctx, in.ID); err != nil {
		return nil, err
	}
	e, err := s.webhooks.Update(ctx, in.ID, in.Body.put)
	if err == nil && in.Body.Disabled {
		e, err = s.webhooks.Disable(ctx, in.ID)
	}
	return s.showEndpoint(e, "", err)
}

func (s *Server) deleteWebhook(ctx context.Context, in *ByWebhook) (*struct{}, error) {
	if _, err := s.ownWebhook(ctx, in.ID); err != nil {
		return nil, err
	}
	return nil, s.webhooks.Delete(ctx, in.ID)
}

// RotateInput asks for another secret.
type RotateInput struct {
	ByWebhook
	Body struct {
		Secret       string `json:"secret,omitempty" maxLength:"255" doc:"A secret of your own; made where it is absent."`
		OverlapHours int    `json:"overlap_hours,omitempty" minimum:"0" maximum:"168" default:"24" doc:"For how long the one before holds too."`
	}
}

func (s *Server) rotateWebhook(ctx context.Context, in *RotateInput) (*Body[WebhookEndpoint], error) {
	if _, err := s.ownWebhook(ctx, in.ID); err != nil {
		return nil, err
	}
	e, secret, err := s.webhooks.Rotate(ctx, in.ID, in.Body.Secret, time.Duration(in.Body.OverlapHours)*time.Hour)
	return s.showEndpoint(e, secret, err)
}

func (s *Server) enableWebhook(ctx context.Context, in *ByWebhook) (*Body[WebhookEndpoint], error) {
	if _, err := s.ownWebhook(ctx, in.ID); err != nil {
		return nil, err
	}
	e, err := s.webhooks.Enable(ctx, in.ID)
	return s.showEndpoint(e, "", err)
}

// webhookProblem says what is wrong with a wish about endpoints.
func webhookProblem(err error) error {
	switch {
	case errors.Is(err, webhook.ErrURL):
		return invalid("url", err.Error(), "https://shop.example.com/hooks/waybill")
	case errors.Is(err, webhook.ErrType):
		return invalid("types", err.Error(), "shipment.delivered")
	case errors.Is(err, webhook.ErrSecret):
		return invalid("secret", err.Error(), "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")
	case errors.Is(err, webhook.ErrContact):
		return invalid("contact", err.Error(), "ops@shop.example.com")
	case errors.Is(err, webhook.ErrTooMany), errors.Is(err, webhook.ErrBusy):
		return problem("conflict", err.Error())
	}
	return err
}
