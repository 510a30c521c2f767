package api_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAnOwnerSeesTheBrandAsCustomersDo(t *testing.T) {
	h := newHouse(t)
	b := h.person("owner@example.com", ownerSeat)
	b.get("/branding")
	b.shows("What they get", "out_for_delivery")
	good := url.Values{
		"name": {"Northwind Tea"}, "colour": {"#8a1c5b"}, "logo_url": {"https://shop.example.com/logo.png"}, "reply_to": {"help@shop.example.com"}, "support": {"+44 20 7946 0000"},
	}
	if a := b.post("/branding", good); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	b.get("/branding?moment=delivered&locale=de")
	b.shows("Northwind Tea", "Ihr Paket wurde zugestellt", "#8a1c5b")
	mail := b.get("/branding/mail?moment=delivered&locale=de")
	if text := string(mail.body); !strings.Contains(text, "Northwind Tea") || !strings.Contains(text, "#8a1c5b") || !strings.Contains(text, "https://shop.example.com/logo.png") {
		t.Errorf("the mail lacks the brand: %s", text)
	}
	if policy := mail.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "sandbox;") || strings.Contains(policy, "script-src") {
		t.Errorf("the mail may do %s", policy)
	}
	for field, value := range map[string]string{
		"name": "", "colour": "red", "logo_url": "http://shop.example.com/logo.png", "reply_to": "nobody", "support": strings.Repeat("x", 201),
	} {
		bad := maps.Clone(good)
		bad.Set(field, value)
		b.get("/branding")
		if a := b.post("/branding", bad); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s %.20q: %d", field, value, a.status)
		}
	}
	if a := b.get("/branding?moment=birthday"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a moment that is none: %d", a.status)
	}
	member := h.person("viewer@example.com", viewerSeat)
	if a := member.get("/branding"); a.status != http.StatusForbidden {
		t.Errorf("a viewer sees it: %d", a.status)
	}
	if member.get("/home"); strings.Contains(string(member.page.body), `href="/branding"`) {
		t.Error("a viewer is offered what only owners may do")
	}
}
