package workers

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"waybill/notify/webhook"
	"waybill/tracker"
)

// receiver is a seller's server: it notes what comes in, and answers as it is told to.
type receiver struct {
	mu     sync.Mutex
	got    []received
	answer func(received) error
}

// received is one post.
type received struct {
	id, url string
	payload webhook.Payload
}

// Post implements webhook.Poster.
func (r *receiver) Post(_ context.Context, request webhook.Request) (webhook.Answer, error) {
	in := received{id: request.Header.Get("Webhook-Id"), url: request.URL}
	if err := json.Unmarshal(request.Body, &in.payload); err != nil {
		return webhook.Answer{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, in)
	if r.answer != nil {
		if err := r.answer(in); err != nil {
			return webhook.Answer{Status: 500}, err
		}
	}
	return webhook.Answer{Status: 200}, nil
}

// of are the posts of a type about a shipment.
func (r *receiver) of(shipment, kind string) []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []received
	for _, in := range r.got {
		if in.payload.Data.Shipment == shipment && (kind == "" || in.payload.Type == kind) {
			list = append(list, in)
		}
	}
	return list
}

type noAttempts struct{}

func (noAttempts) Attempted(string, string, time.Duration, time.Duration) {}

// office makes an Office as of a process of its own.
func (h *house) office() *webhook.Office {
	h.t.Helper()
	o, err := webhook.NewOffice(webhook.Options{
		Store: h.store, Keys: h.keys, Poster: h.hooks, PublicURL: "https://track.example.com", Observer: noAttempts{},
		Now: h.clock.now, Random: func() float64 { return 0 }, Log: quiet(),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(o.Close)
	return o
}

// endpoint makes an endpoint of the seller "acme".
func (h *house) endpoint(change ...func(*webhook.Wishes)) *tracker.Endpoint {
	h.t.Helper()
	w := webhook.Wishes{URL: "https://acme.example.com/hooks", Form: tracker.WebhookStandard}
	for _, c := range change {
		c(&w)
	}
	desk := webhook.Desk{Store: h.store, Keys: h.keys, Now: h.clock.now}
	e, _, err := desk.Create(h.ctx(), "acme", w, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return e
}

// deliveries are all that stand in the store, by event type.
func (h *house) deliveries(e *tracker.Endpoint) map[string][]*tracker.WebhookDelivery {
	h.t.Helper()
	list, err := tracker.LoadList[tracker.WebhookDelivery](h.ctx(), h.store, tracker.ListOfEndpoint(e.ID), tracker.Page{Limit: 1000})
	if err != nil {
		h.t.Fatal(err)
	}
	byType := map[string][]*tracker.WebhookDelivery{}
	for _, d := range list {
		byType[d.Type] = append(byType[d.Type], d)
	}
	return byType
}
