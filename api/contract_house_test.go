package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waybill/adapters"
	"waybill/api"
	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/eta"
)

// exampleID is the tracking ID that the documents show; a real one takes its place.
const exampleID = "WB2345679ABCDEFGJ"

// wholeHouse is a house in which all is set up, some days after the documented examples.
func wholeHouse(t *testing.T) *house {
	h := newHouse(t, func(o *api.Options) {
		o.Estimator = eta.NewModel(eta.Options{Store: o.Store, Now: o.Now, Log: slog.New(slog.DiscardHandler)})
		o.Queues = func(context.Context) ([]api.Queue, error) { return []api.Queue{{Name: "standard", Waiting: 7}}, nil }
		o.OwnCarriers = noOwnCarriers{}
		o.Shown = func(context.Context, string, string) error { return tracker.ErrNotFound }
	})
	h.clock.move(4 * 24 * time.Hour)
	return h
}

type noOwnCarriers struct{}

func (noOwnCarriers) Own() []string                { return nil }
func (noOwnCarriers) Refusals() []adapters.Refusal { return nil }
func (noOwnCarriers) Version(string) string        { return "" }

// furnishings make one of what a path, or a method and a path, begins with, and give the values of its parameters. What
// stands later is more particular.
var furnishings = []struct {
	path string
	make func(h *house) map[string]string
}{
	{"/v1/shipments/{id}", func(h *house) map[string]string { return map[string]string{"id": h.shipment(nil)} }},
	{"/v1/track/{number}", func(h *house) map[string]string {
		address := map[string]any{"postal_code": "10115", "country": "DE"}
		return map[string]string{"number": h.shipment(map[string]any{"recipient": map[string]any{"address": address}})}
	}},
	{"/v1/track/{number}/returns", signed},
	{"POST /v1/returns", func(h *house) map[string]string {
		h.expect(200, "PUT", "/v1/settings/returns", h.seller, returnRules)
		id := h.shipment(map[string]any{"items": []any{map[string]any{"sku": "TEA-250", "quantity": 2}}})
		h.scan(id, "delivered", h.clock.now().Add(-time.Hour).Format(time.RFC3339))
		h.follow(id)
		return map[string]string{"shipment": id}
	}},
	{"POST /v1/labels", func(h *house) map[string]string {
		return map[string]string{"shipment": h.shipment(map[string]any{"recipient": ada})}
	}},
	{"POST /v1/track/{number}/returns", func(h *house) map[string]string {
		h.expect(200, "PUT", "/v1/settings/returns", h.seller, returnRules)
		id := h.shipment(map[string]any{"items": []any{map[string]any{"sku": "TEA-250", "quantity": 2}}})
		h.scan(id, "delivered", h.clock.now().Add(-time.Hour).Format(time.RFC3339))
		h.follow(id)
		return map[string]string{"number": id, "signature": h.keys.Sign(notify.LinkTrack, id)}
	}},
	{"/v1/track/{number}/cases", signed},
	{"POST /v1/track/{number}/cases/{id}", func(h *house) map[string]string {
		values := signed(h)
		path := "/v1/track/" + values["number"] + "/cases?s=" + values["signature"]
		first, _ := h.expect(201, "POST", path, "", `{"kind":"missing","text":"It never came."}`).json(h.t)["items"].([]any)[0].(map[string]any)
		values["id"], _ = first["id"].(string)
		return values
	}},
	{"/v1/track/{number}/wish", func(h *house) map[string]string {
		id := h.shipment(map[string]any{"recipient": ada})
		h.scan(id, "arrived", h.clock.now().Add(-time.Hour).Format(time.RFC3339))
		return map[string]string{"number": id, "signature": h.keys.Sign(notify.LinkTrack, id)}
	}},
	{"POST /v1/labels", func(h *house) map[string]string {
		return map[string]string{"shipment": h.shipment(map[string]any{"recipient": ada})}
	}},
	{"/v1/orders/{id}", func(h *house) map[string]string {
		return map[string]string{"id": h.made("/v1/orders", h.seller, `{"number":"1001"}`, "number")}
	}},
	{"/v1/webhooks/{id}", func(h *house) map[string]string {
		id, _ := h.webhook(map[string]any{"url": "https://shop.example.com/hooks"})
		return map[string]string{"id": id}
	}},
	{"/v1/webhooks/{id}/deliveries/{event}", nothing},
	{"/v1/cases/{id}", func(h *house) map[string]string {
		body := `{"shipment":"` + h.shipment(nil) + `","kind":"missing","text":"It never came."}`
		return map[string]string{"id": h.made("/v1/cases", h.seller, body, "id")}
	}},
	{"/v1/keys/{id}", func(h *house) map[string]string {
		return map[string]string{"id": h.made("/v1/keys", h.seller, `{"name":"till"}`, "id")}
	}},
	{"/v1/disruptions/{id}", func(h *house) map[string]string {
		return map[string]string{"id": h.made("/v1/disruptions", h.operator, `{"countries":["fr"],"reason":"strike"}`, "id")}
	}},
	{"/v1/fleet/routes/{id}", func(h *house) map[string]string {
		h.roundOf("van-7", h.shipment(nil))
		return map[string]string{"id": "van-7", "stop": "s1"}
	}},
	{"PUT /v1/fleet/routes/{id}", func(*house) map[string]string { return map[string]string{"id": "van-7-2026-11-25"} }},
	{"/v1/operator/quarantine/{id}", func(h *house) map[string]string { return map[string]string{"id": h.quarantined()} }},
	{"/v1/parcels", func(h *house) map[string]string {
		token, _, err := h.people.Welcome(h.t.Context(), "term", nil)
		must(h.t, err)
		return map[string]string{"key": token}
	}},
	{"POST /v1/parcels/session", func(h *house) map[string]string {
		h.shipment(map[string]any{"recipient": ada})
		h.expect(202, "POST", "/v1/parcels/link", "", `{"address":"ada@example.com"}`)
		link, err := url.Parse(h.link())
		must(h.t, err)
		return map[string]string{"body.id": link.Query().Get("id"), "body.token": link.Query().Get("token")}
	}},
	{"/v1/pickup-", func(h *house) map[string]string {
		h.do(http.MethodPut, "/v1/pickup-points/BER-L12", h.operator, `{"kind":"locker","name":"Locker 12","lat":52.5,"lon":13.4,"hours":"0–24",`+
			`"compartments":[{"id":"7","size":"M"},{"id":"8","size":"M"}]}`)
		return map[string]string{"id": "BER-L12"}
	}},
	{"/v1/pickup-reservations/{id}", func(h *house) map[string]string {
		return map[string]string{"id": h.made("/v1/pickup-reservations", h.seller, `{"point":"BER-L12","reference":"cart-17"}`, "id")}
	}},
	// Its code is told to the recipient alone; api/pickup_test.go has the way to the end.
	{"/v1/pickup-points/{id}/open", nothing},
	{"/v1/pickup-stays/{id}", nothing},
	{"/v1/operator/dead-tasks/{id}", nothing},
	{"/v1/operator/drift/{carrier}", func(*house) map[string]string { return map[string]string{"carrier": "ups"} }},
	{"/v1/operator/replays/{id}", func(h *house) map[string]string {
		return map[string]string{"id": h.made("/v1/operator/replays", h.operator, `{"carrier":"ups","since":"2026-11-20T00:00:00Z"}`, "id")}
	}},
	{"/v1/messages/{id}", nothing},
	{"/v1/settings/wordings/", func(h *house) map[string]string {
		h.do(http.MethodPut, "/v1/settings/wordings/delivered/email/en", h.seller, `{"title":"It is there"}`)
		return map[string]string{"moment": "delivered", "channel": "email", "locale": "en"}
	}},
}

