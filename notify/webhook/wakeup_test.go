package webhook

import (
	"context"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/storetest/memory"
)

// lateStore has something happen right before an endpoint is left alone.
type lateStore struct {
	tracker.Store
	before func()
}

func (s *lateStore) Reschedule(ctx context.Context, table tracker.Table, dues []tracker.Due) error {
	s.before()
	return s.Store.Reschedule(ctx, table, dues)
}

// What is asked of an endpoint in the moment in which an office leaves it alone is done at once, though its wake-up is lost.
func TestAWakeUpThatIsOverwrittenIsMadeGood(t *testing.T) {
	for name, c := range map[string]struct {
		disabled bool
		ask      func(w *world, id string) error
	}{
		"a replay of an idle endpoint": {false, func(w *world, id string) error {
			_, err := w.desk.Replay(t.Context(), id, time.Now().Add(-time.Hour), time.Now(), false)
			return err
		}},
		"a disabled endpoint is enabled": {true, func(w *world, id string) error {
			_, err := w.desk.Enable(t.Context(), id)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, memory.New())
			defer w.office.Close()
			id := w.endpoint().ID
			if c.disabled {
				if _, err := w.desk.Disable(t.Context(), id); err != nil {
					t.Fatal(err)
				}
			}
			asked := sync.OnceFunc(func() {
				if err := c.ask(w, id); err != nil {
					t.Error(err)
				}
			})
			w.office.Store = &lateStore{w.store, asked}
			if more, err := w.office.round(t.Context(), id); err != nil || !more {
				t.Fatalf("it is left alone: %v", err)
			}
			for range 5 { // and comes to rest
				more, err := w.office.round(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				if !more {
					return
				}
			}
			t.Error("it never comes to rest")
		})
	}
}
