package eta

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"waybill/tracker"
)

func TestDeliveriesAreLearntByTheirLaneAndByWiderGroups(t *testing.T) {
	m := NewModel(openStore(t), fixed(monday))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		hours := 30 + 6*random.NormFloat64()
		p := parcel{id: fmt.Sprintf("p%d", i), scans: []scan{{"picked_up", -100}, {"delivered", -100 + hours}}}
		if err := m.Learn(t.Context(), p.tracking(monday)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Fold(t.Context(), monday); err != nil {
		t.Fatal(err)
	}
	under := func(carrier string) *tracker.Estimate {
		return estimate(t, m, parcel{carrier: carrier, scans: []scan{{"picked_up", 0}}}, monday)
	}
	own, other := under("ups"), under("dhl")
	if hours := own.P50.Sub(monday).Hours(); hours < 24 || hours > 36 {
		t.Errorf("the median of a lane that takes 30 hours is %.0f", hours)
	}
	if !strings.Contains(own.Reason, "usually 1 day from DE to FR by ups, from 300 deliveries") {
		t.Errorf("the reason is %q", own.Reason)
	}
	if !strings.Contains(other.Reason, "over such a distance, from 300 deliveries by all carriers") {
		t.Errorf("another carrier's reason is %q", other.Reason)
	}
}

func TestADeliveryIsLearntOnceThoughManyFoldAndCrash(t *testing.T) {
	store := openStore(t)
	const deliveries = 30
	now := monday
	for i := range deliveries {
		p := parcel{id: fmt.Sprintf("p%d", i), scans: []scan{{"picked_up", -100}, {"delivered", -50}}}
		m := NewModel(store, fixed(now))
		for range 2 {
			if err := m.Learn(t.Context(), p.tracking(monday)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for fail := range 6 { // each time the store dies at another write of the fold
		m := NewModel(&dyingStore{Store: store, lives: fail}, fixed(now))
		_ = m.Fold(t.Context(), now)
		now = now.Add(2 * foldLease)
	}
	m := NewModel(store, fixed(now))
	done := make(chan error, 4)
	for range cap(done) {
		go func() { done <- m.Fold(context.Background(), now) }()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	p := parcel{id: "p0", scans: []scan{{"picked_up", -100}, {"delivered", -50}}}
	if err := m.Learn(t.Context(), p.tracking(monday)); err != nil {
		t.Fatal(err)
	}
	if err := m.Fold(t.Context(), now.Add(2*foldLease)); err != nil {
		t.Fatal(err)
	}
	l := laneOf(p.tracking(monday))
	groups, err := readGroups(t.Context(), store, l.groups())
	if err != nil {
		t.Fatal(err)
	}
	for key, g := range groups {
		if g.Deliveries != deliveries {
			t.Errorf("group %s has learnt %d deliveries, want %d", key, g.Deliveries, deliveries)
		}
	}
}

// dyingStore takes some batches of writes and then no more; of the last one it takes only the first write.
type dyingStore struct {
	tracker.Store
	lives int
}

func (d *dyingStore) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	if d.lives--; d.lives >= 0 {
		return d.Store.Apply(ctx, writes)
	}
	if d.lives == -1 && len(writes) > 0 {
		_, _ = d.Store.Apply(ctx, writes[:1])
	}
	return nil, tracker.ErrUnavailable
}

func TestWhatCannotBeTrueTeachesNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		scans []scan
	}{
		{"delivered before it was picked up", []scan{{"picked_up", 0}, {"delivered", -5}}},
		{"never picked up", []scan{{"label_created", -50}}},
		{"found after 200 days", []scan{{"picked_up", -200 * 24}, {"delivered", -1}}},
		{"delivered in a week's time", []scan{{"picked_up", -5}, {"delivered", 7 * 24}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := NewModel(openStore(t), fixed(monday))
			if s, ok := m.sampleOf(parcel{id: "p", scans: c.scans}.tracking(monday)); ok {
				t.Errorf("it teaches %+v", s)
			}
		})
	}
}
