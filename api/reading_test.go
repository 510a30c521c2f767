package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFiltersOfAList(t *testing.T) {
	h := newHouse(t)
	for i, fields := range []map[string]any{
		{"reference": "a", "tracking_number": "A1", "carrier": "ups", "tags": []string{"gift"}},
		{"reference": "b", "tracking_number": "B1", "carrier": "fedex"},
		{"reference": "c", "tracking_number": "C1", "carrier": "ups", "promise": map[string]any{"to": "2026-11-23T12:02:30Z"}},
		{"reference": "d", "tags": []string{"gift", "fragile"}},
	} {
		h.shipment(fields)
		if i < 3 {
			h.clock.move(time.Minute)
		}
	}
	for query, want := range map[string]string{
		"":                                   "dcba",
		"?carrier=ups":                       "ca",
		"?carrier=ups&tag=gift":              "a",
		"?tag=gift":                          "da",
		"?tracking_number=b-1":               "b",
		"?tracking_number=b1&tag=gift":       "",
		"?created_from=2026-11-23T12:01:00Z": "dcb",
		"?created_to=2026-11-23T12:01:00Z":   "a",
		"?created_from=2026-11-23T12:01:00Z&created_to=2026-11-23T12:03:00Z":         "cb",
		"?created_from=2026-11-23T12:01:00Z&created_to=2026-11-23T12:03:00Z&limit=1": "c",
		"?late=false&carrier=fedex":  "b",
		"?milestone=pending&limit=2": "dc",
	} {
		a := h.do(http.MethodGet, "/v1/shipments"+query, h.seller, nil)
		var page struct{ Items []struct{ Reference string } }
		must(t, json.Unmarshal(a.body, &page))
		var references strings.Builder
		for _, item := range page.Items {
			references.WriteString(item.Reference)
		}
		if got := references.String(); got != want {
			t.Errorf("%q: %q, want %q (%d)", query, got, want, a.status)
		}
	}
	for _, query := range []string{"?created_from=yesterday", "?late=perhaps", "?milestone=flying", "?attention=none", "?fields=colour", "?limit=0"} {
		if a := h.do(http.MethodGet, "/v1/shipments"+query, h.seller, nil); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d %s", query, a.status, a.body)
		}
	}
}

func TestSomeFieldsOfAnAnswer(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"order": "1001", "tracking_number": "1Z999AA10123456784"})
	if a := h.do(http.MethodGet, "/v1/shipments/"+id+"?fields=id,%20tracking.milestone,tracking.legs.carrier", h.seller, nil); strings.TrimSpace(string(a.body)) !=
		`{"id":"`+id+`","tracking":{"legs":[{"carrier":"ups"}],"milestone":"pending"}}` {
		t.Errorf("%s", a.body)
	}
	if a := h.do(http.MethodGet, "/v1/shipments?fields=order", h.seller, nil); strings.TrimSpace(string(a.body)) != `{"items":[{"order":"1001"}]}` {
		t.Errorf("%s", a.body)
	}
}

func TestAnAnswerThatIsTheSameIsNotSentAgain(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	first := h.do(http.MethodGet, "/v1/shipments/"+id, h.seller, nil)
	etag := first.header.Get("ETag")
	again := h.do(http.MethodGet, "/v1/shipments/"+id, h.seller, nil, "If-None-Match", etag)
	if etag == "" || again.status != http.StatusNotModified || len(again.body) != 0 || first.header.Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("ETag %q, then %d %s", etag, again.status, again.body)
	}
	h.scan(id, "picked_up", "2026-11-23T12:30:00+01:00")
	if a := h.do(http.MethodGet, "/v1/shipments/"+id, h.seller, nil, "If-None-Match", etag); a.status != http.StatusOK || a.header.Get("ETag") == etag {
		t.Errorf("after a scan %d, ETag %q", a.status, a.header.Get("ETag"))
	}
	if a := h.do(http.MethodGet, "/v1/shipments/WB0", h.seller, nil, "If-None-Match", "*"); a.status != http.StatusNotFound {
		t.Errorf("what is not there is answered with %d", a.status)
	}
}

func TestAShipmentIsRemoved(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": map[string]any{"name": "Ada Lovelace"}})
	if a := h.do(http.MethodDelete, "/v1/shipments/"+id, h.rival, nil); a.status != http.StatusNotFound {
		t.Errorf("another seller: %d", a.status)
	}
	if a := h.do(http.MethodDelete, "/v1/shipments/"+id, h.seller, nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.do(http.MethodGet, "/v1/shipments/"+id, h.seller, nil); a.status != http.StatusNotFound {
		t.Errorf("afterwards %d", a.status)
	}
}

func TestWhatWillGoSaysSo(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodPost, "/easypost/v2/trackers/create_list", h.seller, `{"trackers":{"0":{"tracking_code":"A1","carrier":"ups"}}}`)
	if a.header.Get("Deprecation") != "@1795651200" || a.header.Get("Link") != `</docs>; rel="deprecation"` || a.header.Get("Sunset") != "" {
		t.Errorf("%v", a.header)
	}
	if a := h.do(http.MethodGet, "/v1/shipments", h.seller, nil); a.header.Get("Deprecation") != "" {
		t.Error("a route that stays is called deprecated")
	}
}

// Pages of other sites look up, and read of refusals too what they need to come back.
func TestOtherSitesLookUp(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	for path, status := range map[string]int{"/v1/track/" + id: http.StatusOK, "/v1/track/UNKNOWN": http.StatusNotFound} {
		a := h.do(http.MethodGet, path, "", nil, "Origin", "https://tool.example.com")
		if a.status != status || a.header.Get("Access-Control-Allow-Origin") != "*" ||
			!strings.Contains(a.header.Get("Access-Control-Expose-Headers"), "Retry-After") || a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
	}
}
