package drift

import (
	"math"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// TestRowsArePackedAndReadBack as they were, those of a version with fewer or more of them too.
func TestRowsArePackedAndReadBack(t *testing.T) {
	day := Day{Source: Source{Carrier: "ups"}, Day: 20_000}
	day.Hours[3][Payloads], day.Hours[3][counts-1], day.Hours[23][Events] = 1, math.MaxUint32, 300
	day.Samples[Unknown].put("r1")
	day.Samples[Unknown].put("r2")
	day.Samples[counts-1] = Samples{"r5", "r4", "r3"}
	base := Base{Source: day.Source, Through: 480_000}
	base.Sums[Late], base.Slots[23][counts-1], base.Week[167], base.Weeks[167] = 0.5, math.Pi, 1e9, 7
	var again Day
	var baseAgain Base
	for from, to := range map[any]any{&day: &again, &base: &baseAgain} {
		doc, err := cbor.Marshal(from)
		if err == nil {
			err = cbor.Unmarshal(doc, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if again != day || baseAgain != base {
		t.Errorf("they come back as %v and %v", again, baseAgain)
	}
	var hour Counts
	if err := hour.UnmarshalBinary([]byte{7}); err != nil || hour != (Counts{7}) {
		t.Errorf("of one count are read %v (%v)", hour, err)
	}
	if err := hour.UnmarshalBinary(make([]byte, counts+9)); err != nil || hour != (Counts{}) {
		t.Errorf("of more counts than there are, are read %v (%v)", hour, err)
	}
	for _, cut := range [][]byte{{0x80}, {1, 0xff}, {0xff, 0xff, 0xff, 0xff, 0xff, 0x01}} {
		if err := hour.UnmarshalBinary(cut); err == nil {
			t.Errorf("% x is read as %v", cut, hour)
		}
	}
	var samples Samples
	if err := samples.UnmarshalBinary([]byte("r1\nr")); err == nil {
		t.Errorf("of a cut list are read %v", samples)
	}
	var sums Sums
	if err := sums.UnmarshalBinary([]byte{1, 2, 3}); err == nil {
		t.Error("three bytes are read as a float")
	}
}
