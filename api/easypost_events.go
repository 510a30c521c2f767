package api

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"waybill/notify/webhook"
	"waybill/notify/webhook/easypost"
	"waybill/tracker"
)

// sending is an event's way to one endpoint; delivery is nil where the endpoint was not there yet, or wants other events.
type sending struct {
	endpoint *tracker.Endpoint
	delivery *tracker.WebhookDelivery
}

// sendingsOf finds what became of changes at the endpoints of EasyPost's form.
func (s *Server) sendingsOf(ctx context.Context, changes []*tracker.WebhookChange, endpoints []*tracker.Endpoint) (map[string][]sending, error) {
	var keys []string
	byKey := map[string]*tracker.Endpoint{}
	for _, c := range changes {
		for _, e := range endpoints {
			for _, d := range webhook.Deliveries(c, []*tracker.Endpoint{e}) {
				key := tracker.WebhookDeliveryKey(d.Endpoint, d.Event)
				keys, byKey[key] = append(keys, key), e
			}
		}
	}
	rows, err := s.store.Get(ctx, tracker.WebhookDeliveries, keys...)
	if err != nil {
		return nil, err
	}
	sendings := map[string][]sending{}
	for _, row := range rows {
		d, err := tracker.Decode[tracker.WebhookDelivery](row)
		if err != nil {
			return nil, err
		}
		sendings[d.Change] = append(sendings[d.Change], sending{byKey[row.Key], d})
	}
	return sendings, nil
}

// easyPostEventOf says a change with what became of it at the endpoints.
func (s *Server) easyPostEventOf(c *tracker.WebhookChange, sendings []sending) *easypost.Event {
	e := s.easyPost.Event(c, webhook.IsFirst(c))
	e.Status = "completed"
	for _, one := range sendings {
		switch one.delivery.State {
		case tracker.WebhookDelivered:
			e.CompletedURLs = append(e.CompletedURLs, one.endpoint.URL)
		case tracker.WebhookFailed:
			e.Status = "failed"
		case tracker.WebhookRetrying:
			e.Status = "retrying"
			e.PendingURLs = append(e.PendingURLs, one.endpoint.URL)
		case tracker.WebhookPending, tracker.WebhookSending:
			e.Status = "in_queue"
			e.PendingURLs = append(e.PendingURLs, one.endpoint.URL)
		}
	}
	return e
}

func (s *Server) easyPostEvents(c *fiber.Ctx) error {
	page, err := easyPostPageOf(c, func(id string) (*tracker.Cursor, error) {
		change, err := s.ownChange(c, id)
		if err != nil {
			return nil, err
		}
		return tracker.CursorOf(change), nil
	})
	if err != nil {
		return err
	}
	ofParcels := func(c *tracker.WebhookChange) bool { // EasyPost knows no cases and returns
		id, _ := c.Apart()
		return id == ""
	}
	changes, more, err := collect(c.UserContext(), s.store, tracker.ListOfTenant(easyPostCaller(c)), page, ofParcels)
	if err != nil {
		return err
	}
	endpoints, err := s.easyPostEndpoints(c)
	if err != nil {
		return err
	}
	sendings, err := s.sendingsOf(c.UserContext(), changes, endpoints)
	if err != nil {
		return err
	}
	events := make([]*easypost.Event, len(changes))
	for i, change := range changes {
		events[i] = s.easyPostEventOf(change, sendings[change.Key()])
	}
	return c.JSON(fiber.Map{"events": events, "has_more": more})
}

// ownChange is the change of an event's id; another seller's is not there at all.
func (s *Server) ownChange(c *fiber.Ctx, id string) (*tracker.WebhookChange, error) {
	shipment, seq, ok := easypost.ParseEventID(id)
	if !ok {
		return nil, tracker.ErrNotFound
	}
	change, err := tracker.Load[tracker.WebhookChange](c.UserContext(), s.store, tracker.WebhookChangeKey(shipment, seq))
	if err == nil && change.Tenant != easyPostCaller(c) {
		return nil, tracker.ErrNotFound
	}
	return change, err
}

// eventInPath gives the change of the id in the path with its sendings.
func (s *Server) eventInPath(c *fiber.Ctx) (*tracker.WebhookChange, []sending, error) {
	change, err := s.ownChange(c, c.Params("id"))
	if err != nil {
		return nil, nil, err
	}
	endpoints, err := s.easyPostEndpoints(c)
	if err != nil {
		return nil, nil, err
	}
	sendings, err := s.sendingsOf(c.UserContext(), []*tracker.WebhookChange{change}, endpoints)
	return change, sendings[change.Key()], err
}

func (s *Server) easyPostEvent(c *fiber.Ctx) error {
	change, sendings, err := s.eventInPath(c)
	if err != nil {
		return err
	}
	return c.JSON(s.easyPostEventOf(change, sendings))
}

// payloadOf says an event's way to an endpoint, with its latest attempt.
func (s *Server) payloadOf(c *tracker.WebhookChange, one sending) (*easypost.Payload, error) {
	body, err := webhook.EasyPostBody(s.easyPost, c)
	if err != nil {
		return nil, err
	}
	p := &easypost.Payload{
		ID: easypost.PayloadID(one.endpoint.ID), Object: "Payload", RequestURL: one.endpoint.URL, RequestBody: string(body),
		RequestHeaders:  map[string]string{"Content-Type": "application/json", "Webhook-Id": one.delivery.Event},
		ResponseHeaders: map[string]string{}, CreatedAt: one.delivery.CreatedAt, UpdatedAt: one.delivery.CreatedAt,
	}
	if attempts := one.delivery.Attempts; len(attempts) > 0 {
		last := &attempts[len(attempts)-1]
		p.ResponseBody, p.ResponseCode, p.TotalTime, p.UpdatedAt = last.Body, last.Status, last.Took.Milliseconds(), last.At
	}
	return p, nil
}

func (s *Server) easyPostPayloads(c *fiber.Ctx) error {
	change, sendings, err := s.eventInPath(c)
	if err != nil {
		return err
	}
	payloads := make([]*easypost.Payload, len(sendings))
	for i, one := range sendings {
		if payloads[i], err = s.payloadOf(change, one); err != nil {
			return err
		}
	}
	return c.JSON(fiber.Map{"payloads": payloads})
}

func (s *Server) easyPostPayload(c *fiber.Ctx) error {
	change, sendings, err := s.eventInPath(c)
	if err != nil {
		return err
	}
	endpoint, _ := easypost.ParsePayloadID(c.Params("payload"))
	for _, one := range sendings {
		if one.endpoint.ID == endpoint {
			payload, err := s.payloadOf(change, one)
			if err != nil {
				return err
			}
			return c.JSON(payload)
		}
	}
	return tracker.ErrNotFound
}
