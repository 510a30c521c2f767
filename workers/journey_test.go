package workers

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"waybill/tracker"
)

func TestMain(m *testing.M) {
	redis.SetLogger(silence{}) // it reports each dial to a server that a test has stopped
	goleak.VerifyTestMain(m)
}

type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}

func TestAScanBecomesAViewAndMessagesOnceThoughTwoWork(t *testing.T) {
	h := newHouse(t)
	h.run(2)
	var ids []string
	numbers := []string{"N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8"}
	for _, number := range numbers {
		ids = append(ids, h.register(number).ID)
	}
	for _, substatus := range []string{"label_created", "picked_up", "arrived_at_facility", "out_for_delivery", "delivered_to_recipient"} {
		for _, number := range numbers {
			h.scan(number, substatus)
			h.scan(number, substatus)
		}
	}
	for _, id := range ids {
		h.awaitMilestone(id, tracker.Delivered)
		h.await("the delivery of "+id+" is told", func() bool { return h.sender.count(id, tracker.MomentDelivered) > 0 })
	}
	h.awaitIdle()
	for _, id := range ids {
		for moment, times := range map[tracker.Moment]int{tracker.MomentDelivered: 1} {
			if n := h.sender.count(id, moment); n != times {
				t.Errorf("%s was told %d times of %s", id, n, moment)
			}
		}
		if n := h.sender.count(id, tracker.MomentOutForDelivery); n > 1 {
			t.Errorf("%s was told %d times of out_for_delivery", id, n)
		}
		if s := h.shipment(id); !s.Learnt || s.View.Estimate != nil {
			t.Errorf("%s: learnt %v, estimate %v", id, s.Learnt, s.View.Estimate)
		}
	}
}

// awaitIdle waits until nothing is due that could be done now.
func (h *house) awaitIdle() {
	h.t.Helper()
	h.await("nothing is due", func() bool {
		for _, table := range []tracker.Table{tracker.Legs, tracker.Orders} {
			for _, row := range h.rows(table) {
				if row.Due != 0 {
					return false
				}
			}
		}
		for _, row := range h.rows(tracker.Messages) {
			if row.Due != 0 && row.Due <= h.clock.now().UnixMilli() {
				return false
			}
		}
		return true
	})
}

func (h *house) rows(table tracker.Table) []tracker.Row {
	h.t.Helper()
	rows, err := h.store.Search(h.t.Context(), table, "", nil, tracker.Page{Limit: 1000})
	if err != nil {
		h.t.Fatal(err)
	}
	return rows
}

// Workers that look into the store once an hour tell of a scan all the same, for it is announced to them.
func TestAScanIsToldWithoutWaitingForTheNextLook(t *testing.T) {
	h := newHouse(t)
	h.run(1, func(o *Options) { o.RelayInterval = time.Hour })
	id := h.register("N1").ID
	h.scan("N1", "out_for_delivery")
	h.await("it is told", func() bool { return h.sender.count(id, tracker.MomentOutForDelivery) == 1 })
	if e := h.shipment(id).View.Estimate; e == nil || e.P10.After(e.P50) || e.P50.After(e.P90) {
		t.Errorf("the estimate is %+v", e)
	}
}
