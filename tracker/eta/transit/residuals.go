package transit

// The histogram has bins of a 40th from -4 to 4.
const (
	bins        = 320
	binsPerUnit = 40.0
	lowestBin   = -bins / 2 / binsPerUnit

	residualHalfLife = 120 // days
)

// Residuals is a decayed histogram of one-step-ahead residuals.
type Residuals struct {
	Scale scale     `cbor:"1,keyasint"`
	Bins  []float64 `cbor:"2,keyasint"` // nil before the first
}

func (r *Residuals) add(at, residual float64) {
	s, w := weigh(at, residualHalfLife)
	r.reach(s)
	bin := int(clamp((residual-lowestBin)*binsPerUnit, 0, bins-1))
	r.Bins[bin] += w * s.factor(r.Scale)
}

func (r *Residuals) reach(s scale) {
	if r.Bins == nil {
		r.Bins = make([]float64, bins)
		r.Scale = s
	}
	if s <= r.Scale {
		return
	}
	f := r.Scale.factor(s)
	for i := range r.Bins {
		r.Bins[i] *= f
	}
	r.Scale = s
}

func (r *Residuals) merge(o *Residuals) {
	if o.Bins == nil {
		return
	}
	r.reach(o.Scale)
	f := o.Scale.factor(r.Scale)
	for i, n := range o.Bins {
		r.Bins[i] += f * n
	}
}

// into adds the histogram as it counts at a moment, scaled so that it weighs
// no more than limit outcomes.
func (r *Residuals) into(sum *[bins]float64, at, limit float64) {
	if r.Bins == nil {
		return
	}
	f := r.Scale.faded(at, residualHalfLife)
	var total float64
	for _, n := range r.Bins {
		total += n
	}
	if total*f > limit {
		f = limit / total
	}
	for i, n := range r.Bins {
		sum[i] += f * n
	}
}

// priorResiduals is what a fresh install expects: logistic with a spread of
// 0.3, which is from three quarters to one and a third of the time in half of
// the cases, weighing 20 outcomes.
var priorResiduals = func() (prior [bins]float64) {
	for i := range prior {
		low := lowestBin + float64(i)/binsPerUnit
		prior[i] = 20 * (logistic((low+1/binsPerUnit)/0.3) - logistic(low/0.3))
	}
	return prior
}()

// quantiles of a histogram at rising levels.
func quantiles(histogram *[bins]float64, levels []float64, out []float64) {
	var total, below float64
	for _, n := range histogram {
		total += n
	}
	bin := 0
	for i, level := range levels {
		for bin < bins-1 && below+histogram[bin] < level*total {
			below += histogram[bin]
			bin++
		}
		within := clamp((level*total-below)/histogram[bin], 0, 1)
		out[i] = lowestBin + (float64(bin)+within)/binsPerUnit
	}
}

// median is the place of the median among Levels.
const median = len(Levels) / 2

// widen takes the quantiles of residuals so many times as far from their median.
func widen(residuals *[len(Levels)]float64, times float64) {
	for i := range residuals {
		residuals[i] = residuals[median] + times*(residuals[i]-residuals[median])
	}
}
