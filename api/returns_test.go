package api_test

import (
	"bytes"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/notify"
	"waybill/tracker"
)

var returnRules = map[string]any{
	"days": 30, "paid_by": "customer", "except_skus": []string{"GIFT"}, "methods": []string{"drop_off", "pick_up"},
	"address": map[string]any{"lines": []string{"Warehouse 1"}, "city": "Hamburg", "postal_code": "20095", "country": "DE"},
}

// bought is a parcel with three things in it that has been delivered, and the query that opens it.
func (h *house) bought(rules map[string]any) (id, query string) {
	h.t.Helper()
	if rules != nil {
		h.expect(200, "PUT", "/v1/settings/returns", h.seller, rules)
	}
	id = h.shipment(map[string]any{"order": "1001", "recipient": ada, "items": []any{
		map[string]any{"sku": "TEA", "quantity": 2, "title": "Darjeeling"}, map[string]any{"sku": "GIFT", "quantity": 1, "title": "Voucher"},
	}})
	h.scan(id, "delivered", h.clock.now().Add(-time.Hour).Format(time.RFC3339))
	h.follow(id)
	return id, "?lang=en&s=" + url.QueryEscape(h.keys.Sign(notify.LinkTrack, id))
}

// follow brings the scans of a shipment onto its view, as a worker does.
func (h *house) follow(id string) {
	h.t.Helper()
	s, err := tracker.Load[tracker.Shipment](h.t.Context(), h.store, id)
	must(h.t, err)
	found, err := tracker.NewFinder(h.store, h.keys, tracker.DefaultPatience, h.clock.now).Shipment(h.t.Context(), s)
	must(h.t, err)
	s.View = found.View
	must(h.t, tracker.Save(h.t.Context(), h.store, s))
}

func TestACustomerSendsSomethingBackFromThePage(t *testing.T) {
	h := newHouse(t)
	id, query := h.bought(returnRules)
	b := h.surfer()
	if page := string(b.get("/t/" + id + query).body); !strings.Contains(page, "Send something back") || strings.Contains(page, "Voucher</label>") {
		t.Fatalf("the page offers not what comes back: %s", page)
	}
	if page := string(b.get("/t/" + id + "?lang=en").body); strings.Contains(page, "Send something back") {
		t.Error("a stranger is offered it")
	}
	form := url.Values{"quantity-0": {"1"}, "reason": {"does_not_fit"}, "method": {"drop_off"}}
	if a := b.post("/t/"+id+"/returns?lang=en", form); a.status != http.StatusForbidden {
		t.Errorf("a stranger asks for it: %d %s", a.status, a.body)
	}
	a := b.post("/t/"+id+"/returns"+query, form)
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	where, _, _ := strings.Cut(a.header.Get("Location"), "#")
	if page := string(b.get(where).body); !strings.Contains(page, "We asked the shop") || !strings.Contains(page, "Your return is noted") {
		t.Errorf("the page does not say so: %s", page)
	}
	h.expect(404, "POST", "/v1/returns/"+id+"-R1/approve", h.rival, nil)
	approved := h.expect(200, "POST", "/v1/returns/"+id+"-R1/approve", h.seller, nil).json(t)
	parcel, _ := approved["shipment"].(string)
	if parcel == "" || approved["paid_by"] != "customer" {
		t.Fatalf("%v", approved)
	}
	again := h.expect(200, "POST", "/v1/returns/"+id+"-R1/approve", h.seller, nil).json(t)
	if again["shipment"] != parcel {
		t.Errorf("approved twice it has another parcel: %v", again)
	}
	shipment := h.expect(200, "GET", "/v1/shipments/"+parcel, h.seller, nil).json(t)
	if shipment["return"] != true || shipment["reference"] != id+"-R1" {
		t.Errorf("the parcel that goes back: %v", shipment)
	}
	if a := h.do("POST", "/v1/track/"+parcel+"/proof", "", `{"postal_code":"20095"}`); a.status != http.StatusForbidden {
		t.Errorf("the shop's postal code opens the customer's details: %d", a.status)
	}
	page := string(b.get("/t/" + id + query).body)
	if !strings.Contains(page, "code.png") || !strings.Contains(page, parcel) || !strings.Contains(page, "You pay for the way back") {
		t.Errorf("the page has no code: %s", page)
	}
	code := b.get("/t/" + id + "/returns/" + id + "-R1/code.png" + query)
	if picture, err := png.Decode(bytes.NewReader(code.body)); err != nil || picture.Bounds().Dx() != 296 {
		t.Errorf("%d %v", code.status, err)
	}
	h.scan(parcel, "picked_up", h.clock.now().Format(time.RFC3339))
	h.clock.move(48 * time.Hour)
	received := h.expect(200, "POST", "/v1/returns/"+id+"-R1/receive", h.seller, `{"items":[{"sku":"TEA","quantity":1,"condition":"opened"}]}`)
	if received.json(t)["state"] != "received" || h.milestone(parcel) != "returned" {
		t.Errorf("%s; the parcel is %s", received.body, h.milestone(parcel))
	}
}

