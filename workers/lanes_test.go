package workers

import (
	"context"
	"errors"
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

// dyingStore is the store of a process that dies before it has put up a second page of shipments.
type dyingStore struct {
	tracker.Store
	pages int
}

func (s *dyingStore) Reschedule(ctx context.Context, table tracker.Table, dues []tracker.Due) error {
	if s.pages++; s.pages > 1 {
		return errCrash
	}
	return s.Store.Reschedule(ctx, table, dues)
}

func TestACrashAmidALaneOfManyShipmentsForgetsNone(t *testing.T) {
	onBothStores(t, func(t *testing.T, h *house) {
		ids, other := h.slowedLane(h.workers())
		ids = append(ids, h.alike(ids[0], 2*againMost+100)...)
		dies := h.workers(func(o *Options) { o.Store = &dyingStore{Store: o.Store} })
		if err := dies.lanes(t.Context()); !errors.Is(err, errCrash) {
			t.Fatalf("the process did not die: %v", err)
		}
		due := func() (n int) {
			for _, id := range ids {
				if at := h.due(id); at != 0 && at <= h.clock.now().UnixMilli() {
					n++
				}
			}
			return n
		}
		if n := due(); n == 0 || n >= len(ids) {
			t.Fatalf("it died when %d of %d were due", n, len(ids))
		}
		next := h.workers()
		for range 2 { // once for all, once for nothing
			if err := next.lanes(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := due(); n != len(ids) {
			t.Errorf("%d of %d are due", n, len(ids))
		}
		if h.due(other) <= h.clock.now().UnixMilli() {
			t.Error("a shipment on another lane is due too")
		}
	})
}

// alike stores copies of a shipment under ids of their own, which nothing is due of.
func (h *house) alike(id string, count int) (ids []string) {
	h.t.Helper()
	s := h.shipment(id)
	writes := make([]tracker.Write, count)
	for i := range writes {
		s.ID = fmt.Sprintf("%sX%04d", id, i)
		ids = append(ids, s.ID)
		var err error
		if writes[i], err = tracker.Encode(s); err != nil {
			h.t.Fatal(err)
		}
		writes[i].Row.Version, writes[i].Row.Indexed, writes[i].Row.Due = 0, 0, 0
	}
	for batch := range slices.Chunk(writes, 100) {
		failures, err := h.store.Apply(h.ctx(), batch)
		if err := errors.Join(append(failures, err)...); err != nil {
			h.t.Fatal(err)
		}
	}
	return ids
}
