package workers

import (
	"slices"
	"testing"
	"time"

	"waybill/notify"
	"waybill/notify/webhook"
	"waybill/tracker"
)

func TestAScanBecomesOneWebhookThoughTwoWork(t *testing.T) {
	h := newHouse(t)
	e := h.endpoint()
	h.run(2)
	id := h.register("N1").ID
	h.scan("N1", "picked_up")
	h.awaitMilestone(id, tracker.InTransit)
	for range 3 {
		h.scan("N1", "delivered_to_recipient")
	}
	h.await("the delivery is told", func() bool { return len(h.hooks.of(id, "shipment.delivered")) > 0 })
	h.awaitIdle()
	h.await("all are delivered", func() bool {
		for _, list := range h.deliveries(e) {
			for _, d := range list {
				if d.State != tracker.WebhookDelivered {
					return false
				}
			}
		}
		return true
	})
	for _, kind := range []string{webhook.Registered, "shipment.in_transit", "shipment.delivered"} {
		if n := len(h.hooks.of(id, kind)); n != 1 {
			t.Errorf("%s was told %d times", kind, n)
		}
	}
	last := int64(0)
	for _, in := range h.hooks.of(id, "") {
		if seq := in.payload.Data.Seq; seq < last {
			t.Errorf("%d came after %d", seq, last)
		} else {
			last = seq
		}
	}
	if got := h.shipment(id).View.Seq; got != last {
		t.Errorf("the shipment stands at %d, told was %d", got, last)
	}
}

func TestACrashBetweenTheStepsDoublesAndLosesNoWebhook(t *testing.T) {
	for _, c := range []struct {
		name  string
		table tracker.Table
	}{
		{"before the change is stored", tracker.WebhookChanges},
		{"after the change, before the deliveries", tracker.WebhookDeliveries},
		{"after the deliveries, before the messages", tracker.Messages},
		{"after the messages, before the shipment is saved", tracker.Shipments},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			e := h.endpoint()
			w := h.workers()
			id := h.register("N1").ID
			if err := w.look(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			crash := func() {
				t.Helper()
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
			}
			h.scan("N1", "out_for_delivery")
			crash()
			h.scan("N1", "delivered") // by now the parcel is somewhere else
			for range 2 {
				if err := w.follow(t.Context(), "test:N1"); err != nil {
					t.Fatal(err)
				}
			}
			deliveries := h.deliveries(e)
			if n := len(deliveries["shipment.delivered"]); n != 1 {
				t.Errorf("%d deliveries tell of the delivery", n)
			}
			told := deliveries["shipment.out_for_delivery"]
			// Where the crash came before anything was stored, it is passed over; else it is told, under a number of its own.
			if want := c.table != tracker.WebhookChanges; (len(told) == 1) != want {
				t.Errorf("%d deliveries tell of what was decided before the crash", len(told))
			}
			if len(told) == 1 && told[0].Seq >= deliveries["shipment.delivered"][0].Seq {
				t.Errorf("sequence numbers %d, then %d", told[0].Seq, deliveries["shipment.delivered"][0].Seq)
			}
			if s := h.shipment(id); s.View.Seq != deliveries["shipment.delivered"][0].Seq {
				t.Errorf("the shipment stands at %d", s.View.Seq)
			}
		})
	}
}

func TestHistoryIsToldToNoEndpoint(t *testing.T) {
	h := newHouse(t)
	e := h.endpoint()
	w := h.workers()
	at := h.clock.now().UTC().Format(time.RFC3339)
	h.accept(&tracker.Receipt{Source: tracker.FromImport, Carrier: "test", Body: []byte("N1 picked_up " + at)})
	h.register("N1")
	if err := w.follow(t.Context(), "test:N1"); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for kind := range h.deliveries(e) {
		kinds = append(kinds, kind)
	}
	if !slices.Equal(kinds, []string{webhook.Registered}) {
		t.Errorf("told of %v", kinds)
	}
}

func TestWithoutAnEndpointNothingIsKept(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	h.register("N1")
	h.scan("N1", "picked_up")
	if err := w.follow(t.Context(), "test:N1"); err != nil {
		t.Fatal(err)
	}
	if n := len(h.rows(tracker.WebhookChanges)); n != 0 {
		t.Errorf("%d changes are kept", n)
	}
}

func TestAFailedWebhookIsTriedAgainByTheWorkers(t *testing.T) {
	h := newHouse(t)
	e := h.endpoint()
	refused := false
	h.hooks.answer = func(in received) error {
		if in.payload.Type == "shipment.delivered" && !refused {
			refused = true
			return &notify.Failure{Verdict: notify.Retry, What: "the endpoint answered 500", Code: "500"}
		}
		return nil
	}
	h.run(1)
	id := h.register("N1").ID
	h.scan("N1", "delivered")
	h.await("it is refused once", func() bool {
		list := h.deliveries(e)["shipment.delivered"]
		return len(list) == 1 && list[0].State == tracker.WebhookRetrying
	})
	h.clock.advance(6 * time.Second)
	h.await("it is taken", func() bool { return h.deliveries(e)["shipment.delivered"][0].State == tracker.WebhookDelivered })
	got := h.hooks.of(id, "shipment.delivered")
	if len(got) != 2 || got[0].id != got[1].id {
		t.Errorf("posted %+v", got)
	}
}
