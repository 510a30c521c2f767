package workers

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waybill/tracker"
)

// TestALaneOfManyShipmentsSurvivesItsWorkers has a lane of more shipments than are put up at once slow down. One worker dies
// between two pages of them, the next before it notes that the lane was told, and those that look at the shipments die
// amid their work. Still each shipment is estimated anew once, and none on another lane.
func TestALaneOfManyShipmentsSurvivesItsWorkers(t *testing.T) {
	const many, late = againMost + 40, 6
	onBothStores(t, func(t *testing.T, h *house) {
		w := h.workers()
		h.teach(w)
		slow, numbers := h.dispatch(w, "test", "S", many)
		for _, id := range slow {
			h.lookAt(w, id) // from here on they count as under way
		}
		other, _ := h.dispatch(w, "other", "O", 9)
		h.clock.advance(9 * 24 * time.Hour)
		h.scanAll(w, "test", numbers[:late], "delivered")
		h.foldIn(w)
		slow = slow[late:]
		for _, id := range append(slow, other...) {
			h.lookAt(w, id) // nothing of them is due by itself now
		}

		page := 0
		h.store.failReschedule(func([]tracker.Due) error {
			if page++; page > 1 {
				return errCrash
			}
			return nil
		})
		if err := w.lanes(t.Context()); err == nil {
			t.Fatal("the first worker outlived its second page")
		}
		h.store.heal()
		if n := h.overdue(slow); n == 0 || n >= len(slow) {
			t.Fatalf("%d of %d shipments are due after one page", n, len(slow))
		}
		h.store.failWhen(func(write tracker.Write) error {
			if write.Table == tracker.Transits {
				return errCrash
			}
			return nil
		})
		if err := h.workers().lanes(t.Context()); err == nil {
			t.Fatal("the second worker noted that the lane was told, though the store failed")
		}
		h.store.heal()
		if err := h.workers().lanes(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := h.overdue(slow); n != len(slow) {
			t.Fatalf("%d of %d shipments are due", n, len(slow))
		}
		if n := h.overdue(other); n != 0 {
			t.Fatalf("%d shipments on another lane are due too", n)
		}
		began := h.clock.now()
		saved := h.lookWithDeaths(slow)
		if err := h.workers().lanes(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, id := range slow {
			e := h.shipment(id).View.Estimate
			if saved[id] != 1 || e == nil || e.MadeAt.Before(began.Truncate(time.Millisecond)) || e.Why.Pace <= 0 {
				t.Fatalf("%s was estimated anew %d times: %+v", id, saved[id], e)
			}
		}
		if len(saved) != len(slow) || h.overdue(append(slow, other...)) != 0 {
			t.Errorf("%d shipments were estimated anew, %d should be; %d are still due",
				len(saved), len(slow), h.overdue(append(slow, other...)))
		}
	})
}

// lookWithDeaths has workers take up what is due until nothing is. Each takes a hundred at most and dies after thirty of them;
// every fifth dies before it has saved the shipment in its hands. It counts how often each shipment was saved.
func (h *house) lookWithDeaths(ids []string) map[string]int {
	h.t.Helper()
	const lease, taken, done = time.Minute, 100, 30
	saved := map[string]int{}
	for life := 0; h.overdue(ids) > 0; life++ {
		if life > len(ids) {
			h.t.Fatal("the shipments do not become fewer")
		}
		var dying atomic.Bool
		h.store.failWhen(func(write tracker.Write) error {
			if write.Table == tracker.Shipments {
				if dying.Load() {
					return errCrash
				}
				saved[write.Row.Key]++
			}
			return nil
		})
		now := h.clock.now()
		rows, err := h.store.Claim(h.ctx(), tracker.Claim{Table: tracker.Shipments, Now: now, Until: now.Add(lease), Limit: taken})
		if err != nil {
			h.t.Fatal(err)
		}
		w := h.workers()
		for i, row := range rows[:min(done, len(rows))] {
			dying.Store(life%5 == 4 && i == done/2)
			if err := w.look(h.ctx(), row.Key); dying.Load() {
				break
			} else if err != nil {
				h.t.Fatal(err)
			}
		}
		h.store.heal()
		h.clock.advance(lease + time.Second)
	}
	return saved
}

// teach has three dozen parcels come in two days.
func (h *house) teach(w *Workers) {
	h.t.Helper()
	for day := range 3 {
		_, numbers := h.dispatch(w, "test", fmt.Sprintf("D%dX", day), 12)
		h.clock.advance(48 * time.Hour)
		h.scanAll(w, "test", numbers, "delivered")
		h.foldIn(w)
	}
}

// dispatch registers many shipments at once, of whom nobody is told, and has them picked up.
func (h *house) dispatch(w *Workers, carrier, prefix string, count int) (ids, numbers []string) {
	h.t.Helper()
	list := make([]tracker.NewShipment, count)
	for i := range list {
		numbers = append(numbers, fmt.Sprint(prefix, i))
		list[i] = tracker.NewShipment{
			Tenant: "acme", Carrier: carrier, Number: numbers[i], Zone: "Europe/Berlin",
			Origin: tracker.Location{City: "Köln", Country: "DE"}, Destination: tracker.Location{City: "Lyon", Country: "FR"},
		}
	}
	shipments, errs := h.ingest.Register(h.ctx(), list)
	for i, s := range shipments {
		if errs[i] != nil {
			h.t.Fatal(errs[i])
		}
		ids = append(ids, s.ID)
	}
	h.clock.advance(2 * time.Second) // what is scanned from now on is no history
	h.scanAll(w, carrier, numbers, "picked_up")
	return ids, numbers
}

// scanAll has a carrier tell the same of many numbers, and workers follow them.
func (h *house) scanAll(w *Workers, carrier string, numbers []string, what string) {
	h.t.Helper()
	var lines strings.Builder
	for _, number := range numbers {
		fmt.Fprintf(&lines, "%s %s %s\n", number, what, h.clock.now().UTC().Format(time.RFC3339))
	}
	h.accept(&tracker.Receipt{Source: tracker.FromWebhook, Carrier: carrier, Body: []byte(lines.String())})
	for _, number := range numbers {
		if err := w.follow(h.ctx(), carrier+":"+number); err != nil {
			h.t.Fatal(err)
		}
	}
}

// foldIn brings what was learnt into the estimates, and lets every process know of it.
func (h *house) foldIn(w *Workers) {
	h.t.Helper()
	h.clock.advance(time.Minute)
	if err := w.fold(h.ctx()); err != nil {
		h.t.Fatal(err)
	}
	h.clock.advance(time.Minute)
}

func (h *house) lookAt(w *Workers, id string) {
	h.t.Helper()
	if err := w.look(h.ctx(), id); err != nil {
		h.t.Fatal(err)
	}
}

// overdue counts the shipments whose time has come.
func (h *house) overdue(ids []string) (n int) {
	h.t.Helper()
	rows, err := h.store.Get(h.ctx(), tracker.Shipments, ids...)
	if err != nil {
		h.t.Fatal(err)
	}
	now := h.clock.now().UnixMilli()
	for _, row := range rows {
		if row.Due != 0 && row.Due <= now {
			n++
		}
	}
	return n
}
