package tracker_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/storetest"
)

// replayed is a house in which 450 payloads came in, of as many legs, that one mapping read wrongly; and one in quarantine.
func replayed(t *testing.T, store tracker.Store) (*tracker.Replay, *storetest.Scans) {
	t.Helper()
	reader := scans()
	reader.Scans = nil
	for i := range 450 {
		reader.Scans = append(reader.Scans, storetest.Scan{Number: i, Event: tracker.Event{
			Kind: "out", Time: tracker.StampAt(noon.Add(-time.Hour)), Substatus: "out_for_delivery",
		}})
	}
	in := storetest.NewIngest(t, store, reader, func() time.Time { return noon })
	if _, errs := in.Register(t.Context(), []tracker.NewShipment{{Tenant: "acme", Carrier: "ups", Number: "TN3"}}); errs[0] != nil {
		t.Fatal(errs[0])
	}
	for i := range 451 {
		if _, err := in.Accept(t.Context(), payload(strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
	}
	// The mapping is mended: of two numbers it reads a delivery, and the payload in quarantine too.
	reader.Scans[3].Event.Substatus, reader.Scans[440].Event.Substatus = "delivered", "delivered"
	reader.Scans = append(reader.Scans, storetest.Scan{Number: 900, Event: reader.Scans[3].Event})
	return tracker.NewReplay(in), reader
}

func changesOf(t *testing.T, store tracker.Store, run *tracker.ReplayRun) []string {
	t.Helper()
	changes, err := tracker.LoadList[tracker.ReplayChange](t.Context(), store, tracker.ListOfChanges(run.ID), tracker.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, c := range changes {
		list = append(list, fmt.Sprintf("%s %q %d -> %q %d, %d shipments", c.LegKey, c.Before, c.EventsBefore, c.After, c.EventsAfter, len(c.Shipments)))
	}
	slices.Sort(list)
	return list
}

var replayedChanges = []string{
	`ups:TN3 "out_for_delivery" 1 -> "delivered" 1, 1 shipments`,
	`ups:TN440 "out_for_delivery" 1 -> "delivered" 1, 0 shipments`,
	`ups:TN900 "" 0 -> "delivered" 1, 0 shipments`,
}

func TestARunOfReplayKeepsWhatItChanged(t *testing.T) {
	store := openStore(t)
	replay, _ := replayed(t, store)
	run, err := replay.Begin(t.Context(), "ups", noon.Add(-time.Hour), "cli")
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	if err := replay.Go(t.Context(), run, func(*tracker.ReplayChange) { told++ }); err != nil {
		t.Fatal(err)
	}
	kept, err := tracker.Load[tracker.ReplayRun](t.Context(), store, run.ID)
	if err != nil || kept.EndedAt.IsZero() || kept.Receipts != 451 || kept.Requeued != 1 || kept.Unreadable != 0 || kept.Legs != 451 || kept.Changed != 3 {
		t.Errorf("the run is %+v (%v)", kept, err)
	}
	if got := changesOf(t, store, run); told != 3 || !slices.Equal(got, replayedChanges) {
		t.Errorf("%d were told, kept are %q", told, got)
	}
	if _, err := replay.Open(t.Context(), "ups"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("after its end there is an open run (%v)", err)
	}
}

// TestARunOfReplayGoesOnAfterACrash at every write: what it had noted is noted once, and nothing is left out.
func TestARunOfReplayGoesOnAfterACrash(t *testing.T) {
	down := errors.New("the plug was pulled")
	store := &faulty{Store: openStore(t)}
	replay, _ := replayed(t, store)
	run, err := replay.Begin(t.Context(), "ups", noon.Add(-time.Hour), "cli")
	if err != nil {
		t.Fatal(err)
	}
	crashes := 0
	for ; run.EndedAt.IsZero() && crashes < 50; crashes++ {
		var writes atomic.Int32
		store.failApply = func([]tracker.Write) error {
			if int(writes.Add(1)) > crashes+1 { // one write further each time
				return down
			}
			return nil
		}
		_ = replay.Go(t.Context(), run, func(*tracker.ReplayChange) {}) // it fails, as the store does
		store.failApply = nil
		if run, err = tracker.Load[tracker.ReplayRun](t.Context(), store, run.ID); err != nil {
			t.Fatal(err)
		}
	}
	if got := changesOf(t, store, run); crashes < 4 || run.EndedAt.IsZero() || !slices.Equal(got, replayedChanges) {
		t.Errorf("after %d crashes the run is %+v, and kept are %q", crashes, run, got)
	}
}

func TestARunOfReplayThatIsStoppedStaysOpen(t *testing.T) {
	store := openStore(t)
	replay, _ := replayed(t, store)
	run, err := replay.Begin(t.Context(), "ups", noon.Add(-time.Hour), "cli")
	if err != nil {
		t.Fatal(err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := replay.Go(stopped, run, func(*tracker.ReplayChange) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped, it says %v", err)
	}
	if open, err := replay.Open(t.Context(), "ups"); err != nil || open.ID != run.ID {
		t.Errorf("the open run is %+v (%v)", open, err)
	}
}
