package transit

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// record is outcomes and starts of a replay, to be learnt again.
func record(t *testing.T, days int) []trip {
	t.Helper()
	w := newWorld(10)
	var trips []trip
	w.replay(t, New(), monday, days, func(trip trip) { trips = append(trips, trip) })
	return trips
}

func learnAll(t *testing.T, s *State, trips []trip) {
	t.Helper()
	for _, trip := range trips {
		if err := s.Start(trip.outcome.Query, trip.outcome.Basis); err != nil {
			t.Fatal(err)
		}
	}
	for _, trip := range trips {
		if err := s.Learn(trip.outcome, trip.outcome.Delivered); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTwoWorkersAddUpToOne(t *testing.T) {
	trips := record(t, 150)
	one, left, right := NewState(), NewState(), NewState()
	learnAll(t, one, trips)
	random := rand.New(rand.NewPCG(1, 1))
	var mine, theirs []trip
	for _, i := range random.Perm(len(trips)) {
		if random.IntN(3) == 0 {
			mine = append(mine, trips[i])
		} else {
			theirs = append(theirs, trips[i])
		}
	}
	learnAll(t, left, mine)
	learnAll(t, right, theirs)
	leftFirst, rightFirst := NewState(), NewState()
	leftFirst.Merge(left)
	leftFirst.Merge(right)
	rightFirst.Merge(right)
	rightFirst.Merge(left)

	want := modelOf(one)
	for name, s := range map[string]*State{"left first": leftFirst, "right first": rightFirst} {
		if s.Tracks[Handover].Learnt != uint64(len(trips)) {
			t.Errorf("%s: %d learnt of %d", name, s.Tracks[Handover].Learnt, len(trips))
		}
		got := modelOf(s)
		w := newWorld(11)
		for i := range 200 {
			q, _, _ := w.parcel(monday.AddDate(0, 0, 100+i/2))
			a, b := want.Predict(q), got.Predict(q)
			for _, level := range Levels {
				// The tolerance that Merge states.
				if math.Abs(a.Days(level)-b.Days(level)) > 1e-6 {
					t.Fatalf("%s: %.2f after %v days, by one worker %v", name, level, b.Days(level), a.Days(level))
				}
			}
		}
	}
}

func modelOf(s *State) *Model {
	m := &Model{State: *s}
	m.Refresh()
	return m
}

func TestMergeLeavesTheOtherAlone(t *testing.T) {
	trips := record(t, 20)
	other, into := NewState(), NewState()
	learnAll(t, other, trips[:len(trips)/2])
	before, err := other.Encode()
	if err != nil {
		t.Fatal(err)
	}
	into.Merge(other)
	learnAll(t, into, trips[len(trips)/2:])
	after, err := other.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("learning into the merged state changed the one merged from")
	}
}

func TestStateGoesRoundToTheBit(t *testing.T) {
	s := NewState()
	learnAll(t, s, record(t, 60))
	written, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Load(written)
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, again) {
		t.Error("the state is not what was written")
	}
	q, _, _ := newWorld(12).parcel(monday.AddDate(0, 0, 61))
	if a, b := modelOf(s).Predict(q), m.Predict(q); a != b {
		t.Errorf("predicts %v, not %v", b, a)
	}
}

func TestPruneForgetsWhatIsGone(t *testing.T) {
	s := NewState()
	learnAll(t, s, record(t, 30))
	full, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	s.Prune(monday.AddDate(0, 0, 60))
	if n := len(s.Tracks[Handover].Effects[effectLane]); n != 4 {
		t.Errorf("%d lanes after a month", n)
	}
	s.Prune(monday.AddDate(30, 0, 0))
	bare, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	track := s.Tracks[Handover]
	if len(track.Effects[effectLane])+len(track.Base)+len(track.Forecast) != 0 || len(bare) >= len(full) {
		t.Errorf("%d of %d bytes are left after 30 years", len(bare), len(full))
	}
}

func TestImplausibleOutcomeIsNoLongerExpected(t *testing.T) {
	q, _, _ := newWorld(13).parcel(monday)
	m := New()
	basis := m.Predict(q).Basis
	if err := m.Start(q, basis); err != nil {
		t.Fatal(err)
	}
	late := Outcome{Query: q, Basis: basis, Started: true, Delivered: q.At.AddDate(5, 0, 0)}
	if err := m.Learn(late, late.Delivered); !errors.Is(err, ErrImplausible) {
		t.Fatal(err)
	}
	for _, pace := range m.Tracks[Handover].Base {
		for _, d := range pace.Days {
			if math.Abs(d.Expected) > 1e-12 {
				t.Fatalf("day %d still expects %v", d.Day, d.Expected)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	s := NewState()
	w := newWorld(14)
	q, delivered, _ := w.parcel(monday)
	o := Outcome{Query: q, Basis: New().Predict(q).Basis, Delivered: delivered}
	if err := s.Learn(o, delivered); err != nil {
		f.Fatal(err)
	}
	written, err := s.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(written)
	f.Add([]byte{0xa0})
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Load(data)
		if err != nil {
			if !errors.Is(err, ErrState) {
				t.Fatalf("%v is no ErrState", err)
			}
			return
		}
		p := m.Predict(q)
		_ = p.At(0.5)
		m.Merge(s)
		m.Prune(time.Unix(2e9, 0))
		if _, err := m.Encode(); err != nil {
			t.Fatal(err)
		}
	})
}
