package api_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
)

func TestASellerSetsHowCustomersAreTold(t *testing.T) {
	h := newHouse(t)
	before := h.do(http.MethodGet, "/v1/settings", h.seller, nil).json(t)
	if before["tenant"] != "acme" {
		t.Fatalf("%v", before)
	}
	a := h.do(http.MethodPatch, "/v1/settings", h.seller, map[string]any{
		"name": "Acme Tea", "brand": map[string]any{"colour": "#0f766e", "reply_to": "tea@acme.example"}, "sms_monthly_segments": 500,
		"moments": map[string]any{"sms": []string{"delivered"}, "push": []string{}},
	})
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	after := h.do(http.MethodGet, "/v1/settings", h.seller, nil).json(t)
	moments, _ := after["moments"].(map[string]any)
	sms, _ := moments["sms"].([]any)
	push, _ := moments["push"].([]any)
	email, _ := moments["email"].([]any)
	if after["name"] != "Acme Tea" || len(sms) != 1 || sms[0] != "delivered" || len(push) != 0 || len(email) < 5 {
		t.Errorf("the settings are %v", after)
	}
	if h.do(http.MethodPatch, "/v1/settings", h.seller, map[string]any{"moments": map[string]any{"sms": nil}}).status != http.StatusOK {
		t.Error("the defaults cannot be had back")
	}
	if again := h.do(http.MethodGet, "/v1/settings", h.seller, nil).json(t)["moments"].(map[string]any); len(again["sms"].([]any)) < 2 { //nolint:forcetypeassert // it would be another failure
		t.Errorf("the defaults are %v", again["sms"])
	}
	for name, body := range map[string]map[string]any{
		"a colour that is none":       {"brand": map[string]any{"colour": "teal"}},
		"a logo by http":              {"brand": map[string]any{"logo_url": "http://shop.example/x.png"}},
		"answers to nowhere":          {"brand": map[string]any{"reply_to": "Tea <tea@acme.example>"}},
		"a moment that is none":       {"moments": map[string]any{"sms": []string{"birthday"}}},
		"a channel that is none":      {"moments": map[string]any{"pigeon": []string{"delivered"}}},
		"a budget below nothing":      {"sms_monthly_segments": -1},
		"a setting that is not there": {"nickname": "x"},
	} {
		if a := h.do(http.MethodPatch, "/v1/settings", h.seller, body); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if other := h.do(http.MethodGet, "/v1/settings", h.rival, nil).json(t); other["name"] == "Acme Tea" {
		t.Error("another seller sees them")
	}
}

func TestASellersWordingIsPreviewedKeptAndTakenAway(t *testing.T) {
	h := newHouse(t)
	const path = "/v1/settings/wordings/out_for_delivery/email/de"
	text := map[string]any{"title": "{{.Seller}}: gleich da", "body": "Wasser aufsetzen: {{.Headline}}"}
	preview := func(more map[string]any) map[string]any {
		t.Helper()
		body := map[string]any{"moment": "out_for_delivery", "channel": "email", "locale": "de"}
		maps.Copy(body, more)
		return h.do(http.MethodPost, "/v1/settings/preview", h.seller, body).json(t)
	}
	standard := preview(nil)["subject"]
	if tried := preview(text); tried["subject"] == standard || !strings.Contains(tried["text"].(string), "Wasser aufsetzen: ") { //nolint:forcetypeassert // it would be another failure
		t.Errorf("the preview of a wording that is not kept: %v", tried)
	}
	if preview(nil)["subject"] != standard {
		t.Error("a preview was kept")
	}
	for range 2 {
		if a := h.do(http.MethodPut, path, h.seller, text); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if kept := preview(nil)["subject"]; kept == standard {
		t.Error("the wording does not show")
	}
	bad := h.do(http.MethodPut, path, h.seller, map[string]any{"body": "one\ntwo {{.Recipient}}"})
	if bad.status != http.StatusUnprocessableEntity || !strings.Contains(string(bad.body), "wording:2") {
		t.Errorf("a broken wording: %d %s", bad.status, bad.body)
	}
	if kept := preview(nil)["subject"]; kept == standard {
		t.Error("a broken wording took the good one's place")
	}
	wordings, _ := h.do(http.MethodGet, "/v1/settings", h.seller, nil).json(t)["wordings"].([]any)
	if len(wordings) != 1 {
		t.Errorf("%d wordings are kept", len(wordings))
	}
	if a := h.do(http.MethodDelete, path, h.rival, nil); a.status != http.StatusNotFound {
		t.Errorf("another seller takes it away: %d", a.status)
	}
	for _, want := range []int{http.StatusNoContent, http.StatusNotFound} {
		if a := h.do(http.MethodDelete, path, h.seller, nil); a.status != want {
			t.Errorf("taken away: %d, want %d", a.status, want)
		}
	}
	if preview(nil)["subject"] != standard {
		t.Error("the product's words did not come back")
	}
}
