package lastmile

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/sqlite"
)

func openStore(t *testing.T) tracker.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// driven is a route whose halts of a minute each were all done.
func driven(id string, halt time.Duration) *tracker.Route {
	r := route(20)
	r.ID, r.Depot, r.Driver = id, "BER-1", "d1"
	at := morning
	for i := range r.Stops {
		at = at.Add(3 * time.Minute)
		r.Advance(i, tracker.StopArrived, at, at)
		at = at.Add(halt)
		r.Advance(i, tracker.StopDone, at, at)
	}
	return r
}

func TestARouteIsLearntOnceThoughItsMarkIsLost(t *testing.T) {
	store := openStore(t)
	m := NewModel(store)
	evening := morning.Add(12 * time.Hour)
	for range 3 { // each time from the record as it was before
		r := driven("r1", time.Minute)
		pace, err := m.Pace(t.Context(), r, evening)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Learn(t.Context(), r, pace, evening); err != nil {
			t.Fatal(err)
		}
		if err := m.Learn(t.Context(), r, pace, evening); err != nil { // marked
			t.Fatal(err)
		}
		if err := m.Fold(t.Context(), evening); err != nil {
			t.Fatal(err)
		}
	}
	r := driven("r1", time.Minute)
	states, err := m.ledger.Read(t.Context(), network, depotAccount(r), driverAccount(r, morning))
	if err != nil {
		t.Fatal(err)
	}
	for key, s := range states {
		if s.Stops != 20 {
			t.Errorf("account %s has %d stops, want 20", key, s.Stops)
		}
	}
}

func TestWhatWasLearntIsUsed(t *testing.T) {
	m := NewModel(openStore(t))
	now := morning.Add(12 * time.Hour)
	foretold := func() float64 {
		r := route(10)
		r.Depot, r.StartedAt = "BER-1", now
		pace, err := m.Pace(t.Context(), r, now)
		if err != nil {
			t.Fatal(err)
		}
		return pace.Forecast(r, now)[9].In
	}
	before := foretold()
	for _, id := range []string{"a", "b", "c"} {
		r := driven(id, 10*time.Minute)
		pace, err := m.Pace(t.Context(), r, now)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Learn(t.Context(), r, pace, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Fold(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * cachedFor)
	if after := foretold(); after < 2*before {
		t.Errorf("halts of ten minutes were learnt; ten stops are foretold to take %.0f s, after %.0f s before", after, before)
	}
}

func TestWhatADriverTaughtIsDroppedWithItsQuarter(t *testing.T) {
	m := NewModel(openStore(t))
	r := driven("r1", time.Minute)
	pace, err := m.Pace(t.Context(), r, morning)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Learn(t.Context(), r, pace, morning.Add(12*time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		now  time.Time
		want int64
	}{{morning.Add(12 * time.Hour), 20}, {time.Date(2027, 4, 5, 0, 0, 0, 0, time.UTC), 0}} {
		if err := m.Fold(t.Context(), c.now); err != nil {
			t.Fatal(err)
		}
		states, err := m.ledger.Read(t.Context(), driverAccount(r, morning))
		if err != nil {
			t.Fatal(err)
		}
		if got := states[driverAccount(r, morning)].Stops; got != c.want {
			t.Errorf("on %s the driver's account has %d stops, want %d", c.now.Format(time.DateOnly), got, c.want)
		}
	}
}