func TestReturnsKeepTheRules(t *testing.T) {
	h := newHouse(t)
	id, query := h.bought(returnRules)
	ask := func(body string) answer { return h.do("POST", "/v1/track/"+id+"/returns"+query, "", body) }
	for name, c := range map[string]struct{ body, says string }{
		"nothing":               {`{"items":[]}`, `"field":"items"`},
		"what was not in it":    {`{"items":[{"sku":"X","quantity":1,"reason":"late"}]}`, "was not in the parcel"},
		"more than was in it":   {`{"items":[{"sku":"TEA","quantity":3,"reason":"late"}]}`, "2 are left"},
		"twice what was in it":  {`{"items":[{"sku":"TEA","quantity":2,"reason":"late"},{"sku":"TEA","quantity":1,"reason":"late"}]}`, "0 are left"},
		"less than nothing":     {`{"items":[{"sku":"TEA","quantity":-1,"reason":"late"}]}`, `"field":"items[0].quantity"`},
		"what does not go back": {`{"items":[{"sku":"GIFT","quantity":1,"reason":"late"}]}`, "does not come back"},
		"for no reason":         {`{"items":[{"sku":"TEA","quantity":1,"reason":"boredom"}]}`, "is none of"},
		"by balloon":            {`{"items":[{"sku":"TEA","quantity":1,"reason":"late"}],"method":"balloon"}`, "drop_off, pick_up"},
	} {
		if a := ask(c.body); a.status != 422 || !strings.Contains(string(a.body), c.says) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	const one = `{"items":[{"sku":"TEA","quantity":1,"reason":"damaged"}]}`
	var all sync.WaitGroup
	var status [4]int
	for i := range status {
		all.Go(func() { status[i] = ask(one).status })
	}
	all.Wait()
	made := 0
	for _, got := range status {
		if got == http.StatusCreated {
			made++
		}
	}
	if made != 2 {
		t.Fatalf("of two things four were sent back at once: %v", status)
	}
	first := h.expect(200, "GET", "/v1/returns/"+id+"-R1", h.seller, nil).json(t)
	if first["paid_by"] != "seller" {
		t.Errorf("for what is damaged pays %v", first["paid_by"])
	}
	h.expect(200, "POST", "/v1/returns/"+id+"-R1/refuse", h.seller, `{"reason":"The seal was broken."}`)
	h.expect(409, "POST", "/v1/returns/"+id+"-R1/approve", h.seller, nil)
	h.expect(409, "POST", "/v1/returns/"+id+"-R2/receive", h.seller, `{"items":[{"sku":"TEA","quantity":1,"condition":"used"}]}`)
	if a := ask(one); a.status != http.StatusCreated {
		t.Errorf("what was refused cannot be asked for again: %d %s", a.status, a.body)
	}
	if list, _ := h.expect(200, "GET", "/v1/returns?state=requested", h.seller, nil).json(t)["items"].([]any); len(list) != 2 {
		t.Errorf("%d are open", len(list))
	}
	if list, _ := h.expect(200, "GET", "/v1/returns", h.rival, nil).json(t)["items"].([]any); len(list) != 0 {
		t.Errorf("another seller sees %d", len(list))
	}
	h.clock.move(31 * 24 * time.Hour)
	other, query := h.bought(nil)
	h.clock.move(31 * 24 * time.Hour)
	if a := h.do("POST", "/v1/track/"+other+"/returns"+query, "", one); a.status != 422 || !strings.Contains(string(a.body), "are over") {
		t.Errorf("after the days: %d %s", a.status, a.body)
	}
	h.expect(201, "POST", "/v1/returns", h.seller, `{"shipment":"`+other+`","items":[{"sku":"TEA","quantity":1,"reason":"late"}]}`)
	h.expect(404, "POST", "/v1/returns", h.rival, `{"shipment":"`+other+`","items":[{"sku":"TEA","quantity":1,"reason":"late"}]}`)
}

func TestReturnsAreApprovedByRuleAndOffWithoutRules(t *testing.T) {
	h := newHouse(t)
	id, query := h.bought(nil)
	const one = `{"items":[{"sku":"TEA","quantity":1,"reason":"late"}]}`
	if a := h.do("POST", "/v1/track/"+id+"/returns"+query, "", one); a.status != 422 || !strings.Contains(string(a.body), "takes no returns") {
		t.Errorf("without rules: %d %s", a.status, a.body)
	}
	h.expect(422, "PUT", "/v1/settings/returns", h.seller, `{"days":30}`)
	h.expect(422, "PUT", "/v1/settings/returns", h.seller, `{"days":0,"reasons":["boredom"]}`)
	h.expect(200, "PUT", "/v1/settings/returns", h.seller, `{"days":14,"approve":true,"address":{"lines":["x"],"city":"Hamburg","country":"DE"}}`)
	a := h.do("POST", "/v1/track/"+id+"/returns"+query, "", one)
	items, _ := a.json(t)["items"].([]any)
	if first, _ := items[0].(map[string]any); a.status != 201 || first["state"] != "approved" || first["shipment"] == nil || first["status"] != "Accepted" {
		t.Errorf("%d %s", a.status, a.body)
	}
}
