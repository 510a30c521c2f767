package eta

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

// journeys are parcels from Cologne to Lyon that took about a number of hours.
func journeys(prefix string, count int, from, hours float64) []parcel {
	var list []parcel
	for i := range count {
		began := from + float64(i)
		list = append(list, parcel{id: fmt.Sprintf("%s%d", prefix, i), scans: []mark{
			{"picked_up", began},
			{"arrived_at_facility", began + hours/3},
			{"arrived_at_delivery_facility", began + hours*0.8},
			{"delivered", began + hours + float64(i%5)},
		}})
	}
	return list
}

func learnt(t *testing.T, m *Model) int64 {
	t.Helper()
	h, err := m.loadHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Batch) > 0 {
		t.Errorf("a batch of %d is still named", len(h.Batch))
	}
	return h.Learnt
}

func TestDeliveriesAreLearntAndMoveTheEstimate(t *testing.T) {
	onBothStores(t, func(t *testing.T, store tracker.Store) {
		m := newModel(store, monday)
		fresh := parcel{scans: []mark{{"picked_up", 0}}}
		before := estimate(t, m, fresh, monday)
		for _, p := range journeys("p", 30, -400, 30) {
			travel(t, m, p)
		}
		fold(t, m, monday)
		after := estimate(t, m, fresh, monday)
		if !after.P50.Before(before.P50.Add(-24 * time.Hour)) {
			t.Errorf("after 30 parcels that took a good day, P50 went from %s to %s", before.P50, after.P50)
		}
		if after.Why.Kind != tracker.WhyUsual || after.Why.Sample < 10 || after.Confidence == confidenceLow {
			t.Errorf("it rests on %+v, with confidence %s", after.Why, after.Confidence)
		}
		if n := learnt(t, m); n != 30 {
			t.Errorf("%d are learnt of 30", n)
		}
	})
}

func TestADeliveryIsLearntOnceThoughHandedInOften(t *testing.T) {
	onBothStores(t, func(t *testing.T, store tracker.Store) {
		m := newModel(store, monday)
		p := journeys("p", 1, -100, 50)[0]
		for range 3 {
			travel(t, m, p) // as after a crash before the shipment was marked
			fold(t, m, monday)
		}
		if n := learnt(t, m); n != 1 {
			t.Errorf("it is learnt %d times", n)
		}
		known, err := m.knowledge(t.Context(), monday)
		if err != nil {
			t.Fatal(err)
		}
		if n := known.model.Tracks[transit.Handover].Learnt; n != 1 {
			t.Errorf("the model has learnt it %d times", n)
		}
	})
}

// crashing fails at the write of a given number.
type crashing struct {
	tracker.Store

	mu     sync.Mutex
	writes int
	at     int
}

var errCrash = errors.New("crash")

func (c *crashing) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	c.mu.Lock()
	c.writes++
	crash := c.writes == c.at
	c.mu.Unlock()
	if crash {
		return nil, errCrash
	}
	return c.Store.Apply(ctx, writes)
}

// sums are what a state amounts to, whatever the order of what made it.
func sums(t *testing.T, m *Model) map[string]float64 {
	t.Helper()
	m.memory = memory{}
	known, err := m.knowledge(t.Context(), monday)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for key, tally := range known.tallies {
		out[key] = tally.total() / weightAt(monday)
	}
	for i := range known.model.Tracks {
		out[fmt.Sprint("learnt ", i)] = float64(known.model.Tracks[i].Learnt)
	}
	p := known.predict(transit.Query{Moment: transit.Handover, At: monday, Carrier: "ups", Service: "standard"})
	out["prediction"] = p.Days(0.5)
	return out
}

func compare(t *testing.T, got, want map[string]float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d sums, want %d", len(got), len(want))
	}
	for key, w := range want {
		if math.Abs(got[key]-w) > 1e-6*math.Max(1, math.Abs(w)) {
			t.Errorf("%s is %v, want %v", key, got[key], w)
		}
	}
}

