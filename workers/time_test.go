package workers

import (
	"context"
	"errors"
	"testing"
	"time"

	"waybill/tracker"
)

func TestTimeAloneMakesAParcelDelayedAndThenExpired(t *testing.T) {
	h := newHouse(t)
	h.run(2)
	id := h.register("N1").ID
	h.scan("N1", "picked_up")
	h.awaitMilestone(id, tracker.InTransit)
	if s := h.shipment(id); s.View.Late {
		t.Fatal("late from the start")
	}
	h.clock.advance(patience.Late + time.Hour)
	h.await("it is late", func() bool { return h.shipment(id).View.Late })
	h.await("it is told", func() bool { return h.messages(id, tracker.MomentDelayed) == 1 })
	h.clock.advance(patience.Expire)
	h.awaitMilestone(id, tracker.Expired)
	h.awaitIdle()
	if s := h.shipment(id); !s.View.NextLook.IsZero() && s.View.NextLook.Before(h.clock.now()) {
		t.Errorf("an expired shipment is looked at again at %s", s.View.NextLook)
	}
	if n := h.messages(id, tracker.MomentDelayed); n != 1 {
		t.Errorf("the delay was told %d times", n)
	}
}

func TestAnEstimateIsMadeAnewThoughNothingIsHeard(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	id := h.register("N1").ID
	h.scan("N1", "picked_up")
	if err := w.follow(t.Context(), "test:N1"); err != nil {
		t.Fatal(err)
	}
	before := h.shipment(id).View
	_, end, _ := before.Estimate.Window() // within it the shown estimate stays: see eta.Steady
	h.clock.advance(end.Add(24 * time.Hour).Sub(h.clock.now()))
	if err := w.look(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	after := h.shipment(id).View
	if !after.NextLook.After(h.clock.now()) {
		t.Errorf("the next look, %s, is not in the future", after.NextLook)
	}
	if from, _, _ := after.Estimate.Window(); !after.Estimate.P50.After(h.clock.now()) || from.Before(before.Estimate.P90) {
		t.Errorf("the window has passed, and the estimate is still %+v", after.Estimate)
	}
	seq := after.Seq
	if err := w.look(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if again := h.shipment(id).View; again.Seq != seq {
		t.Error("a look that found nothing new counted as a change")
	}
}

func TestOrderStepsReachAllItsShipments(t *testing.T) {
	h := newHouse(t)
	h.run(2)
	ordering := tracker.NewOrdering(h.store, h.feed, h.clock.now)
	inOrder := func(n *tracker.NewShipment) { n.Order = "1001" }
	ids := []string{h.register("N1", inOrder).ID, h.register("N2", inOrder).ID}
	step := tracker.OrderStep{Substatus: "packed", At: tracker.StampAt(h.clock.now())}
	if _, err := ordering.AddSteps(t.Context(), "acme", "1001", step); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		h.await(id+" is packed", func() bool { return h.shipment(id).View.Substatus == "packed" })
		h.await("it is told", func() bool { return h.messages(id, tracker.MomentPacked) == 1 })
	}
	h.awaitIdle()
}

func TestHandOver(t *testing.T) {
	for _, c := range []struct {
		name, carrier, number, destination string
		scan                               string
		want                               tracker.LegKey
	}{
		{"a partner's number in a payload", "test", "N1", "FR", "N1 partner other P1", tracker.LegKey{Carrier: "other", Number: "P1"}},
		{
			"an S10 number bound for another country", "royalmail", "RB123456785GB", "US",
			"RB123456785GB picked_up 2026-11-20T10:00:00Z",
			tracker.LegKey{Carrier: "usps", Number: "RB123456785GB"},
		},
		{
			"an S10 number within its country", "royalmail", "RB123456785GB", "GB",
			"RB123456785GB picked_up 2026-11-20T10:00:00Z",
			tracker.LegKey{},
		},
		{
			"an S10 number bound for a post without adapter", "royalmail", "RB123456785GB", "EE",
			"RB123456785GB picked_up 2026-11-20T10:00:00Z",
			tracker.LegKey{},
		},
		{
			"an S10 number on the destination's leg", "usps", "RB123456785GB", "US",
			"RB123456785GB picked_up 2026-11-20T10:00:00Z",
			tracker.LegKey{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			w := h.workers()
			id := h.register(c.number, func(n *tracker.NewShipment) { n.Carrier, n.Destination.Country = c.carrier, c.destination }).ID
			h.accept(&tracker.Receipt{Source: tracker.FromWebhook, Carrier: c.carrier, Body: []byte(c.scan)})
			if err := w.follow(t.Context(), c.carrier+":"+c.number); err != nil {
				t.Fatal(err)
			}
			legs := h.shipment(id).Legs[2:]
			if c.want == (tracker.LegKey{}) {
				if len(legs) != 0 {
					t.Fatalf("legs %v were added", legs)
				}
				return
			}
			if len(legs) != 1 || legs[0].LegKey != c.want {
				t.Fatalf("legs %v were added, want %v", legs, c.want)
			}
			if followers := h.leg(c.want.String()).Followers; len(followers) != 1 || followers[0].Shipment != id {
				t.Errorf("the new leg is followed by %v", followers)
			}
		})
	}
}

func TestWorkThatFailsForGoodIsKeptAndCanBeTriedAgain(t *testing.T) {
	h := newHouse(t)
	id := h.register("N1").ID
	h.store.failWhen(func(write tracker.Write) error {
		if write.Table == tracker.Shipments {
			return errCrash
		}
		return nil
	})
	h.scan("N1", "picked_up")
	w := h.workers()
	follow := w.dutyOf(kindFollow)
	for range triesMost {
		w.workOn(t.Context(), follow, "test:N1")
	}
	dead, err := tracker.Load[tracker.DeadTask](t.Context(), h.store, "follow:test:N1")
	if err != nil {
		t.Fatal(err)
	}
	if dead.Kind != kindFollow || string(dead.Payload) != "test:N1" || dead.Error == "" {
		t.Errorf("the dead task is %+v", dead)
	}
	listed, err := tracker.LoadList[tracker.DeadTask](t.Context(), h.store, tracker.ListAll, tracker.Page{})
	if err != nil || len(listed) != 1 {
		t.Errorf("%d dead tasks are listed (%v)", len(listed), err)
	}
	h.store.heal()
	if due := h.rows(tracker.Legs); dueOf(due, "test:N1") != 0 {
		t.Error("a dead task is still due")
	}
	if err := Retry(t.Context(), h.store, dead.ID, h.clock.now()); err != nil {
		t.Fatal(err)
	}
	h.run(1)
	h.awaitMilestone(id, tracker.InTransit)
	if err := Retry(t.Context(), h.store, dead.ID, h.clock.now()); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("a task that is not dead any more was tried again: %v", err)
	}
}