// signed is a parcel with the signature of the link that opens everything of it.
func signed(h *house) map[string]string {
	id := h.shipment(nil)
	return map[string]string{"number": id, "signature": h.keys.Sign(notify.LinkTrack, id)}
}

// nothing: the house makes none of these, so that every path to one leads to 404.
func nothing(*house) map[string]string { return nil }

// furnish makes what a path names, and gives the path to it. Without furnishings for it, an id that is not there.
func (c *contract) furnish(pattern string) (path string, there bool) {
	path, values := pattern, map[string]string(nil)
	for _, f := range furnishings {
		if strings.HasPrefix(pattern, f.path) || strings.HasPrefix(c.method+" "+pattern, f.path) {
			values = f.make(c.house)
		}
	}
	for name, value := range values {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	there = !strings.Contains(path, "{")
	path += c.query(values)
	c.parcel, c.given = values["shipment"], map[string]any{}
	for name, value := range values {
		if field, ok := strings.CutPrefix(name, "body."); ok {
			c.given[field] = value
		}
	}
	c.key = values["key"] // "" but where the caller is no seller, fleet or staff
	for before, rest, found := strings.Cut(path, "{"); found; before, rest, found = strings.Cut(path, "{") {
		_, after, _ := strings.Cut(rest, "}")
		path = before + exampleID + after
	}
	return path, there
}

// query are the parameters that the operation cannot do without, by their examples; and the signature, where there is one.
func (c *contract) query(values map[string]string) string {
	needed := url.Values{}
	if s := values["signature"]; s != "" {
		needed.Set("s", s)
	}
	for _, p := range c.op.Parameters {
		if p.In == "query" && p.Required {
			needed.Set(p.Name, fmt.Sprint(c.exampleOf(p.Schema, p.Name)))
		}
	}
	if len(needed) == 0 {
		return ""
	}
	return "?" + needed.Encode()
}

// made posts a body and gives a field of what was made.
func (h *house) made(path, key, body, field string) string {
	h.t.Helper()
	a := h.do(http.MethodPost, path, key, body)
	id, _ := a.json(h.t)[field].(string)
	if id == "" {
		h.t.Fatalf("POST %s: %d %s", path, a.status, a.body)
	}
	return id
}
