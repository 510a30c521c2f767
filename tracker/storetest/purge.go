package storetest

import (
	"testing"
	"time"

	"waybill/tracker"
)

func purgeCases() []testCase {
	return []testCase{
		{"Purge removes what is older than the moment and never due", func(t *testing.T, store tracker.Store) {
			lists, terms := []string{"l"}, []string{"red"}
			put(t, store,
				tracker.Row{Key: "old", Order: now - 1, Lists: lists, Terms: terms},
				tracker.Row{Key: "older", Order: now - 2, Lists: lists, Terms: terms},
				tracker.Row{Key: "old but due", Order: now - 3, Due: now, Lists: lists, Terms: terms},
				tracker.Row{Key: "at the moment", Order: now, Lists: lists, Terms: terms},
			)
			expectPurged(t, store, 10, 2)
			rows, err := store.List(t.Context(), table, "l", tracker.Page{})
			expectKeys(t, "List", rows, err, "at the moment", "old but due")
			rows, err = store.Search(t.Context(), table, "", terms, tracker.Page{})
			expectKeys(t, "Search", rows, err, "at the moment", "old but due")
			rows, err = store.Get(t.Context(), table, "old", "older")
			expectKeys(t, "Get", rows, err)
			expectPurged(t, store, 10, 0)
		}},
		{"Purge stops at its limit", func(t *testing.T, store tracker.Store) {
			put(t, store, numbered(5, nil)...)
			expectPurged(t, store, 0, 0)
			expectPurged(t, store, 3, 3)
			expectPurged(t, store, 3, 2)
		}},
	}
}

func expectPurged(t *testing.T, store tracker.Store, limit, want int) {
	t.Helper()
	if n, err := store.Purge(t.Context(), table, time.UnixMilli(now), limit); err != nil || n != want {
		t.Fatalf("purged %d rows, want %d: %v", n, want, err)
	}
}
