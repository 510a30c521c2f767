package transit

import "math"

// landmark is the civil day from which all decay runs forward. It must never
// change: a sum's weights are relative to it.
const landmark = 10957 // 2000-01-01

// block is how many half-lives share one scale. Weights grow by 2 every
// half-life, so that a sum is kept relative to the start of its newest block;
// moving it to another is an exact division by a power of 2.
const block = 32

// scale is the block a sum is relative to: block half-lives since the landmark.
type scale int32

// weigh is the block of a moment and the weight of an outcome at it, within
// [1, 2^block), at a half-life in days.
func weigh(at, halfLife float64) (scale, float64) {
	age := (at - landmark) / halfLife
	s := math.Floor(age / block)
	return scale(s), math.Exp2(age - s*block)
}

// factor takes a sum relative to the block s to the block to; outcomes that
// are many blocks old vanish.
func (s scale) factor(to scale) float64 {
	return math.Ldexp(1, -block*int(to-s))
}

// faded is the factor by which a sum relative to the block s counts at a
// moment. Before its block it counts as at the block's start: a question about
// the past must not blow it up.
func (s scale) faded(at, halfLife float64) float64 {
	to, w := weigh(at, halfLife)
	if to < s {
		return 1
	}
	return s.factor(to) / w
}

// plausible tells whether a sum can be of this or the next centuries.
func (s scale) plausible() bool { return s >= -1 && s < 1000 }

// Mean is a decayed sum of values and of their weights.
type Mean struct {
	Scale  scale   `cbor:"1,keyasint"`
	Weight float64 `cbor:"2,keyasint"`
	Sum    float64 `cbor:"3,keyasint"`
}

func (m *Mean) add(at, halfLife, value float64) {
	s, w := weigh(at, halfLife)
	m.merge(Mean{s, w, w * value})
}

func (m *Mean) merge(o Mean) {
	if m.Weight == 0 {
		*m = o
		return
	}
	if o.Scale > m.Scale {
		*m, o = o, *m
	}
	f := o.Scale.factor(m.Scale)
	m.Weight += f * o.Weight
	m.Sum += f * o.Sum
}

// at is the weight in outcomes and the sum as they count at a moment.
func (m *Mean) at(at, halfLife float64) (weight, sum float64) {
	f := m.Scale.faded(at, halfLife)
	return f * m.Weight, f * m.Sum
}

// shrunk is the mean drawn towards none by a prior weight in outcomes.
func (m *Mean) shrunk(at, halfLife, prior float64) float64 {
	weight, sum := m.at(at, halfLife)
	return sum / (weight + prior)
}
