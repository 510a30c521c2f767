package eta

import "math"

// Transit times are counted in buckets that grow by a fixed ratio, the same in every group and every version of a
// group, so that counts of any two can be added.
const (
	buckets = 64
	// longest is the longest transit time that is told apart, in hours: 90 days.
	longest = 90 * 24
)

// ratio is by how much each bucket is longer than the one before: the first ends near an hour, the last at longest.
var ratio = math.Pow(longest, 1.0/buckets)

// edges are the ends of the buckets in hours, from 0 to longest.
var edges = func() (e [buckets + 1]float64) {
	for i := 1; i <= buckets; i++ {
		e[i] = math.Pow(ratio, float64(i))
	}
	return e
}()

// bucketOf is the bucket of a transit time in hours.
func bucketOf(hours float64) int {
	if hours < 1 {
		return 0
	}
	return min(int(math.Log(hours)/math.Log(ratio)), buckets-1)
}

// distribution is the probability of each bucket; it sums to one.
type distribution [buckets]float64

// quantile is the time in hours that a share q of them stay below.
func (d *distribution) quantile(q float64) float64 {
	for i, mass := range d {
		if mass > 0 && mass >= q {
			return min(edges[i]+(edges[i+1]-edges[i])*q/mass, longest) // the last edge is a power, a rounding error above it
		}
		q -= mass
	}
	return longest
}

// lean gives what is expected where counts say so much, and a wider group all else: a Dirichlet prior of the given
// strength, in deliveries.
func (d *distribution) lean(counts []float64, strength float64) distribution {
	total := strength
	for _, c := range counts {
		total += c
	}
	var out distribution
	for i := range out {
		out[i] = d[i] * strength / total
		if i < len(counts) {
			out[i] += counts[i] / total
		}
	}
	return out
}

// logNormal is a distribution around a median in hours; sigma is the spread of the logarithm.
func logNormal(median, sigma float64) distribution {
	below := func(hours float64) float64 {
		if hours <= 0 {
			return 0
		}
		return 0.5 * math.Erfc(-(math.Log(hours)-math.Log(median))/(sigma*math.Sqrt2))
	}
	var d distribution
	total := below(longest)
	for i := range d {
		d[i] = (below(edges[i+1]) - below(edges[i])) / total
	}
	return d
}
