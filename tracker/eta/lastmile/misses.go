package lastmile

import (
	"math"
	"slices"
)

// Misses are told apart by how many stops were left when the stop was foretold, in classes that grow.
var classEnds = []int{1, 2, 3, 5, 8, 13, 21, 34, 55}

// classOf is the class of a number of stops left.
func classOf(left int) int {
	i, _ := slices.BinarySearch(classEnds, left)
	return i
}

// endOf is the number of stops left at which most of a class were foretold: its largest, as a stop is foretold when it
// enters the class.
func endOf(class int) int {
	const wholeRound = 80
	if class < len(classEnds) {
		return classEnds[class]
	}
	return wholeRound
}

// between gives the quantiles for a number of stops left, between those of the classes around it: the fewer stops are
// left, the more each weighs.
func between(classes []quantiles, left int) quantiles {
	class := classOf(left)
	q := classes[class]
	if class == 0 || left >= endOf(class) {
		return q
	}
	lower, upper := math.Log(float64(endOf(class-1))), math.Log(float64(endOf(class)))
	part := (math.Log(float64(left)) - lower) / (upper - lower)
	for i, below := range classes[class-1] {
		q[i] = below + (q[i]-below)*part
	}
	return q
}

// Their logarithms are counted in buckets of 5 % up to e^±2.
const (
	buckets    = 80
	bucketStep = 0.05
	lowest     = -2.0
)

func bucketOf(ratio float64) int {
	return max(0, min(int(math.Floor((ratio-lowest)/bucketStep)), buckets-1))
}

const (
	// missStrength is how many misses the assumption of priorSpread weighs; a depot leans as strongly on the network.
	missStrength = 40
	// ownSpread and commonSpread are what is assumed of misses before any: each stop is off by the one, the day by the other.
	ownSpread, commonSpread = 0.65, 0.14
)

func priorSpread(left int) float64 {
	return math.Sqrt(commonSpread*commonSpread + ownSpread*ownSpread/float64(max(left, 1)))
}

// quantiles are those of the ratio of what is to what was foretold, at 10, 50 and 90 percent.
type quantiles [3]float64

// missesOf blends the assumption, the network's misses and the depot's, and gives the quantiles of one class.
func missesOf(class int, states []*State, scale float64) quantiles {
	spread := priorSpread(endOf(class))
	density := make([]float64, buckets)
	for i := range density {
		from, to := lowest+float64(i)*bucketStep, lowest+float64(i+1)*bucketStep
		density[i] = normal(to/spread) - normal(from/spread)
	}
	for _, s := range states {
		total := float64(missStrength)
		counts := s.Misses[class]
		for _, c := range counts {
			total += c * scale
		}
		for i := range density {
			density[i] *= missStrength / total
			if i < len(counts) {
				density[i] += counts[i] * scale / total
			}
		}
	}
	return quantilesOf(density)
}

func quantilesOf(density []float64) (q quantiles) {
	total := 0.0
	for _, d := range density {
		total += d
	}
	for i, level := range []float64{0.1, 0.5, 0.9} {
		want := level * total
		q[i] = math.Exp(lowest + buckets*bucketStep)
		for bucket, d := range density {
			if d > 0 && want <= d {
				q[i] = math.Exp(lowest + bucketStep*(float64(bucket)+want/d))
				break
			}
			want -= d
		}
	}
	return q
}

// normal is the distribution function of the normal distribution.
func normal(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
