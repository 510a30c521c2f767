package tracker_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/sqlite"
	"waybill/tracker/storetest"
)

// faulty is a store that fails where a test says so.
type faulty struct {
	tracker.Store
	failApply func(writes []tracker.Write) error
}

func (f *faulty) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	if f.failApply != nil {
		if err := f.failApply(writes); err != nil {
			return nil, err
		}
	}
	return f.Store.Apply(ctx, writes)
}

func openStore(t *testing.T) tracker.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// scans is a reader of five scans: four of number 0, one of number 1.
func scans() *storetest.Scans {
	event := func(hour int, substatus tracker.Substatus) tracker.Event {
		return tracker.Event{Kind: string(substatus), Time: tracker.StampAt(noon.Add(time.Duration(hour) * time.Hour)), Substatus: substatus}
	}
	return &storetest.Scans{Prefix: "T", Scans: []storetest.Scan{
		{Event: event(-5, "label_created")},
		{Event: event(-4, "picked_up")},
		{Event: event(-3, "out_for_delivery")},
		{Event: event(-2, "delivered")},
		{Number: 1, Event: event(-1, "picked_up")},
	}}
}

func payload(body string) *tracker.Receipt {
	return &tracker.Receipt{Source: tracker.FromWebhook, Carrier: "ups", Account: "main", Body: []byte(body)}
}

func leg(t *testing.T, store tracker.Store, number string) *tracker.Leg {
	t.Helper()
	leg, err := tracker.Load[tracker.Leg](t.Context(), store, "ups:"+number)
	if err != nil {
		t.Fatal(err)
	}
	return leg
}

func TestAScanComesToItsLegs(t *testing.T) {
	store := openStore(t)
	in := storetest.NewIngest(t, store, scans(), func() time.Time { return noon })
	outcome, err := in.Accept(t.Context(), payload("0,1,4,2"))
	if err != nil {
		t.Fatal(err)
	}
	if !outcome.Settled || outcome.Shipments != 4 || outcome.Events != 4 || outcome.Quarantine != "" {
		t.Errorf("outcome %+v", outcome)
	}
	first, second := leg(t, store, "TN0"), leg(t, store, "TN1")
	if len(first.Events) != 3 || len(second.Events) != 1 {
		t.Errorf("%d and %d events", len(first.Events), len(second.Events))
	}
	if first.Effect != nil {
		t.Error("a leg that nobody follows has nothing to tell")
	}
	if first.Receipts[0] != outcome.Receipt || first.Events[0].Receipt != outcome.Receipt {
		t.Error("the leg must say which receipt told it")
	}
	receipt, err := tracker.Load[tracker.Receipt](t.Context(), store, outcome.Receipt)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.OpenReceipt(receipt); err != nil || string(receipt.Body) != "0,1,4,2" {
		t.Errorf("the payload was kept as %q (%v)", receipt.Body, err)
	}
}

func TestWhatCannotBeReadIsQuarantined(t *testing.T) {
	store := openStore(t)
	reader := scans()
	in := storetest.NewIngest(t, store, reader, func() time.Time { return noon })
	outcome, err := in.Accept(t.Context(), payload("7"))
	if err != nil {
		t.Fatalf("a carrier must never be told to give up: %v", err)
	}
	if outcome.Quarantine == "" {
		t.Fatalf("outcome %+v", outcome)
	}
	kept, err := tracker.LoadList[tracker.Receipt](t.Context(), store, tracker.ListQuarantine, tracker.Page{})
	if err != nil || len(kept) != 1 || kept[0].Quarantine != outcome.Quarantine {
		t.Fatalf("quarantine %+v, %v", kept, err)
	}
	// The mapping is mended: the same payload can be read now.
	reader.Scans = append(reader.Scans, reader.Scans[1], reader.Scans[1], reader.Scans[4])
	if read, err := tracker.NewReplay(in).Requeue(t.Context(), kept[0]); err != nil || !read {
		t.Fatalf("requeued: %v, %v", read, err)
	}
	if got := leg(t, store, "TN1"); len(got.Events) != 1 {
		t.Errorf("the leg has %d events after the replay", len(got.Events))
	}
	if n, err := store.Count(t.Context(), tracker.Receipts, tracker.ListQuarantine, 10); err != nil || n != 0 {
		t.Errorf("%d still quarantined (%v)", n, err)
	}
}

func TestAStoreThatIsDownAcknowledgesNothing(t *testing.T) {
	store := &faulty{Store: openStore(t), failApply: func([]tracker.Write) error { return tracker.ErrUnavailable }}
	in := storetest.NewIngest(t, store, scans(), func() time.Time { return noon })
	if outcome, err := in.Accept(t.Context(), payload("1")); !errors.Is(err, tracker.ErrUnavailable) {
		t.Errorf("got %+v, %v", outcome, err)
	}
}

