package workers

import (
	"slices"
	"testing"

	"waybill/tracker"
	"waybill/tracker/returns"
)

// TestAReturnIsToldOnce has a worker do all twice, as after a crash.
func TestAReturnIsToldOnce(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	s := h.register("1Z999AA10123456784")
	h.endpoint()
	s.View.Milestone, s.View.Since = tracker.Delivered, tracker.StampAt(h.clock.now())
	if err := tracker.Save(t.Context(), h.store, s); err != nil {
		t.Fatal(err)
	}
	rules := &tracker.ReturnRules{Days: 30, Approve: true}
	r, err := w.Returns.Ask(t.Context(), s, rules, returns.Wish{
		By: tracker.ByCustomer, Method: tracker.ReturnDropOff, Items: []tracker.ReturnItem{{Quantity: 1, Reason: "late"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.tellReturn(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.messages(s.ID, tracker.MomentReturnUpdate); n != 1 {
		t.Errorf("the customer is told %d times that it was approved", n)
	}
	changes, err := tracker.LoadList[tracker.WebhookChange](t.Context(), h.store, tracker.ListOfTenant(s.Tenant), tracker.Page{Limit: 10, Oldest: true})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, change := range changes {
		if change.Back != nil {
			told = append(told, change.Types...)
		}
	}
	if !slices.Contains(told, "return.requested") || !slices.Contains(told, "return.approved") || len(told) != 2 {
		t.Errorf("the seller is told %v", told)
	}
}
