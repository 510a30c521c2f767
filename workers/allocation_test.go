package workers

import (
	"context"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/allocate"
	"waybill/tracker/eta"
)

// fixedAnswers answers that dhl needs three days and anybody else one.
type fixedAnswers struct{}

func (fixedAnswers) Ask(_ context.Context, q *eta.Question, now time.Time) (*eta.Answer, error) {
	at := now
	if q.HandOver.After(at) {
		at = q.HandOver
	}
	at = at.AddDate(0, 0, 1)
	if q.Carrier == "dhl" {
		at = at.AddDate(0, 0, 2)
	}
	chance := float32(0.05)
	if !at.After(q.Promise) {
		chance = 0.97
	}
	return &eta.Answer{Estimate: &tracker.Estimate{P10: at, P50: at, P90: at, OnTime: &chance}, ArrivesBy: at}, nil
}

func TestAnAlternativeIsToldOnceWhileNobodyHasTheParcel(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	s := h.register("1Z999AA10123456784")
	h.endpoint()
	plan := &allocate.Plan{Promise: h.clock.now().AddDate(0, 0, 4)}
	for _, carrier := range []string{"dhl", "ups"} {
		q := eta.Question{Carrier: carrier, HandOver: h.clock.now(), Promise: plan.Promise}
		plan.Options = append(plan.Options, allocate.Planned{Question: q})
	}
	if err := w.Allocating.Remember(t.Context(), s, plan, &allocate.Ranked{Option: allocate.Option{Carrier: "dhl"}, Chance: 0.97}); err != nil {
		t.Fatal(err)
	}
	told := func() (list []*tracker.WebhookAlternative) {
		t.Helper()
		for range 2 {
			if err := w.allocateAgain(t.Context(), s.ID); err != nil {
				t.Fatal(err)
			}
		}
		changes, err := tracker.LoadList[tracker.WebhookChange](t.Context(), h.store, tracker.ListOfTenant(s.Tenant), tracker.Page{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			if c.Alternative != nil {
				list = append(list, c.Alternative)
			}
		}
		return list
	}
	if got := told(); len(got) != 0 {
		t.Fatalf("while it keeps the promise: %v", got)
	}
	h.clock.advance(48 * time.Hour)
	if got := told(); len(got) != 1 || got[0].Better.Carrier != "ups" || got[0].Chosen.Carrier != "dhl" {
		t.Fatalf("when it will be late: %v", got)
	}
	h.clock.advance(48 * time.Hour)
	if got := told(); len(got) != 1 {
		t.Errorf("when all will be late it is told of %d", len(got))
	}
	s, err := tracker.Load[tracker.Shipment](t.Context(), h.store, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.View.Milestone = tracker.InTransit
	if err := tracker.Save(t.Context(), h.store, s); err != nil {
		t.Fatal(err)
	}
	told()
	a, err := tracker.Load[tracker.Allocation](t.Context(), h.store, s.ID)
	if err != nil || !a.NextLook.IsZero() {
		t.Errorf("handed over it is asked again at %v, %v", a.NextLook, err)
	}
}
