package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waybill/notify"
	"waybill/tracker"
)

// reported is a house in which a customer has reported a problem on the page, with the page's own address and the case's id.
func reported(t *testing.T) (h *house, page, id string) {
	t.Helper()
	h = newHouse(t)
	shipment := h.shipment(map[string]any{"order": "1001", "recipient": map[string]any{
		"name": "Ada Lovelace", "email": "ada@example.com", "address": map[string]any{"postal_code": "10115", "country": "DE"},
	}})
	b := h.surfer()
	a := b.post("/t/"+shipment+"/proof", url.Values{"postal_code": {"10115"}})
	page = a.header.Get("Location")
	before, query, _ := strings.Cut(page, "?")
	a = b.post(before+"/cases?"+query, url.Values{"kind": {"missing"}, "text": {"The page says delivered, but nothing came."}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("report: %d %s", a.status, a.body)
	}
	if shown := b.get(a.header.Get("Location")); !strings.Contains(string(shown.body), "We have your report") {
		t.Errorf("nothing says that it was taken:\n%s\n%s", shown.body, h.log)
	}
	items, _ := h.do(http.MethodGet, "/v1/cases", h.seller, nil).json(t)["items"].([]any)
	first, _ := items[0].(map[string]any)
	id, _ = first["id"].(string)
	return h, page, id
}

func TestAProblemIsReportedAnsweredAndSettled(t *testing.T) {
	h, page, id := reported(t)
	a := h.do(http.MethodPost, "/v1/cases/"+id+"/messages", h.agent, `{"text":"Is it with <b>a neighbour</b>?"}`)
	if a.status != http.StatusCreated {
		t.Fatalf("answer: %d %s", a.status, a.body)
	}
	h.do(http.MethodPost, "/v1/cases/"+id+"/messages", h.agent, `{"text":"The courier is new.","note":true}`)
	h.do(http.MethodPatch, "/v1/cases/"+id, h.agent, `{"state":"waiting_for_customer"}`)
	b := h.surfer()
	shown := string(b.get(page).body)
	for text, want := range map[string]bool{
		"Is it with &lt;b&gt;a neighbour": true, "We wait for your answer": true, "The courier is new": false, "key:": false,
	} {
		if strings.Contains(shown, text) != want {
			t.Errorf("the page shows %q: %v, want %v", text, !want, want)
		}
	}
	before, query, _ := strings.Cut(page, "?")
	if a := b.post(before+"/cases/"+id+"?"+query, url.Values{"text": {"No, I asked them all."}}); a.status != http.StatusSeeOther {
		t.Fatalf("write on: %d %s", a.status, a.body)
	}
	a = h.do(http.MethodPatch, "/v1/cases/"+id, h.seller, `{"decision":"refund","state":"resolved"}`)
	if got := a.json(t); got["state"] != "resolved" || got["decision"] != "refund" {
		t.Fatalf("decide: %d %s", a.status, a.body)
	}
	if shown := string(b.get(page).body); !strings.Contains(shown, "You get your money back") || !strings.Contains(shown, "No, I asked them all.") {
		t.Error("the page does not show the decision, or not what was written")
	}
	for _, action := range []string{"case.written", "case.changed"} {
		found := false
		for _, e := range h.entries(id) {
			found = found || e.Action == action
		}
		if !found {
			t.Errorf("the audit log has no %s", action)
		}
	}
}

func TestWhoReportsIsAnsweredByMailOfThatAlone(t *testing.T) {
	h, page, _ := reported(t)
	number := strings.TrimPrefix(strings.Split(page, "?")[0], "/t/")
	list := h.subscriptions(number)
	if len(list) != 1 || !list[0].Active() || !list[0].Recipient || len(list[0].Moments) != 2 || list[0].Moments[0] != tracker.MomentCaseUpdate {
		t.Fatalf("subscribed: %+v", list)
	}
	if _, err := notify.NewDesk(h.store, h.keys, h.clock.now).End(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	before, query, _ := strings.Cut(page, "?")
	h.surfer().post(before+"/cases?"+query, url.Values{"kind": {"late"}, "text": {"Again."}})
	if list = h.subscriptions(number); len(list) != 1 || list[0].Active() {
		t.Errorf("who stopped the messages is subscribed again: %+v", list)
	}
}

func TestCasesAreTheirOwnersAlone(t *testing.T) {
	h, page, id := reported(t)
	before, query, _ := strings.Cut(page, "?")
	signature, _ := url.ParseQuery(query)
	number := strings.TrimPrefix(before, "/t/")
	other := h.shipment(nil)
	cases := map[string]struct {
		method, path, key, body string
		status                  int
	}{
		"without the link":                {http.MethodGet, "/v1/track/" + number + "/cases", "", "", 403},
		"another parcel's link":           {http.MethodGet, "/v1/track/" + other + "/cases?s=" + signature.Get("s"), "", "", 403},
		"another parcel's case":           {http.MethodPost, "/v1/track/" + number + "/cases/case_x/messages?s=" + signature.Get("s"), "", `{"text":"x"}`, 404},
		"another seller":                  {http.MethodGet, "/v1/cases/" + id, h.rival, "", 404},
		"another seller decides":          {http.MethodPatch, "/v1/cases/" + id, h.rival, `{"decision":"refund"}`, 404},
		"another seller opens":            {http.MethodPost, "/v1/cases", h.rival, `{"shipment":"` + number + `","kind":"late","text":"x"}`, 422},
		"a kind that is none":             {http.MethodPost, "/v1/track/" + number + "/cases?s=" + signature.Get("s"), "", `{"kind":"bad","text":"x"}`, 422},
		"no text":                         {http.MethodPost, "/v1/track/" + number + "/cases?s=" + signature.Get("s"), "", `{"kind":"late","text":" "}`, 422},
		"an owner who is none":            {http.MethodPatch, "/v1/cases/" + id, h.agent, `{"owner":"usr_nobody"}`, 422},
		"a replacement of another seller": {http.MethodPatch, "/v1/cases/" + id, h.seller, `{"decision":"replacement","replacement":"WBJHEFPZMVM5VDAS4"}`, 422},
		"closed too soon":                 {http.MethodPatch, "/v1/cases/" + id, h.agent, `{"state":"closed"}`, 409},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if a := h.in(t).do(c.method, c.path, c.key, c.body); a.status != c.status {
				t.Errorf("%d, want %d: %s", a.status, c.status, a.body)
			}
		})
	}
	if a := h.do(http.MethodGet, "/v1/cases", h.rival, nil); strings.Contains(string(a.body), id) {
		t.Error("another seller lists it")
	}
	if strings.Contains(h.log.String(), "nothing came") {
		t.Error("the log has what the customer wrote")
	}
}

func TestACustomerWhoWritesWithoutEndIsHeldBack(t *testing.T) {
	h, page, id := reported(t)
	before, query, _ := strings.Cut(page, "?")
	b := h.surfer()
	last := 0
	for range 25 {
		last = b.post(before+"/cases/"+id+"?"+query, url.Values{"text": {"Well?"}}).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the twenty-fifth message of an hour: %d", last)
	}
	kept, err := tracker.Load[tracker.Case](t.Context(), h.store, id)
	if must(t, err); len(kept.Entries) > 25 {
		t.Errorf("%d entries are kept", len(kept.Entries))
	}
}
