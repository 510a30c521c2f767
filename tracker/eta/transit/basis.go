package transit

import (
	"fmt"
	"math"
)

// Basis is what a prediction was made of. It is stored with the parcel, for
// its outcome is learnt against it: about 300 bytes of CBOR.
type Basis struct {
	Version uint8 `cbor:"1,keyasint"`
	// Base is the sum of the base's effects and Center the forecast, both as y.
	Base     float64           `cbor:"2,keyasint"`
	Center   float64           `cbor:"3,keyasint"`
	Effects  [effects]float32  `cbor:"4,keyasint"`
	Features [features]float32 `cbor:"5,keyasint"`
}

// check refuses what would poison the sums.
func (b *Basis) check(q *Query) error {
	if b.Version != Version {
		return fmt.Errorf("%w: %d, not %d; predict again", ErrBasis, b.Version, Version)
	}
	if q.Moment >= moments {
		return fmt.Errorf("%w: moment %d", ErrBasis, q.Moment)
	}
	sum := b.Base + b.Center
	for _, x := range b.Effects {
		sum += math.Abs(float64(x))
	}
	for _, x := range b.Features {
		sum += math.Abs(float64(x))
	}
	if !(math.Abs(sum) < 1000) {
		return fmt.Errorf("%w: its numbers are not those of a prediction", ErrBasis)
	}
	if year := q.At.Year(); year < 2000 || year > 2200 {
		return fmt.Errorf("%w: predicted at %s", ErrImplausible, q.At)
	}
	return nil
}
