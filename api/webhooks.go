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

// CreateWebhookInput asks for an endpoint.
type CreateWebhookInput struct {
	Body struct {
		WebhookFields
		Form   string `json:"form,omitempty" enum:"standard,easypost" default:"standard" doc:"standard: Standard Webhooks. easypost: EasyPost's event objects with X-Hmac-Signature."`
		Secret string `json:"secret,omitempty" maxLength:"255" doc:"A secret of your own, as whsec_… (with form easypost any text); made where it is absent."`
	}
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
	case errors.Is(err, webhook.ErrHeader):
		return invalid("headers", err.Error(), []webhook.Header{{Name: "X-Shop-Token", Value: "5f4dcc3b5aa7"}})
	case errors.Is(err, webhook.ErrContact):
		return invalid("contact", err.Error(), "ops@shop.example.com")
	case errors.Is(err, webhook.ErrTooMany), errors.Is(err, webhook.ErrBusy):
		return problem("conflict", err.Error())
	}
	return err
}
