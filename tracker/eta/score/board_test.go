package score

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"waybill/tracker"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/sqlite"
)

var monday = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

func onBothStores(t *testing.T, run func(t *testing.T, store tracker.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		run(t, store)
	})
	t.Run("mongo", func(t *testing.T) {
		uri := mongotest.Start(t)
		store, err := mongo.Open(context.Background(), uri, mongotest.Database(t, uri))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		run(t, store)
	})
}

// journey is a parcel from Germany to France that came, ended so many hours ago, after so many on its way.
func journey(id, tenant string, ago, hours float64, change func(*tracker.Tracking)) *tracker.Tracking {
	at := func(ago float64) tracker.Stamp {
		return tracker.StampAt(monday.Add(-time.Duration(ago * float64(time.Hour))))
	}
	leg := &tracker.Leg{LegKey: tracker.LegKey{Carrier: "ups", Number: "N" + id}, CreatedAt: monday}
	hub := tracker.Location{City: "Köln", Country: "DE"}
	for _, e := range []struct {
		substatus tracker.Substatus
		ago       float64
	}{{"picked_up", ago + hours}, {"arrived_at_facility", ago + hours - 2}, {"departed_facility", ago + hours - 5}, {"delivered", ago}} {
		leg.Events = append(leg.Events, tracker.Event{Kind: string(e.substatus), Substatus: e.substatus, Time: at(e.ago), Location: hub})
	}
	s := &tracker.Shipment{
		ID: id, Tenant: tenant, Service: tracker.Standard, Origin: tracker.Location{Country: "DE"}, Destination: tracker.Location{Country: "FR"},
		Legs: []tracker.ShipmentLeg{{LegKey: leg.LegKey}}, CreatedAt: monday.AddDate(0, 0, -90),
	}
	t := &tracker.Tracking{Shipment: s, Legs: []*tracker.Leg{leg}}
	t.Carriages = tracker.Carriages(s, t.Legs)
	t.View = tracker.Compose(s, t.Carriages, nil, tracker.DefaultPatience, monday)
	if change != nil {
		change(t)
	}
	return t
}

