package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
)

// link is the latest link to sign in that goes out to an address of a house, as its path; "" where none does.
func (h *house) link() string {
	h.t.Helper()
	rows, err := h.store.List(h.t.Context(), tracker.Messages, tracker.ListAll, tracker.Page{Limit: 100})
	must(h.t, err)
	messages, err := tracker.DecodeAll[tracker.Message](rows)
	must(h.t, err)
	for _, m := range messages {
		if m.Moment == tracker.MomentSignIn {
			token, err := h.keys.Unwrap(m.Token, "confirm:"+m.ID)
			must(h.t, err)
			return "/parcels/enter?" + url.Values{"id": {m.Subscription}, "token": {string(token)}}.Encode()
		}
	}
	return ""
}

// toAda is a house in which two sellers have sent something to Ada, and one to Grace.
func toAda(t *testing.T) (h *house, tea, book string) {
	t.Helper()
	h = newHouse(t)
	grace := map[string]any{"name": "Grace", "email": "grace@example.com"}
	tea = h.shipment(map[string]any{"order": "T-1001", "recipient": ada, "items": []any{map[string]any{"sku": "TEA-7", "title": "Darjeeling", "quantity": 1}}})
	h.shipment(map[string]any{"order": "T-1002", "recipient": grace})
	a := h.do(http.MethodPost, "/v1/shipments", h.rival, map[string]any{"order": "B-7", "recipient": ada})
	book, _ = a.json(t)["id"].(string)
	h.scan(book, "delivered", "2026-11-23T11:05:00Z")
	h.follow(book)
	return h, tea, book
}