func dueOf(rows []tracker.Row, key string) int64 {
	for _, row := range rows {
		if row.Key == key {
			return row.Due
		}
	}
	return -1
}

func TestAPanicIsAFailureOfItsKeyAlone(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	id := h.register("N1").ID
	h.scan("N1", "picked_up")
	h.store.failWhen(func(write tracker.Write) error {
		if write.Table == tracker.Shipments {
			panic("of a test")
		}
		return nil
	})
	w.workOn(t.Context(), w.dutyOf(kindFollow), "test:N1")
	h.store.heal()
	if due := dueOf(h.rows(tracker.Legs), "test:N1"); due <= h.clock.now().UnixMilli() {
		t.Errorf("the leg falls due at %d, want it put off", due)
	}
	if err := w.follow(t.Context(), "test:N1"); err != nil || h.shipment(id).View.Milestone != tracker.InTransit {
		t.Errorf("it is not followed afterwards: %v", err)
	}
}

// album is when pictures were brought.
type album []time.Time

func (a *album) Purge(_ context.Context, before time.Time, most int) (n int, _ error) {
	for len(*a) > 0 && (*a)[0].Before(before) && n < most {
		*a, n = (*a)[1:], n+1
	}
	return n, nil
}

func TestRetention(t *testing.T) {
	h := newHouse(t)
	pictures := &album{}
	for range purgeAtOnce + 1 {
		*pictures = append(*pictures, h.clock.now())
	}
	w := h.workers(func(o *Options) { o.Pictures = pictures })
	old := h.register("OLD").ID
	h.scan("OLD", "picked_up", "delivered")
	if err := w.follow(t.Context(), "test:OLD"); err != nil {
		t.Fatal(err)
	}
	open := h.register("OPEN").ID
	h.spend(7)
	h.clock.advance(w.Retention.Receipts + time.Hour)
	h.spend(9)
	h.await("receipts are settled", func() bool {
		for _, row := range h.rows(tracker.Receipts) {
			if row.Due != 0 {
				return false
			}
		}
		return true
	})
	if err := w.retain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(h.rows(tracker.Receipts)); n != 0 {
		t.Errorf("%d receipts are left", n)
	}
	if n := len(h.rows(tracker.Shipments)); n != 2 || len(*pictures) <= purgeAtOnce {
		t.Errorf("%d shipments and %d pictures are left before their time", n, len(*pictures))
	}
	if spent, err := tracker.SpendingOf(t.Context(), h.store, "acme", tracker.SMS, h.clock.now()); err != nil || spent.Segments != 9 {
		t.Errorf("of what was spent on SMS this month %d is left, %v: the budget would begin anew", spent.Segments, err)
	}
	h.clock.advance(w.Retention.Legs)
	if err := w.retain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(*pictures) != 0 {
		t.Errorf("%d pictures are left", len(*pictures))
	}
	rows := h.rows(tracker.Shipments)
	if len(rows) != 1 || rows[0].Key != open {
		t.Errorf("%d shipments are left, want the open one alone and not %s", len(rows), old)
	}
}

// spend counts segments of SMS that the seller spent this month.
func (h *house) spend(segments int) {
	h.t.Helper()
	spent, err := tracker.SpendingOf(h.ctx(), h.store, "acme", tracker.SMS, h.clock.now())
	if err != nil {
		h.t.Fatal(err)
	}
	spent.Segments = segments
	if err := tracker.Save(h.ctx(), h.store, spent); err != nil {
		h.t.Fatal(err)
	}
}
