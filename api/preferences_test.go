package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waybill/notify"
)

func TestAnAddressChoosesWhatItIsTold(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada})
	a := h.do(http.MethodPost, "/v1/shipments/"+id+"/subscriptions", h.seller, map[string]any{"channel": "email", "address": "ada@example.com", "recipient": true})
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if consent := h.subscriptions(id)[0].Consent; consent != "the seller's check-out, told by the key that ends in "+h.seller[len(h.seller)-4:] {
		t.Errorf("who told of the consent is kept as %q", consent)
	}
	links := notify.Links{Keys: h.keys}
	link := links.Preferences(h.subscriptions(id)[0].ID)
	page := string(h.do(http.MethodGet, link+"&lang=de", "", nil).body)
	for _, part := range []string{`value="delivered" checked`, `value="in_transit">`, `name="daily"`, "Ihr Paket wurde zugestellt", "Was möchten Sie erfahren?"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q:\n%s", part, page)
		}
	}
	if strings.Contains(page, "ada@example.com") {
		t.Error("the page shows the address")
	}
	form := url.Values{"moment": {"delivered", "in_transit"}, "daily": {"yes"}}
	done := h.do(http.MethodPost, link, "", form.Encode())
	if done.status != http.StatusSeeOther {
		t.Fatalf("%d %s", done.status, done.body)
	}
	page = string(h.do(http.MethodGet, done.header.Get("Location"), "", nil).body)
	for _, part := range []string{`role="status"`, `value="in_transit" checked`, `value="delayed">`, `name="daily" value="yes" checked`} {
		if !strings.Contains(page, part) {
			t.Errorf("after it was kept the page lacks %q", part)
		}
	}
	if wrong := h.do(http.MethodGet, link+"x", "", nil); wrong.status != http.StatusForbidden {
		t.Errorf("a wrong signature: %d", wrong.status)
	}
	if odd := h.do(http.MethodPost, link, "", "moment=birthday"); odd.status != http.StatusUnprocessableEntity {
		t.Errorf("a moment that is none: %d", odd.status)
	}
	all := links.UnsubscribeAll(h.subscriptions(id)[0].ID)
	if left := h.do(http.MethodPost, all, "", "List-Unsubscribe=One-Click"); left.status != http.StatusOK {
		t.Errorf("left: %d %s", left.status, left.body)
	}
	if page = string(h.do(http.MethodGet, link, "", nil).body); strings.Contains(page, `name="moment" value="delivered" checked`) {
		t.Error("who left is told still")
	}
	if crossed := h.do(http.MethodPost, strings.Replace(all, "all=1&", "", 1), "", nil); crossed.status != http.StatusForbidden {
		t.Errorf("one link serves for another: %d", crossed.status)
	}
}
