package api_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"waybill/tracker"
)

func TestASellersMistakeIsNamedWithItsFieldAndAnExample(t *testing.T) {
	h := newHouse(t)
	cases := map[string]struct{ body, field, example string }{
		"an unknown service":        {`{"service":"teleport"}`, "service", "express"},
		"a carrier that is not":     {`{"carrier":"upz","tracking_number":"1Z999AA10123456784"}`, "carrier", "ups"},
		"a number of no known form": {`{"tracking_number":"??"}`, "tracking_number", "1Z999AA10123456784"},
		"a form of no carrier":      {`{"tracking_number":"QQ"}`, "carrier", "ups"},
		"a carrier without number":  {`{"carrier":"ups"}`, "tracking_number", "1Z999AA10123456784"},
		"an e-mail that is none":    {`{"recipient":{"email":"ada"}}`, "recipient.email", "ada@example.com"},
		"a phone that is none":      {`{"recipient":{"phone":"12"}}`, "recipient.phone", "+4915112345678"},
		"30 February":               {`{"promise":{"to":"2026-02-30T12:00:00Z"}}`, "promise.to", "2026-11-24T18:00:00+01:00"},
		"the year 9999":             {`{"promise":{"to":"9999-02-03T12:00:00Z"}}`, "promise.to", "2026-11-24T18:00:00+01:00"},
		"a promise that ends first": {
			`{"promise":{"from":"2026-11-25T12:00:00Z","to":"2026-11-24T12:00:00Z"}}`, "promise.to", "2026-11-24T18:00:00+01:00",
		},
		"a zone that is none":      {`{"zone":"Mars/Olympus"}`, "zone", "Europe/Berlin"},
		"piece 3 of 2":             {`{"piece":3,"pieces":2}`, "piece", "1"},
		"a country in words":       {`{"destination":{"country":"Germany"}}`, "destination.country", "DE"},
		"no quantity":              {`{"items":[{"sku":"A","quantity":0}]}`, "items[0].quantity", "2"},
		"a field that is not":      {`{"colour":"blue"}`, "colour", ""},
		"a text where a number is": {`{"pieces":"three"}`, "pieces", "3"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := h.do(http.MethodPost, "/v1/shipments", h.seller, c.body)
			if a.status != http.StatusUnprocessableEntity || a.code() != "invalid" {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if a.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("Content-Type %q", a.header.Get("Content-Type"))
			}
			errors, _ := a.json(t)["errors"].([]any)
			first, _ := errors[0].(map[string]any)
			if first["field"] != c.field || first["problem"] == "" {
				t.Errorf("named %v", first)
			}
			if c.example != "" && fmt.Sprint(first["example"]) != c.example {
				t.Errorf("example %v, want %s", first["example"], c.example)
			}
			if a.json(t)["request_id"] != a.header.Get("X-Request-ID") {
				t.Error("the request's id is not in the answer")
			}
		})
	}
}

func TestBrokenBodiesOfSellers(t *testing.T) {
	h := newHouse(t)
	for name, body := range map[string]string{
		"no JSON": "hello", "nothing closed": `{"order":`, "deep nesting": strings.Repeat(`{"a":`, 200_000),
		"a huge number": `{"pieces":1e999999999}`,
	} {
		if a := h.do(http.MethodPost, "/v1/shipments", h.seller, body); a.status != 400 && a.status != 422 {
			t.Errorf("%s: %d %.200s", name, a.status, a.body)
		}
	}
	if a := h.do(http.MethodPost, "/v1/shipments", h.seller, `{"order":"`+strings.Repeat("x", 5<<20)+`"}`); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("five megabytes: %d", a.status)
	}
}

func TestOneMistakeSpoilsNoOtherOfABulk(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodPost, "/v1/shipments", h.seller, `{"shipments":[{"order":"1"},{"carrier":"upz","tracking_number":"1"},{"order":"3"}]}`)
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	results, _ := a.json(t)["shipments"].([]any)
	var statuses []string
	for _, r := range results {
		statuses = append(statuses, fmt.Sprint(r.(map[string]any)["status"])) //nolint:forcetypeassert // a test
	}
	if strings.Join(statuses, " ") != "201 422 201" {
		t.Errorf("results %v", statuses)
	}
	if !strings.Contains(string(a.body), `"shipments[1].carrier"`) {
		t.Errorf("the mistake is not named by its place: %s", a.body)
	}
}

