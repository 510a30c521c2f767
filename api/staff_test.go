package api_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waybill/api"
	"waybill/notify"
	"waybill/tracker"
)

func TestAnAgentFindsAParcelByWhatAPersonKnows(t *testing.T) {
	h := newHouse(t)
	grace := map[string]any{
		"name": "Grace Hopper", "email": "grace@example.com", "phone": "+4915112345678",
		"address": map[string]any{"postal_code": "10115", "country": "DE"},
	}
	id := h.shipment(map[string]any{"order": "SO-1001", "recipient": grace, "items": []any{map[string]any{"sku": "TEA-7", "quantity": 1}}})
	h.shipment(map[string]any{"order": "SO-2002"})
	for _, query := range []string{id, id[5:11], "so-1001", "TEA-7", "grace@example.com", "Hopper", "grac", "+49 151 12345678", "345678", "10115"} {
		a := h.do(http.MethodGet, "/v1/search?q="+url.QueryEscape(query), h.agent, nil)
		items, _ := a.json(t)["items"].([]any)
		if len(items) != 1 || !strings.Contains(string(a.body), id) {
			t.Errorf("%q finds %d: %d %.200s", query, len(items), a.status, a.body)
		}
		if strings.Contains(string(a.body), "Hopper") {
			t.Errorf("%q: the list shows persons", query)
		}
	}
	if log := h.log.String(); !strings.Contains(log, "shipments.searched") || !strings.Contains(log, id) {
		t.Error("the look-ups are not in the log")
	}
}

func TestThePayloadInQuarantineAndItsAudit(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	h.do(http.MethodPost, upsPath, "", "Dear Sirs, ...", "credential", "s3cret")
	h.do(http.MethodPost, upsPath, "", []byte{0xff, 0xfe, 0x00}, "credential", "s3cret")
	items, _ := h.do(http.MethodGet, "/v1/operator/quarantine", h.operator, nil).json(t)["items"].([]any)
	if len(items) != 2 {
		t.Fatalf("%d in quarantine", len(items))
	}
	for i, field := range []string{"payload", "text"} {
		item, _ := items[i].(map[string]any)
		if item["reason"] == "" || item["carrier"] != "ups" || item[field] != nil {
			t.Errorf("listed as %v", item)
		}
		id, _ := item["id"].(string)
		one := h.do(http.MethodGet, "/v1/operator/quarantine/"+id, h.operator, nil).json(t)
		if one[field] == nil {
			t.Errorf("looked at: %v", one)
		}
		if !strings.Contains(h.log.String(), id) {
			t.Error("the look is not in the log")
		}
	}
}

