package eta

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/sqlite"
	mem "waybill/tracker/storetest/memory"
)

// monday is a Monday morning in Lyon.
var monday = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// inMemory is the store of most tests: it passes the suite of the two real ones.
func inMemory() tracker.Store { return mem.New() }

// openSQLite is for benchmarks and onBothStores.
func openSQLite(t testing.TB) tracker.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// onBothStores runs a test on each store.
func onBothStores(t *testing.T, test func(t *testing.T, store tracker.Store)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, openSQLite(t)) })
	t.Run("MongoDB", func(t *testing.T) {
		uri := mongotest.Start(t)
		store, err := mongo.Open(t.Context(), uri, mongotest.Database(t, uri))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		test(t, store)
	})
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func newModel(store tracker.Store, now time.Time) *Model {
	return NewModel(Options{Store: store, Now: func() time.Time { return now }, Log: quiet()})
}

// parcel is a tracking from Germany to France whose scans happened at hours after monday.
type parcel struct {
	id       string
	carrier  string
	service  tracker.ServiceLevel
	scans    []mark
	estimate tracker.CarrierEstimate
	promise  time.Time
	// shipment is the one that earlier looks made; nil for a new one.
	shipment *tracker.Shipment
}

type mark struct {
	substatus tracker.Substatus
	hour      float64
}

func at(hour float64) time.Time { return monday.Add(time.Duration(hour * float64(time.Hour))) }

func (p parcel) tracking(now time.Time) *tracker.Tracking {
	if p.carrier == "" {
		p.carrier = "ups"
	}
	if p.service == "" {
		p.service = tracker.Standard
	}
	key := tracker.LegKey{Carrier: p.carrier, Number: "N1"}
	s := p.shipment
	if s == nil {
		created := monday
		if len(p.scans) > 0 {
			created = at(p.scans[0].hour)
		}
		s = &tracker.Shipment{
			ID: p.id, Tenant: "acme", Service: p.service, Zone: "Europe/Paris", Origin: tracker.Location{City: "Köln", Country: "DE"},
			Destination: tracker.Location{City: "Lyon", Country: "FR"}, Legs: []tracker.ShipmentLeg{{LegKey: key}}, CreatedAt: created,
			Promise: tracker.Promise{To: p.promise},
		}
	}
	leg := &tracker.Leg{LegKey: key, CreatedAt: s.CreatedAt}
	for _, e := range p.scans {
		if !at(e.hour).After(now) {
			leg.Events = append(leg.Events, tracker.Event{Kind: string(e.substatus), Substatus: e.substatus, Time: tracker.StampAt(at(e.hour))})
		}
	}
	leg.Claims = []tracker.Claims{{AsOf: monday.Add(10_000 * time.Hour).Unix(), Facts: tracker.Facts{Estimate: p.estimate}}}
	t := &tracker.Tracking{Shipment: s, Legs: []*tracker.Leg{leg}}
	t.Carriages = tracker.Carriages(s, t.Legs)
	t.View = tracker.Compose(s, t.Carriages, nil, tracker.DefaultPatience, now)
	return t
}

func look(t testing.TB, m *Model, p parcel, now time.Time) Outlook {
	t.Helper()
	out, err := m.Estimate(context.Background(), p.tracking(now), now)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func estimate(t testing.TB, m *Model, p parcel, now time.Time) *tracker.Estimate {
	t.Helper()
	return look(t, m, p, now).Estimate
}

// travel looks at a parcel whenever it is scanned, as workers do, and learns from it once it has come.
func travel(t testing.TB, m *Model, p parcel) *tracker.Shipment {
	t.Helper()
	for _, scan := range p.scans {
		now := at(scan.hour)
		tracking := p.tracking(now)
		out, err := m.Estimate(context.Background(), tracking, now)
		if err != nil {
			t.Fatal(err)
		}
		p.shipment = tracking.Shipment
		p.shipment.View = tracking.View.Expect(out.Estimate, p.shipment, tracker.DefaultPatience, now)
		if p.shipment.View.Milestone == tracker.Delivered {
			if err := m.Learn(context.Background(), tracking); err != nil {
				t.Fatal(err)
			}
			p.shipment.Learnt, p.shipment.Forecasts = true, nil
			p.shipment.Lesson, _ = tracker.LessonOf(&p.shipment.View, p.shipment.Lesson.Number+1, now)
		}
	}
	return p.shipment
}

// fold brings what was learnt into the estimates, and has a model of the same store see it.
func fold(t testing.TB, m *Model, now time.Time) {
	t.Helper()
	if err := m.Fold(context.Background(), now); err != nil {
		t.Fatal(err)
	}
	m.memory.mu.Lock()
	m.memory.looked = time.Time{}
	m.memory.mu.Unlock()
}