func TestACarrierIsFound(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodPost, "/v1/shipments", h.seller, `{"tracking_number":"1z 999 aa1 0123 456 784"}`).json(t)
	candidates, _ := a["candidates"].([]any)
	tracking, _ := a["tracking"].(map[string]any)
	legs, _ := tracking["legs"].([]any)
	if len(candidates) == 0 || len(legs) != 1 || legs[0].(map[string]any)["carrier"] != "ups" { //nolint:forcetypeassert // a test
		t.Errorf("candidates %v, legs %v", candidates, legs)
	}
	d := h.do(http.MethodPost, "/v1/detect", h.seller, `{"tracking_number":"1Z999AA10123456784"}`)
	for _, part := range []string{`"carrier":"ups"`, `"format":"UPS"`, `"shipper":"999AA1"`, `"service":"UPS Next Day Air"`, `"serial":"2345678"`} {
		if !strings.Contains(string(d.body), part) {
			t.Errorf("detected %s, without %s", d.body, part)
		}
	}
	const ambiguous = `"tracking_number":"287809468872"`
	plain := h.do(http.MethodPost, "/v1/detect", h.seller, `{`+ambiguous+`}`)
	toCanada := h.do(http.MethodPost, "/v1/detect", h.seller, `{`+ambiguous+`,"country":"CA"}`)
	shipped := h.do(http.MethodPost, "/v1/detect", h.seller, `{`+ambiguous+`,"carriers":["gls"]}`)
	for want, got := range map[string]answer{"fedex": plain, "purolator": toCanada, "gls": shipped} {
		list, _ := got.json(t)["candidates"].([]any)
		if len(list) == 0 || list[0].(map[string]any)["carrier"] != want { //nolint:forcetypeassert // a test
			t.Errorf("%s first wanted, got %s", want, got.body)
		}
	}
}

