package workers

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"waybill/tracker"
	"waybill/tracker/feed/redistest"
)

func TestRedisFlushedInTheMiddleLosesNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		house func(t *testing.T) *house
	}{
		{"embedded", func(t *testing.T) *house { return newHouse(t) }},
		{"redis-server", func(t *testing.T) *house { return newHouseOn(t, redistest.Start(t).Client()) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := c.house(t)
			ids := h.registerMany(40)
			h.run(2)
			for i := range ids {
				h.scan(fmt.Sprintf("N%d", i), "picked_up", "delivered")
				if i%10 == 5 {
					if err := h.redis.FlushAll(t.Context()).Err(); err != nil {
						t.Fatal(err)
					}
				}
			}
			h.awaitToldOnce(ids)
		})
	}
}

func TestRedisStoppedAndStartedInTheMiddleLosesNothing(t *testing.T) {
	server := redistest.Start(t)
	h := newHouseOn(t, server.Client())
	ids := h.registerMany(30)
	h.run(2)
	for i := range ids {
		switch i {
		case 10:
			server.Down()
		case 20:
			server.Up()
		}
		h.scan(fmt.Sprintf("N%d", i), "picked_up", "delivered")
	}
	h.awaitToldOnce(ids)
}

func TestWorkersStartWithoutRedis(t *testing.T) {
	server := redistest.Start(t)
	server.Down()
	h := newHouseOn(t, server.Client())
	h.run(1)
	ids := h.registerMany(3)
	for i := range ids {
		h.scan(fmt.Sprintf("N%d", i), "delivered")
	}
	server.Up()
	h.awaitToldOnce(ids)
}

func TestStoppingDrains(t *testing.T) {
	h := newHouse(t)
	ids := h.registerMany(20)
	stop := h.run(1)
	for i := range ids {
		h.scan(fmt.Sprintf("N%d", i), "delivered")
	}
	stop()
	half := 0
	for _, row := range h.rows(tracker.Messages) {
		m, err := tracker.Decode[tracker.Message](row)
		if err != nil {
			t.Fatal(err)
		}
		if m.State == tracker.MessageSending {
			half++
		}
	}
	if half != 0 {
		t.Errorf("%d messages were left while being sent", half)
	}
	h.run(1)
	h.awaitToldOnce(ids)
}

func TestStoppingWithoutRedisEnds(t *testing.T) {
	server := redistest.Start(t)
	h := newHouseOn(t, server.Client())
	ids := h.registerMany(5)
	stop := h.run(1)
	for i := range ids {
		h.scan(fmt.Sprintf("N%d", i), "picked_up")
		h.awaitMilestone(ids[i], tracker.InTransit)
	}
	server.Down()
	stop() // comes back
}

func TestTheQueueIsKeptShort(t *testing.T) {
	h := newHouse(t)
	h.registerMany(8)
	for i := range 8 {
		h.scan(fmt.Sprintf("N%d", i), "picked_up")
	}
	client := asynq.NewClientFromRedisClient(h.redis)
	for i := range waitingMost {
		task, err := newTask(kindFollow, standard, []string{fmt.Sprint("test:other", i)}, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.EnqueueContext(t.Context(), task); err != nil {
			t.Fatal(err)
		}
	}
	w := h.workers()
	depths, err := w.depths(t.Context())
	if err != nil || depths[standard] != waitingMost {
		t.Fatalf("the queues hold %v (%v), want %d: does asynq keep them elsewhere now?", depths, err, waitingMost)
	}
	share, err := w.buckets.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.mine.Store(&share)
	follow := w.dutyOf(kindFollow)
	if _, err := w.pass(t.Context(), follow); err != nil {
		t.Fatal(err)
	}
	if depths, err = w.depths(t.Context()); err != nil || depths[standard] != waitingMost {
		t.Fatalf("a full queue took more: %v (%v)", depths, err)
	}
	h.redis.FlushAll(t.Context())
	if _, err := w.pass(t.Context(), follow); err != nil {
		t.Fatal(err)
	}
	if depths, err = w.depths(t.Context()); err != nil || depths[standard] != 1 {
		t.Fatalf("eight legs make %v tasks (%v), want one", depths, err)
	}
}

func TestWhatCannotBeQueuedFallsDueAgain(t *testing.T) {
	h := newHouse(t)
	h.registerMany(1)
	h.scan("N0", "picked_up")
	w := h.workers()
	share, err := w.buckets.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.mine.Store(&share)
	follow := w.dutyOf(kindFollow)
	queues := follow.queues
	follow.queues = func(ctx context.Context, rows []tracker.Row) ([]string, error) {
		h.server.SetError("LOADING of a test") // Redis goes away between the claim and the queue
		return queues(ctx, rows)
	}
	if _, err := w.pass(t.Context(), follow); err == nil {
		t.Fatal("the pass went well without Redis")
	}
	if due := dueOf(h.rows(tracker.Legs), "test:N0"); due == 0 || due > h.clock.now().UnixMilli() {
		t.Errorf("the leg falls due at %d, want at once", due)
	}
}

func TestExpressComesFirstWhereManyWait(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	for i := range lookUpFrom {
		h.register(fmt.Sprintf("N%d", i), func(n *tracker.NewShipment) {
			if i == 3 {
				n.Service = tracker.Express
			}
		})
		h.scan(fmt.Sprintf("N%d", i), "picked_up")
	}
	var rows []tracker.Row
	for _, row := range h.rows(tracker.Legs) {
		if row.Due != 0 {
			rows = append(rows, row)
		}
	}
	queues, err := w.queuesOfLegs(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		want := standard
		if row.Key == "test:N3" {
			want = express
		}
		if queues[i] != want {
			t.Errorf("%s goes into queue %s, want %s", row.Key, queues[i], want)
		}
	}
}

// registerMany makes shipments with the numbers N0, N1 and so on.
func (h *house) registerMany(count int) []string {
	h.t.Helper()
	ids := make([]string, count)
	for i := range ids {
		ids[i] = h.register(fmt.Sprintf("N%d", i)).ID
	}
	return ids
}

// awaitToldOnce waits until every shipment is delivered and told, and looks that none was told twice.
func (h *house) awaitToldOnce(ids []string) {
	h.t.Helper()
	for _, id := range ids {
		h.awaitMilestone(id, tracker.Delivered)
		h.await("the delivery of "+id+" is told", func() bool { return h.sender.count(id, tracker.MomentDelivered) > 0 })
	}
	h.awaitIdle()
	for _, id := range ids {
		if n := h.sender.count(id, tracker.MomentDelivered); n != 1 {
			h.t.Errorf("%s was told %d times", id, n)
		}
	}
}
