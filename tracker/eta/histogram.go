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

// quantile is the time in hours by which a parcel has come with probability q, given that after elapsed hours it
// had not. ok is false where elapsed is beyond anything that is known.
func (d *distribution) quantile(q, elapsed float64) (hours float64, ok bool) {
	left := 0.0
	for i := range d {
		left += d.beyond(i, elapsed)
	}
	if left <= 0 || elapsed >= longest {
		return 0, false
	}
	want := q * left
	for i := range d {
		mass := d.beyond(i, elapsed)
		if mass > 0 && mass >= want {
			from := max(edges[i], elapsed)
			return from + (edges[i+1]-from)*want/mass, true
		}
		want -= mass
	}
	return longest, true
}

// beyond is how much of a bucket's probability lies after a time, spread evenly within the bucket.
func (d *distribution) beyond(bucket int, elapsed float64) float64 {
	from, to := edges[bucket], edges[bucket+1]
	switch {
	case elapsed <= from:
		return d[bucket]
	case elapsed >= to:
		return 0
	}
	return d[bucket] * (to - elapsed) / (to - from)
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

// logNormal is a distribution around a median in hours; sigma is the spread of the logarithm. A part of it is laid
// evenly on what takes longer, since parcels that go astray follow no curve.
func logNormal(median, sigma float64) distribution {
	const astray = 0.02
	var d distribution
	later := buckets - bucketOf(median)
	below := func(hours float64) float64 {
		if hours <= 0 {
			return 0
		}
		return 0.5 * math.Erfc(-(math.Log(hours)-math.Log(median))/(sigma*math.Sqrt2))
	}
	total := below(longest)
	for i := range d {
		d[i] = (1 - astray) * (below(edges[i+1]) - below(edges[i])) / total
		if i >= buckets-later {
			d[i] += astray / float64(later)
		}
	}
	return d
}