func TestAScanThatCameBeforeTheRegistrationTellsTheCarrier(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	odd := strings.Replace(upsScan, "1Z999AA10123456784", "ODD1", 1)
	h.do(http.MethodPost, upsPath, "", odd, "credential", "s3cret")
	a := h.do(http.MethodPost, "/v1/shipments", h.seller, `{"tracking_number":"ODD1"}`)
	if a.status != http.StatusCreated || !strings.Contains(string(a.body), `"milestone":"out_for_delivery"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestTheSameIdempotencyKeyMakesOneShipment(t *testing.T) {
	h := newHouse(t)
	post := func(key, body string) answer {
		return h.do(http.MethodPost, "/v1/shipments", h.seller, body, "Idempotency-Key", key)
	}
	first, again := post("k1", `{"order":"1"}`), post("k1", `{"order":"1"}`)
	if first.status != http.StatusCreated || string(first.body) != string(again.body) || again.status != first.status {
		t.Errorf("the second answer differs: %d %s\n%d %s", first.status, first.body, again.status, again.body)
	}
	if again.header.Get("Idempotent-Replayed") != "true" {
		t.Error("the second answer does not say that it is one")
	}
	if a := post("k1", `{"order":"2"}`); a.status != http.StatusUnprocessableEntity || a.code() != "key_reused" {
		t.Errorf("the same key for another request: %d %s", a.status, a.body)
	}
	if a := h.do(http.MethodPost, "/v1/shipments", h.rival, `{"order":"1"}`, "Idempotency-Key", "k1"); a.status != http.StatusCreated || a.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("another seller's same key: %d", a.status)
	}
	if items, _ := h.do(http.MethodGet, "/v1/shipments", h.seller, nil).json(t)["items"].([]any); len(items) != 1 {
		t.Errorf("%d shipments", len(items))
	}
	if a := post("k2", `{"service":"no"}`); a.status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", a.status)
	}
	if a := post("k2", `{"service":"no"}`); a.header.Get("Idempotent-Replayed") != "true" || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a mistake is not answered as before: %v %s", a.header, a.body)
	}
}

func TestPagesOfAListStayStableWhileShipmentsArrive(t *testing.T) {
	h := newHouse(t)
	want := map[string]bool{}
	for i := range 7 {
		want[h.shipment(map[string]any{"order": strconv.Itoa(i)})] = true
		h.clock.move(1_000_000)
	}
	cursor := ""
	for page := 0; ; page++ {
		a := h.do(http.MethodGet, "/v1/shipments?limit=3&cursor="+cursor, h.seller, nil).json(t)
		items, _ := a["items"].([]any)
		for _, item := range items {
			id, _ := item.(map[string]any)["id"].(string) //nolint:forcetypeassert // a test
			if !want[id] {
				t.Fatalf("page %d has %s, which is new or was there already", page, id)
			}
			delete(want, id)
		}
		h.shipment(map[string]any{"order": "meanwhile"})
		if cursor, _ = a["next"].(string); cursor == "" {
			break
		}
	}
	if len(want) != 0 {
		t.Errorf("%d shipments were on no page", len(want))
	}
	if a := h.do(http.MethodGet, "/v1/shipments?cursor=nonsense", h.seller, nil); a.status != 422 {
		t.Errorf("a cursor that is none: %d", a.status)
	}
}

func TestFiltersOfTheList(t *testing.T) {
	h := newHouse(t)
	a := h.shipment(map[string]any{"order": "1", "reference": "blue", "tags": []string{"fragile"}})
	b := h.shipment(map[string]any{"order": "2", "tags": []string{"fragile", "gift"}})
	for query, want := range map[string][]string{
		"order=1": {a}, "reference=blue": {a}, "tag=gift": {b}, "tag=fragile": {a, b}, "milestone=pending": {a, b},
		"milestone=delivered": {}, "order=1&tag=gift": {}, "reference=red": {},
	} {
		items, _ := h.do(http.MethodGet, "/v1/shipments?"+query, h.seller, nil).json(t)["items"].([]any)
		got := map[string]bool{}
		for _, item := range items {
			got[fmt.Sprint(item.(map[string]any)["id"])] = true //nolint:forcetypeassert // a test
		}
		if len(got) != len(want) {
			t.Errorf("%s finds %v, want %v", query, got, want)
		}
		for _, id := range want {
			if !got[id] {
				t.Errorf("%s does not find %s", query, id)
			}
		}
	}
	if a := h.do(http.MethodGet, "/v1/shipments?milestone=lost", h.seller, nil); a.status != 422 {
		t.Errorf("a milestone that is none: %d", a.status)
	}
}

func TestASellersOwnMilestonesAndALaterNumber(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	a := h.do(http.MethodPost, "/v1/shipments/"+id+"/events", h.seller,
		`{"events":[{"action":"picked_up","at":"2026-11-23T10:00:00+01:00","location":{"city":"Berlin","country":"DE"},"note":"by bicycle"}]}`)
	if a.status != http.StatusAccepted {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for name, body := range map[string]string{
		"events[0].action": `{"events":[{"action":"teleported","at":"2026-11-23T10:00:00+01:00"}]}`,
		"events[0].at":     `{"events":[{"action":"delivered","at":"yesterday"}]}`,
		"events[0].reason": `{"events":[{"action":"attempt_failed","at":"2026-11-23T10:00:00Z","reason":"dog"}]}`,
	} {
		if a := h.do(http.MethodPost, "/v1/shipments/"+id+"/events", h.seller, body); a.status != 422 || !strings.Contains(string(a.body), name) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := h.do(http.MethodPost, "/v1/shipments/"+id+"/legs", h.seller, `{"tracking_number":"1Z999AA10123456784"}`); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	h.account("ups", "main", "credential", "", "s3cret")
	h.do(http.MethodPost, upsPath, "", upsScan, "credential", "s3cret")
	events := string(h.do(http.MethodGet, "/v1/shipments/"+id+"/events", h.seller, nil).body)
	if !strings.Contains(events, "by bicycle") || !strings.Contains(events, "Out For Delivery Today") {
		t.Errorf("events %s", events)
	}
}

func TestAnOrderBeforeItsShipment(t *testing.T) {
	h := newHouse(t)
	h.do(http.MethodPost, "/v1/orders", h.seller, `{"number":"A/1","items":[{"sku":"TEA","quantity":2}]}`)
	if a := h.do(http.MethodPost, "/v1/orders/A%2F1/events", h.seller, `{"events":[{"step":"back_ordered"}]}`); a.status != 422 {
		t.Errorf("back-ordered without a date: %d %s", a.status, a.body)
	}
	h.do(http.MethodPost, "/v1/orders/A%2F1/events", h.seller, `{"events":[{"step":"confirmed","at":"2026-11-22T10:00:00Z"},{"step":"back_ordered","expected":"2026-12-01"}]}`)
	id := h.shipment(map[string]any{"order": "A/1"})
	a := h.do(http.MethodGet, "/v1/orders/A%2F1", h.seller, nil)
	if got := string(a.body); !strings.Contains(got, id) || !strings.Contains(got, `"expected":"2026-12-01"`) || !strings.Contains(got, `"sku":"TEA"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if p := h.do(http.MethodGet, "/v1/track/"+id, "", nil); !strings.Contains(string(p.body), "Back-ordered, expected") {
		t.Errorf("the page says %s", p.body)
	}
}

func TestTheOwnerSeesTheRecipientAndAStrangerDoesNot(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada})
	if a := h.do(http.MethodGet, "/v1/shipments/"+id, h.seller, nil); !strings.Contains(string(a.body), "Ada Lovelace") {
		t.Errorf("the owner sees %s", a.body)
	}
	if a := h.do(http.MethodGet, "/v1/shipments", h.seller, nil); strings.Contains(string(a.body), "Lovelace") {
		t.Error("a list shows persons")
	}
	s, err := tracker.Load[tracker.Shipment](t.Context(), h.store, id)
	must(t, err)
	if s.Zone != "Europe/Berlin" || s.Destination.Point == nil {
		t.Errorf("the destination has zone %q and point %v", s.Zone, s.Destination.Point)
	}
}

// ada is an invented recipient.
var ada = map[string]any{
	"name": "Ada Lovelace", "email": "ada@example.com", "phone": "+4915112345678",
	"address": map[string]any{"lines": []string{"Hauptstraße 1"}, "city": "Berlin", "postal_code": "10115", "country": "DE"},
}
