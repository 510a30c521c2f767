package storetest

import (
	"fmt"
	"testing"

	"waybill/tracker"
)

func searchCases() []testCase {
	return []testCase{
		{"a search finds the rows that have all terms, newest first", func(t *testing.T, store tracker.Store) {
			put(t, store,
				tracker.Row{Key: "a", Order: 1, Terms: []string{"red", "big"}},
				tracker.Row{Key: "b", Order: 2, Terms: []string{"red", "small"}},
				tracker.Row{Key: "c", Order: 3, Terms: []string{"big", "red", "round"}},
				tracker.Row{Key: "d", Order: 4, Terms: []string{"re", "bigger", "d_red"}},
				tracker.Row{Key: "e", Order: 5},
			)
			for _, test := range []struct {
				terms []string
				want  []string
			}{
				{[]string{"red"}, []string{"c", "b", "a"}},
				{[]string{"red", "big"}, []string{"c", "a"}},
				{[]string{"big", "red", "big"}, []string{"c", "a"}},
				{[]string{"d_red"}, []string{"d"}},
				{[]string{"red", "none"}, nil},
				{nil, []string{"e", "d", "c", "b", "a"}},
			} {
				rows, err := store.Search(t.Context(), table, "", test.terms, tracker.Page{})
				expectKeys(t, fmt.Sprintf("search for %q", test.terms), rows, err, test.want...)
			}
		}},
		{"a search may stay within a list", func(t *testing.T, store tracker.Store) {
			put(t, store,
				tracker.Row{Key: "a", Order: 1, Lists: []string{"tenant:acme"}, Terms: []string{"red"}},
				tracker.Row{Key: "b", Order: 2, Lists: []string{"tenant:bolt"}, Terms: []string{"red"}},
				tracker.Row{Key: "c", Order: 3, Lists: []string{"tenant:acme"}, Terms: []string{"blue"}},
			)
			rows, err := store.Search(t.Context(), table, "tenant:acme", []string{"red"}, tracker.Page{})
			expectKeys(t, "red ones of acme", rows, err, "a")
			rows, err = store.Search(t.Context(), table, "tenant:acme", nil, tracker.Page{})
			expectKeys(t, "all of acme", rows, err, "c", "a")
		}},
		{"pages of a search follow each other", func(t *testing.T, store tracker.Store) {
			var want []string
			put(t, store, numbered(40, func(i int, row *tracker.Row) {
				row.Terms, row.Lists = []string{"all", fmt.Sprintf("mod%d", i%3)}, []string{fmt.Sprintf("half%d", i%2)}
				if i%3 == 1 && i%2 == 0 {
					want = append(want, row.Key)
				}
			})...)
			for _, size := range []int{1, 3, 50} {
				got := allPages(t, size, func(page tracker.Page) ([]tracker.Row, error) {
					return store.Search(t.Context(), table, "half0", []string{"all", "mod1"}, page)
				})
				expectKeys(t, fmt.Sprintf("pages of %d", size), got, nil, want...)
			}
		}},
		{"a change of terms moves the row", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Terms: []string{"red", "big"}}, tracker.Row{Key: "b", Terms: []string{"red"}})
			row := get(t, store, "a")
			row.Terms = []string{"blue", "big"}
			put(t, store, row)
			expectFound(t, store, map[string][]string{"red": {"b"}, "blue": {"a"}, "big": {"a"}})
			row = get(t, store, "a")
			row.Terms, row.Doc = []string{"blue", "big"}, []byte("other")
			put(t, store, row)
			expectFound(t, store, map[string][]string{"blue": {"a"}, "big": {"a"}})
			row = get(t, store, "a")
			row.Terms = nil
			put(t, store, row)
			expectFound(t, store, map[string][]string{"red": {"b"}, "blue": nil, "big": nil})
		}},
		{"a removed row is found no more, and a new one of its key by its own terms", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Terms: []string{"red"}})
			gone := tracker.Write{Table: table, Row: tracker.Row{Key: "a", Version: 1}, Delete: true}
			if err := tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{gone})); err != nil {
				t.Fatal(err)
			}
			expectFound(t, store, map[string][]string{"red": nil})
			put(t, store, tracker.Row{Key: "a", Terms: []string{"blue"}})
			expectFound(t, store, map[string][]string{"red": nil, "blue": {"a"}})
		}},
		{"words of a query language are terms like others", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Terms: []string{"and", "or", "not", "near"}}, tracker.Row{Key: "b", Terms: []string{"and"}})
			rows, err := store.Search(t.Context(), table, "", []string{"and", "not", "near"}, tracker.Page{})
			expectKeys(t, "search", rows, err, "a")
			for _, odd := range []string{`"`, `*`, `a"b`, `terms:x`, `$where`} {
				rows, err := store.Search(t.Context(), table, "", []string{odd}, tracker.Page{})
				expectKeys(t, "search for "+odd, rows, err)
			}
		}},
	}
}

// expectFound searches for each term alone.
func expectFound(t *testing.T, store tracker.Store, want map[string][]string) {
	t.Helper()
	for term, keys := range want {
		rows, err := store.Search(t.Context(), table, "", []string{term}, tracker.Page{})
		expectKeys(t, "search for "+term, rows, err, keys...)
	}
}
