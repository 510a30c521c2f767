package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"waybill/tracker"
)

func lifeCases() []testCase {
	return []testCase{
		{"Ping of a working store succeeds", func(t *testing.T, store tracker.Store) {
			if err := store.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
		}},
		{"a call whose context has ended fails and changes nothing", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Lists: []string{"l"}, Due: now, Order: 1})
			before := get(t, store, "a")
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			for name, err := range everyCall(ctx, store) {
				if !errors.Is(err, context.Canceled) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if after := get(t, store, "a"); after.Version != before.Version || after.Due != before.Due {
				t.Errorf("was %+v, is %+v", before, after)
			}
		}},
		{"a table that does not exist is an error of its own", func(t *testing.T, store tracker.Store) {
			_, err := store.Get(t.Context(), "nonsense", "a")
			if err == nil || errors.Is(err, tracker.ErrUnavailable) {
				t.Fatalf("got %v", err)
			}
		}},
	}
}

// closed closes the store and calls it nevertheless.
func closed(t *testing.T, store tracker.Store) {
	put(t, store, tracker.Row{Key: "a"})
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for name, err := range everyCall(t.Context(), store) {
		if !errors.Is(err, tracker.ErrUnavailable) {
			t.Errorf("%s: got %v, want tracker.ErrUnavailable", name, err)
		}
	}
	if err := store.Close(); err != nil {
		t.Errorf("closing it again: %v", err)
	}
}

// everyCall makes each of the store's calls and tells their errors by name.
func everyCall(ctx context.Context, store tracker.Store) map[string]error {
	errs := make(map[string]error)
	_, errs["Get"] = store.Get(ctx, table, "a")
	_, errs["Apply"] = store.Apply(ctx, sets(tracker.Row{Key: "a", Version: 1}))
	_, errs["List"] = store.List(ctx, table, "l", tracker.Page{})
	_, errs["Search"] = store.Search(ctx, table, "l", []string{"a"}, tracker.Page{})
	_, errs["Claim"] = store.Claim(ctx, claimAt(now, 1))
	errs["Reschedule"] = store.Reschedule(ctx, table, []tracker.Due{{Key: "a"}})
	_, errs["Count"] = store.Count(ctx, table, "l", 1)
	_, errs["Purge"] = store.Purge(ctx, table, time.UnixMilli(now), 1)
	errs["Ping"] = store.Ping(ctx)
	return errs
}
