package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/drift"
)

// RunDrift holds the counts of what carriers send against a store: of many processes that count the same source at once
// none is lost, and what they amount to is found.
func RunDrift(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Helper()
	store, now := open(t), time.Date(2026, 11, 23, 12, 30, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	quiet := slog.New(slog.DiscardHandler)
	const processes, payloads = 8, 25
	var all sync.WaitGroup
	for p := range processes {
		flusher := &drift.Flusher{Collector: drift.NewCollector(), Store: store, Now: clock, Log: quiet, Listens: true}
		all.Go(func() {
			for i := range payloads {
				flusher.Collector.Read(
					&tracker.Receipt{ID: fmt.Sprintf("r%d-%d", p, i), Source: tracker.FromWebhook, Carrier: "ups", Account: "main", ReceivedAt: now},
					&tracker.Reading{Faults: []tracker.Fault{{What: "no number"}}, UnknownCodes: []string{"ZZ"}},
				)
				flusher.Collector.Pulled("ups", "main", "timeout", now)
				if i%5 == 4 {
					flushUntilStored(t, flusher)
				}
			}
		})
	}
	all.Wait()
	watch := &drift.Watch{Store: store, Now: clock, Log: quiet}
	for range 2 {
		if err := watch.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour) // so that an hour is folded too
	}
	found, err := drift.Summaries(t.Context(), store, now)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d summaries (%v)", len(found), err)
	}
	for what, want := range map[drift.Count]uint64{drift.Payloads: processes * payloads, drift.Failed: processes * payloads} {
		if n := found[0].Total(what); n != want {
			t.Errorf("count %d is %d, want %d", what, n, want)
		}
	}
	codes, err := drift.Codes(t.Context(), store, "ups")
	if err != nil || len(codes) != 1 || codes[0].Payloads != processes*payloads {
		t.Errorf("the codes are %+v (%v)", codes, err)
	}
	alerts, err := drift.Alerts(t.Context(), store, "ups", 10)
	if err != nil || len(alerts) != 2 {
		t.Errorf("the alerts are %+v (%v)", alerts, err)
	}
	var health drift.Health
	if err := health.Refresh(t.Context(), store); err != nil || len(health.Alerts()) != 2 || len(health.Outages("ups")) != 1 {
		t.Errorf("%d alerts and %v are held in memory (%v)", len(health.Alerts()), health.Outages("ups"), err)
	}
}

// flushUntilStored flushes again where others wrote the same records too often meanwhile: the counts are put back.
func flushUntilStored(t *testing.T, flusher *drift.Flusher) {
	t.Helper()
	var err error
	for range 100 {
		if err = flusher.Flush(context.Background()); err == nil {
			return
		}
	}
	t.Errorf("counts could not be stored: %v", err)
}
