package workers

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"waybill/tracker"
)

// slowedLane lets parcels on a lane come in two days, and then in nine, while those on another come as ever. ids are under
// way on the first, other on the second.
func (h *house) slowedLane(w *Workers) (ids []string, other string) {
	h.t.Helper()
	fold := func() {
		h.t.Helper()
		h.clock.advance(time.Minute)
		if err := w.fold(h.ctx()); err != nil {
			h.t.Fatal(err)
		}
		h.clock.advance(time.Minute) // by then every process knows of it
	}
	iberian := func(n *tracker.NewShipment) { n.Origin.Country, n.Destination.Country = "ES", "PT" }
	send := func(prefix string, count int, change ...func(*tracker.NewShipment)) (ids []string) {
		for i := range count {
			number := fmt.Sprint(prefix, i)
			ids = append(ids, h.register(number, change...).ID)
			h.tell(w, number, "picked_up", h.clock.now())
		}
		return ids
	}
	arrive := func(numbers ...string) {
		for _, number := range numbers {
			h.tell(w, number, "delivered", h.clock.now())
		}
	}
	for day := range 3 {
		prefix := fmt.Sprintf("D%dX", day)
		send(prefix, 12)
		h.clock.advance(48 * time.Hour)
		for i := range 12 {
			arrive(fmt.Sprint(prefix, i))
		}
		fold()
	}
	ids = send("S", 12)
	for day := range 9 {
		send(fmt.Sprintf("O%dX", day), 2, iberian)
		h.clock.advance(24 * time.Hour)
		for i := range min(2, 2*day) {
			arrive(fmt.Sprintf("O%dX%d", day-1, i))
		}
		fold()
	}
	arrive("S0", "S1", "S2", "S3", "S4", "S5")
	ids, other = ids[6:], send("OTHER", 1, iberian)[0]
	for _, id := range append(slices.Clone(ids), other) {
		if err := w.look(h.ctx(), id); err != nil { // nothing of them is due by itself now
			h.t.Fatal(err)
		}
	}
	fold()
	return ids, other
}

func TestALaneThatSlowsHasItsShipmentsLookedAtAnew(t *testing.T) {
	onBothStores(t, func(t *testing.T, h *house) {
		w := h.workers()
		ids, other := h.slowedLane(w)
		if err := w.lanes(t.Context()); err != nil {
			t.Fatal(err)
		}
		now := h.clock.now().UnixMilli()
		for _, id := range ids {
			if due := h.due(id); due == 0 || due > now {
				t.Fatalf("a shipment on the lane that slowed is due at %d, now is %d", due, now)
			}
		}
		if due := h.due(other); due <= now {
			t.Error("a shipment on another lane is due too")
		}
		if err := w.look(t.Context(), ids[0]); err != nil {
			t.Fatal(err)
		}
		if e := h.shipment(ids[0]).View.Estimate; e == nil || e.Why.Pace <= 0 {
			t.Errorf("its estimate does not say that parcels are slower: %+v", e)
		}
		if err := w.lanes(t.Context()); err != nil {
			t.Fatal(err)
		}
		if due := h.due(ids[0]); due <= h.clock.now().UnixMilli() {
			t.Error("the lane is told of again, though it fares as before")
		}
	})
}
