package api_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waybill/api"
	"waybill/api/web"
	"waybill/tracker"
)

func TestALookUpThatDidNotChangeHasNoBody(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	h.scan(id, "picked_up", "2026-11-23T11:00:00+01:00")
	first := h.do(http.MethodGet, "/v1/track/"+id, "", nil)
	etag := first.header.Get("ETag")
	if a := h.do(http.MethodGet, "/v1/track/"+id, "", nil, "If-None-Match", etag); a.status != http.StatusNotModified || len(a.body) != 0 {
		t.Errorf("%d, %d bytes", a.status, len(a.body))
	}
	h.scan(id, "out_for_delivery", "2026-11-23T12:30:00+01:00")
	h.clock.move(2 * time.Second)
	a := h.do(http.MethodGet, "/v1/track/"+id, "", nil, "If-None-Match", etag)
	if a.status != http.StatusOK || a.json(t)["milestone"] != "out_for_delivery" {
		t.Errorf("two seconds after a scan: %d %s", a.status, a.body)
	}
	if first.header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(first.header.Get("Vary"), "Accept-Language") {
		t.Errorf("headers %v", first.header)
	}
}

func TestALookUpChangesWithTheClock(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	h.scan(id, "picked_up", "2026-11-23T11:00:00+01:00")
	s, err := tracker.Load[tracker.Shipment](t.Context(), h.store, id)
	must(t, err)
	tomorrow := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	s.View.Estimate = &tracker.Estimate{P10: tomorrow.Add(9 * time.Hour), P50: tomorrow.Add(10 * time.Hour), P90: tomorrow.Add(12 * time.Hour), Source: "model"}
	must(t, tracker.Save(t.Context(), h.store, s))
	h.clock.at = tomorrow.Add(-time.Second)
	before := h.do(http.MethodGet, "/v1/track/"+id, "", nil).json(t)["headline"]
	h.clock.move(time.Second) // within the two seconds of memory
	after := h.do(http.MethodGet, "/v1/track/"+id, "", nil).json(t)["headline"]
	if !strings.Contains(before.(string), "tomorrow") || !strings.Contains(after.(string), "today") { //nolint:forcetypeassert // a test
		t.Errorf("before midnight %q, after it %q", before, after)
	}
}

func TestANumberThatTwoCarriersHaveAsks(t *testing.T) {
	h := newHouse(t)
	for _, carrier := range []string{"ups", "fedex"} {
		leg := &tracker.Leg{LegKey: tracker.LegKey{Carrier: carrier, Number: "123456789012"}, CreatedAt: noon, Events: []tracker.Event{
			{Kind: "DL", Substatus: "delivered", Time: tracker.StampAt(noon)},
		}}
		must(t, tracker.Save(t.Context(), h.store, leg))
	}
	a := h.do(http.MethodGet, "/v1/track/123456789012", "", nil).json(t)
	if candidates, _ := a["candidates"].([]any); len(candidates) != 2 {
		t.Errorf("candidates %v", a["candidates"])
	}
	if a := h.do(http.MethodGet, "/v1/track/123456789012?carrier=fedex", "", nil).json(t); a["carrier"] != "fedex" || a["milestone"] != "delivered" {
		t.Errorf("the chosen one: %v", a)
	}
	if a := h.do(http.MethodGet, "/v1/track/123456789012?carrier=dhl", "", nil); a.status != http.StatusNotFound {
		t.Errorf("one that does not have it: %d", a.status)
	}
	page := string(h.do(http.MethodGet, "/t/123456789012", "", nil).body)
	if !strings.Contains(page, "FedEx") || !strings.Contains(page, "UPS") || !strings.Contains(page, "?carrier=ups") {
		t.Errorf("the page does not ask: %s", page)
	}
}

