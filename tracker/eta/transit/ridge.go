package transit

// size is the number of sums of the normal equations: a triangle and the right side.
const size = features * (features + 3) / 2

// Ridge holds the decayed sums of a weighted least-squares fit.
type Ridge struct {
	Scale scale `cbor:"1,keyasint"`
	// Sums is row by row the upper triangle of X'X, each row ended by its
	// element of X'y; nil before the first outcome.
	Sums []float64 `cbor:"2,keyasint"`
}

// ridgeHalfLife in days: the strengths of features change slowly.
const ridgeHalfLife = 240

// penalty is the weight, in outcomes with a feature of 1, of each prior strength.
const penalty = 5

func (r *Ridge) add(at float64, x *[features]float64, y, weight float64) {
	s, w := weigh(at, ridgeHalfLife)
	r.reach(s)
	w *= weight * s.factor(r.Scale)
	i := 0
	for row, value := range x {
		if value == 0 {
			i += features - row + 1
			continue
		}
		value *= w
		sums := r.Sums[i : i+features-row+1]
		for column, other := range x[row:] {
			sums[column] += value * other
		}
		sums[features-row] += value * y
		i += features - row + 1
	}
}

// reach makes the sums relative to the block s, if that is newer.
func (r *Ridge) reach(s scale) {
	if r.Sums == nil {
		r.Sums = make([]float64, size)
		r.Scale = s
	}
	if s <= r.Scale {
		return
	}
	f := r.Scale.factor(s)
	for i := range r.Sums {
		r.Sums[i] *= f
	}
	r.Scale = s
}

func (r *Ridge) merge(o *Ridge) {
	if o.Sums == nil {
		return
	}
	r.reach(o.Scale)
	f := o.Scale.factor(r.Scale)
	for i, sum := range o.Sums {
		r.Sums[i] += f * sum
	}
}

// solve is the strengths that fit the sums as they count at a moment, drawn
// towards the prior ones.
func (r *Ridge) solve(at float64) [features]float64 {
	strengths := priorStrengths
	if r.Sums == nil {
		return strengths
	}
	var m [features][features + 1]float64
	f := r.Scale.faded(at, ridgeHalfLife)
	i := 0
	for row := range m {
		for column := row; column <= features; column++ {
			m[row][column] = f * r.Sums[i]
			i++
		}
		m[row][row] += penalty
		m[row][features] += penalty * strengths[row]
	}
	// The matrix is symmetric and, with the penalty, positive definite:
	// elimination needs no pivots and only the upper triangle.
	for i := range m {
		for row := i + 1; row < features; row++ {
			f := m[i][row] / m[i][i]
			for column := row; column <= features; column++ {
				m[row][column] -= f * m[i][column]
			}
		}
	}
	for i := features - 1; i >= 0; i-- {
		sum := m[i][features]
		for column := i + 1; column < features; column++ {
			sum -= m[i][column] * strengths[column]
		}
		strengths[i] = sum / m[i][i]
	}
	return strengths
}
