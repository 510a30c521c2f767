package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// shows fails where the page lacks one of the texts.
func (b *surfer) shows(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(string(b.page.body), text) {
			b.t.Errorf("the page lacks %q:\n%d %s", text, b.page.status, b.page.body)
		}
	}
}

// desk is a signed-in agent in a house with a parcel of Ada's, that was scanned.
func desk(t *testing.T) (b *surfer, id string) {
	t.Helper()
	h := newHouse(t)
	id = h.shipment(map[string]any{"order": "SO-1001", "recipient": map[string]any{
		"name": "Ada Lovelace", "email": "ada@example.com", "phone": "+4915112345678",
		"address": map[string]any{"lines": []string{"Hauptstraße 1"}, "city": "Berlin", "postal_code": "10115", "country": "DE"},
	}})
	h.scan(id, "arrived", "2026-11-23T11:05:00Z")
	return h.person("agent@example.com", agentSeat), id
}

func TestAnAgentGoesFromTheSearchBoxToTheAnswer(t *testing.T) {
	b, id := desk(t)
	for _, query := range []string{"lovel", "so-10", id[4:10], "ada@example.com"} {
		if a := b.get("/agents?q=" + url.QueryEscape(query)); a.header.Get("Location") != "/agents/shipments/"+id {
			t.Errorf("%q leads to %d %q", query, a.status, a.header.Get("Location"))
		}
	}
	b.get("/agents/shipments/" + id)
	b.shows("A••• L•••", "a•••@example.com", "•••678", "arrived_at_facility", "by fleet")
	for _, hidden := range []string{"Lovelace", "10115", "Hauptstraße"} {
		if strings.Contains(string(b.page.body), hidden) {
			t.Errorf("%q is shown before anybody asked", hidden)
		}
	}
	b.page = b.post("/agents/shipments/"+id+"/show", nil)
	b.shows("Ada Lovelace", "Hauptstraße 1", "10115")
	receipt := between(string(b.get("/agents/shipments/"+id).body), `href="/agents/receipts/`, `"`)
	b.get("/agents/receipts/" + receipt)
	b.shows("&#34;action&#34;: &#34;arrived&#34;")

	a := b.post("/agents/shipments/"+id+"/events", url.Values{"action": {"held"}, "reason": {"The customer is on holiday"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("correct: %d %s", a.status, a.body)
	}
	b.get(a.header.Get("Location"))
	b.shows("The status was put right.", "The customer is on holiday", "by agent")

	b.get("/agents/shipments/" + id)
	a = b.post("/agents/shipments/"+id+"/cases", url.Values{"kind": {"damaged"}, "text": {"The lid is broken."}})
	b.get(a.header.Get("Location"))
	b.shows("The case is open.", "The lid is broken.")
	casePath, _, _ := strings.Cut(a.header.Get("Location"), "?")
	b.get(casePath + "?reply=photo")
	b.shows("keep the packaging until this is settled")
	b.post(casePath+"/messages", url.Values{"text": {"Please send a photo."}, "state": {"waiting_for_customer"}})
	b.get(casePath)
	b.post(casePath, url.Values{"owner": {"me"}})
	b.get(casePath)
	b.post(casePath, url.Values{"reference": {"C-4711"}, "carrier": {"ups"}, "amount": {"49.90 EUR"}})
	b.get(casePath)
	b.post(casePath, url.Values{"decision": {"refund"}})
	b.get(casePath)
	b.shows("Please send a photo.", "waiting_for_customer", "Give it back", "C-4711", "decision: refund")
	b.get("/agents/cases?owner=me")
	b.shows(id, "you")

	done := map[string]bool{}
	for _, e := range b.entries(id) {
		done[e.Action] = true
	}
	for _, action := range []string{"shipment.read", "person.shown", "status.corrected", "case.opened"} {
		if !done[action] {
			t.Errorf("the audit log has no %s of the parcel", action)
		}
	}
}

func TestWhatTheConsoleRefuses(t *testing.T) {
	b, id := desk(t)
	b.get("/agents/shipments/" + id)
	cases := map[string]struct {
		path   string
		form   url.Values
		status int
	}{
		"a correction without a reason":  {"/agents/shipments/" + id + "/events", url.Values{"action": {"delivered"}}, 422},
		"an action that is none":         {"/agents/shipments/" + id + "/events", url.Values{"action": {"beamed"}, "reason": {"x"}}, 422},
		"a time that is none":            {"/agents/shipments/" + id + "/events", url.Values{"action": {"delivered"}, "reason": {"x"}, "at": {"soon"}}, 422},
		"a parcel that is not":           {"/agents/shipments/WB2345679ABCDEFGJ/show", nil, 404},
		"a case without a text":          {"/agents/shipments/" + id + "/cases", url.Values{"kind": {"late"}}, 409},
		"a case that is not":             {"/agents/cases/case_x", url.Values{"owner": {"me"}}, 404},
		"a message that cannot be again": {"/agents/messages/resend", url.Values{"id": {"m1"}}, 404},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if a := b.post(c.path, c.form); a.status != c.status {
				t.Errorf("%d, want %d: %s", a.status, c.status, a.body)
			}
		})
	}
	seller := b.house.person("owner@example.com", ownerSeat)
	if a := seller.get("/agents"); a.status != http.StatusForbidden {
		t.Errorf("a seller's owner at the console: %d", a.status)
	}
}

// between is what stands between two texts.
func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}
