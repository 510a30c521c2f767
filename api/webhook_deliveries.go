package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// deliveryOperations show what was sent to an endpoint, and have it sent again.
func (s *Server) deliveryOperations() {
	tags := []string{"Webhooks"}
	operation(s, huma.Operation{
		OperationID: "test-webhook", Method: http.MethodPost, Path: "/v1/webhooks/{id}/test", Tags: tags,
		Summary: "Send a test event", DefaultStatus: http.StatusAccepted,
		Description: "An event of the type webhook.test about a made-up parcel, signed like any other and sent whatever the endpoint wants.",
	}, s.testWebhook)
	operation(s, huma.Operation{
		OperationID: "replay-webhook", Method: http.MethodPost, Path: "/v1/webhooks/{id}/replay", Tags: tags,
		Summary: "Have the events of a time sent again", DefaultStatus: http.StatusAccepted,
		Description: "All that the endpoint wants, or those that failed for good: oldest first, under their old ids, behind what is new. " +
			"Also events from before the endpoint was made, where you had another then. They are kept for thirty days.",
	}, s.replayWebhook)
	operation(s, huma.Operation{
		OperationID: "list-webhook-deliveries", Method: http.MethodGet, Path: "/v1/webhooks/{id}/deliveries", Tags: tags,
		Summary: "What was sent to an endpoint, the newest first", Description: "Each with its latest attempt.",
	}, s.listDeliveries)
	operation(s, huma.Operation{
		OperationID: "get-webhook-delivery", Method: http.MethodGet, Path: "/v1/webhooks/{id}/deliveries/{event}", Tags: tags,
		Summary: "A delivery with all its attempts",
	}, s.getDelivery)
	operation(s, huma.Operation{
		OperationID: "resend-webhook-delivery", Method: http.MethodPost, Path: "/v1/webhooks/{id}/deliveries/{event}/resend", Tags: tags,
		Summary: "Send a delivery again, under its old id", DefaultStatus: http.StatusAccepted,
	}, s.resendDelivery)
}

// Delivery is one event on its way to one endpoint.
type Delivery struct {
	Event    string            `json:"event" doc:"The event's id: the webhook-id of every attempt." example:"evt_6f1d2c0a9b8e7d6c5b4a392817160504"`
	Type     string            `json:"type" example:"shipment.delivered"`
	Shipment string            `json:"shipment,omitempty"`
	Seq      int64             `json:"seq,omitempty"`
	State    string            `json:"state" enum:"pending,sending,retrying,delivered,failed"`
	Tries    int               `json:"tries" doc:"Attempts since it was last put in line by hand; after the tenth it has failed."`
	NextAt   *time.Time        `json:"next_at,omitempty" doc:"When the next attempt is made."`
	Created  time.Time         `json:"created_at"`
	Attempts []DeliveryAttempt `json:"attempts" doc:"The newest first; in lists the latest alone."`
}

// DeliveryAttempt is one attempt and what came of it.
type DeliveryAttempt struct {
	At       time.Time `json:"at"`
	Status   int       `json:"status,omitempty" doc:"The response's; absent where none came." example:"500"`
	Response string    `json:"response,omitempty" doc:"The beginning of the response, at most 1 KiB."`
	Error    string    `json:"error,omitempty" example:"the endpoint answered 500"`
	Took     float64   `json:"took_seconds" example:"0.213"`
}

// deliveryOf shows a delivery with its latest attempts, at most so many.
func deliveryOf(d *tracker.WebhookDelivery, attempts int) Delivery {
	out := Delivery{
		Event: d.Event, Type: d.Type, Shipment: d.Shipment, Seq: d.Seq, State: string(d.State), Tries: d.Tries, Created: d.CreatedAt,
		Attempts: []DeliveryAttempt{},
	}
	if d.State == tracker.WebhookRetrying {
		out.NextAt = timeOrNone(d.NextAt)
	}
	for i := len(d.Attempts) - 1; i >= 0 && len(out.Attempts) < attempts; i-- {
		a := d.Attempts[i]
		out.Attempts = append(out.Attempts, DeliveryAttempt{
			At: a.At, Status: a.Status, Response: a.Body, Error: a.Error, Took: a.Took.Round(time.Millisecond).Seconds(),
		})
	}
	return out
}

func (s *Server) testWebhook(ctx context.Context, in *ByWebhook) (*Body[Delivery], error) {
	e, err := s.ownWebhook(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if e.Disabled != "" {
		return nil, problem("conflict", "The endpoint is disabled; enable it first.")
	}
	d, err := s.webhooks.Test(ctx, e)
	if err != nil {
		return nil, err
	}
	return &Body[Delivery]{Body: deliveryOf(d, 1)}, nil
}

// ReplayInput asks for the events of a time.
type ReplayInput struct {
	ByWebhook
	Body struct {
		From string `json:"from" maxLength:"40" doc:"From when on, RFC 3339." example:"2026-11-23T00:00:00Z"`
		To   string `json:"to,omitempty" maxLength:"40" doc:"Until when; now where it is absent." example:"2026-11-24T00:00:00Z"`
		Only string `json:"only,omitempty" enum:"failed" doc:"failed: only those that failed for good."`
	}
}

func (s *Server) replayWebhook(ctx context.Context, in *ReplayInput) (*Body[WebhookEndpoint], error) {
	if _, err := s.ownWebhook(ctx, in.ID); err != nil {
		return nil, err
	}
	from, err := parseTime("from", in.Body.From)
	if err != nil {
		return nil, err
	}
	to, err := parseTime("to", in.Body.To)
	if err != nil {
		return nil, err
	}
	if to.IsZero() {
		to = s.now()
	}
	if from.IsZero() || !from.Before(to) {
		return nil, invalid("from", "is not before the end of the time", "2026-11-23T00:00:00Z")
	}
	e, err := s.webhooks.Replay(ctx, in.ID, from, to, in.Body.Only == "failed")
	return s.showEndpoint(e, "", err)
}

// DeliveriesInput asks for a page of what was sent to an endpoint.
type DeliveriesInput struct {
	ByWebhook
	PageInput
	State string `query:"state" enum:"pending,retrying,failed" doc:"Only those that are so far; all where it is absent."`
}

func (s *Server) listDeliveries(ctx context.Context, in *DeliveriesInput) (*Body[Page[Delivery]], error) {
	e, err := s.ownWebhook(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return pageOf(ctx, s.store, listOfDeliveries(e.ID, in.State), in.PageInput, func(d *tracker.WebhookDelivery) Delivery { return deliveryOf(d, 1) })
}

// ByDelivery names a delivery in the path.
type ByDelivery struct {
	ByWebhook
	Event string `path:"event" maxLength:"64" example:"evt_6f1d2c0a9b8e7d6c5b4a392817160504"`
}

func (s *Server) getDelivery(ctx context.Context, in *ByDelivery) (*Body[Delivery], error) {
	e, err := s.ownWebhook(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := tracker.Load[tracker.WebhookDelivery](ctx, s.store, tracker.WebhookDeliveryKey(e.ID, in.Event))
	if err != nil {
		return nil, err
	}
	return &Body[Delivery]{Body: deliveryOf(d, len(d.Attempts))}, nil
}

func (s *Server) resendDelivery(ctx context.Context, in *ByDelivery) (*Body[Delivery], error) {
	e, err := s.ownWebhook(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := s.webhooks.Resend(ctx, e, in.Event)
	if err != nil {
		return nil, webhookProblem(err)
	}
	return &Body[Delivery]{Body: deliveryOf(d, 1)}, nil
}