func TestACustomerSeesAllParcelsByALinkOnce(t *testing.T) {
	h, tea, book := toAda(t)
	b := h.surfer()
	b.get("/parcels")
	a := b.post("/parcels/link", url.Values{"address": {" Ada@Example.com "}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("ask: %d %s", a.status, a.body)
	}
	b.get(a.header.Get("Location"))
	b.shows("a link is on its way")
	link := h.link()
	b.get(link) // as a mail scanner does, too
	b.shows("Show my parcels")
	if a = b.post(link, nil); a.status != http.StatusSeeOther {
		t.Fatalf("enter: %d %s", a.status, a.body)
	}
	b.get("/parcels")
	b.shows(tea, book, "Darjeeling", "T-1001", "Delivered")
	if strings.Contains(string(b.page.body), "T-1002") {
		t.Error("somebody else's parcel is shown")
	}
	if strings.Index(string(b.page.body), tea) > strings.Index(string(b.page.body), book) {
		t.Error("what is delivered stands before what is under way")
	}
	b.get("/parcels?q=darjee")
	if b.shows(tea); strings.Contains(string(b.page.body), book) {
		t.Error("the search leaves nothing out")
	}
	path := strings.ReplaceAll(between(string(b.page.body), `href="/t/`+tea, `"`), "&amp;", "&")
	b.get("/t/" + tea + path)
	b.shows("Ada Lovelace")

	other := h.surfer()
	if a := other.post(link, nil); a.status != http.StatusForbidden {
		t.Errorf("the link a second time: %d", a.status)
	}
	b.get("/parcels")
	if a := b.post("/parcels/leave", nil); a.status != http.StatusSeeOther {
		t.Fatalf("leave: %d %s", a.status, a.body)
	}
	if a := b.get("/parcels"); strings.Contains(string(a.body), tea) {
		t.Error("signed out, and the parcels are still shown")
	}
}

func TestWhatALinkDoesNotDo(t *testing.T) {
	h, _, _ := toAda(t)
	b := h.surfer()
	b.get("/parcels")
	sent := b.post("/parcels/link", url.Values{"address": {"nobody@example.com"}})
	if sent.status != http.StatusSeeOther || h.link() != "" {
		t.Errorf("an address to which nothing goes: %d, link %q", sent.status, h.link())
	}
	if a := b.post("/parcels/link", url.Values{"address": {"ada"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no address: %d", a.status)
	}
	b.post("/parcels/link", url.Values{"address": {"ada@example.com"}})
	link := h.link()
	if a := b.post(strings.Replace(link, "token=", "token=x", 1), nil); a.status != http.StatusForbidden {
		t.Errorf("another token: %d", a.status)
	}
	h.clock.move(21 * time.Minute)
	if a := b.post(link, nil); a.status != http.StatusForbidden {
		t.Errorf("after 21 minutes: %d", a.status)
	}
	h.do(http.MethodPatch, "/v1/settings", h.seller, `{"unlisted":true}`)
	h.do(http.MethodPatch, "/v1/settings", h.rival, `{"unlisted":true}`)
	if b.post("/parcels/link", url.Values{"address": {"ada@example.com"}}); h.link() != link {
		t.Error("all sellers opted out, and a link goes out")
	}
	last := 0
	for range 25 {
		last = b.post("/parcels/link", url.Values{"address": {"ada@example.com"}}).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the twenty-fifth link of an hour: %d", last)
	}
	if strings.Contains(h.log.String(), "ada@example") {
		t.Error("the log has the address")
	}
}

func TestAnOrderIsFoundByWhoKnowsWhereItGoes(t *testing.T) {
	h, tea, _ := toAda(t)
	b := h.surfer()
	b.get("/parcels")
	find := func(order, postal string) answer {
		return b.post("/parcels/order", url.Values{"order": {order}, "postal_code": {postal}})
	}
	if a := find("t-1001", "10115"); !strings.HasPrefix(a.header.Get("Location"), "/t/"+tea+"?") {
		t.Errorf("its own: %d to %q", a.status, a.header.Get("Location"))
	}
	for name, c := range map[string][2]string{"another postal code": {"T-1001", "20095"}, "part of an order": {"T-100", "10115"}, "no order": {"X-9999", "10115"}} {
		if a := find(c[0], c[1]); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	thief, last := h.surfer(), 0
	thief.get("/parcels")
	for range 12 {
		last = thief.post("/parcels/order", url.Values{"order": {"B-7"}, "postal_code": {"00000"}}).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the twelfth postal code for one order: %d", last)
	}
}

func TestAnAppSeesTheParcelsOfTwoAddresses(t *testing.T) {
	h, tea, _ := toAda(t)
	exchange := func(address, before string) string {
		t.Helper()
		if a := h.do(http.MethodPost, "/v1/parcels/link", "", map[string]any{"address": address}); a.status != http.StatusAccepted {
			t.Fatalf("ask: %d %s", a.status, a.body)
		}
		link, err := url.Parse(h.link())
		must(t, err)
		a := h.do(http.MethodPost, "/v1/parcels/session", before, map[string]any{"id": link.Query().Get("id"), "token": link.Query().Get("token")})
		if a.status != http.StatusCreated {
			t.Fatalf("exchange: %d %s", a.status, a.body)
		}
		token, _ := a.json(t)["token"].(string)
		return token
	}
	count := func(token string) (n int) {
		t.Helper()
		a := h.do(http.MethodGet, "/v1/parcels", token, nil)
		var list struct{ Items []struct{ ID string } }
		if err := json.Unmarshal(a.body, &list); err != nil || a.status != http.StatusOK {
			return -a.status
		}
		return len(list.Items)
	}
	first := exchange("ada@example.com", "")
	h.clock.move(time.Minute) // so that the next link is the newest
	both := exchange("grace@example.com", first)
	if n := count(both); n != 3 {
		t.Errorf("of both addresses %d parcels are shown", n)
	}
	if n := count(first); n != -http.StatusUnauthorized {
		t.Errorf("the token of before still shows %d", n)
	}
	if a := h.do(http.MethodGet, "/v1/parcels?q="+tea, both, nil); !strings.Contains(string(a.body), `"signature"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.do(http.MethodDelete, "/v1/parcels/session?everywhere=true", both, nil); a.status != http.StatusNoContent {
		t.Errorf("leave: %d %s", a.status, a.body)
	}
	if n := count(both); n != -http.StatusUnauthorized {
		t.Errorf("after leaving %d parcels are shown", n)
	}
	if n := count(h.seller); n != -http.StatusUnauthorized {
		t.Errorf("a seller's key shows %d", n)
	}
}
