package transit

import (
	"bytes"
	"testing"
	"time"
)

// bytesOf encodes a state that nothing but Merge has touched.
func bytesOf(t *testing.T, parts ...*State) []byte {
	t.Helper()
	sum := NewState()
	for _, part := range parts {
		if part != nil {
			sum.Merge(part)
		}
	}
	data, err := sum.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestThePartsOfAStateMergeToIt(t *testing.T) {
	s := NewState()
	learnAll(t, s, record(t, 60))
	want := bytesOf(t, s)
	for _, parts := range []int{1, 2, 32} {
		if got := bytesOf(t, s.Split(parts)...); !bytes.Equal(got, want) {
			t.Errorf("%d parts merge to another state: %d bytes, want %d", parts, len(got), len(want))
		}
	}
	for i, part := range NewState().Split(4) {
		if part != nil {
			t.Errorf("part %d of an empty state holds something", i)
		}
	}
}

func TestBoundForgetsTheLightest(t *testing.T) {
	s := NewState()
	trips := record(t, 60)
	learnAll(t, s, trips)
	now := monday.AddDate(0, 0, 61)
	means := s.Tracks[Handover].Effects[effectLane]
	if len(means) < 3 {
		t.Fatalf("only %d lanes", len(means))
	}
	// One lane that was used once.
	rare := trips[0].outcome
	rare.Query.Origin.Region = "HB"
	if err := s.Learn(rare, rare.Delivered.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	k := keysOf(&rare.Query)
	s.Bound(now, len(means)*int(moments)*int(effects)-int(moments)*int(effects))
	if means[k.effects[effectLane]] != nil {
		t.Error("the lane that was used once is kept")
	}
	if len(means) == 0 {
		t.Error("nothing is kept")
	}
}
