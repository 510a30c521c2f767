package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waybill/tracker"
)

func TestASellerDecidesOnReturnsOnThePage(t *testing.T) {
	h := newHouse(t)
	id, query := h.bought(map[string]any{
		"days": 30, "paid_by": "customer", "methods": []string{"drop_off"}, "approve": false, "address": returnRules["address"],
	})
	ask := func(sku string, quantity int) {
		t.Helper()
		h.expect(http.StatusCreated, "POST", "/v1/track/"+id+"/returns"+query, "", map[string]any{
			"items": []any{map[string]any{"sku": sku, "quantity": quantity, "reason": "damaged"}},
		})
	}
	ask("TEA", 2)
	ask("GIFT", 1)
	first, second := id+"-R1", id+"-R2"
	state := func(id string) tracker.ReturnState {
		t.Helper()
		r, err := tracker.Load[tracker.Return](t.Context(), h.store, id)
		must(t, err)
		return r.State
	}
	b := h.person("owner@example.com", ownerSeat)
	b.get("/shipments/" + id)
	b.shows("/returns?shipment=" + id)
	b.get("/returns?shipment=" + id)
	b.shows(first, second, "Darjeeling", "Or refuse it")
	if a := b.post("/returns/"+second+"/refuse", url.Values{"reason": {""}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("refused without a reason: %d", a.status)
	}
	for path, form := range map[string]url.Values{"/returns/" + first + "/approve": nil, "/returns/" + second + "/refuse": {"reason": {"It is a voucher."}}} {
		b.get("/returns")
		if a := b.post(path, form); a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
	}
	if state(first) != tracker.ReturnApproved || state(second) != tracker.ReturnRefused {
		t.Errorf("they are %s and %s", state(first), state(second))
	}
	b.get("/returns?state=approved")
	if b.shows("What came back"); strings.Contains(string(b.page.body), second) {
		t.Error("the filter leaves nothing out")
	}
	for _, form := range []url.Values{{"quantity-0": {"many"}, "condition-0": {"opened"}}, {"quantity-0": {"1"}, "condition-0": {"eaten"}}, {"quantity-0": {"0"}}} {
		if a := b.post("/returns/"+first+"/receive", form); a.status != http.StatusUnprocessableEntity {
			t.Errorf("received %v: %d", form, a.status)
		}
	}
	if a := b.post("/returns/"+first+"/receive", url.Values{"quantity-0": {"1"}, "condition-0": {"opened"}}); a.status != http.StatusSeeOther {
		t.Fatalf("received: %d %s", a.status, a.body)
	}
	b.get("/returns?state=received")
	b.shows("1 × TEA: opened")
	viewer := h.person("viewer@example.com", viewerSeat)
	viewer.get("/returns")
	if a := viewer.post("/returns/"+second+"/approve", nil); a.status != http.StatusForbidden {
		t.Errorf("a viewer decides: %d", a.status)
	}
	rival := h.person("rival@example.com", tracker.Seat{Role: tracker.RoleSeller, Tenant: "globex", Level: tracker.LevelOwner})
	rival.get("/returns")
	if a := rival.post("/returns/"+first+"/approve", nil); a.status != http.StatusNotFound {
		t.Errorf("another seller decides: %d", a.status)
	}
}
