package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/allocate"
)

// RunCapacity holds carriers' capacities against a store: of many who take from the same day at once, no more get a place
// than there are.
func RunCapacity(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Helper()
	store, now := open(t), time.Date(2026, 11, 23, 12, 30, 0, 0, time.UTC)
	c := &tracker.Capacity{Tenant: "acme", Carrier: "dhl", PerDay: 5, CreatedAt: now}
	if err := tracker.Save(t.Context(), store, c); err != nil {
		t.Fatal(err)
	}
	key := tracker.CapacityKey("acme", "dhl", "")
	var all sync.WaitGroup
	var given, full atomic.Int64
	for range 12 {
		all.Go(func() {
			switch _, err := allocate.Take(t.Context(), store, key, "2026-11-23", now); {
			case err == nil:
				given.Add(1)
			case errors.Is(err, allocate.ErrFull):
				full.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if given.Load() != 5 || full.Load() != 7 {
		t.Errorf("of five places %d were given out, %d refused", given.Load(), full.Load())
	}
	if left, err := allocate.Take(t.Context(), store, key, "2026-11-26", now.AddDate(0, 0, 3)); err != nil || left != 4 {
		t.Errorf("on another day: %d left, %v", left, err)
	}
	if c, err := tracker.Load[tracker.Capacity](t.Context(), store, key); err != nil || len(c.Taken) != 1 {
		t.Errorf("days that are over stay: %v, %v", c, err)
	}
}