func TestNobodyReadsThePostalCodeThatProves(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"order": "1001", "recipient": ada, "items": []any{map[string]any{"sku": "SECRET-ITEM", "quantity": 1}}})
	h.do(http.MethodPost, "/v1/fleet/scans", h.fleet, map[string]any{
		"code": id, "action": "delivered", "at": "2026-11-23T11:00:00+01:00", "note": "Left with 10115 Berlin, door",
		"location": map[string]any{"text": "10115 Berlin, Hub", "postal_code": "10115", "country": "DE"},
		"proof":    map[string]any{"signed_by": "A. LOVELACE", "place": "porch"},
	})
	for _, path := range []string{"/v1/track/" + id, "/t/" + id} {
		body := string(h.do(http.MethodGet, path, "", nil).body)
		for _, secret := range []string{"10115", "Lovelace", "LOVELACE", "ada@", "15112345678", "Hauptstra", "SECRET-ITEM", "porch", "1001"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %q without proof", path, secret)
			}
		}
		if !strings.Contains(body, "Left with Berlin, door") {
			t.Errorf("%s lost more of the text than the code", path)
		}
	}
	full := string(h.do(http.MethodPost, "/v1/track/"+id+"/proof", "", `{"postal_code":"10115"}`).body)
	for _, shown := range []string{"Ada Lovelace", "SECRET-ITEM", "A. LOVELACE", "porch", "1001"} {
		if !strings.Contains(full, shown) {
			t.Errorf("with the postal code %q is not shown: %s", shown, full)
		}
	}
}

func TestTheSignedLinkOpensTheFullView(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada})
	other := h.shipment(map[string]any{"recipient": ada})
	signature := h.keys.Sign("track", id)
	for path, shows := range map[string]bool{
		"/v1/track/" + id + "?s=" + signature: true, "/t/" + id + "?s=" + signature: true, "/t/" + id: false,
		"/t/" + other + "?s=" + signature: false, "/v1/track/" + id + "?s=" + signature[:10]: false,
	} {
		a := h.do(http.MethodGet, path, "", nil)
		if got := strings.Contains(string(a.body), "Lovelace"); got != shows {
			t.Errorf("%s shows the recipient: %v (%d)", path, got, a.status)
		}
		if shows && !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s may be kept by others: %q", path, a.header.Get("Cache-Control"))
		}
	}
}

func TestTriesOfPostalCodesAreCountedByShipment(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Limits.PostalCodeTriesPerHour = 3 })
	id := h.shipment(map[string]any{"recipient": ada})
	try := func(code string) answer {
		return h.do(http.MethodPost, "/v1/track/"+id+"/proof", "", `{"postal_code":"`+code+`"}`)
	}
	for range 3 {
		if a := try("99999"); a.status != http.StatusForbidden || a.code() != "proof_wrong" {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if a := try("10115"); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Errorf("the fourth try: %d %s", a.status, a.body)
	}
	h.clock.move(time.Hour)
	if a := try("101 15"); a.status != http.StatusOK {
		t.Errorf("an hour later: %d %s", a.status, a.body)
	}
}

func TestTheProofOnThePageLeadsToTheFullView(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada})
	a := h.do(http.MethodPost, "/t/"+id+"/proof", "", url.Values{"postal_code": {"10115"}}.Encode())
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	page := h.do(http.MethodGet, a.header.Get("Location"), "", nil)
	if !strings.Contains(string(page.body), "Ada Lovelace") {
		t.Error("the page does not show the recipient")
	}
}

func TestNumbersAsPeopleTypeThem(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	for _, typed := range []string{strings.ToLower(id), id[:4] + "%20" + id[4:], id[:4] + "-" + id[4:]} {
		if a := h.do(http.MethodGet, "/v1/track/"+typed, "", nil); a.status != http.StatusOK {
			t.Errorf("%s: %d", typed, a.status)
		}
	}
	for _, typed := range []string{"%00", "%20", "x", strings.Repeat("9", 300), "..%2f..%2fetc", "%E2%82%AC"} {
		if a := h.do(http.MethodGet, "/v1/track/"+typed, "", nil); a.status != http.StatusNotFound || a.code() != "not_found" {
			t.Errorf("%s: %d %s", typed, a.status, a.body)
		}
	}
}

