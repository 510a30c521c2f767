package storetest

import (
	"fmt"
	"slices"
	"testing"

	"waybill/tracker"
)

func listCases() []testCase {
	return []testCase{
		{"a list is read newest first, by Order and then by Key", func(t *testing.T, store tracker.Store) {
			lists := []string{"l"}
			put(t, store,
				tracker.Row{Key: "b", Order: 5, Lists: lists}, tracker.Row{Key: "z", Order: -1, Lists: lists},
				tracker.Row{Key: "c", Order: 5, Lists: lists}, tracker.Row{Key: "a", Order: 5, Lists: lists},
				tracker.Row{Key: "m", Order: 9, Lists: lists}, tracker.Row{Key: "n", Order: 7, Lists: []string{"other"}},
			)
			rows, err := store.List(t.Context(), table, "l", tracker.Page{})
			expectKeys(t, "List", rows, err, "m", "c", "b", "a", "z")
			rows, err = store.List(t.Context(), table, "none", tracker.Page{})
			expectKeys(t, "List of nobody", rows, err)
		}},
		{"pages follow each other through rows of one Order", func(t *testing.T, store tracker.Store) {
			rows := numbered(25, func(i int, row *tracker.Row) { row.Lists, row.Order = []string{"l"}, int64(100-i/10) })
			put(t, store, rows...)
			slices.SortFunc(rows, newestFirst)
			for _, size := range []int{1, 4, 10, 25, 26} {
				got := allPages(t, size, func(page tracker.Page) ([]tracker.Row, error) {
					return store.List(t.Context(), table, "l", page)
				})
				expectKeys(t, fmt.Sprintf("pages of %d", size), got, nil, keysOf(rows)...)
			}
		}},
		{"a list turned round is read oldest first, page by page", func(t *testing.T, store tracker.Store) {
			rows := numbered(25, func(i int, row *tracker.Row) { row.Lists, row.Order = []string{"l"}, int64(5-i/10) })
			put(t, store, rows...)
			put(t, store, tracker.Row{Key: "other", Order: 5, Lists: []string{"m"}}, tracker.Row{Key: "old", Order: -9, Lists: []string{"l"}})
			slices.SortFunc(rows, newestFirst)
			slices.Reverse(rows)
			want := append([]string{"old"}, keysOf(rows)...)
			for _, size := range []int{1, 4, 10, 26, 27} {
				got := allPages(t, size, func(page tracker.Page) ([]tracker.Row, error) {
					page.Oldest = true
					return store.List(t.Context(), table, "l", page)
				})
				expectKeys(t, fmt.Sprintf("pages of %d", size), got, nil, want...)
			}
		}},
		{"rows that arrive or leave meanwhile shift no page", stablePages},
		{"a page has 50 rows unless told, and 1000 at most", func(t *testing.T, store tracker.Store) {
			rows := numbered(1001, func(_ int, row *tracker.Row) { row.Lists = []string{"l"} })
			put(t, store, rows...)
			for limit, want := range map[int]int{0: 50, 7: 7, 1000: 1000, 5000: 1000} {
				got, err := store.List(t.Context(), table, "l", tracker.Page{Limit: limit})
				expectKeys(t, fmt.Sprintf("limit %d", limit), got, err, keysOf(rows[:want])...)
			}
		}},
		{"a change of lists moves the row", moveLists},
		{"a row in no list is in none", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Lists: []string{"l"}})
			row := get(t, store, "a")
			row.Lists = nil
			put(t, store, row)
			rows, err := store.List(t.Context(), table, "l", tracker.Page{})
			expectKeys(t, "List", rows, err)
		}},
		{"a list named twice has the row once", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Lists: []string{"l", "l"}})
			rows, err := store.List(t.Context(), table, "l", tracker.Page{})
			expectKeys(t, "List", rows, err, "a")
		}},
		{"Count stops at its limit", func(t *testing.T, store tracker.Store) {
			put(t, store, numbered(7, func(_ int, row *tracker.Row) { row.Lists = []string{"l"} })...)
			for limit, want := range map[int]int{0: 0, 1: 1, 6: 6, 7: 7, 8: 7} {
				if n, err := store.Count(t.Context(), table, "l", limit); err != nil || n != want {
					t.Errorf("limit %d: got %d, %v", limit, n, err)
				}
			}
			if n, err := store.Count(t.Context(), table, "none", 5); err != nil || n != 0 {
				t.Errorf("an empty list: got %d, %v", n, err)
			}
		}},
	}
}

func stablePages(t *testing.T, store tracker.Store) {
	list := func(_ int, row *tracker.Row) { row.Lists = []string{"l"} }
	rows := numbered(9, list)
	put(t, store, rows...)
	first, err := store.List(t.Context(), table, "l", tracker.Page{Limit: 3})
	expectKeys(t, "first page", first, err, "r000", "r001", "r002")
	put(t, store,
		tracker.Row{Key: "newer", Order: 20_000, Lists: []string{"l"}},
		tracker.Row{Key: "r002a", Order: first[2].Order, Lists: []string{"l"}}, // of the same moment, before the cursor
		tracker.Row{Key: "older", Order: 9_996, Lists: []string{"l"}},
	)
	gone := tracker.Write{Table: table, Row: first[2], Delete: true} // the cursor's own row
	if err := tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{gone})); err != nil {
		t.Fatal(err)
	}
	next, err := store.List(t.Context(), table, "l", tracker.Page{After: cursorOf(first[2]), Limit: 3})
	expectKeys(t, "second page", next, err, "r003", "r004", "older")
}

func moveLists(t *testing.T, store tracker.Store) {
	const inTransit, delivered = "milestone:acme/in_transit", "milestone:acme/delivered"
	put(t, store, tracker.Row{Key: "a", Order: 3, Lists: []string{"tenant:acme", inTransit}})
	row := get(t, store, "a")
	row.Lists = []string{"tenant:acme", delivered}
	put(t, store, row)
	for list, want := range map[string][]string{"tenant:acme": {"a"}, inTransit: nil, delivered: {"a"}} {
		rows, err := store.List(t.Context(), table, list, tracker.Page{})
		expectKeys(t, list, rows, err, want...)
	}
	// The lists are the same again, and the row says so by Indexed; without that note all is written anew.
	for _, forget := range []bool{false, true} {
		row = get(t, store, "a")
		row.Lists = []string{"tenant:acme", delivered}
		if forget {
			row.Indexed = 0
		}
		put(t, store, row)
		rows, err := store.List(t.Context(), table, delivered, tracker.Page{})
		expectKeys(t, "unchanged lists", rows, err, "a")
	}
}

// allPages reads pages of a size until one is short.
func allPages(t *testing.T, size int, read func(tracker.Page) ([]tracker.Row, error)) []tracker.Row {
	t.Helper()
	var all []tracker.Row
	page := tracker.Page{Limit: size}
	for {
		rows, err := read(page)
		if err != nil {
			t.Fatalf("read a page of %d: %v", size, err)
		}
		all = append(all, rows...)
		if len(rows) < size {
			return all
		}
		page.After = cursorOf(rows[len(rows)-1])
	}
}

func cursorOf(row tracker.Row) *tracker.Cursor {
	return &tracker.Cursor{Order: row.Order, Key: row.Key}
}
