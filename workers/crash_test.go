package workers

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"waybill/tracker"
)

func TestACrashBetweenTheStepsDoublesAndLosesNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		table tracker.Table
	}{
		{"before the messages are stored", tracker.Messages},
		{"after the messages, before the shipment is saved", tracker.Shipments},
		{"after the shipment, before the effect is taken off the leg", tracker.Legs},
		{"before the delivery is learnt", tracker.Transits},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			w := h.workers()
			id := h.register("N1").ID
			h.scan("N1", "picked_up", "delivered")
			h.store.failWhen(func(write tracker.Write) error {
				if write.Table == c.table {
					return errCrash
				}
				return nil
			})
			if err := w.follow(t.Context(), "test:N1"); err == nil {
				t.Fatal("the work went well, though the store failed")
			}
			h.store.heal()
			for range 2 { // once for the crash, once more for nothing
				if err := w.follow(t.Context(), "test:N1"); err != nil {
					t.Fatal(err)
				}
			}
			s := h.shipment(id)
			if s.View.Milestone != tracker.Delivered || s.View.Seq != 1 || !s.Learnt {
				t.Errorf("the shipment stands at %s, seq %d, learnt %v", s.View.Milestone, s.View.Seq, s.Learnt)
			}
			if n := h.messages(id, tracker.MomentDelivered); n != 1 {
				t.Errorf("%d messages tell of the delivery", n)
			}
			if n := len(h.rows(tracker.Transits)); n != 1 {
				t.Errorf("the delivery was learnt %d times", n)
			}
			if leg := h.leg("test:N1"); leg.Effect != nil {
				t.Error("the effect is still on the leg")
			}
		})
	}
}

func TestAScanThatComesInWhileTheLegIsFollowedKeepsItsEffect(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	id := h.register("N1").ID
	h.scan("N1", "picked_up")
	var once atomic.Bool
	h.store.failWhen(func(write tracker.Write) error {
		if write.Table == tracker.Shipments && once.CompareAndSwap(false, true) {
			h.scan("N1", "out_for_delivery")
		}
		return nil
	})
	if err := w.follow(t.Context(), "test:N1"); err != nil {
		t.Fatal(err)
	}
	if leg := h.leg("test:N1"); leg.Effect == nil {
		t.Fatal("the effect of the second scan is gone")
	}
	if err := w.follow(t.Context(), "test:N1"); err != nil {
		t.Fatal(err)
	}
	if s := h.shipment(id); s.View.Milestone != tracker.OutForDelivery || h.leg("test:N1").Effect != nil {
		t.Errorf("the shipment stands at %s", s.View.Milestone)
	}
	if n := h.messages(id, tracker.MomentOutForDelivery); n != 1 {
		t.Errorf("%d messages tell of it", n)
	}
}

func TestALiveScanAmongHistoryIsTold(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	id := h.register("N1").ID
	at := h.clock.now().UTC().Format(time.RFC3339)
	h.accept(&tracker.Receipt{Source: tracker.FromImport, Carrier: "test", Body: []byte("N1 picked_up " + at)})
	if err := w.follow(t.Context(), "test:N1"); err != nil {
		t.Fatal(err)
	}
	if rows := h.rows(tracker.Messages); len(rows) != 0 {
		t.Fatalf("history was told in %d messages", len(rows))
	}
	h.accept(&tracker.Receipt{Source: tracker.FromImport, Carrier: "test", Body: []byte("N1 arrived_at_facility " + at)})
	h.scan("N1", "out_for_delivery")
	if err := w.follow(t.Context(), "test:N1"); err != nil {
		t.Fatal(err)
	}
	if n := h.messages(id, tracker.MomentOutForDelivery); n != 1 {
		t.Errorf("%d messages tell of the live scan", n)
	}
}

func TestReceiptsThatNobodySettledAreSettled(t *testing.T) {
	h := newHouse(t)
	id := h.register("N1").ID
	h.store.failWhen(func(write tracker.Write) error {
		if write.Table == tracker.Legs {
			return errCrash
		}
		return nil
	})
	h.scan("N1", "delivered")
	h.store.heal()
	h.clock.advance(time.Minute) // the sweep waits a while for the request itself
	h.run(2)
	h.awaitMilestone(id, tracker.Delivered)
	h.await("it is told", func() bool { return h.sender.count(id, tracker.MomentDelivered) == 1 })
}

func TestARegistrationLeftHalfWayIsCompleted(t *testing.T) {
	h := newHouse(t)
	h.scan("N1", "picked_up")
	h.store.failWhen(func(write tracker.Write) error {
		if write.Table == tracker.Legs {
			return errCrash
		}
		return nil
	})
	id := h.register("N1").ID
	h.store.heal()
	if h.shipment(id).Registered {
		t.Fatal("the registration went well, though the store failed")
	}
	h.clock.advance(time.Minute)
	h.run(2)
	h.awaitMilestone(id, tracker.InTransit)
	if !h.shipment(id).Registered {
		t.Error("it is not marked as registered")
	}
}

// messages counts the messages about a moment that were decided, and not suppressed.
func (h *house) messages(shipment string, moment tracker.Moment) int {
	h.t.Helper()
	list, err := tracker.LoadList[tracker.Message](context.Background(), h.store, tracker.ListOfShipment(shipment), tracker.Page{})
	if err != nil {
		h.t.Fatal(err)
	}
	n := 0
	for _, m := range list {
		if m.Moment == moment && m.State != tracker.MessageSuppressed {
			n++
		}
	}
	return n
}

func (h *house) leg(key string) *tracker.Leg {
	h.t.Helper()
	leg, err := tracker.Load[tracker.Leg](context.Background(), h.store, key)
	if err != nil {
		h.t.Fatal(err)
	}
	return leg
}
