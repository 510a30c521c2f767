package workers

import (
	"testing"
	"time"

	"waybill/tracker"
)

// attention lists the shipments of the seller that need a person's eye for a concern.
func (h *house) attention(concern tracker.Substatus) []string {
	h.t.Helper()
	list, err := tracker.LoadList[tracker.Shipment](h.ctx(), h.store, tracker.ListOfAttention("acme", concern), tracker.Page{})
	if err != nil {
		h.t.Fatal(err)
	}
	var ids []string
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	return ids
}

func TestAParcelThatFallsSilentIsStuckThenProbablyLostAndIsFound(t *testing.T) {
	onBothStores(t, func(t *testing.T, h *house) {
		w := h.workers()
		id := h.register("N1").ID
		h.tell(w, "N1", "picked_up", h.clock.now())
		began := h.clock.now()
		look := func(at time.Time) tracker.View {
			t.Helper()
			h.clock.advance(at.Sub(h.clock.now()))
			if err := w.look(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			return h.shipment(id).View
		}
		watch := h.shipment(id).View.Watch
		if v := look(watch.StuckAt.Add(-time.Hour)); v.Substatus != "picked_up" || len(h.attention("stuck")) != 0 {
			t.Errorf("an hour before its time it is %s", v.Substatus)
		}
		if v := h.shipment(id).View; v.NextLook.After(watch.StuckAt) {
			t.Errorf("it is looked at next at %s, after it is stuck at %s", v.NextLook, watch.StuckAt)
		}
		v := look(watch.StuckAt.Add(time.Minute))
		if v.Substatus != "stuck" || v.Concern.Substatus != "stuck" || v.Concern.Reason == "" || !v.Concern.Since.Equal(watch.StuckAt) {
			t.Errorf("silent for longer than 99 of 100, it is %s for %+v", v.Substatus, v.Concern)
		}
		if got := h.attention("stuck"); len(got) != 1 || got[0] != id {
			t.Errorf("the list of what is stuck has %v", got)
		}
		v = look(watch.LostAt.Add(time.Minute))
		if v.Substatus != "probably_lost" || v.Estimate != nil || len(h.attention("stuck")) != 0 || len(h.attention("probably_lost")) != 1 {
			t.Errorf("silent for three times as long, it is %s, expected %v", v.Substatus, v.Estimate)
		}
		if from := v.Concern.ClaimFrom.Sub(began); from < 13*24*time.Hour || from > 15*24*time.Hour {
			t.Errorf("a claim is taken after %s", from)
		}
		if n := h.messages(id, tracker.MomentException); n == 0 {
			t.Error("nobody was told")
		}
		h.tell(w, "N1", "arrived_at_facility", h.clock.now())
		if v := h.shipment(id).View; v.Milestone != tracker.InTransit || v.Concern.Substatus == "probably_lost" || len(h.attention("probably_lost")) != 0 {
			t.Errorf("found, it is %s with %+v", v.Substatus, v.Concern)
		}
	})
}
