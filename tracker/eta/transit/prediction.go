package transit

import (
	"math"
	"sort"
	"time"
)

// Levels are the probabilities at which a prediction holds its quantiles.
var Levels = [...]float64{0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99}

// tailExponent is how fast the probability of being still under way falls
// beyond the last level: as a power of the time, like that of lost parcels.
const tailExponent = 3

// Prediction is the distribution of an arrival.
type Prediction struct {
	// Start is the moment of the prediction; arrivals are told in its location.
	Start  time.Time
	Basis  Basis
	Reason Reason

	// Quantiles are the days from Start at each of Levels, by the clock on the wall.
	Quantiles [len(Levels)]float64
	// passed is the days that the parcel is known to be under way.
	passed float64
}

// Given is the prediction for a parcel that has not arrived by a moment. Later
// moments never make any quantile earlier, and none lies before its moment.
func (p Prediction) Given(now time.Time) Prediction {
	p.passed = math.Max(p.passed, civil(now.In(p.Start.Location()))-civil(p.Start))
	return p
}

// Days is the quantile of a level within (0, 1), in days after Start.
func (p *Prediction) Days(level float64) float64 {
	before := p.before(p.passed)
	return math.Max(p.passed, p.quantile(before+level*(1-before)))
}

// At is the quantile of a level within (0, 1): the parcel arrives by then with
// that probability.
func (p *Prediction) At(level float64) time.Time {
	return instant(civil(p.Start)+p.Days(level), p.Start.Location())
}

// By is the probability that the parcel arrives by a moment.
func (p *Prediction) By(moment time.Time) float64 {
	days := civil(moment.In(p.Start.Location())) - civil(p.Start)
	if days <= p.passed {
		return 0
	}
	before := p.before(p.passed)
	return (p.before(days) - before) / (1 - before)
}

// before is the probability of an arrival within the days after Start, below 1.
func (p *Prediction) before(days float64) float64 {
	last := len(Levels) - 1
	i := sort.SearchFloat64s(p.Quantiles[:], days)
	switch {
	case days <= 0:
		return 0
	case i == 0:
		return Levels[0] * days / p.Quantiles[0]
	case i > last:
		return 1 - (1-Levels[last])*math.Pow(p.Quantiles[last]/days, tailExponent)
	}
	part := (days - p.Quantiles[i-1]) / (p.Quantiles[i] - p.Quantiles[i-1])
	return Levels[i-1] + part*(Levels[i]-Levels[i-1])
}

// quantile is the inverse of before.
func (p *Prediction) quantile(level float64) float64 {
	last := len(Levels) - 1
	i := sort.SearchFloat64s(Levels[:], level)
	switch {
	case i == 0:
		return p.Quantiles[0] * level / Levels[0]
	case i > last:
		return p.Quantiles[last] * math.Pow((1-Levels[last])/(1-level), 1.0/tailExponent)
	}
	part := (level - Levels[i-1]) / (Levels[i] - Levels[i-1])
	return p.Quantiles[i-1] + part*(p.Quantiles[i]-p.Quantiles[i-1])
}
