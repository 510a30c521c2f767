// Package storetest is the specification of tracker.Store: what every store does, told by tests.
// A store's own tests call Run, and Benchmark for its figures.
package storetest

import (
	"fmt"
	"slices"
	"testing"

	"waybill/tracker"
)

// table is where most of the tests work; no store treats one unlike another.
const table = tracker.Shipments

// Run tests the store that open makes. Each call of open gives a new and empty one, which closes when its test ends.
func Run(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Helper()
	for _, group := range []struct {
		name  string
		cases []testCase
	}{
		{"rows", rowCases()},
		{"batches", batchCases()},
		{"lists", listCases()},
		{"search", searchCases()},
		{"claims", claimCases()},
		{"purge", purgeCases()},
		{"life", lifeCases()},
	} {
		t.Run(group.name, func(t *testing.T) {
			store := open(t)
			for _, test := range group.cases {
				t.Run(test.name, func(t *testing.T) {
					empty(t, store)
					test.run(t, store)
				})
			}
		})
	}
	t.Run("a closed store says so", func(t *testing.T) { closed(t, open(t)) })
	t.Run("any sequence of calls does as the model does", func(t *testing.T) { likeModel(t, open(t)) })
}

type testCase struct {
	name string
	run  func(t *testing.T, store tracker.Store)
}

// empty removes all rows, so that the cases of a group can share a store.
func empty(t fataler, store tracker.Store) {
	t.Helper()
	for _, name := range []tracker.Table{table, tracker.Legs} {
		for {
			rows, err := store.Search(t.Context(), name, "", nil, tracker.Page{Limit: 1000})
			if err != nil {
				t.Fatalf("read all rows of %s: %v", name, err)
			}
			if len(rows) == 0 {
				break
			}
			writes := make([]tracker.Write, len(rows))
			for i, row := range rows {
				writes[i] = tracker.Write{Table: name, Row: row, Delete: true}
			}
			if err := tracker.ErrorOf(store.Apply(t.Context(), writes)); err != nil {
				t.Fatalf("remove all rows of %s: %v", name, err)
			}
		}
	}
}

// sets makes the writes that set rows.
func sets(rows ...tracker.Row) []tracker.Write {
	writes := make([]tracker.Write, len(rows))
	for i, row := range rows {
		writes[i] = tracker.Write{Table: table, Row: row}
	}
	return writes
}

// put writes rows and fails the test unless all are written.
func put(t fataler, store tracker.Store, rows ...tracker.Row) {
	t.Helper()
	results, err := store.Apply(t.Context(), sets(rows...))
	if err := tracker.ErrorOf(results, err); err != nil {
		t.Fatalf("write %d rows: %v", len(rows), err)
	}
	if len(results) != len(rows) {
		t.Fatalf("%d results for %d writes", len(results), len(rows))
	}
}

// get reads one row, which must be there.
func get(t fataler, store tracker.Store, key string) tracker.Row {
	t.Helper()
	rows, err := store.Get(t.Context(), table, key)
	if err != nil {
		t.Fatalf("read %q: %v", key, err)
	}
	if len(rows) != 1 || rows[0].Key != key {
		t.Fatalf("read %q: got the rows %q", key, keysOf(rows))
	}
	return rows[0]
}

// expectKeys compares the keys of rows, in their order.
func expectKeys(t fataler, what string, rows []tracker.Row, err error, want ...string) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if got := keysOf(rows); !slices.Equal(got, want) {
		t.Fatalf("%s: got %q, want %q", what, got, want)
	}
}

func keysOf(rows []tracker.Row) []string {
	keys := make([]string, 0, len(rows))
	for _, row := range rows {
		keys = append(keys, row.Key)
	}
	return keys
}

// numbered makes n rows, "r000" the newest; each can be altered before it is returned.
func numbered(n int, alter func(i int, row *tracker.Row)) []tracker.Row {
	rows := make([]tracker.Row, n)
	for i := range rows {
		rows[i] = tracker.Row{Key: fmt.Sprintf("r%03d", i), Order: int64(10_000 - i), Doc: []byte{byte(i)}}
		if alter != nil {
			alter(i, &rows[i])
		}
	}
	return rows
}
