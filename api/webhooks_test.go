package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/api"
	"waybill/notify/webhook"
	"waybill/tracker"
)

// hookURL is where the endpoints of these tests are.
const hookURL = "https://shop.example.com/hooks/waybill"

// webhook makes an endpoint of the seller's and gives its id and secret.
func (h *house) webhook(fields map[string]any) (id, secret string) {
	h.t.Helper()
	if fields == nil {
		fields = map[string]any{}
	}
	if fields["url"] == nil {
		fields["url"] = hookURL
	}
	a := h.do(http.MethodPost, "/v1/webhooks", h.seller, fields)
	if a.status != http.StatusCreated {
		h.t.Fatalf("create: %d %s", a.status, a.body)
	}
	body := a.json(h.t)
	id, _ = body["id"].(string)
	secret, _ = body["secret"].(string)
	return id, secret
}

func TestAWebhooksSecretIsShownOnce(t *testing.T) {
	h := newHouse(t)
	id, secret := h.webhook(map[string]any{"contact": "ops@shop.example.com", "types": []string{"shipment.delivered"}})
	if !strings.HasPrefix(secret, "whsec_") {
		t.Fatalf("the secret is %q", secret)
	}
	rotated := h.do(http.MethodPost, "/v1/webhooks/"+id+"/secret", h.seller, "{}")
	fresh, _ := rotated.json(t)["secret"].(string)
	if rotated.status != http.StatusCreated || fresh == secret || !strings.HasPrefix(fresh, "whsec_") {
		t.Errorf("rotated: %d %s", rotated.status, rotated.body)
	}
	for _, path := range []string{"/v1/webhooks", "/v1/webhooks/" + id} {
		if a := h.do(http.MethodGet, path, h.seller, nil); strings.Contains(string(a.body), "whsec_") || !strings.Contains(string(a.body), "ops@shop.example.com") {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	rows, err := h.store.Get(t.Context(), tracker.Webhooks, id)
	must(t, err)
	for _, hidden := range []string{secret, strings.TrimPrefix(secret, "whsec_"), "ops@shop.example.com"} {
		if strings.Contains(string(rows[0].Doc), hidden) || strings.Contains(h.log.String(), hidden) {
			t.Errorf("%q stands open in the store or the log", hidden)
		}
	}
	e, err := tracker.Decode[tracker.Endpoint](rows[0])
	must(t, err)
	if len(e.Secrets) != 2 || !e.Secrets[1].Until.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("secrets %+v", e.Secrets)
	}
}

func TestMistakesAboutWebhooksAreNamed(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct{ body, field string }{
		"no address":          {`{}`, "url"},
		"no encryption":       {`{"url":"http://shop.example.com/"}`, "url"},
		"a private address":   {`{"url":"https://10.0.0.1/"}`, "url"},
		"a password":          {`{"url":"https://a:b@shop.example.com/"}`, "url"},
		"an unknown type":     {`{"url":"https://shop.example.com/","types":["parcel.eaten"]}`, "types"},
		"a weak secret":       {`{"url":"https://shop.example.com/","secret":"whsec_c2hvcnQ="}`, "secret"},
		"a contact with name": {`{"url":"https://shop.example.com/","contact":"Ops <ops@example.com>"}`, "contact"},
		"an unknown form":     {`{"url":"https://shop.example.com/","form":"shippo"}`, "form"},
	} {
		a := h.do(http.MethodPost, "/v1/webhooks", h.seller, c.body)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `"field":"`+c.field+`"`) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestAnOperatorCanAllowPrivateAddresses(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.PrivateWebhooks = true })
	if a := h.do(http.MethodPost, "/v1/webhooks", h.seller, `{"url":"http://127.0.0.1:9000/hooks"}`); a.status != http.StatusCreated {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAWebhookIsChangedDisabledEnabledAndRemoved(t *testing.T) {
	h := newHouse(t)
	id, _ := h.webhook(map[string]any{"tags": []string{"gift"}, "description": "till"})
	path := "/v1/webhooks/" + id
	a := h.do(http.MethodPatch, path, h.seller, `{"types":["shipment.delivered"],"disabled":true}`).json(t)
	if a["description"] != "till" || fmt.Sprint(a["types"]) != "[shipment.delivered]" || fmt.Sprint(a["tags"]) != "[gift]" || a["disabled"] != true {
		t.Errorf("changed to %v", a)
	}
	if a := h.do(http.MethodPatch, path, h.seller, `{"url":"https://localhost/"}`); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a bad address: %d", a.status)
	}
	if a := h.do(http.MethodPost, path+"/test", h.seller, nil); a.status != http.StatusConflict {
		t.Errorf("a test of a disabled one: %d", a.status)
	}
	if a := h.do(http.MethodPost, path+"/enable", h.seller, nil).json(t); a["disabled"] != false {
		t.Errorf("enabled: %v", a)
	}
	if a := h.do(http.MethodDelete, path, h.seller, nil); a.status != http.StatusNoContent {
		t.Errorf("removed: %d", a.status)
	}
	if a := h.do(http.MethodGet, path, h.seller, nil); a.status != http.StatusNotFound {
		t.Errorf("afterwards: %d", a.status)
	}
}

func TestDeliveriesAreShownAndSentAgain(t *testing.T) {
	h := newHouse(t)
	id, _ := h.webhook(nil)
	path := "/v1/webhooks/" + id
	test := h.do(http.MethodPost, path+"/test", h.seller, nil)
	if test.status != http.StatusAccepted || test.json(t)["state"] != "pending" {
		t.Fatalf("test: %d %s", test.status, test.body)
	}
	event, _ := test.json(t)["event"].(string)
	if a := h.do(http.MethodPost, path+"/deliveries/"+event+"/resend", h.seller, nil); a.status != http.StatusConflict {
		t.Errorf("sent again while in line: %d", a.status)
	}
	d, err := tracker.Load[tracker.WebhookDelivery](t.Context(), h.store, tracker.WebhookDeliveryKey(id, event))
	must(t, err)
	d.State, d.Tries = tracker.WebhookFailed, 10
	d.Note(tracker.WebhookAttempt{At: noon, Error: "the endpoint could not be reached", Took: time.Second})
	d.Note(tracker.WebhookAttempt{At: noon.Add(time.Hour), Status: 500, Body: "oops", Error: "the endpoint answered 500", Took: 213 * time.Millisecond})
	must(t, tracker.Save(t.Context(), h.store, d))
	list := string(h.do(http.MethodGet, path+"/deliveries?state=failed", h.seller, nil).body)
	if !strings.Contains(list, event) || !strings.Contains(list, `"response":"oops"`) || strings.Contains(list, "reached") {
		t.Errorf("the list shows %s", list)
	}
	one := string(h.do(http.MethodGet, path+"/deliveries/"+event, h.seller, nil).body)
	if !strings.Contains(one, `"status":500`) || !strings.Contains(one, `"took_seconds":0.213`) || !strings.Contains(one, "reached") {
		t.Errorf("the delivery shows %s", one)
	}
	if a := h.do(http.MethodPost, path+"/deliveries/"+event+"/resend", h.seller, nil); a.status != http.StatusAccepted || a.json(t)["tries"] != 0.0 {
		t.Errorf("sent again: %d %s", a.status, a.body)
	}
	if list := h.do(http.MethodGet, path+"/deliveries?state=failed", h.seller, nil).json(t)["items"]; fmt.Sprint(list) != "[]" {
		t.Errorf("afterwards failed are %v", list)
	}
}

func TestAReplayNeedsATime(t *testing.T) {
	h := newHouse(t)
	id, _ := h.webhook(nil)
	for body, want := range map[string]int{
		`{"from":"2026-11-22T00:00:00Z","to":"2026-11-23T00:00:00Z"}`: http.StatusAccepted,
		`{"from":"2026-11-22T00:00:00Z","only":"failed"}`:             http.StatusAccepted,
		`{"from":"2026-11-23T00:00:00Z","to":"2026-11-22T00:00:00Z"}`: http.StatusUnprocessableEntity,
		`{"from":"yesterday"}`: http.StatusUnprocessableEntity,
		`{}`:                   http.StatusUnprocessableEntity,
	} {
		if a := h.do(http.MethodPost, "/v1/webhooks/"+id+"/replay", h.seller, body); a.status != want {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}

func TestAnothersWebhooksAreNotThere(t *testing.T) {
	h := newHouse(t)
	id, _ := h.webhook(nil)
	event, _ := h.do(http.MethodPost, "/v1/webhooks/"+id+"/test", h.seller, nil).json(t)["event"].(string)
	for _, c := range []struct{ method, path, body string }{
		{"GET", "", ""},
		{"PATCH", "", `{"description":"mine"}`},
		{"POST", "/secret", "{}"},
		{"POST", "/enable", ""},
		{"POST", "/test", ""},
		{"POST", "/replay", `{"from":"2026-11-22T00:00:00Z"}`},
		{"GET", "/deliveries", ""},
		{"GET", "/deliveries/" + event, ""},
		{"POST", "/deliveries/" + event + "/resend", ""},
		{"DELETE", "", ""},
	} {
		var body any
		if c.body != "" {
			body = c.body
		}
		if a := h.do(c.method, "/v1/webhooks/"+id+c.path, h.rival, body); a.status != http.StatusNotFound {
			t.Errorf("%s %s with another seller's key: %d %s", c.method, c.path, a.status, a.body)
		}
	}
	if items := h.do(http.MethodGet, "/v1/webhooks", h.rival, nil).json(t)["items"]; fmt.Sprint(items) != "[]" {
		t.Errorf("another seller sees %v", items)
	}
	other, _ := h.webhook(nil)
	if a := h.do(http.MethodGet, "/v1/webhooks/"+other+"/deliveries/"+event, h.seller, nil); a.status != http.StatusNotFound {
		t.Errorf("another endpoint's delivery: %d", a.status)
	}
}

func TestASellerHasSoManyEndpoints(t *testing.T) {
	h := newHouse(t)
	desk := webhook.Desk{Store: h.store, Keys: h.keys, Now: h.clock.now}
	for range 50 {
		_, _, err := desk.Create(t.Context(), "acme", webhook.Wishes{URL: hookURL, Form: tracker.WebhookStandard}, "")
		must(t, err)
	}
	if a := h.do(http.MethodPost, "/v1/webhooks", h.seller, map[string]any{"url": hookURL}); a.status != http.StatusConflict {
		t.Errorf("one more: %d %s", a.status, a.body)
	}
}

// The reference shows what endpoints get, with an example that has the fields of its schema and no others.
func TestTheReferenceShowsWhatEndpointsGet(t *testing.T) {
	h := newHouse(t)
	document := h.do(http.MethodGet, "/openapi.json", "", nil)
	var reference struct {
		Webhooks map[string]struct {
			Post struct {
				RequestBody struct {
					Content map[string]struct{ Example json.RawMessage }
				}
			}
		}
	}
	must(t, json.Unmarshal(document.body, &reference))
	example := reference.Webhooks["shipment"].Post.RequestBody.Content["application/json"].Example
	decoder := json.NewDecoder(bytes.NewReader(example))
	decoder.DisallowUnknownFields()
	var payload webhook.Payload
	if err := decoder.Decode(&payload); err != nil || payload.Type != "shipment.out_for_delivery" || payload.Data.Seq == 0 {
		t.Errorf("the example is %s: %v", example, err)
	}
	if !strings.Contains(string(document.body), "#/components/schemas/Payload") {
		t.Error("the payload has no schema")
	}
}