func TestWhatACrashLeavesHalfWayIsSettledByTheSweep(t *testing.T) {
	store := &faulty{Store: openStore(t)}
	store.failApply = func(writes []tracker.Write) error {
		if writes[0].Table == tracker.Legs {
			return tracker.ErrUnavailable
		}
		return nil
	}
	clock := noon
	in := storetest.NewIngest(t, store, scans(), func() time.Time { return clock })
	outcome, err := in.Accept(t.Context(), payload("1"))
	if err != nil || outcome.Settled {
		t.Fatalf("outcome %+v, %v: the receipt is durable, its leg is not written", outcome, err)
	}
	store.failApply = nil
	claim := func(now time.Time) []tracker.Row {
		rows, err := store.Claim(t.Context(), tracker.Claim{Table: tracker.Receipts, Now: now, Until: now.Add(time.Minute), Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	if rows := claim(noon.Add(time.Second)); len(rows) != 0 {
		t.Error("the sweep must leave the request its time")
	}
	rows := claim(noon.Add(time.Minute))
	if len(rows) != 1 {
		t.Fatalf("%d receipts to sweep, want 1", len(rows))
	}
	receipt, err := tracker.Decode[tracker.Receipt](rows[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Settle(t.Context(), receipt); err != nil {
		t.Fatal(err)
	}
	if got := leg(t, store, "TN0"); len(got.Events) != 1 {
		t.Errorf("%d events", len(got.Events))
	}
	in.Close() // notes what was settled
	if rows := claim(noon.Add(time.Hour)); len(rows) != 0 {
		t.Error("a settled receipt is swept again")
	}
}

func TestARegisteredShipmentFollowsItsLegs(t *testing.T) {
	store := openStore(t)
	in := storetest.NewIngest(t, store, scans(), func() time.Time { return noon })
	if _, err := in.Accept(t.Context(), payload("0")); err != nil {
		t.Fatal(err)
	}
	shipments, errs := in.Register(t.Context(), []tracker.NewShipment{
		{
			Tenant: "acme", Carrier: "ups", Number: "t n0", Recipient: tracker.Recipient{Name: "Ida Berg", Email: "ida@example.com"},
			Destination: tracker.Location{City: "Köln", PostalCode: "50667", Country: "DE"},
		},
		{Tenant: "acme"},
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if shipments[0].Destination != (tracker.Location{City: "Köln", Country: "DE"}) {
		t.Errorf("destination %+v: the postal code must not stand in the clear", shipments[0].Destination)
	}
	if !shipments[0].Registered || len(shipments[0].Legs) != 2 || len(shipments[1].Legs) != 1 {
		t.Errorf("shipments %+v", shipments)
	}
	got := leg(t, store, "TN0")
	if len(got.Followers) != 1 || got.Followers[0].Shipment != shipments[0].ID {
		t.Errorf("followers %+v", got.Followers)
	}
	if got.Effect == nil || !got.Effect.Backfill {
		t.Error("what waited on the leg is told to the view, and to nobody else")
	}
	if _, err := in.Accept(t.Context(), payload("1")); err != nil {
		t.Fatal(err)
	}
	if got := leg(t, store, "TN0"); got.Effect == nil || got.Effect.Backfill {
		t.Error("a scan that comes now is news")
	}
	finder := tracker.NewFinder(store, storetest.Keys(t), tracker.DefaultPatience, func() time.Time { return noon })
	for _, number := range []string{shipments[0].ID, "tn0"} {
		found, err := finder.Number(t.Context(), number)
		if err != nil || len(found) != 1 || found[0].View.Milestone != tracker.InTransit {
			t.Errorf("%s: %+v, %v", number, found, err)
		}
	}
	if _, err := finder.Number(t.Context(), "TN77"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("an unknown number gives %v", err)
	}
	recipient, err := tracker.OpenRecipient(t.Context(), store, storetest.Keys(t), shipments[0])
	if err != nil || recipient.Name != "Ida Berg" {
		t.Errorf("recipient %+v, %v", recipient, err)
	}
}

// A worker looks at a new shipment at once, and may write it before its registration is complete.
func TestARegistrationIsCompletedThoughAWorkerIsFaster(t *testing.T) {
	store := &faulty{Store: openStore(t)}
	in := storetest.NewIngest(t, store, scans(), func() time.Time { return noon })
	store.failApply = func(writes []tracker.Write) error {
		if writes[0].Table != tracker.Shipments || writes[0].Row.Version != 1 {
			return nil
		}
		store.failApply = nil
		worked, err := tracker.Decode[tracker.Shipment](writes[0].Row)
		if err != nil {
			return err
		}
		worked.Tags, worked.Registered = []string{"seen"}, false
		return tracker.Save(t.Context(), store.Store, worked)
	}
	shipments, errs := in.Register(t.Context(), []tracker.NewShipment{{Tenant: "acme"}})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	stored, err := tracker.Load[tracker.Shipment](t.Context(), store, shipments[0].ID)
	if err != nil || !stored.Registered || len(stored.Tags) != 1 {
		t.Errorf("stored %+v, %v: the registration must be complete, and what the worker wrote must stay", stored, err)
	}
}

func TestAHurriedCrowdLosesNothing(t *testing.T) {
	store := openStore(t)
	reader := &storetest.Scans{Prefix: "C"}
	const numbers, each = 20, 25
	for n := range numbers {
		for hour := range each {
			reader.Scans = append(reader.Scans, storetest.Scan{Number: n, Event: tracker.Event{
				Kind: "AR", Time: tracker.StampAt(noon.Add(time.Duration(-hour) * time.Hour)), Substatus: "arrived_at_facility",
			}})
		}
	}
	in := storetest.NewIngest(t, store, reader, func() time.Time { return noon })
	other := storetest.NewIngest(t, store, reader, func() time.Time { return noon }) // another process on the same store
	var crowd sync.WaitGroup
	var failed atomic.Int32
	for i := range reader.Scans {
		crowd.Go(func() {
			taker := in
			if i%2 == 0 {
				taker = other
			}
			if outcome, err := taker.Accept(t.Context(), payload(strconv.Itoa(i))); err != nil || !outcome.Settled {
				failed.Add(1)
			}
		})
	}
	crowd.Wait()
	if failed.Load() != 0 {
		t.Errorf("%d scans were not settled", failed.Load())
	}
	for n := range numbers {
		if got := leg(t, store, fmt.Sprintf("CN%d", n)); len(got.Events) != each || len(got.Receipts) != each {
			t.Errorf("leg %d has %d events of %d receipts, want %d", n, len(got.Events), len(got.Receipts), each)
		}
	}
}

func TestAReplayRebuildsALeg(t *testing.T) {
	store := openStore(t)
	reader := scans()
	in := storetest.NewIngest(t, store, reader, func() time.Time { return noon })
	for _, body := range []string{"0", "1", "2"} {
		if _, err := in.Accept(t.Context(), payload(body)); err != nil {
			t.Fatal(err)
		}
	}
	replay := tracker.NewReplay(in)
	key := tracker.LegKey{Carrier: "ups", Number: "TN0"}
	if got, err := replay.Leg(t.Context(), key, false); err != nil || got.Changed {
		t.Errorf("the same mapping changes the leg: %+v, %v", got, err)
	}
	reader.Scans[2].Event.Substatus = "delivered" // the mapping is mended
	dry, err := replay.Leg(t.Context(), key, true)
	if err != nil || !dry.Changed || dry.After.Milestone != tracker.Delivered || dry.Before.Milestone != tracker.OutForDelivery {
		t.Errorf("dry run %+v, %v", dry, err)
	}
	if got := leg(t, store, "TN0"); got.Generations()[0].State.Milestone != tracker.OutForDelivery {
		t.Error("a dry run writes nothing")
	}
	if _, err := replay.Leg(t.Context(), key, false); err != nil {
		t.Fatal(err)
	}
	if got := leg(t, store, "TN0"); got.Generations()[0].State.Milestone != tracker.Delivered {
		t.Error("the replay did not take")
	}
	if again, err := replay.Leg(t.Context(), key, false); err != nil || again.Changed {
		t.Errorf("a repeated replay changes something: %+v, %v", again, err)
	}
}

func TestStepsOfAnOrder(t *testing.T) {
	store := openStore(t)
	orders := tracker.NewOrdering(store, storetest.Nobody{}, func() time.Time { return noon })
	packed := tracker.OrderStep{Substatus: "packed", At: tracker.StampAt(noon)}
	confirmed := tracker.OrderStep{Substatus: "order_confirmed", At: tracker.StampAt(noon.Add(-time.Hour))}
	for _, steps := range [][]tracker.OrderStep{{packed}, {confirmed}, {packed, confirmed}} {
		if _, err := orders.AddSteps(t.Context(), "acme", "1001", steps...); err != nil {
			t.Fatal(err)
		}
	}
	order, err := tracker.Load[tracker.Order](t.Context(), store, "acme/1001")
	if err != nil || len(order.Steps) != 2 || order.Steps[0] != confirmed || order.Effect == nil {
		t.Errorf("order %+v, %v", order, err)
	}
	late := tracker.OrderStep{Substatus: "back_ordered", At: tracker.StampAt(noon)}
	order, err = orders.AddSteps(t.Context(), "acme", "1001", late)
	if err != nil || order.Steps[1] != late || order.Steps[2] != packed {
		t.Errorf("steps of one moment: %+v, %v", order.Steps, err)
	}
}

func TestIngestThroughSQLite(t *testing.T) {
	storetest.RunIngest(t, openStore)
}
