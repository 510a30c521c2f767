package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/api"
)

func TestSomeDaysAfterTheEndOnlyTheOutcomeIsShown(t *testing.T) {
	const openFor = 60 * 24 * time.Hour
	h := newHouse(t, func(o *api.Options) { o.OpenFor = openFor })
	id := h.shipment(map[string]any{"recipient": ada, "items": []map[string]any{{"sku": "SHELF-BLUE", "quantity": 1, "title": "Blue shelf"}}})
	h.scan(id, "picked_up", "2026-11-22T11:00:00+01:00")
	h.scan(id, "delivered", "2026-11-23T12:30:00+01:00")
	h.follow(id)
	proof := h.expect(http.StatusOK, http.MethodPost, "/v1/track/"+id+"/proof", "", map[string]any{"postal_code": "10115"})
	_, signature, _ := strings.Cut(proof.header.Get("Location"), "?s=")
	signed := "?lang=en&s=" + signature
	look := func(path string) string { return string(h.do(http.MethodGet, path, "", nil).body) }

	h.clock.move(openFor - time.Hour)
	for what, path := range map[string]string{"the page": "/t/" + id + signed, "programs": "/v1/track/" + id + signed} {
		if got := look(path); !strings.Contains(got, "Blue shelf") || !strings.Contains(got, "Lovelace") {
			t.Errorf("an hour before its time %s lacks the details", what)
		}
	}

	h.clock.move(2 * time.Hour)
	closed := h.do(http.MethodGet, "/v1/track/"+id+signed, "", nil).json(t)
	if closed["closed"] != true || closed["milestone"] != "delivered" || closed["since"] == "" {
		t.Errorf("programs are told %v", closed)
	}
	for _, path := range []string{"/v1/track/" + id, "/v1/track/" + id + signed, "/t/" + id + "?lang=en", "/t/" + id + signed} {
		got := look(path)
		if !strings.Contains(got, "Delivered") {
			t.Errorf("%s does not tell the outcome: %s", path, got)
		}
		for _, gone := range []string{"Blue shelf", "Lovelace", "10115", "picked_up", "Picked up"} {
			if strings.Contains(got, gone) {
				t.Errorf("%s still tells %q", path, gone)
			}
		}
	}
	if page := look("/t/" + id + signed); !strings.Contains(page, `id="cases"`) {
		t.Error("the recipient can report no problem")
	}
	h.expect(http.StatusCreated, http.MethodPost, "/v1/track/"+id+"/cases"+signed, "", map[string]any{"kind": "missing", "text": "It never came."})
	if a := h.do(http.MethodGet, "/v1/track/"+id+"/returns"+signed, "", nil); a.status != http.StatusGone || a.code() != "closed" {
		t.Errorf("returns: %d %s", a.status, a.body)
	}
}

func TestAnOpenParcelDoesNotClose(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.OpenFor = 24 * time.Hour })
	id := h.shipment(nil)
	h.scan(id, "picked_up", "2026-11-22T11:00:00+01:00")
	h.clock.move(5 * 24 * time.Hour)
	if v := h.do(http.MethodGet, "/v1/track/"+id, "", nil).json(t); v["closed"] != nil || len(v["events"].([]any)) == 0 {
		t.Errorf("told %v", v)
	}
}
