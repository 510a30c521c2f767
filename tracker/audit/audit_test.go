package audit_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/audit"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/seal"
	"waybill/tracker/sqlite"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func logOn(t *testing.T, store tracker.Store, master byte) *audit.Log {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{master}, seal.KeySize))
	must(t, err)
	return audit.New(store, keys, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
}

func newStore(t *testing.T) tracker.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	return store
}

func newMongo(t *testing.T) tracker.Store {
	t.Helper()
	uri := mongotest.Start(t)
	store, err := mongo.Open(context.Background(), uri, mongotest.Database(t, uri))
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	return store
}

func TestProcessesAppendToOneChain(t *testing.T) {
	for name, open := range map[string]func(*testing.T) tracker.Store{"SQLite": newStore, "MongoDB": newMongo} {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			var group sync.WaitGroup
			for _, actor := range []string{"usr_1", "usr_2", "usr_3"} {
				log := logOn(t, store, 1)
				group.Go(func() {
					for range 5 {
						if err := log.Append(t.Context(), audit.Act{Actor: actor, Action: "payload.read", Subjects: []string{"r1", "r2", "r1"}}); err != nil {
							t.Error(err)
						}
					}
				})
			}
			group.Wait()
			report, err := logOn(t, store, 1).Verify(t.Context(), audit.Anchor{})
			must(t, err)
			if report.Entries != 15 {
				t.Errorf("%d entries are whole, want 15", report.Entries)
			}
			about, err := tracker.LoadList[tracker.AuditEntry](t.Context(), store, tracker.ListOfSubject("r2"), tracker.Page{})
			must(t, err)
			if len(about) != 15 || len(about[0].Subjects) != 2 {
				t.Errorf("%d entries about r2, the newest with the subjects %v", len(about), about[0].Subjects)
			}
		})
	}
}

// rewrite changes a stored entry, as somebody with the database and without the key would.
func rewrite(t *testing.T, store tracker.Store, number int64, change func(*tracker.AuditEntry)) {
	t.Helper()
	entry, err := tracker.Load[tracker.AuditEntry](t.Context(), store, tracker.AuditKey(number))
	must(t, err)
	change(entry)
	must(t, tracker.Save(t.Context(), store, entry))
}

func remove(t *testing.T, store tracker.Store, number int64) {
	t.Helper()
	entry, err := tracker.Load[tracker.AuditEntry](t.Context(), store, tracker.AuditKey(number))
	must(t, err)
	write, err := tracker.Encode(entry)
	must(t, err)
	write.Delete = true
	must(t, tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{write})))
}

func TestWhatIsDoneToTheLogShows(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(t *testing.T, store tracker.Store)
		at    int64
		noted audit.Anchor
	}{
		"nothing": {func(*testing.T, tracker.Store) {}, 0, audit.Anchor{}},
		"the actor is another": {func(t *testing.T, s tracker.Store) {
			rewrite(t, s, 4, func(e *tracker.AuditEntry) { e.Actor = "usr_2" })
		}, 4, audit.Anchor{}},
		"a subject is left out": {func(t *testing.T, s tracker.Store) {
			rewrite(t, s, 2, func(e *tracker.AuditEntry) { e.Subjects = nil })
		}, 2, audit.Anchor{}},
		"an entry is gone":        {func(t *testing.T, s tracker.Store) { remove(t, s, 3) }, 3, audit.Anchor{}},
		"the first entry is gone": {func(t *testing.T, s tracker.Store) { remove(t, s, 1) }, 1, audit.Anchor{}},
		"the end is cut off":      {func(t *testing.T, s tracker.Store) { remove(t, s, 6) }, 6, audit.Anchor{Number: 6, Seal: "noted"}},
		"the chain is another's": {func(t *testing.T, s tracker.Store) {
			for n := int64(1); n <= 6; n++ {
				remove(t, s, n)
			}
			forger := logOn(t, s, 2)
			for range 6 {
				must(t, forger.Append(t.Context(), audit.Act{Actor: "usr_1", Action: "nothing"}))
			}
		}, 1, audit.Anchor{}},
	} {
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			log := logOn(t, store, 1)
			for range 6 {
				must(t, log.Append(t.Context(), audit.Act{Actor: "usr_1", Action: "payload.read", Subjects: []string{"r1"}}))
			}
			c.do(t, store)
			_, err := logOn(t, store, 1).Verify(t.Context(), c.noted)
			broken, _ := errors.AsType[*audit.BrokenError](err)
			if c.at == 0 && err != nil || c.at != 0 && (broken == nil || broken.Number != c.at) {
				t.Errorf("got %v, want it broken at %d", err, c.at)
			}
		})
	}
}

func TestAnEntryThatWasNotedIsStillTheSame(t *testing.T) {
	store := newStore(t)
	log := logOn(t, store, 1)
	must(t, log.Append(t.Context(), audit.Act{Actor: "usr_1", Action: "payload.read"}))
	noted, err := log.Verify(t.Context(), audit.Anchor{})
	must(t, err)
	if _, err := log.Verify(t.Context(), audit.Anchor{Number: noted.Entries, Seal: noted.Seal}); err != nil {
		t.Error(err)
	}
	if _, err := log.Verify(t.Context(), audit.Anchor{Number: 1, Seal: "another"}); !errors.As(err, new(*audit.BrokenError)) {
		t.Errorf("got %v, want a *audit.BrokenError", err)
	}
}

func TestTimesNeverFall(t *testing.T) {
	store := newStore(t)
	keys, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize))
	must(t, err)
	at := noon
	log := audit.New(store, keys, func() time.Time { return at }, slog.New(slog.DiscardHandler))
	for range 3 {
		must(t, log.Append(t.Context(), audit.Act{Actor: "usr_1", Action: "payload.read"}))
		at = at.Add(-time.Hour) // a clock that is set back
	}
	if report, err := log.Verify(t.Context(), audit.Anchor{}); err != nil || report.Entries != 3 {
		t.Errorf("%+v, %v", report, err)
	}
}
