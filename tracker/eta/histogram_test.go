package eta

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func drawDistribution(t *rapid.T) distribution {
	prior := logNormal(rapid.Float64Range(2, 500).Draw(t, "median"), rapid.Float64Range(0.2, 1).Draw(t, "sigma"))
	return prior.lean(rapid.SliceOfN(rapid.Float64Range(0, 50), 0, buckets).Draw(t, "counts"), leaning)
}

func TestDistributionsSumToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDistribution(t)
		sum := 0.0
		for _, p := range d {
			sum += p
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("the probabilities sum to %v", sum)
		}
	})
}

func TestQuantilesAreOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDistribution(t)
		last := 0.0
		for _, q := range []float64{0.01, 0.1, 0.5, 0.9, 0.99, 1} {
			hours := d.quantile(q)
			if hours < last || hours > longest {
				t.Fatalf("quantile %v is %v; the one below was %v", q, hours, last)
			}
			last = hours
		}
	})
}

func TestBucketsCoverAllTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hours := rapid.Float64Range(0, longest-0.001).Draw(t, "hours")
		b := bucketOf(hours)
		if b < 0 || b >= buckets || hours < edges[b]*(1-1e-9) || hours > edges[b+1]*(1+1e-9) {
			t.Fatalf("%v hours are in bucket %d, from %v to %v", hours, b, edges[b], edges[b+1])
		}
	})
}

func TestTheMedianOfAPriorIsItsMedian(t *testing.T) {
	for _, median := range []float64{5, 30, 60, 240} {
		d := logNormal(median, 0.5)
		if got := d.quantile(0.5); math.Abs(got/median-1) > 0.1 {
			t.Errorf("the median of a prior around %v hours is %v", median, got)
		}
	}
}

func TestOldDeliveriesFade(t *testing.T) {
	at := landmark.AddDate(1, 0, 0)
	all := tallies{}
	all.add("gap/ups@depot", buckets, 3, weightAt(at))
	one := all["gap/ups@depot"]
	if got := one.counts(at)[3]; math.Abs(got-1) > 1e-9 {
		t.Errorf("a delivery of today counts %v", got)
	}
	if got := one.counts(at.Add(2 * halfLife))[3]; math.Abs(got-0.25) > 1e-9 {
		t.Errorf("one of two half-lives ago counts %v", got)
	}
}
