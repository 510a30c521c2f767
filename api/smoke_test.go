package api_test

import (
	"net/http"
	"testing"
)

func TestAShipmentIsRegisteredScannedAndLookedUp(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"order": "1001", "recipient": map[string]any{
		"name": "Ada Lovelace", "email": "ada@example.com", "address": map[string]any{"postal_code": "10115", "city": "Berlin", "country": "DE"},
	}})
	h.scan(id, "picked_up", "2026-11-23T11:00:00+01:00")
	a := h.do(http.MethodGet, "/v1/track/"+id, "", nil)
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	t.Logf("%s", a.body)
	p := h.do(http.MethodGet, "/t/"+id, "", nil)
	t.Logf("%s", p.body)
	for _, path := range []string{"/", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics", "/t/NOPE1234", "/find?number=x1"} {
		a := h.do(http.MethodGet, path, "", nil)
		t.Logf("%s %d %d bytes", path, a.status, len(a.body))
	}
}
