package eta

import (
	"math"
	"time"

	"waybill/tracker"
)

// Errors of carriers' own estimates are counted in half days from a week early to two weeks late, each bucket with its
// half day in the middle: errors gather around whole days.
const (
	errorBuckets = 42
	errorStep    = 12.0
	errorFirst   = -7*24.0 - errorStep/2
)

func errorBucketOf(hours float64) int {
	return max(0, min(int((hours-errorFirst)/errorStep), errorBuckets-1))
}

// claim is the carrier's own estimate.
type claim struct {
	carrier  string
	from, to time.Time
}

func (c *claim) middle() time.Time { return c.from.Add(c.to.Sub(c.from) / 2) }

// claimOf is the latest leg's own estimate. A day means its delivery hours; an end alone, a window before it.
func claimOf(t *tracker.Tracking, zone *time.Location) (c claim, ok bool) {
	for i := len(t.Carriages) - 1; i >= 0; i-- {
		carriage := &t.Carriages[i]
		estimate := carriage.Generation.Facts.Estimate
		if !estimate.Known() {
			continue
		}
		c = claim{carrier: carriage.Carrier, to: moment(estimate.To, lastHour, zone)}
		if estimate.From.Known() {
			c.from = moment(estimate.From, firstHour, zone)
		} else {
			c.from = hourOf(c.to.In(zone), firstHour)
		}
		if c.from.After(c.to) {
			c.from = c.to
		}
		return c, true
	}
	return c, false
}

// moment is the instant that a carrier's stamp means at the destination; of a mere day, an hour.
func moment(s tracker.Stamp, hour int, zone *time.Location) time.Time {
	civil := s.Civil()
	if s.Precision == tracker.PrecisionDay {
		return time.Date(civil.Year(), civil.Month(), civil.Day(), hour, 0, 0, 0, zone)
	}
	if s.Source == tracker.ZoneUnknown {
		return time.Date(civil.Year(), civil.Month(), civil.Day(), civil.Hour(), civil.Minute(), civil.Second(), 0, zone)
	}
	return s.Instant()
}

// withCarrier takes the carrier's own estimate as evidence: widened by how its estimates erred on the lane (else with the
// carrier, else anywhere), it is weighed against the model's by the square of their widths, the narrower weighing more.
// Quantiles are averaged, so that the result is never narrower than the narrower of the two.
func (f *foresight) withCarrier(k *knowledge, t *tracker.Tracking, j *journey, d door, now time.Time) {
	c, ok := claimOf(t, d.zone)
	if !ok || !c.to.After(now) {
		return
	}
	errors, sample := recordOf(k, word(c.carrier), j.lane(), now)
	var theirs [len(f.at)]float64
	middle, half := c.middle().Sub(now).Hours(), c.to.Sub(c.from).Hours()/2
	for i, level := range levels {
		// The window is the carrier's, or as wide as its errors were, whichever is the wider.
		at := middle + quantileOf(errors, level)
		if at < middle {
			at = math.Min(at, middle-half*math.Min(1, (0.5-level)/0.4))
		} else {
			at = math.Max(at, middle+half*math.Min(1, (level-0.5)/0.4))
		}
		theirs[i] = math.Max(0, at/24)
	}
	const least = 1.0 / 24
	mine, other := math.Max(least, f.at[p90]-f.at[p10]), math.Max(least, theirs[p90]-theirs[p10])
	weight := mine * mine / (mine*mine + other*other)
	for i := range f.at {
		f.at[i] += weight * (theirs[i] - f.at[i])
	}
	switch {
	case weight >= 0.8:
		f.source, f.why.Kind, f.why.Sample = sourceCarrier, tracker.WhyCarrier, int(sample)
		f.confidence = confidenceMedium
		if sample >= leaning {
			f.confidence = confidenceHigh
		}
	case weight >= 0.2:
		f.source, f.why.Kind = sourceBlend, tracker.WhyBlend
	}
}

// recordOf is how a carrier's estimates erred, as weights of buckets: on the lane, leaning on the carrier's others, and
// these on what is usual; and how many of the carrier's are known.
func recordOf(k *knowledge, carrier, lane string, now time.Time) (errors [errorBuckets]float64, sample float64) {
	for i := range errors {
		// Before anything is known: within a day in two of three cases, and rather late than early.
		hours := errorFirst + errorStep*(float64(i)+0.5)
		spread := 24.0
		if hours > 0 {
			spread = 30
		}
		errors[i] = math.Exp(-math.Abs(hours) / spread)
	}
	normalise(&errors)
	lean := func(key string) {
		counts := k.tallies[key].counts(now)
		total := 0.0
		for i, n := range counts {
			total += n
			errors[i] += n / leaning
		}
		sample = math.Max(sample, total)
		normalise(&errors)
	}
	lean(errorPrefix + carrier)
	if lane != "" {
		lean(errorPrefix + lane)
	}
	return errors, sample
}

func normalise(weights *[errorBuckets]float64) {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	for i := range weights {
		weights[i] /= sum
	}
}

// quantileOf is the error in hours that a share of estimates was below.
func quantileOf(weights [errorBuckets]float64, level float64) float64 {
	for i, w := range weights {
		if level <= w {
			return errorFirst + errorStep*(float64(i)+level/math.Max(w, 1e-12))
		}
		level -= w
	}
	return errorFirst + errorStep*errorBuckets
}
