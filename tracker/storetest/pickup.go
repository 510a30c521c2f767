package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/pickup"
	"waybill/tracker/seal"
)

// scansKept takes in whatever a desk tells.
type scansKept struct{ count atomic.Int64 }

func (s *scansKept) Accept(context.Context, *tracker.Receipt) (tracker.Outcome, error) {
	s.count.Add(1)
	return tracker.Outcome{Settled: true}, nil
}

// RunPickup holds pickup points against a store: of many who want a place at once exactly as many get one as there are
// places, one parcel that is put in twice at once is told once, and no more codes are tried than may be.
func RunPickup(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 30, 0, 0, time.UTC)
	scans := &scansKept{}
	d := &pickup.Desk{
		Store: open(t), Keys: keys, Ingest: scans, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	}
	point := &tracker.PickupPoint{ID: "L1", Kind: tracker.PickupLocker, Name: "Locker 1", Hours: "always", KeepDays: 3, CreatedAt: now}
	for i := range 4 {
		point.Compartments = append(point.Compartments, tracker.Compartment{ID: strconv.Itoa(i), Size: "M"})
	}
	if err := tracker.Save(t.Context(), d.Store, point); err != nil {
		t.Fatal(err)
	}
	got := atOnce(t, 10, func(int) error {
		_, err := d.Reserve(t.Context(), pickup.Wish{Tenant: "acme", Point: "L1", Size: "S"})
		return err
	})
	if got[nil] != 4 || got[pickup.ErrFull] != 6 {
		t.Fatalf("ten who want four places: %v", got)
	}
	now = now.Add(pickup.ReserveFor)
	parcel := &tracker.Shipment{ID: tracker.NewTrackingID(), Tenant: "acme"}
	got = atOnce(t, 4, func(int) error {
		_, err := d.Put(t.Context(), pickup.Deposit{Shipment: parcel, Point: "L1", Size: "M"})
		return err
	})
	stay, err := d.StayOf(t.Context(), parcel.ID)
	if err != nil || stay.State != tracker.StayWaiting || got[nil]+got[pickup.ErrElse] != 4 || scans.count.Load() < 1 {
		t.Fatalf("a parcel put in four times at once: %v, %+v, %v", got, stay, err)
	}
	guessed := atOnce(t, 12, func(i int) error {
		_, err := d.Open(t.Context(), "L1", fmt.Sprintf("guess-%d", i))
		return err
	})
	if guessed[pickup.ErrCode] != pickup.WrongMost || guessed[pickup.ErrLocked] != 12-pickup.WrongMost {
		t.Fatalf("twelve guesses at once: %v", guessed)
	}
}

// atOnce does something so many times at once, and counts the errors that it may end with.
func atOnce(t *testing.T, times int, do func(i int) error) map[error]int {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	count := map[error]int{}
	for i := range times {
		all.Go(func() {
			err := do(i)
			for _, known := range []error{pickup.ErrFull, pickup.ErrElse, pickup.ErrCode, pickup.ErrLocked} {
				if errors.Is(err, known) {
					err = known
				}
			}
			mu.Lock()
			defer mu.Unlock()
			count[err]++
		})
	}
	all.Wait()
	return count
}
