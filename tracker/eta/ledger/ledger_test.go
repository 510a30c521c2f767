package ledger

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/sqlite"
)

var monday = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// onBothStores runs a test on each store.
func onBothStores(t *testing.T, run func(t *testing.T, store tracker.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		run(t, store)
	})
	t.Run("mongo", func(t *testing.T) {
		uri := mongotest.Start(t)
		store, err := mongo.Open(context.Background(), uri, mongotest.Database(t, uri))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		run(t, store)
	})
}

// sum is an account of the tests: how many facts, and what they add up to.
type sum struct {
	N     int
	Total int
}

func sums(store tracker.Store) *Ledger[int, sum] {
	return &Ledger[int, sum]{
		Store: store, Table: tracker.Scores,
		Count: func(_ string, account *sum, fact *int) error {
			account.N++
			account.Total += *fact
			return nil
		},
		Keep: func(key string) (string, time.Time) {
			switch key {
			case "old":
				return "all", monday.Add(-time.Hour)
			case "new":
				return "all", monday.Add(90 * 24 * time.Hour)
			}
			return "", time.Time{}
		},
	}
}

func TestAFactCountsOnceThoughManyFoldAndCrash(t *testing.T) {
	onBothStores(t, func(t *testing.T, store tracker.Store) {
		const facts = 24
		want := 0
		l := sums(store)
		for i := range facts {
			want += i
			for range 2 {
				if err := l.Note(t.Context(), strconv.Itoa(i), i, monday, "a", fmt.Sprintf("b%d", i%3)); err != nil {
					t.Fatal(err)
				}
			}
		}
		now := monday
		for lives := range 5 { // each time the store dies at another write of the fold
			_ = sums(&dyingStore{Store: store, lives: lives}).Fold(t.Context(), now)
			now = now.Add(2 * foldLease)
		}
		done := make(chan error, 4)
		for range cap(done) {
			go func() { done <- sums(store).Fold(context.Background(), now) }()
		}
		for range cap(done) {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Note(t.Context(), "0", 1000, now, "a"); err != nil { // again, long after
			t.Fatal(err)
		}
		if err := l.Fold(t.Context(), now.Add(2*foldLease)); err != nil {
			t.Fatal(err)
		}
		held, err := l.Read(t.Context(), "a", "b0", "b1", "b2", "c")
		if err != nil {
			t.Fatal(err)
		}
		if a := held["a"]; a.N != facts || a.Total != want {
			t.Errorf("account a has %d facts that add up to %d, want %d and %d", a.N, a.Total, facts, want)
		}
		parts := held["b0"].Total + held["b1"].Total + held["b2"].Total
		if parts != want || held["c"].N != 0 {
			t.Errorf("the parts add up to %d, want %d; what nobody counted into has %d", parts, want, held["c"].N)
		}
	})
}

// dyingStore takes some batches of writes and then no more; of the last one it takes only the first write.
type dyingStore struct {
	tracker.Store
	lives int
}

func (d *dyingStore) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	if d.lives--; d.lives >= 0 {
		return d.Store.Apply(ctx, writes)
	}
	if d.lives == -1 && len(writes) > 0 {
		_, _ = d.Store.Apply(ctx, writes[:1])
	}
	return nil, tracker.ErrUnavailable
}

func TestAccountsStandInListsUntilTheirEnd(t *testing.T) {
	onBothStores(t, func(t *testing.T, store tracker.Store) {
		l := sums(store)
		for i := range 3 {
			if err := l.Note(t.Context(), strconv.Itoa(i), 1, monday, "old", "new", "other"); err != nil {
				t.Fatal(err)
			}
			if err := l.Fold(t.Context(), monday.Add(-2*time.Hour)); err != nil { // nothing is due yet
				t.Fatal(err)
			}
		}
		if err := l.Fold(t.Context(), monday); err != nil {
			t.Fatal(err)
		}
		keys, held, err := l.List(t.Context(), "all", 10)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(keys) != "[new]" || held[0].N != 3 {
			t.Errorf("the list has %v; the account whose end has come must be gone", keys)
		}
		if err := l.Fold(t.Context(), monday.Add(noteKept+time.Hour)); err != nil {
			t.Fatal(err)
		}
		rows, err := store.Search(t.Context(), tracker.Scores, "", nil, tracker.Page{})
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 2 {
			t.Errorf("%d rows are left, want the accounts new and other without notes", len(rows))
		}
	})
}