func TestPagesInSixLanguages(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	h.scan(id, "picked_up", "2026-11-23T11:00:00+01:00")
	for lang, want := range map[string]string{
		"en": "On its way", "de": "Unterwegs", "fr": "En route", "es": "En camino", "pt": "A caminho", "ja": "輸送中",
	} {
		byHeader := h.do(http.MethodGet, "/t/"+id, "", nil, "Accept-Language", lang+", en;q=0.1")
		byQuery := h.do(http.MethodGet, "/t/"+id+"?lang="+lang, "", nil, "Accept-Language", "nl")
		if !bytes.Contains(byHeader.body, []byte(`<html lang="`+lang)) || !bytes.Equal(byHeader.body, byQuery.body) {
			t.Errorf("%s: the page by header and the page by query differ, or have another language", lang)
		}
		if !bytes.Contains(byHeader.body, []byte(want)) {
			t.Errorf("%s: %q is not on the page", lang, want)
		}
		if bytes.Contains(byHeader.body, []byte(">page.")) {
			t.Errorf("%s: a text is missing", lang)
		}
	}
}

func TestAPageIsSmallAndAsksNobodyElse(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada, "carrier": "ups", "tracking_number": "1Z999AA10123456784"})
	for i, city := range []string{"Barcelona", "Lyon", "Zürich", "München", "Leipzig", "Berlin"} {
		h.do(http.MethodPost, "/v1/fleet/scans", h.fleet, map[string]any{
			"code": id, "action": "departed", "at": noon.Add(time.Duration(i-10) * time.Hour).Format(time.RFC3339),
			"location": map[string]any{"city": city},
		})
	}
	a := h.do(http.MethodGet, "/t/"+id, "", nil)
	total := len(a.body)
	for _, asset := range []string{"/static/app", "/static/icon"} {
		_, name, _ := bytes.Cut(a.body, []byte(`"`+asset))
		name, _, _ = bytes.Cut(name, []byte(`"`))
		name = append([]byte(asset), name...)
		file := h.do(http.MethodGet, string(name), "", nil)
		if file.status != http.StatusOK || !strings.Contains(file.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d", name, file.status)
		}
		total += len(file.body)
	}
	if total > 80_000 { // the script adds some 2 kB
		t.Errorf("the first paint takes %d bytes", total)
	}
	if a.header.Get("Content-Security-Policy") != web.Policy || strings.Contains(web.Policy, "unsafe") {
		t.Errorf("policy %q", a.header.Get("Content-Security-Policy"))
	}
	for _, bad := range []string{" style=", "<script>", "onclick=", "src=\"http", "url(http"} {
		if bytes.Contains(a.body, []byte(bad)) {
			t.Errorf("the page has %q", bad)
		}
	}
}

func TestProblemsOnPagesSayWhatToDo(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodGet, "/t/1Z999AA10123456784?lang=de", "", nil, "Accept", "text/html,*/*")
	if a.status != http.StatusNotFound || !bytes.Contains(a.body, []byte("nichts bekannt")) || !bytes.Contains(a.body, []byte("<form")) {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestProbesByHeadAndPathsThatAreNot(t *testing.T) {
	h := newHouse(t)
	if a := h.do(http.MethodHead, "/healthz", "", nil); a.status != http.StatusOK || len(a.body) != 0 {
		t.Errorf("HEAD: %d, %d bytes", a.status, len(a.body))
	}
	if a := h.do(http.MethodGet, "/nowhere", "", nil); a.status != http.StatusNotFound || a.code() != "not_found" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.do(http.MethodGet, "/nowhere", "", nil, "Accept", "text/html"); a.status != http.StatusNotFound || !bytes.Contains(a.body, []byte("<h1>")) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.do(http.MethodDelete, "/v1/shipments", h.seller, nil); a.status != http.StatusMethodNotAllowed || a.code() != "method_not_allowed" {
		t.Errorf("%d %s", a.status, a.body)
	}
}
