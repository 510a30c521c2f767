package workers

import (
	"context"
	"errors"
	"testing"
	"time"

	"waybill/tracker"
)

// TestAReplayThatIsAskedForIsDoneByWorkers has the first worker run out of time, and another one go on.
func TestAReplayThatIsAskedForIsDoneByWorkers(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	s := h.register("1Z999AA10123456784")
	h.scan("1Z999AA10123456784", "picked_up")
	run, err := tracker.NewReplay(h.ingest).Ask(t.Context(), "test", h.clock.now().Add(-time.Hour), "usr_1")
	if err != nil {
		t.Fatal(err)
	}
	over, end := context.WithCancel(t.Context())
	end()
	if err := w.replay(over, run.ID); !errors.Is(err, context.Canceled) {
		t.Fatalf("out of time: %v", err)
	}
	for range 2 { // as when two are handed the same task
		if err := w.replay(t.Context(), run.ID); err != nil {
			t.Fatal(err)
		}
	}
	done, err := tracker.Load[tracker.ReplayRun](t.Context(), h.store, run.ID)
	if err != nil || done.EndedAt.IsZero() || done.Receipts != 1 || done.Legs != 1 {
		t.Errorf("%v: %+v", err, done)
	}
	rows, err := h.store.Claim(t.Context(), tracker.Claim{
		Table: tracker.Replays, Buckets: w.share(), Now: h.clock.now().Add(time.Hour), Until: h.clock.now().Add(2 * time.Hour), Limit: 10,
	})
	if err != nil || len(rows) != 0 {
		t.Errorf("%v: %d replays are still due", err, len(rows))
	}
	if n := h.messages(s.ID, tracker.MomentShipped); n > 1 {
		t.Errorf("%d messages of history", n)
	}
}
