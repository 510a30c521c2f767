package transit

import (
	"testing"
)

func BenchmarkPredict(b *testing.B) {
	m := trained(b)
	q, _, _ := newWorld(40).parcel(monday.AddDate(0, 0, 61))
	b.ReportAllocs()
	for b.Loop() {
		m.Predict(q)
	}
}

// BenchmarkLearn counts a parcel as under way and learns its outcome, with the
// fitting of strengths now and then.
func BenchmarkLearn(b *testing.B) {
	m := trained(b)
	w := newWorld(41)
	q, delivered, _ := w.parcel(monday.AddDate(0, 0, 61))
	o := Outcome{Query: q, Basis: m.Predict(q).Basis, Started: true, Delivered: delivered}
	b.ReportAllocs()
	for b.Loop() {
		if err := m.Start(q, o.Basis); err != nil {
			b.Fatal(err)
		}
		if err := m.Learn(o, delivered); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkState measures the bytes of a state that knows 1,000 lanes.
func BenchmarkState(b *testing.B) {
	m := New()
	w := newWorld(42)
	for i := range 40_000 {
		q, delivered, _ := w.parcel(monday.AddDate(0, 0, i/200))
		q.Origin.Region = string([]byte{'A', 'A' + byte(i%20)})
		q.Destination.Region = string([]byte{'B', byte('0' + i/20%50)})
		q.Destination.Area = ""
		o := Outcome{Query: q, Basis: m.Predict(q).Basis, Delivered: delivered}
		if err := m.Learn(o, delivered); err != nil {
			b.Fatal(err)
		}
	}
	var written []byte
	for b.Loop() {
		var err error
		if written, err = m.Encode(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(written)), "bytes/1000lanes")
}
