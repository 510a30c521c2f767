package workers

import (
	"strings"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/cases"
)

var agent = cases.Actor{By: "usr_1", Role: tracker.RoleAgent}

// TestACaseIsToldToItsCustomerAndItsSellerOnce has a worker die between what it does, and do it again.
func TestACaseIsToldToItsCustomerAndItsSellerOnce(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	s := h.register("1Z999AA10123456784")
	h.endpoint()
	c, err := h.cases().Open(t.Context(), s, tracker.CaseMissing, "It never came.", cases.Customer)
	if err != nil {
		t.Fatal(err)
	}
	tell := func() {
		t.Helper()
		for range 2 {
			if err := w.tellCase(t.Context(), c.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	tell()
	if n := h.messages(s.ID, tracker.MomentCaseUpdate); n != 0 {
		t.Errorf("the customer is told of the own report, %d times", n)
	}
	_, err = h.cases().Change(t.Context(), c.ID, func(t *cases.Turn) error { return t.Say(agent, "We are looking for it.") })
	if err != nil {
		t.Fatal(err)
	}
	tell()
	if n := h.messages(s.ID, tracker.MomentCaseUpdate); n != 1 {
		t.Errorf("the customer is told of the answer %d times", n)
	}
	changes, err := tracker.LoadList[tracker.WebhookChange](t.Context(), h.store, tracker.ListOfTenant(s.Tenant), tracker.Page{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, change := range changes {
		if change.Case != nil {
			told = append(told, strings.Join(change.Types, " "))
		}
	}
	if len(told) != 2 || told[0] != "case.updated" {
		t.Errorf("the seller is told %v", told)
	}
}

func TestAResolvedCaseIsClosedByTime(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	c, err := h.cases().Open(t.Context(), h.register("1Z999AA10123456784"), tracker.CaseLate, "Where is it?", cases.Customer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = h.cases().Change(t.Context(), c.ID, func(t *cases.Turn) error { return t.Move(agent, tracker.CaseResolved) }); err != nil {
		t.Fatal(err)
	}
	for _, state := range []tracker.CaseState{tracker.CaseResolved, tracker.CaseClosed} {
		if err := w.tellCase(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		if c, err = tracker.Load[tracker.Case](t.Context(), h.store, c.ID); err != nil || c.State != state {
			t.Errorf("%v: it is %s, want %s", err, c.State, state)
		}
		h.clock.advance(14 * 24 * time.Hour)
	}
}
