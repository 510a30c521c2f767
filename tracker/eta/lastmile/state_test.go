package lastmile

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"waybill/tracker"
)

// facts are made up; they need not fit together.
func facts(t *rapid.T) []Fact {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Fact {
		f := Fact{
			At:      morning.Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "hours")) * time.Hour),
			Kind:    rapid.SampledFrom(tracker.StopKinds()).Draw(t, "kind"),
			Skipped: rapid.Bool().Draw(t, "skipped"),
		}
		if !f.Skipped {
			f.Served, f.Service, f.Planned = true, rapid.Float64Range(0, 9).Draw(t, "service"), rapid.Bool().Draw(t, "planned")
			f.ServiceRatio = rapid.Float64Range(-2, 2).Draw(t, "ratio")
			f.Driven, f.Speed, f.Hour = rapid.Bool().Draw(t, "driven"), rapid.Float64Range(-1, 3).Draw(t, "speed"), rapid.IntRange(0, 167).Draw(t, "hour")
			f.Hopped, f.Hop = !f.Driven, rapid.Float64Range(0, 8).Draw(t, "hop")
			f.Misses = []Miss{{rapid.IntRange(1, 200).Draw(t, "left"), rapid.Float64Range(-9, 9).Draw(t, "miss")}}
		}
		return f
	}), 1, 60).Draw(t, "facts")
}

func TestTwoWorkersStatesAddUpToOnes(t *testing.T) {
	place := berlin(t)
	rapid.Check(t, func(t *rapid.T) {
		list := facts(t)
		var one, left, right State
		for i := range list {
			one.Add(&list[i])
			if rapid.Bool().Draw(t, "left") {
				left.Add(&list[i])
			} else {
				right.Add(&list[i])
			}
		}
		left.Merge(&right)
		now := morning.AddDate(1, 2, 0)
		a, b := NewPace(place, &one, &one, nil, now), NewPace(place, &left, &left, nil, now)
		if left.Stops != one.Stops {
			t.Fatalf("%d stops are counted, want %d", left.Stops, one.Stops)
		}
		const tolerance = 1e-9
		for class := range a.misses {
			for i := range a.misses[class] {
				if math.Abs(a.misses[class][i]-b.misses[class][i]) > tolerance {
					t.Fatalf("misses of class %d: %v and %v", class, a.misses[class], b.misses[class])
				}
			}
		}
		for cell := range a.speeds {
			if math.Abs(a.speeds[cell]-b.speeds[cell]) > tolerance {
				t.Fatalf("speed of hour %d: %v and %v", cell, a.speeds[cell], b.speeds[cell])
			}
		}
		for kind := range a.halts {
			if math.Abs(a.halts[kind]-b.halts[kind]) > tolerance || math.Abs(a.spreads[kind]-b.spreads[kind]) > tolerance {
				t.Fatalf("halts at %s: %v and %v", kind, a.halts[kind], b.halts[kind])
			}
		}
	})
}

func TestWhatIsLearntIsBounded(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var s State
	for i := range 50_000 {
		s.Add(&Fact{
			At: morning.Add(time.Duration(i) * time.Minute), Kind: tracker.StopKind([]string{"house", "flat", "moon", ""}[i%4]), Served: true,
			Service: random.NormFloat64() + 4, Driven: true, Speed: random.NormFloat64(), Hour: random.IntN(168),
			Misses: []Miss{{random.IntN(300), random.NormFloat64()}},
		})
	}
	doc, err := cbor.Marshal(&s)
	if err != nil {
		t.Fatal(err)
	}
	const most = 16 << 10
	if len(doc) > most {
		t.Errorf("the state takes %d bytes, want at most %d", len(doc), most)
	}
}

func TestAStateForgets(t *testing.T) {
	var s State
	old := Fact{At: morning.AddDate(-1, 0, 0), Kind: tracker.StopHouse, Served: true, Service: math.Log(600)}
	for range 500 {
		s.Add(&old)
	}
	fresh := Fact{At: morning, Kind: tracker.StopHouse, Served: true, Service: math.Log(60)}
	for range 100 {
		s.Add(&fresh)
	}
	halt := NewPace(berlin(t), &s, nil, nil, morning).halt(&tracker.Stop{Kind: tracker.StopHouse}, true)
	if halt > 75 {
		t.Errorf("a halt of a minute is still taken for %.0f seconds", halt)
	}
}

func TestDriversAndDepotsAreTold(t *testing.T) {
	var network, depot, driver State
	for range 200 {
		f := Fact{At: morning, Kind: tracker.StopHouse, Served: true, Service: math.Log(100)}
		network.Add(&f)
		f.ServiceRatio = math.Log(1.5)
		depot.Add(&f)
		f.ServiceRatio = math.Log(0.8)
		driver.Add(&f)
	}
	house := &tracker.Stop{Kind: tracker.StopHouse}
	plain := NewPace(berlin(t), &network, nil, nil, morning).halt(house, true)
	slow := NewPace(berlin(t), &network, &depot, nil, morning).halt(house, true)
	quick := NewPace(berlin(t), &network, &depot, &driver, morning).halt(house, true)
	if plain < 95 || plain > 105 || slow < 1.35*plain || quick > 0.88*plain {
		t.Errorf("a halt takes %.0f s, at a slow depot %.0f, with its quick driver %.0f", plain, slow, quick)
	}
}
