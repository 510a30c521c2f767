package score

import (
	"fmt"
	"math"

	"github.com/DataDog/sketches-go/ddsketch"
	"github.com/DataDog/sketches-go/ddsketch/mapping"
	"github.com/DataDog/sketches-go/ddsketch/store"
	"github.com/fxamacker/cbor/v2"
)

const (
	// accuracy of quantiles, relative.
	accuracy = 0.02
	// Values are taken between these, in hours, which bounds a sketch to some 300 bins.
	shortest, longest = 0.01, 2400.0
)

// Sketch holds a distribution of hours, from which quantiles are read within 2 %. The zero Sketch is empty.
type Sketch struct{ dd *ddsketch.DDSketch }

func newDD() (*ddsketch.DDSketch, error) {
	index, err := mapping.NewLogarithmicMapping(accuracy)
	if err != nil {
		return nil, fmt.Errorf("make a sketch: %w", err)
	}
	return ddsketch.NewDDSketchFromStoreProvider(index, store.SparseStoreConstructor), nil
}

// Add takes a time in hours in.
func (s *Sketch) Add(hours float64) error { return s.add(hours, 1) }

// add takes a time in so many times; a negative number takes back what was taken in.
func (s *Sketch) add(hours float64, times int64) (err error) {
	if s.dd == nil {
		if s.dd, err = newDD(); err != nil {
			return err
		}
	}
	bin := s.dd.Index(math.Max(shortest, math.Min(hours, longest)))
	s.dd.GetPositiveValueStore().AddWithCount(bin, float64(times))
	return nil
}

// Merge adds another sketch.
func (s *Sketch) Merge(o *Sketch) (err error) {
	if o.dd == nil {
		return nil
	}
	if s.dd == nil {
		if s.dd, err = newDD(); err != nil {
			return err
		}
	}
	return s.dd.MergeWith(o.dd)
}

// Count is how many times were taken in.
func (s *Sketch) Count() int {
	if s.dd == nil {
		return 0
	}
	return int(s.dd.GetCount())
}

// Quantile is in hours; 0 where nothing was taken in.
func (s *Sketch) Quantile(q float64) float64 {
	if s.Count() <= 0 {
		return 0
	}
	value, err := s.dd.GetValueAtQuantile(q)
	if err != nil {
		return 0 // it is empty
	}
	return value
}

// MarshalCBOR encodes the bins alone: the mapping is the same in all.
func (s Sketch) MarshalCBOR() ([]byte, error) {
	var bins []byte
	if s.dd != nil {
		s.dd.Encode(&bins, true)
	}
	return cbor.Marshal(bins)
}

// UnmarshalCBOR reads what MarshalCBOR wrote.
func (s *Sketch) UnmarshalCBOR(data []byte) error {
	var bins []byte
	if err := cbor.Unmarshal(data, &bins); err != nil {
		return fmt.Errorf("decode a sketch: %w", err)
	}
	if len(bins) == 0 {
		s.dd = nil
		return nil
	}
	index, err := mapping.NewLogarithmicMapping(accuracy)
	if err != nil {
		return fmt.Errorf("decode a sketch: %w", err)
	}
	if s.dd, err = ddsketch.DecodeDDSketch(bins, store.SparseStoreConstructor, index); err != nil {
		return fmt.Errorf("decode a sketch: %w", err)
	}
	return nil
}