func TestDeadWorkIsShownAndTriedAgain(t *testing.T) {
	var tried string
	h := newHouse(t, func(o *api.Options) {
		o.Retry = func(_ context.Context, task *tracker.DeadTask) error { tried = task.ID; return nil }
	})
	task := &tracker.DeadTask{ID: "d1", Kind: "follow", Payload: []byte(`{"leg":"ups:1"}`), Error: "timeout", At: noon}
	must(t, tracker.Save(t.Context(), h.store, task))
	if a := h.do(http.MethodGet, "/v1/operator/dead-tasks", h.operator, nil); !strings.Contains(string(a.body), `"error":"timeout"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.do(http.MethodPost, "/v1/operator/dead-tasks/d1/retry", h.operator, nil); a.status != http.StatusAccepted || tried != "d1" {
		t.Errorf("%d %s, tried %q", a.status, a.body, tried)
	}
	if a := h.do(http.MethodPost, "/v1/operator/dead-tasks/d2/retry", h.operator, nil); a.status != http.StatusNotFound {
		t.Errorf("one that is not: %d", a.status)
	}
}

func TestMessagesAreShownWithTheirReasonsAndSentAgain(t *testing.T) {
	h := newHouse(t, func(o *api.Options) {
		o.Resend = func(_ context.Context, id string) error {
			if id == "m2" {
				return notify.ErrResend
			}
			return nil
		}
	})
	id := h.shipment(nil)
	for _, m := range []*tracker.Message{
		{ID: "m1", State: tracker.MessageFailed, Reason: "the mailbox is full"}, {ID: "m2", State: tracker.MessageSent},
	} {
		m.Tenant, m.Shipment, m.Channel, m.Moment, m.DecidedAt = "acme", id, tracker.Email, tracker.MomentDelivered, noon
		must(t, tracker.Save(t.Context(), h.store, m))
	}
	for _, key := range []string{h.seller, h.agent} {
		a := h.do(http.MethodGet, "/v1/shipments/"+id+"/messages", key, nil)
		if items, _ := a.json(t)["items"].([]any); len(items) != 2 || !strings.Contains(string(a.body), "the mailbox is full") {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if a := h.do(http.MethodPost, "/v1/messages/m1/resend", h.seller, nil); a.status != http.StatusAccepted {
		t.Errorf("a failed one: %d %s", a.status, a.body)
	}
	if a := h.do(http.MethodPost, "/v1/messages/m2/resend", h.seller, nil); a.status != http.StatusConflict {
		t.Errorf("one that was sent: %d %s", a.status, a.body)
	}
}

// twilio takes callbacks that are signed "good".
type twilio struct{ address, sid string }

func (w *twilio) Status(_ context.Context, address string, form url.Values, signature string) error {
	if signature != "good" {
		return api.ErrSignature
	}
	w.address, w.sid = address, form.Get("MessageSid")
	return nil
}

func (w *twilio) Inbound(ctx context.Context, address string, form url.Values, signature string) error {
	return w.Status(ctx, address, form, signature)
}

func TestTwiliosCallbacks(t *testing.T) {
	fake := &twilio{}
	h := newHouse(t, func(o *api.Options) { o.Twilio = fake })
	for _, path := range []string{"/v1/providers/twilio/status?m=1", "/v1/providers/twilio/inbound"} {
		if a := h.do(http.MethodPost, path, "", "MessageSid=SM1", "X-Twilio-Signature", "bad"); a.status != http.StatusUnauthorized {
			t.Errorf("%s with a wrong signature: %d", path, a.status)
		}
		a := h.do(http.MethodPost, path, "", "MessageSid=SM1", "X-Twilio-Signature", "good")
		if a.status != http.StatusOK || fake.sid != "SM1" || fake.address != "http://waybill.test"+path {
			t.Errorf("%s: %d, told %+v", path, a.status, fake)
		}
	}
	none := newHouse(t)
	if a := none.do(http.MethodPost, "/v1/providers/twilio/status", "", "MessageSid=SM1"); a.status != http.StatusNotImplemented {
		t.Errorf("without SMS: %d", a.status)
	}
}

// mailEvents believes the password "good", and cannot read the body "odd".
type mailEvents struct{ body string }

func (m *mailEvents) Take(_ context.Context, user, password string, body []byte) error {
	switch {
	case user != "waybill" || password != "good":
		return api.ErrSignature
	case string(body) == "odd":
		return api.ErrMailEvent
	}
	m.body = string(body)
	return nil
}

func TestAMailProvidersCalls(t *testing.T) {
	fake := &mailEvents{}
	h := newHouse(t, func(o *api.Options) { o.MailEvents = fake })
	const path = "/v1/providers/email"
	for name, test := range map[string]struct {
		password, body string
		want           int
	}{
		"a bounce":         {"good", "bounce", http.StatusNoContent},
		"a stranger":       {"bad", "bounce", http.StatusUnauthorized},
		"an odd body":      {"good", "odd", http.StatusBadRequest},
		"a body too large": {"good", strings.Repeat("x", 300<<10), http.StatusRequestEntityTooLarge},
	} {
		if a := h.do(http.MethodPost, path, "", test.body, "Authorization", "Basic "+basicAuth("waybill", test.password)); a.status != test.want {
			t.Errorf("%s: %d, want %d", name, a.status, test.want)
		}
	}
	if fake.body != "bounce" {
		t.Errorf("told %q", fake.body)
	}
	if a := newHouse(t).do(http.MethodPost, path, "", "bounce"); a.status != http.StatusNotImplemented {
		t.Errorf("without a provider: %d", a.status)
	}
}

func TestNothingPersonalIsInTheLog(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	id := h.shipment(map[string]any{"recipient": ada})
	for _, r := range []struct{ method, path, key, body string }{
		{"GET", "/v1/search?q=Lovelace", h.agent, ""},
		{"GET", "/v1/search?q=ada@example.com", h.seller, ""},
		{"POST", "/v1/track/" + id + "/proof", "", `{"postal_code":"10115"}`},
		{"POST", "/v1/track/" + id + "/subscriptions", "", `{"channel":"email","address":"ada@example.com"}`},
		{"POST", "/v1/track/" + id + "/subscriptions", "", `{"channel":"sms","address":"+4915112345678x"}`},
		{"POST", "/v1/shipments", h.seller, `{"recipient":{"email":"ada@example","name":"Lovelace"}}`},
		{"POST", upsPath, "", `{"name":"Lovelace"}`},
		{"GET", "/t/" + id + "?s=" + h.keys.Sign("track", id), "", ""},
		{"GET", "/v1/track/Lovelace", "", ""},
	} {
		var body any
		if r.body != "" {
			body = r.body
		}
		h.do(r.method, r.path, r.key, body)
	}
	log := h.log.String()
	for _, secret := range []string{"Lovelace", "LOVELACE", "ada@", "10115", "15112345678", h.keys.Sign("track", id), h.seller, "s3cret", "0.0.0.0"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	if !strings.Contains(log, `"route":"POST /v1/track/:number/proof"`) {
		t.Error("the log does not have the routes")
	}
}

func TestTheReferenceNamesEveryRouteOfTheAPI(t *testing.T) {
	h := newHouse(t)
	document := h.do(http.MethodGet, "/openapi.json", "", nil).json(t)
	if document["openapi"] != "3.1.0" {
		t.Errorf("version %v", document["openapi"])
	}
	paths, _ := document["paths"].(map[string]any)
	page := string(h.do(http.MethodGet, "/docs", "", nil).body)
	skipped := map[string]bool{"OPTIONS /v1/track/*": true, "GET /v1/push-key": true}
	for route := range api.Rules() {
		method, path, _ := strings.Cut(route, " ")
		if !strings.HasPrefix(path, "/v1/") || strings.Contains(path, "providers") || skipped[route] {
			continue
		}
		var named []string
		for part := range strings.SplitSeq(path, "/") {
			if name, ok := strings.CutPrefix(part, ":"); ok {
				part = "{" + name + "}"
			}
			named = append(named, part)
		}
		path = strings.Join(named, "/")
		item, _ := paths[path].(map[string]any)
		if item[strings.ToLower(method)] == nil {
			t.Errorf("%s %s is not in the document", method, path)
		}
		if !strings.Contains(page, path) {
			t.Errorf("%s is not on the page", path)
		}
	}
}

func TestAForeignRequestIDIsTakenOverWhereItIsOne(t *testing.T) {
	h := newHouse(t)
	if a := h.do(http.MethodGet, "/healthz", "", nil, "X-Request-ID", "gateway-12345"); a.header.Get("X-Request-ID") != "gateway-12345" {
		t.Errorf("id %q", a.header.Get("X-Request-ID"))
	}
	if a := h.do(http.MethodGet, "/healthz", "", nil, "X-Request-ID", "<script>alert(1)</script>"); strings.Contains(a.header.Get("X-Request-ID"), "<") {
		t.Errorf("id %q", a.header.Get("X-Request-ID"))
	}
}

func TestFleetScansInBulk(t *testing.T) {
	h := newHouse(t)
	a, b := h.shipment(nil), h.shipment(nil)
	var lines strings.Builder
	for range 600 {
		lines.WriteString(`{"code":"` + a + `","action":"arrived","at":"2026-11-23T10:00:00+01:00"}` + "\n")
		lines.WriteString(`{"code":"` + b + `","action":"departed","at":"2026-11-23T10:05:00+01:00"}` + "\n")
	}
	got := h.do(http.MethodPost, "/v1/fleet/scans", h.fleet, lines.String(), "Content-Type", "application/x-ndjson")
	if receipts, _ := got.json(t)["receipts"].([]any); got.status != http.StatusAccepted || len(receipts) != 3 {
		t.Fatalf("%d %.300s", got.status, got.body)
	}
	list := h.do(http.MethodPost, "/v1/fleet/scans", h.fleet, `[{"code":"`+a+`","action":"delivered","at":"2026-11-23T12:00:00+01:00"},{"code":5}]`)
	if v := list.json(t); list.status != http.StatusAccepted || v["events"] != 1.0 || v["faults"] == nil {
		t.Errorf("%d %s", list.status, list.body)
	}
	for id, want := range map[string]string{a: "delivered", b: "in_transit"} {
		if v := h.do(http.MethodGet, "/v1/track/"+id, "", nil).json(t); v["milestone"] != want {
			t.Errorf("%s stands at %v", id, v["milestone"])
		}
	}
}
