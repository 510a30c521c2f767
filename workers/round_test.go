package workers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
)

// onRound registers parcels and puts each at a stop of a round that has begun.
func (h *house) onRound(stops int) (*tracker.Route, []string) {
	h.t.Helper()
	var ids []string
	start := h.clock.now().Add(-time.Minute)
	r := &tracker.Route{ID: "r1", Depot: "BER-1", Zone: "Europe/Berlin", StartsAt: start, CreatedAt: start}
	var plan []tracker.Stop
	for i := range stops {
		id := h.register("", func(n *tracker.NewShipment) { n.Carrier = "" }).ID
		ids = append(ids, id)
		plan = append(plan, tracker.Stop{ID: fmt.Sprintf("s%d", i+1), Kind: tracker.StopHouse, Metres: 800, Shipments: []string{id}})
	}
	r.Replan(plan, h.clock.now())
	if err := tracker.Save(h.ctx(), h.store, r); err != nil {
		h.t.Fatal(err)
	}
	return r, ids
}

// van posts a scan of a parcel of the fleet, now, and has it followed.
func (h *house) van(w *Workers, id, substatus string) {
	h.t.Helper()
	body := id + " " + substatus + " " + h.clock.now().UTC().Format(time.RFC3339)
	h.accept(&tracker.Receipt{Source: tracker.FromFleet, Carrier: tracker.FleetCarrier, Body: []byte(body)})
	if err := w.follow(h.ctx(), tracker.FleetCarrier+":"+id); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) look(w *Workers) {
	h.t.Helper()
	if err := w.round(h.ctx(), "r1"); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) route() *tracker.Route {
	h.t.Helper()
	r, err := tracker.Load[tracker.Route](h.ctx(), h.store, "r1")
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func TestStopsAreCountedDownAsTheVanComesNearer(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	_, ids := h.onRound(14)
	for _, id := range ids {
		h.van(w, id, "out_for_delivery")
	}
	h.look(w)
	last := ids[13]
	if s := h.shipment(last); s.View.StopsAway() != 0 || s.View.Estimate.StopsAway != 14 {
		t.Errorf("14 stops away the page says %d of %+v", s.View.StopsAway(), s.View.Estimate)
	}
	for i := range 13 {
		h.clock.advance(4 * time.Minute)
		h.van(w, ids[i], "delivered")
		h.look(w)
		want := 13 - i
		v := h.shipment(last).View
		if v.Estimate.StopsAway != want && want <= tracker.ShownStops {
			t.Fatalf("after stop %d the last one is %d stops away, want %d", i+1, v.Estimate.StopsAway, want)
		}
		if want <= tracker.ShownStops && v.StopsAway() != want {
			t.Errorf("the page says %d stops, want %d", v.StopsAway(), want)
		}
		if v.Estimate.P90.Before(v.Estimate.P10) || v.Estimate.Source != "model" {
			t.Errorf("%+v", v.Estimate)
		}
	}
	if reason := h.shipment(last).View.Estimate.Reason; !strings.HasPrefix(reason, "1 stop away, usually ") {
		t.Errorf("the reason is %q", reason)
	}
	h.van(w, last, "delivered")
	h.look(w)
	r := h.route()
	if !r.Over() || !r.NextLook.IsZero() || r.Position.At.Known() || r.SealedPoints != nil {
		t.Errorf("the round is over, but holds %+v", r)
	}
	if s := h.shipment(last); s.View.StopsAway() != 0 || s.View.Estimate != nil {
		t.Errorf("delivered, and expected: %+v", s.View.Estimate)
	}
	if err := w.fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range r.Stops {
		if !r.Stops[i].Learnt {
			t.Errorf("stop %d was not learnt", i+1)
		}
	}
}

func TestAStopFewerIsShownThoughItIsNoMessage(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	_, ids := h.onRound(4)
	for _, id := range ids {
		h.van(w, id, "out_for_delivery")
	}
	h.look(w)
	changed, stop := h.feed.Watch(ids[3])
	defer stop()
	for len(changed) > 0 {
		<-changed
	}
	h.van(w, ids[0], "delivered")
	h.look(w)
	<-changed
	if got := h.shipment(ids[3]).View.StopsAway(); got != 3 {
		t.Errorf("%d stops away, want 3", got)
	}
	if n := h.messages(ids[3], tracker.MomentDelayed); n != 0 {
		t.Errorf("%d messages of a delay", n)
	}
}

func TestACrashBetweenRouteAndShipmentsIsMadeUpFor(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	_, ids := h.onRound(3)
	for _, id := range ids {
		h.van(w, id, "out_for_delivery")
	}
	h.store.failWhen(func(write tracker.Write) error {
		if write.Table == tracker.Shipments {
			return errCrash
		}
		return nil
	})
	if err := w.round(t.Context(), "r1"); err == nil {
		t.Fatal("the crash went unnoticed")
	}
	h.store.heal()
	if got := h.shipment(ids[2]).View.StopsAway(); got != 0 {
		t.Fatalf("told in spite of the crash: %d", got)
	}
	h.look(w)
	if got := h.shipment(ids[2]).View.StopsAway(); got != 3 {
		t.Errorf("after the crash it is %d stops away, want 3", got)
	}
}

func TestAFailedAttemptIsNoStopToComeAndYesterdaysIsNotTodays(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	id := h.register("", func(n *tracker.NewShipment) { n.Carrier = "" }).ID
	h.van(w, id, "attempt_failed")
	h.clock.advance(20 * time.Hour)
	start := h.clock.now()
	r := &tracker.Route{ID: "r1", Zone: "Europe/Berlin", StartsAt: start, CreatedAt: start}
	r.Replan([]tracker.Stop{{ID: "a", Shipments: []string{id}}, {ID: "b"}}, start)
	if err := tracker.Save(h.ctx(), h.store, r); err != nil {
		t.Fatal(err)
	}
	h.clock.advance(time.Minute)
	h.van(w, id, "out_for_delivery")
	if got := h.route(); got.Stops[0].Closed() || got.StartedAt.IsZero() {
		t.Errorf("yesterday's attempt closed today's stop: %+v", got.Stops[0])
	}
	h.clock.advance(time.Minute)
	h.van(w, id, "attempt_failed")
	if got := h.route(); got.Stops[0].State != tracker.StopFailed {
		t.Errorf("today's attempt leaves the stop %q", got.Stops[0].State)
	}
	h.look(w)
	if e := h.shipment(id).View.Estimate; e != nil && e.StopsAway != 0 {
		t.Errorf("after the attempt the van is %d stops away", e.StopsAway)
	}
}
