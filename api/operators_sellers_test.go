package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waybill/tracker"
)

func TestAnOperatorMakesASellerWithItsOwner(t *testing.T) {
	h := newHouse(t)
	b := h.person("operator@example.com", operatorSeat)
	add := func(id, name, email string) answer {
		t.Helper()
		b.get("/operators/sellers")
		return b.post("/operators/sellers", url.Values{"id": {id}, "name": {name}, "email": {email}})
	}
	a := add("northwind", "Northwind Tea", "owner@northwind.example")
	if a.status != http.StatusOK || !strings.Contains(string(a.body), "owner@northwind.example begins with this password") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	b.get("/operators/sellers")
	b.shows("northwind", "Northwind Tea", "<td>1</td>")
	u, err := h.people.Find(t.Context(), "owner@northwind.example")
	if err != nil || len(u.Seats) != 1 || u.Seats[0] != (tracker.Seat{Role: tracker.RoleSeller, Tenant: "northwind", Level: tracker.LevelOwner}) {
		t.Errorf("the owner is %v, %v", u, err)
	}
	if entries := h.entries("northwind"); len(entries) != 1 || entries[0].Action != "seller.made" {
		t.Errorf("the audit log has %v", entries)
	}
	if a := add("northwind", "", "second@northwind.example"); a.status != http.StatusOK {
		t.Errorf("another owner: %d %s", a.status, a.body)
	}
	for name, c := range map[string]struct {
		id, name, email string
		want            int
	}{
		"an id that cannot be":  {"North Wind", "Northwind Tea", "x@example.com", http.StatusUnprocessableEntity},
		"without a name":        {"southwind", "", "x@example.com", http.StatusUnprocessableEntity},
		"no address":            {"northwind", "", "nobody", http.StatusUnprocessableEntity},
		"who is an owner there": {"northwind", "", "owner@northwind.example", http.StatusConflict},
	} {
		if a := add(c.id, c.name, c.email); a.status != c.want {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	agent := h.person("agent@example.com", tracker.Seat{Role: tracker.RoleAgent})
	if a := agent.get("/operators/sellers"); a.status != http.StatusForbidden {
		t.Errorf("an agent sees it: %d", a.status)
	}
}
