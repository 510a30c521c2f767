package main

import (
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"waybill/adapters/pull"
	"waybill/tracker/drift"
	"waybill/tracker/sqlite"
	"waybill/workers/poll"
)

// TestCallsThatSayHowACarrierDoesAreCounted: those that were made and were in order.
func TestCallsThatSayHowACarrierDoesAreCounted(t *testing.T) {
	for _, c := range []struct {
		outcome       string
		asked, failed uint64
	}{
		{poll.OutcomeAnswered, 1, 0},
		{poll.OutcomeEmpty, 1, 0},
		{string(pull.Unavailable), 1, 1},
		{string(pull.Unauthorised), 1, 1},
		{string(pull.Held), 0, 0},
		{string(pull.RateLimited), 0, 0},
	} {
		collector, now := drift.NewCollector(), time.Date(2026, 5, 6, 12, 0, 0, 0, time.UTC)
		observer := pullObserver{newPullMeasures(), collector, func() time.Time { return now }}
		observer.Asked(poll.Call{Carrier: "ups", Account: "ups/main", Outcome: c.outcome, Numbers: 1})
		store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "waybill.db"))
		if err != nil {
			t.Fatal(err)
		}
		flusher := drift.Flusher{Collector: collector, Store: store, Now: observer.now, Log: slog.New(slog.DiscardHandler)}
		err = flusher.Flush(t.Context())
		summaries, failure := drift.Summaries(t.Context(), store, now)
		if err = errors.Join(err, failure, store.Close()); err != nil {
			t.Fatal(err)
		}
		var asked, failed uint64
		for _, s := range summaries {
			asked, failed = asked+s.Total(drift.Asked), failed+s.Total(drift.Failed)
		}
		if asked != c.asked || failed != c.failed {
			t.Errorf("%s: %d asked, %d failed; want %d and %d", c.outcome, asked, failed, c.asked, c.failed)
		}
	}
}
