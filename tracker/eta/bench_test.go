package eta

import (
	"context"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

// taught is a model that has learnt some deliveries, and a parcel under way.
func taught(b *testing.B) (*Model, parcel) {
	b.Helper()
	m := newModel(openSQLite(b), monday)
	for _, p := range journeys("p", 60, -600, 48) {
		travel(b, m, p)
	}
	fold(b, m, monday)
	return m, parcel{id: "fresh", scans: []mark{{"picked_up", 0}}}
}

// BenchmarkEstimate is an estimate of a shipment as workers make it, from the records to the window. It tells as well how
// many times that is what the same prediction takes by the bare transit model.
func BenchmarkEstimate(b *testing.B) {
	m, p := taught(b)
	known, err := m.knowledge(b.Context(), monday)
	if err != nil {
		b.Fatal(err)
	}
	tracking := p.tracking(monday)
	q := journeyOf(tracking).query(transit.Handover, monday, m.doorOf(tracking))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Estimate(context.Background(), tracking, monday); err != nil {
			b.Fatal(err)
		}
	}
	whole := b.Elapsed()
	began := time.Now()
	for range b.N {
		known.predict(q)
	}
	bare := time.Since(began)
	b.ReportMetric(float64(bare)/float64(b.N), "bare-ns/op")
	b.ReportMetric(float64(whole)/float64(bare), "times-the-bare")
}

// BenchmarkAsk is an estimate for the check-out.
func BenchmarkAsk(b *testing.B) {
	m, _ := taught(b)
	q := &Question{
		Carrier: "ups", Level: tracker.Standard, Shipper: "acme", Origin: tracker.Location{Country: "DE"},
		Destination: tracker.Location{Country: "FR"}, Zone: "Europe/Paris", HandOver: monday.Add(3 * time.Hour),
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Ask(context.Background(), q, monday); err != nil {
			b.Fatal(err)
		}
	}
}
