package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"waybill/tracker"
)

func openHere(t *testing.T) *Store {
	t.Helper()
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func leg(key string, doc []byte) []tracker.Write {
	return []tracker.Write{{Table: tracker.Legs, Row: tracker.Row{Key: key, Doc: doc}}}
}

// hold keeps the writer in a transaction until the test lets go; meanwhile jobs queue up.
func hold(t *testing.T, store *Store) (letGo func()) {
	t.Helper()
	held, free := make(chan struct{}), make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		err := store.writer.do(context.Background(), 1, func(*tx) error {
			close(held)
			<-free
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	return func() { close(free); done.Wait() }
}

func TestACallerThatGivesUpWhileItWaitsChangesNothing(t *testing.T) {
	store := openHere(t)
	letGo := hold(t, store)
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() {
		_, err := store.Apply(ctx, leg("a", nil))
		result <- err
	}()
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	letGo()
	if rows, err := store.Get(t.Context(), tracker.Legs, "a"); err != nil || len(rows) != 0 {
		t.Errorf("found %+v, %v", rows, err)
	}
}

func TestJobsOfOneCommitDoNotSufferForEachOther(t *testing.T) {
	store := openHere(t)
	jobs := make([]*job, 5)
	broken := errors.New("broken")
	for i := range jobs {
		jobs[i] = &job{rows: 1, done: make(chan error, 1), work: func(tx *tx) error {
			if i == 2 {
				return broken
			}
			result, err := store.apply(tx, &leg(strconv.Itoa(i), nil)[0])
			return errors.Join(result, err)
		}}
	}
	jobs[4].taken.Store(true) // its caller gave up
	store.writer.commit(jobs)
	for i, want := range []error{nil, nil, broken, nil} {
		if err := <-jobs[i].done; !errors.Is(err, want) {
			t.Errorf("job %d: %v", i, err)
		}
	}
	rows, err := store.Get(t.Context(), tracker.Legs, "0", "1", "2", "3", "4")
	if err != nil || len(rows) != 3 {
		t.Errorf("found %+v, %v", rows, err)
	}
}

func TestAFullDiskIsUnavailableAndKeepsWhatWasThere(t *testing.T) {
	store := openHere(t)
	if err := tracker.ErrorOf(store.Apply(t.Context(), leg("before", nil))); err != nil {
		t.Fatal(err)
	}
	limit := func(pages int) {
		t.Helper()
		err := store.writer.do(t.Context(), 1, func(tx *tx) error {
			rows, err := tx.query(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			if err != nil {
				return err
			}
			return errors.Join(rows.Close(), rows.Err())
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // SQLite takes this for as many as there are
	_, err := store.Apply(t.Context(), leg("big", make([]byte, 1<<20)))
	if !errors.Is(err, tracker.ErrUnavailable) || !strings.Contains(err.Error(), "free some space") {
		t.Errorf("got %v", err)
	}
	limit(1 << 30)
	if err := tracker.ErrorOf(store.Apply(t.Context(), leg("big", make([]byte, 1<<20)))); err != nil {
		t.Error(err)
	}
	if rows, err := store.Get(t.Context(), tracker.Legs, "before", "big"); err != nil || len(rows) != 2 {
		t.Errorf("found %d rows, %v", len(rows), err)
	}
}

func TestALockedFileIsUnavailable(t *testing.T) {
	store := openHere(t)
	other, err := Open(t.Context(), store.path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() //nolint:errcheck // the test is over
	if _, err := store.writer.conn.ExecContext(t.Context(), "PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	letGo := hold(t, other)
	if _, err := store.Apply(t.Context(), leg("a", nil)); !errors.Is(err, tracker.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	letGo()
	if err := tracker.ErrorOf(store.Apply(t.Context(), leg("a", nil))); err != nil {
		t.Error(err)
	}
}

func TestEveryTableIsInTheSchema(t *testing.T) {
	store := openHere(t)
	for _, table := range tracker.Tables() {
		rows, err := store.Search(t.Context(), table, "l", []string{"t"}, tracker.Page{})
		if err != nil || len(rows) != 0 {
			t.Errorf("%s: %v, %v", table, rows, err)
		}
	}
}