func TestACrashBetweenAnyTwoStepsOfFoldingLosesAndDoublesNothing(t *testing.T) {
	teach := func(store tracker.Store) *Model {
		m := newModel(store, monday)
		for _, p := range journeys("p", 12, -300, 40) {
			travel(t, m, p)
		}
		return m
	}
	plain := teach(inMemory())
	fold(t, plain, monday)
	want := sums(t, plain)

	store := &crashing{Store: inMemory()}
	m := teach(store)
	steps := 0
	for now := monday; ; now = now.Add(2 * foldLease) {
		store.mu.Lock()
		store.writes, store.at = 0, steps%5+1
		store.mu.Unlock()
		err := m.Fold(t.Context(), now)
		if err == nil {
			break
		}
		if !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
		if steps++; steps > 200 {
			t.Fatal("it is never done")
		}
	}
	if steps < 10 {
		t.Errorf("it crashed %d times: too few to say anything", steps)
	}
	compare(t, sums(t, m), want)
}

func TestSeveralFoldAtOnce(t *testing.T) {
	onBothStores(t, func(t *testing.T, store tracker.Store) {
		m := newModel(store, monday)
		for _, p := range journeys("p", 40, -300, 40) {
			travel(t, m, p)
		}
		var all sync.WaitGroup
		for range 4 {
			one := newModel(store, monday)
			all.Go(func() {
				if err := one.Fold(t.Context(), monday); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		fold(t, m, monday.Add(2*foldLease)) // what one claimed whose batch another was faster to name
		got := sums(t, m)
		if got["learnt 1"] != 40 {
			t.Errorf("%v hand-overs are learnt of 40", got["learnt 1"])
		}
	})
}

func TestStateOfAnotherVersion(t *testing.T) {
	for _, c := range []struct {
		name          string
		layout, model int
		keeps         bool
	}{
		{"older", layout - 1, transit.Version, false},
		{"an older model", layout, transit.Version - 1, false},
		{"newer", layout + 1, transit.Version, true},
		{"a newer model", layout, transit.Version + 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := inMemory()
			h := &head{Layout: c.layout, Model: c.model, Seq: 7, Learnt: 99, row: tracker.Row{Key: headKey, Order: neverOld}}
			s := &shard{Layout: c.layout, Model: c.model, Seq: 7, Transit: []byte("of another form"), row: tracker.Row{Key: shardKey(0), Order: neverOld}}
			for _, encode := range []func() (tracker.Write, error){h.write, func() (tracker.Write, error) { return packed(s.row, s) }} {
				write, err := encode()
				if err != nil {
					t.Fatal(err)
				}
				if err := tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{write})); err != nil {
					t.Fatal(err)
				}
			}
			m := newModel(store, monday)
			if e := estimate(t, m, parcel{scans: []mark{{"picked_up", 0}}}, monday); e == nil || e.Why.Kind != tracker.WhyGuess {
				t.Errorf("the estimate is %+v", e)
			}
			travel(t, m, journeys("p", 1, -100, 50)[0])
			fold(t, m, monday)
			rows, err := store.Get(t.Context(), tracker.Transits, headKey)
			if err != nil {
				t.Fatal(err)
			}
			after := head{}
			if err := unpack(rows[0].Doc, &after); err != nil {
				t.Fatal(err)
			}
			if kept := after.Learnt == 99; kept != c.keeps {
				t.Errorf("the head is %+v", after)
			}
		})
	}
}

func TestADamagedShardIsLearntAnew(t *testing.T) {
	store := inMemory()
	m := newModel(store, monday)
	travel(t, m, journeys("p", 1, -100, 50)[0])
	fold(t, m, monday)
	rows, err := store.Get(t.Context(), tracker.Transits, shardKey(0))
	if err != nil || len(rows) == 0 {
		t.Fatalf("%v, %d rows", err, len(rows))
	}
	rows[0].Doc = []byte("damaged")
	if err := tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{{Table: tracker.Transits, Row: rows[0]}})); err != nil {
		t.Fatal(err)
	}
	again := newModel(store, monday)
	if e := estimate(t, again, parcel{scans: []mark{{"picked_up", 0}}}, monday); e == nil {
		t.Error("nothing is estimated any more")
	}
	travel(t, again, journeys("q", 1, -100, 50)[0])
	fold(t, again, monday)
	if n := learnt(t, again); n != 2 {
		t.Errorf("%d are learnt", n)
	}
}
