package storetest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
)

func claimCases() []testCase {
	return []testCase{
		{"a claim hands out what is due, the longest due first, once", func(t *testing.T, store tracker.Store) {
			put(t, store,
				dueRow("late", now-10), dueRow("later", now-5), dueRow("now", now), dueRow("latest", now-1),
				dueRow("future", now+1), dueRow("never", 0),
			)
			rows, err := store.Claim(t.Context(), claimAt(now, 3))
			expectKeys(t, "first claim", rows, err, "late", "later", "latest")
			for _, row := range rows {
				if row.Version != 1 || row.Due != now+1000 || string(row.Doc) != row.Key {
					t.Errorf("handed out %+v", row)
				}
			}
			rows, err = store.Claim(t.Context(), claimAt(now, 3))
			expectKeys(t, "second claim", rows, err, "now")
			rows, err = store.Claim(t.Context(), claimAt(now, 3))
			expectKeys(t, "third claim", rows, err)
		}},
		{"a claimed row that nobody writes falls due again", func(t *testing.T, store tracker.Store) {
			put(t, store, dueRow("a", now))
			_, err := store.Claim(t.Context(), claimAt(now, 1))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := store.Claim(t.Context(), claimAt(now+999, 1))
			expectKeys(t, "before Until", rows, err)
			rows, err = store.Claim(t.Context(), claimAt(now+1000, 1))
			expectKeys(t, "at Until", rows, err, "a")
		}},
		{"a claimed row can be written by its version, which ends the claim", func(t *testing.T, store tracker.Store) {
			put(t, store, dueRow("a", now))
			rows, err := store.Claim(t.Context(), claimAt(now, 1))
			expectKeys(t, "claim", rows, err, "a")
			rows[0].Due = 0
			put(t, store, rows[0])
			rows, err = store.Claim(t.Context(), claimAt(now+5000, 1))
			expectKeys(t, "after the write", rows, err)
		}},
		{"a claim looks at its own buckets and table alone", ownBuckets},
		{"a claim without limit hands out nothing, and one that ends at once is refused", func(t *testing.T, store tracker.Store) {
			put(t, store, dueRow("a", now))
			rows, err := store.Claim(t.Context(), claimAt(now, 0))
			expectKeys(t, "limit 0", rows, err)
			claim := claimAt(now, 1)
			claim.Until = claim.Now
			if rows, err := store.Claim(t.Context(), claim); err == nil {
				t.Fatalf("handed out %q", keysOf(rows))
			}
		}},
		{"of many claimants each row goes to one", oneClaimant},
		{"Reschedule sets Due alone", func(t *testing.T, store tracker.Store) {
			put(t, store, dueRow("a", now), dueRow("b", 0), dueRow("c", now))
			err := store.Reschedule(t.Context(), table, []tracker.Due{
				{Key: "a"}, {Key: "b", At: now - 1}, {Key: "missing", At: now},
			})
			if err != nil {
				t.Fatal(err)
			}
			for key, due := range map[string]int64{"a": 0, "b": now - 1, "c": now} {
				if row := get(t, store, key); row.Due != due || row.Version != 1 || string(row.Doc) != key {
					t.Errorf("%+v, want due %d", row, due)
				}
			}
			rows, err := store.Claim(t.Context(), claimAt(now, 9))
			expectKeys(t, "what is due", rows, err, "b", "c")
			if err := store.Reschedule(t.Context(), table, nil); err != nil {
				t.Error(err)
			}
		}},
	}
}

// now is the claimants' clock, in Unix milliseconds.
const now = 1_763_900_000_000

func dueRow(key string, due int64) tracker.Row {
	return tracker.Row{Key: key, Order: now, Due: due, Doc: []byte(key)}
}

// claimAt claims for a second.
func claimAt(at int64, limit int) tracker.Claim {
	return tracker.Claim{Table: table, Now: time.UnixMilli(at), Until: time.UnixMilli(at + 1000), Limit: limit}
}

func ownBuckets(t *testing.T, store tracker.Store) {
	rows := numbered(40, func(_ int, row *tracker.Row) { row.Due = now })
	put(t, store, rows...)
	mine, others := []uint8{tracker.Bucket(rows[0].Key), tracker.Bucket(rows[1].Key)}, 0
	for _, row := range rows {
		if !slices.Contains(mine, tracker.Bucket(row.Key)) {
			others++
		}
	}
	claim := claimAt(now, 100)
	claim.Table = tracker.Legs
	got, err := store.Claim(t.Context(), claim)
	expectKeys(t, "another table", got, err)

	claim = claimAt(now, 100)
	claim.Buckets = []uint8{}
	got, err = store.Claim(t.Context(), claim)
	expectKeys(t, "no buckets", got, err)

	claim.Buckets = mine
	got, err = store.Claim(t.Context(), claim)
	if err != nil || len(got) != len(rows)-others {
		t.Fatalf("of buckets %v got %q, %v", mine, keysOf(got), err)
	}
	for _, row := range got {
		if !slices.Contains(mine, tracker.Bucket(row.Key)) {
			t.Errorf("%s is of bucket %d", row.Key, tracker.Bucket(row.Key))
		}
	}
	claim.Buckets = nil
	if got, err = store.Claim(t.Context(), claim); err != nil || len(got) != others {
		t.Fatalf("of the other buckets got %d rows, want %d: %v", len(got), others, err)
	}
}

func oneClaimant(t *testing.T, store tracker.Store) {
	rows := numbered(120, func(i int, row *tracker.Row) { row.Due = now - int64(i) })
	put(t, store, rows...)
	var mu sync.Mutex
	times := make(map[string]int)
	together(t, func(ctx context.Context) error {
		for {
			claimed, err := store.Claim(ctx, claimAt(now, 7))
			if err != nil {
				return err
			}
			// A claimant whose rows were all taken by others goes on while some are due.
			if len(claimed) == 0 && !anyDue(ctx, t, store) {
				return nil
			}
			mu.Lock()
			for _, row := range claimed {
				times[row.Key]++
			}
			mu.Unlock()
		}
	})
	want := slices.Sorted(slices.Values(keysOf(rows)))
	if got := slices.Sorted(maps.Keys(times)); !slices.Equal(got, want) {
		t.Errorf("%d of %d rows were handed out", len(got), len(want))
	}
	for key, n := range times {
		if n != 1 {
			t.Errorf("%s was handed out %d times", key, n)
		}
	}
}

func anyDue(ctx context.Context, t *testing.T, store tracker.Store) bool {
	rows, err := store.Search(ctx, table, "", nil, tracker.Page{Limit: 1000})
	if err != nil {
		t.Error(err)
	}
	return slices.ContainsFunc(rows, func(row tracker.Row) bool { return row.Due <= now })
}
