package api

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"waybill/notify/webhook"
	"waybill/notify/webhook/easypost"
	"waybill/tracker"
)

// easyPostWebhookFields are what a client says of a webhook.
type easyPostWebhookFields struct {
	URL           string            `json:"url"`
	WebhookSecret string            `json:"webhook_secret"`
	CustomHeaders *[]webhook.Header `json:"custom_headers"`
}

func (s *Server) easyPostCreateWebhook(c *fiber.Ctx) error {
	var in struct {
		Webhook easyPostWebhookFields `json:"webhook"`
	}
	if err := readEasyPost(c, &in); err != nil {
		return err
	}
	if in.Webhook.URL == "" {
		return easyPostMissing("webhook.url", "https://shop.example.com/hooks")
	}
	wishes := webhook.Wishes{URL: in.Webhook.URL, Form: tracker.WebhookEasyPost}
	if in.Webhook.CustomHeaders != nil {
		wishes.Headers = *in.Webhook.CustomHeaders
	}
	e, _, err := s.webhooks.Create(c.UserContext(), easyPostCaller(c), wishes, in.Webhook.WebhookSecret)
	return s.sendEasyPostWebhook(c, http.StatusCreated, e, err)
}

// sendEasyPostWebhook answers with an endpoint as a webhook of EasyPost's.
func (s *Server) sendEasyPostWebhook(c *fiber.Ctx, status int, e *tracker.Endpoint, err error) error {
	if err != nil {
		return webhookProblem(err)
	}
	out, err := s.easyPostWebhookOf(e)
	if err != nil {
		return err
	}
	return c.Status(status).JSON(out)
}

func (s *Server) easyPostWebhookOf(e *tracker.Endpoint) (*easypost.Webhook, error) {
	headers, err := webhook.OpenHeaders(s.keys, e)
	if err != nil {
		return nil, err
	}
	out := &easypost.Webhook{
		ID: easypost.WebhookID(e.ID), Object: "Webhook", Mode: easypost.ModeOf(tracker.IsSandbox(e.Tenant)), URL: e.URL,
		CustomHeaders: []easypost.Header{}, CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
	}
	if e.Disabled != "" {
		out.DisabledAt = timeOrNone(e.DisabledAt)
	}
	for _, h := range headers {
		out.CustomHeaders = append(out.CustomHeaders, easypost.Header(h))
	}
	return out, nil
}

// easyPostEndpoints are the caller's endpoints that are told in EasyPost's form, the newest first.
func (s *Server) easyPostEndpoints(c *fiber.Ctx) ([]*tracker.Endpoint, error) {
	list := tracker.ListOfTenant(easyPostCaller(c))
	all, err := tracker.LoadList[tracker.Endpoint](c.UserContext(), s.store, list, tracker.Page{Limit: 1000})
	if err != nil {
		return nil, err
	}
	var own []*tracker.Endpoint
	for _, e := range all {
		if e.Form == tracker.WebhookEasyPost {
			own = append(own, e)
		}
	}
	return own, nil
}

func (s *Server) easyPostWebhooks(c *fiber.Ctx) error {
	endpoints, err := s.easyPostEndpoints(c)
	if err != nil {
		return err
	}
	webhooks := make([]*easypost.Webhook, len(endpoints))
	for i, e := range endpoints {
		if webhooks[i], err = s.easyPostWebhookOf(e); err != nil {
			return err
		}
	}
	return c.JSON(fiber.Map{"webhooks": webhooks})
}

// ownEasyPostWebhook is the endpoint of the id in the path. Those of another form have none here.
func (s *Server) ownEasyPostWebhook(c *fiber.Ctx) (*tracker.Endpoint, error) {
	id, ok := easypost.ParseWebhookID(c.Params("id"))
	if !ok {
		return nil, tracker.ErrNotFound
	}
	e, err := s.ownWebhook(c.UserContext(), id)
	if err == nil && e.Form != tracker.WebhookEasyPost {
		return nil, tracker.ErrNotFound
	}
	return e, err
}

func (s *Server) easyPostWebhook(c *fiber.Ctx) error {
	e, err := s.ownEasyPostWebhook(c)
	return s.sendEasyPostWebhook(c, http.StatusOK, e, err)
}

// easyPostUpdateWebhook changes secret and headers, and puts a disabled webhook in force again, as EasyPost does. A new
// secret signs at once.
func (s *Server) easyPostUpdateWebhook(c *fiber.Ctx) error {
	e, err := s.ownEasyPostWebhook(c)
	if err != nil {
		return err
	}
	var in easyPostWebhookFields
	if err := readEasyPost(c, &in); err != nil {
		return err
	}
	ctx := c.UserContext()
	if in.WebhookSecret != "" {
		if _, _, err := s.webhooks.Rotate(ctx, e.ID, in.WebhookSecret, 0); err != nil {
			return webhookProblem(err)
		}
	}
	if in.CustomHeaders != nil || in.URL != "" {
		_, err := s.webhooks.Update(ctx, e.ID, func(w *webhook.Wishes) {
			if in.CustomHeaders != nil {
				w.Headers = *in.CustomHeaders
			}
			if in.URL != "" {
				w.URL = in.URL
			}
		})
		if err != nil {
			return webhookProblem(err)
		}
	}
	e, err = s.webhooks.Enable(ctx, e.ID)
	return s.sendEasyPostWebhook(c, http.StatusOK, e, err)
}

func (s *Server) easyPostDeleteWebhook(c *fiber.Ctx) error {
	e, err := s.ownEasyPostWebhook(c)
	if err == nil {
		err = s.webhooks.Delete(c.UserContext(), e.ID)
	}
	return easyPostDeleted(c, err)
}