func TestAShipmentIsScoredOnceForItsSellerAndForAll(t *testing.T) {
	onBothStores(t, func(t *testing.T, store tracker.Store) {
		b := NewBoard(store)
		for i := range 30 {
			tenant := []string{"acme", "globex"}[i%2]
			p := journey(fmt.Sprintf("p%d", i), tenant, float64(i*24), 48, func(p *tracker.Tracking) {
				end := p.View.Since.Instant()
				p.Shipment.Promise.To = end.Add(time.Duration(i%4-1) * time.Hour)
				p.View.FirstEstimate = &tracker.Estimate{
					MadeAt: end.Add(-40 * time.Hour), P10: end.Add(-20 * time.Hour), P50: end.Add(-6 * time.Hour), P90: end.Add(time.Hour),
				}
			})
			for range 2 {
				if err := b.Learn(t.Context(), p, monday); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 2 {
			if err := b.Fold(t.Context(), monday); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			tenant string
			days   int
			want   int64
		}{{"", 90, 30}, {"acme", 90, 15}, {"globex", 90, 15}, {"", 7, 7}, {"acme", 7, 4}, {"nobody", 90, 0}} {
			cards, err := b.Cards(t.Context(), c.tenant, ByLane, c.days, monday)
			if err != nil {
				t.Fatal(err)
			}
			if c.want == 0 {
				if len(cards) > 0 {
					t.Errorf("%q has cards: %+v", c.tenant, cards[0])
				}
				continue
			}
			if len(cards) != 1 || cards[0].Delivered != c.want {
				t.Fatalf("%q over %d days: %+v, want %d deliveries", c.tenant, c.days, cards, c.want)
			}
			card := cards[0]
			if (card.Card != Card{"ups", "standard", "DE", "FR"}) || card.Inside() != c.want || card.FirstAttempt != c.want {
				t.Errorf("%+v", card)
			}
			if got := card.Transit.Quantile(0.5); math.Abs(got-48) > 1 {
				t.Errorf("the median of 48 hours is %.1f", got)
			}
			if got := card.Error.Quantile(0.5); math.Abs(got-6) > 0.2 {
				t.Errorf("the median of 6 hours is %.1f", got)
			}
		}
		all, err := b.Cards(t.Context(), "", ByCarrier, 90, monday)
		if err != nil || len(all) != 1 || all[0].OnTime != 22 || all[0].Promised != 30 || all[0].Service != "" {
			t.Errorf("%v %+v", err, all)
		}
		facilities, err := b.Facilities(t.Context(), "", "")
		if err != nil || len(facilities) != 1 || facilities[0].Place != "Köln, DE" || facilities[0].All.Count() != 30 {
			t.Fatalf("%v %+v", err, facilities)
		}
		if got := facilities[0].All.Quantile(0.95); math.Abs(got-3) > 0.1 {
			t.Errorf("stays of three hours have a p95 of %.2f", got)
		}
	})
}

func TestTwoSellersOfOneCarriageCountItsStayOnce(t *testing.T) {
	onBothStores(t, func(t *testing.T, store tracker.Store) {
		b := NewBoard(store)
		for _, tenant := range []string{"acme", "globex"} {
			p := journey("x", tenant, 5, 48, nil)
			p.Shipment.ID = tenant
			if err := b.Learn(t.Context(), p, monday); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Fold(t.Context(), monday); err != nil {
			t.Fatal(err)
		}
		facilities, err := b.Facilities(t.Context(), "ups", "Köln, DE")
		if err != nil || len(facilities) != 1 || facilities[0].All.Count() != 1 {
			t.Errorf("%v %+v", err, facilities)
		}
	})
}

func TestWhatIsNotFinishedOrCannotBeIsNotScored(t *testing.T) {
	for name, change := range map[string]func(*tracker.Tracking){
		"under way":           func(p *tracker.Tracking) { p.View.Milestone = tracker.InTransit },
		"ended next week":     func(p *tracker.Tracking) { p.View.Since = tracker.StampAt(monday.AddDate(0, 0, 7)) },
		"ended 200 days ago":  func(p *tracker.Tracking) { p.View.Since = tracker.StampAt(monday.AddDate(0, 0, -200)) },
		"an end without time": func(p *tracker.Tracking) { p.View.Since = tracker.Stamp{} },
	} {
		if _, o, ok := outcomeOf(journey("p", "acme", 1, 48, change), monday); ok {
			t.Errorf("%s: %+v", name, o)
		}
	}
	late := journey("p", "acme", 1, 48, func(p *tracker.Tracking) {
		p.View.FirstEstimate = &tracker.Estimate{MadeAt: monday.Add(time.Hour), P10: monday, P50: monday, P90: monday}
	})
	if _, o, ok := outcomeOf(late, monday); !ok || o.Estimated {
		t.Errorf("an estimate made after the end counts: %+v", o)
	}
}

func TestTalliesAddUpThroughTheStore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var one, left, right Tally
		for range rapid.IntRange(0, 40).Draw(t, "outcomes") {
			o := Outcome{
				Returned: rapid.Bool().Draw(t, "returned"), Hours: rapid.Float64Range(0, 5000).Draw(t, "hours"),
				Promised: true, OnTime: rapid.Bool().Draw(t, "on time"), Estimated: rapid.Bool().Draw(t, "estimated"),
				ErrorHours: rapid.Float64Range(0, 500).Draw(t, "error"), After: rapid.IntRange(0, 3).Draw(t, "after"), Ahead: rapid.IntRange(0, 30).Draw(t, "ahead"),
			}
			part := &left
			if rapid.Bool().Draw(t, "right") {
				part = &right
			}
			if one.Add(&o) != nil || part.Add(&o) != nil {
				t.Fatal("an outcome was not taken")
			}
		}
		doc, err := cbor.Marshal(&right)
		if err != nil {
			t.Fatal(err)
		}
		var read Tally
		if err := cbor.Unmarshal(doc, &read); err != nil {
			t.Fatal(err)
		}
		if err := left.Merge(&read); err != nil {
			t.Fatal(err)
		}
		if left.Delivered != one.Delivered || left.Returned != one.Returned || left.After != one.After || left.OnTime != one.OnTime {
			t.Fatalf("%+v and %+v", left, one)
		}
		for _, q := range []float64{0.1, 0.5, 0.9} {
			if math.Abs(left.Transit.Quantile(q)-one.Transit.Quantile(q)) > 1e-9 || math.Abs(left.Error.Quantile(q)-one.Error.Quantile(q)) > 1e-9 {
				t.Fatalf("quantile %.1f differs", q)
			}
		}
	})
}

func TestVerdictsWaitForData(t *testing.T) {
	for _, c := range []struct {
		onTime, promised int64
		want             string
	}{{19, 19, ""}, {20, 20, ""}, {100, 100, "keeps"}, {95, 100, ""}, {970, 1000, "keeps"}, {10, 30, "breaks"}, {16, 20, ""}, {0, 0, ""}} {
		tally := Tally{OnTime: c.onTime, Promised: c.promised}
		if got := tally.Verdict(); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.onTime, c.promised, got, c.want)
		}
	}
}
