package workers

import (
	"testing"
	"time"

	"waybill/tracker"
)

func TestADisruptionReachesItsShipmentsAndLeavesThem(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	id := h.register("N1").ID
	far := h.register("N2", func(n *tracker.NewShipment) {
		n.Destination = tracker.Location{Country: "PT"}
		n.Origin = n.Destination
	}).ID
	for _, number := range []string{"N1", "N2"} {
		h.scan(number, "picked_up")
		if err := w.follow(t.Context(), "test:"+number); err != nil {
			t.Fatal(err)
		}
	}
	before := h.shipment(id).View.Estimate
	d := &tracker.Disruption{ID: "d1", Countries: []string{"FR"}, Reason: "strike", ExtraHours: 72, From: h.clock.now(), CreatedAt: h.clock.now()}
	if err := tracker.Save(t.Context(), h.store, d); err != nil {
		t.Fatal(err)
	}
	told := func(phase tracker.DisruptionPhase) {
		t.Helper()
		if err := w.disrupt(t.Context(), "d1"); err != nil {
			t.Fatal(err)
		}
		h.clock.advance(time.Minute)
		due := h.due(id)
		if due == 0 || due > h.clock.now().UnixMilli() {
			t.Errorf("%s: the shipment is due at %d, not now", phase, due)
		}
		if due := h.due(far); due <= h.clock.now().UnixMilli() {
			t.Errorf("%s: a shipment elsewhere is due", phase)
		}
		if err := w.look(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if due := h.due(id); due <= h.clock.now().UnixMilli() {
			t.Errorf("%s: looked at, it is still due", phase)
		}
		if d, err := tracker.Load[tracker.Disruption](t.Context(), h.store, "d1"); err != nil || d.Told != phase || d.Seen != nil {
			t.Errorf("it is %+v, %v", d, err)
		}
	}
	told(tracker.DisruptionBegun)
	during := h.shipment(id).View.Estimate
	if during.Why.Disruption != "strike" || !during.P90.After(before.P90) {
		t.Errorf("during the strike it is %+v, before %+v", during, before)
	}
	d, err := tracker.Load[tracker.Disruption](t.Context(), h.store, "d1")
	if err != nil {
		t.Fatal(err)
	}
	d.To = h.clock.now()
	if err := tracker.Save(t.Context(), h.store, d); err != nil {
		t.Fatal(err)
	}
	told(tracker.DisruptionEnded)
	if after := h.shipment(id).View.Estimate; after.Why.Disruption != "" || !after.P90.Before(during.P90) {
		t.Errorf("after the strike it is %+v", after)
	}
	if n := len(h.shipment(id).Estimates); n < 3 {
		t.Errorf("%d estimates are kept", n)
	}
}

// due is when a shipment's row is due.
func (h *house) due(id string) int64 {
	h.t.Helper()
	rows, err := h.store.Get(h.ctx(), tracker.Shipments, id)
	if err != nil || len(rows) != 1 {
		h.t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows[0].Due
}
