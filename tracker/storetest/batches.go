package storetest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"waybill/tracker"
)

func batchCases() []testCase {
	return []testCase{
		{"each write of a batch stands for itself", partialFailure},
		{"a batch may be empty", func(t *testing.T, store tracker.Store) {
			if results, err := store.Apply(t.Context(), nil); err != nil || len(results) != 0 {
				t.Fatalf("got %v, %v", results, err)
			}
		}},
		{"a batch may reach over tables", func(t *testing.T, store tracker.Store) {
			err := tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{
				{Table: table, Row: tracker.Row{Key: "a"}},
				{Table: tracker.Legs, Row: tracker.Row{Key: "a"}},
				{Table: table, Row: tracker.Row{Key: "b"}},
			}))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := store.Get(t.Context(), tracker.Legs, "a", "b")
			expectKeys(t, "Get of the second table", rows, err, "a")
			rows, err = store.Get(t.Context(), table, "a", "b")
			expectKeys(t, "Get of the first table", rows, err, "a", "b")
		}},
		{"a table that does not exist fails its write alone", func(t *testing.T, store tracker.Store) {
			results, err := store.Apply(t.Context(), []tracker.Write{
				{Table: "nonsense", Row: tracker.Row{Key: "a"}}, {Table: table, Row: tracker.Row{Key: "a"}},
			})
			if err != nil || results[0] == nil || results[1] != nil {
				t.Fatalf("got %v, %v", results, err)
			}
		}},
		{"of many writers that change one row by compare-and-set none is lost", exactCounter},
		{"of many writers that insert one row one succeeds", oneInsert},
	}
}

func partialFailure(t *testing.T, store tracker.Store) {
	put(t, store, numbered(4, nil)...)
	rows, err := store.Get(t.Context(), table, "r000", "r001", "r002", "r003")
	if err != nil {
		t.Fatal(err)
	}
	put(t, store, rows[1], rows[3]) // these two are stale now
	for i := range rows {
		rows[i].Doc = []byte("batch")
	}
	results, err := store.Apply(t.Context(), []tracker.Write{
		{Table: table, Row: rows[0]},
		{Table: table, Row: rows[1]},
		{Table: table, Row: rows[2], Delete: true},
		{Table: table, Row: rows[3], Delete: true},
		{Table: table, Row: tracker.Row{Key: "new", Doc: []byte("batch")}},
		{Table: table, Row: tracker.Row{Key: "gone", Version: 3}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, conflict := range []bool{false, true, false, true, false, true} {
		if conflict != errors.Is(results[i], tracker.ErrConflict) || !conflict && results[i] != nil {
			t.Errorf("write %d: %v", i, results[i])
		}
	}
	got, err := store.Get(t.Context(), table, "r000", "r001", "r002", "r003", "new", "gone")
	expectKeys(t, "what is left", got, err, "r000", "r001", "r003", "new")
	for i, want := range []string{"batch", "\x01", "\x03", "batch"} {
		if string(got[i].Doc) != want {
			t.Errorf("%s holds %q, want %q", got[i].Key, got[i].Doc, want)
		}
	}
}

const writers = 16

func exactCounter(t *testing.T, store tracker.Store) {
	const each = 8
	put(t, store, tracker.Row{Key: "n", Doc: []byte("0")})
	together(t, func(ctx context.Context) error {
		for done := 0; done < each; {
			rows, err := store.Get(ctx, table, "n")
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(string(rows[0].Doc))
			if err != nil {
				return err
			}
			rows[0].Doc = strconv.AppendInt(nil, int64(n+1), 10)
			switch err := tracker.ErrorOf(store.Apply(ctx, sets(rows[0]))); {
			case err == nil:
				done++
			case !errors.Is(err, tracker.ErrConflict):
				return err
			}
		}
		return nil
	})
	expectDoc(t, store, "n", strconv.Itoa(writers*each))
	if version := get(t, store, "n").Version; version != writers*each+1 {
		t.Fatalf("version %d, want %d", version, writers*each+1)
	}
}

func oneInsert(t *testing.T, store tracker.Store) {
	var mu sync.Mutex
	won := 0
	together(t, func(ctx context.Context) error {
		err := tracker.ErrorOf(store.Apply(ctx, sets(tracker.Row{Key: "a"})))
		if err == nil {
			mu.Lock()
			won++
			mu.Unlock()
		} else if !errors.Is(err, tracker.ErrConflict) {
			return err
		}
		return nil
	})
	if won != 1 {
		t.Fatalf("%d of %d inserts of one row succeeded", won, writers)
	}
}

// together runs the work as many times at once as there are writers.
func together(t *testing.T, work func(ctx context.Context) error) {
	t.Helper()
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			if err := work(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}
