package webhook

import (
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/sqlite"
)

// TestBothStores goes the way of an event on both stores, by the real clock: taken once and in order by two offices,
// refused and tried again, kept while disabled, replayed.
func TestBothStores(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) tracker.Store{
		"SQLite": func(t *testing.T) tracker.Store {
			t.Helper()
			store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "waybill.db"))
			return opened(t, store, err)
		},
		"MongoDB": func(t *testing.T) tracker.Store {
			t.Helper()
			uri := mongotest.Start(t)
			store, err := mongo.Open(t.Context(), uri, mongotest.Database(t, uri))
			return opened(t, store, err)
		},
	} {
		t.Run(name, func(t *testing.T) { wayOfAnEvent(t, open(t)) })
	}
}

func opened(t *testing.T, store tracker.Store, err error) tracker.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func wayOfAnEvent(t *testing.T, store tracker.Store) {
	t.Helper()
	w := newWorld(t, store)
	offices := []*Office{w.office}
	w.start()
	offices = append(offices, w.office)
	defer func() {
		for _, o := range offices {
			o.Close()
		}
	}()
	e := w.endpoint()
	began := time.Now()
	refused := w.refuseOnce(EventID("A", 1, Updated))
	ids := w.happen([]*tracker.Endpoint{e}, "A", "B", "A", "B", "A", "C")
	w.until(t, offices, "all are taken, the refused one at the second attempt", func() bool { return len(w.server.times()) == len(ids) })
	w.server.expectOnce(ids...)
	if !refused() {
		t.Error("nothing was refused")
	}
	if _, err := w.desk.Disable(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	kept := w.happen([]*tracker.Endpoint{w.now(e)}, "A", "A", "A")
	if _, err := w.desk.Enable(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	w.until(t, offices, "what was kept is taken", func() bool { return len(w.server.times()) == len(ids)+len(kept) })
	if _, err := w.desk.Replay(t.Context(), e.ID, began.Add(-time.Minute), time.Now(), false); err != nil {
		t.Fatal(err)
	}
	w.until(t, offices, "the replay is through", func() bool {
		times := w.server.times()
		return len(w.now(e).Replays) == 0 && !slices.ContainsFunc(append(ids, kept...), func(id string) bool { return times[id] != 2 })
	})
}

// refuseOnce has an event refused the first time.
func (w *world) refuseOnce(id string) (refused func() bool) {
	var mu sync.Mutex
	done := false
	w.server.set(func(p post) (int, http.Header) {
		mu.Lock()
		defer mu.Unlock()
		if p.id == id && !done {
			done = true
			return http.StatusInternalServerError, nil
		}
		return http.StatusOK, nil
	})
	return func() bool {
		mu.Lock()
		defer mu.Unlock()
		return done
	}
}

// until claims what is due for the offices in turn, as two processes would, until a condition holds.
func (w *world) until(t *testing.T, offices []*Office, what string, holds func() bool) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for n, deadline := 0, time.Now().Add(time.Minute); !holds(); n++ {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s; taken %v", what, w.server.times())
		}
		w.office = offices[n%len(offices)]
		w.claim()
		<-ticker.C
	}
}
