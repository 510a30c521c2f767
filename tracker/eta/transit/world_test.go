package transit

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// world makes parcels whose transit is known in law: working days are
// exp(mean + spread times a normal number) by lane, and a factor on the time.
type world struct {
	random *rand.Rand
	lanes  []lane
	factor func(time.Time) float64
}

type lane struct {
	from, to     string
	mean, spread float64
}

func newWorld(seed uint64) *world {
	return &world{
		random: rand.New(rand.NewPCG(seed, 7)),
		lanes: []lane{
			{"BY", "BY", 0.7, 0.2},
			{"BY", "HH", 1.3, 0.25},
			{"HH", "SN", 1.8, 0.35},
			{"SN", "NW", 2.2, 0.3},
		},
		factor: func(time.Time) float64 { return 1 },
	}
}

func (w *world) parcel(at time.Time) (Query, time.Time, lane) {
	l := w.lanes[w.random.IntN(len(w.lanes))]
	q := Query{
		Moment: Handover, At: at, Carrier: "dhl", Shipper: "tailor",
		Origin: Place{"DE", l.from, "123"}, Destination: Place{"DE", l.to, "456"},
		DistanceKM: 400, WeightGrams: 800, Items: 1, Ordered: at.Add(-30 * time.Hour),
	}
	y := l.mean + l.spread*w.random.NormFloat64()
	clock := newClock(q.Origin, q.Destination, civil(at))
	walk := walker{clock: &clock, at: civil(at)}
	return q, instant(walk.to(math.Exp(y)*w.factor(at)), time.UTC), l
}

// trip is a parcel of a replay.
type trip struct {
	lane      lane
	predicted Prediction
	outcome   Outcome
}

// replay sends a parcel every half hour or so over some days, learning each
// at its arrival, and hands the trips to see in the order of start.
func (w *world) replay(t testing.TB, m *Model, first time.Time, days int, see func(trip)) {
	t.Helper()
	var underWay []Outcome // the first to arrive last
	for at := first; at.Before(first.AddDate(0, 0, days)); at = at.Add(time.Duration(20+w.random.IntN(20)) * time.Minute) {
		for len(underWay) > 0 && underWay[len(underWay)-1].Delivered.Before(at) {
			if err := m.Learn(underWay[len(underWay)-1], at); err != nil {
				t.Fatal(err)
			}
			underWay = underWay[:len(underWay)-1]
		}
		q, delivered, l := w.parcel(at)
		p := m.Predict(q)
		if err := m.Start(q, p.Basis); err != nil {
			t.Fatal(err)
		}
		o := Outcome{Query: q, Basis: p.Basis, Started: true, Delivered: delivered}
		place, _ := slices.BinarySearchFunc(underWay, o, func(a, b Outcome) int { return b.Delivered.Compare(a.Delivered) })
		underWay = slices.Insert(underWay, place, o)
		see(trip{l, p, o})
	}
}

// monday is when the replays begin.
var monday = time.Date(2024, 1, 8, 6, 0, 0, 0, time.UTC)
