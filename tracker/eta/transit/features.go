package transit

import (
	"math"
)

// features is the length of the vector that the regression weighs.
const features = 44

// Where groups of features start in the vector.
const (
	featureEffects = 1  // the base's effects, then the origin's
	featureRecent  = 9  // recent residuals: week, fortnight, month
	featurePromise = 12 // time left and time in all, then their hinges at the end
	featureShipper = 14 // handling time, lateness
	featureParcel  = 16 // weight, items
	featureWeekday = 18
	featurePace    = 25 // network, destination, origin
	featureFar     = 33 // distance and its square
	featureHinges  = 35
)

// look is one look back on a pace.
type look struct {
	pace            int
	halfLife, prior float64
}

var looks = [...]look{
	{paceNetwork, 2, 3},
	{paceNetwork, 5, 3},
	{paceNetwork, 12, 3},
	{paceNetwork, 25, 3},
	{paceDestination, 6, 5},
	{paceDestination, 15, 5},
	{paceOrigin, 6, 4},
	{paceOrigin, 15, 4},
}

// corrections are the looks back on the pace against the forecast, and
// correction how much of each is taken off.
var corrections = [...]look{
	{paceNetwork, 4, 5},
	{paceDestination, 10, 5},
}

const correction = 0.4

// shifts is what the looks on the pace show.
type shifts struct {
	base     [len(looks)]float64
	forecast [len(corrections)]float64
}

// unrest is how many times as wide as usual windows are. Where the network's
// pace is off the forecast, whichever way, the next weeks are harder to foresee
// than the past errors tell.
func (s *shifts) unrest() float64 {
	const share, most = 0.5, 0.15
	return 1 + share*math.Min(math.Abs(s.forecast[0]), most)
}

func (t *Track) shifts(k *keys, at float64) (s shifts) {
	today := t.today(at)
	for i, l := range looks {
		s.base[i] = t.Base[k.paces[l.pace]].shift(today, l.halfLife, l.prior)
	}
	for i, l := range corrections {
		s.forecast[i] = t.Forecast[k.paces[l.pace]].shift(today, l.halfLife, l.prior)
	}
	return s
}

// Knees of the promise's piecewise-linear part, as logarithms of days.
var (
	kneesLeft  = [...]float64{1, 1.5, 2, 2.5, 3, 3.5}
	kneesTotal = [...]float64{2.5, 3, 3.5}
)

// priorStrengths are what a fresh install takes the features for: effects for
// what they say, and a part of the recent residuals and of the pace of days.
var priorStrengths = func() (s [features]float64) {
	s[0] = 2 // with the network's effect counted from 2
	for i := range baseEffects {
		s[featureEffects+i] = 1
	}
	s[featureRecent], s[featureRecent+1], s[featureRecent+2] = 0.3, 0.2, 0.2
	s[featurePace+1], s[featurePace+4] = 0.4, 0.3
	return s
}()

// vector is the features of a query. Values of about 1 keep the penalty fair.
func vector(q *Query, clock *clock, levels *[effects]float32, seen *shifts, at float64) (x [features]float32) {
	x[0] = 1
	copy(x[featureEffects:], levels[:effectHandling])
	x[featureEffects+int(effectNetwork)] -= 2
	copy(x[featureRecent:], levels[effectWeek:])
	promise(q, clock, at, &x)
	shipper(q, levels, &x)
	if q.WeightGrams > 0 {
		x[featureParcel] = float32(math.Log(1+math.Min(q.WeightGrams, 1e6)/1000) - 1)
	}
	x[featureParcel+1] = float32(clamp(float64(q.Items), 1, 4) - 1)
	x[featureWeekday+weekday(at)] = 1
	for i, shift := range seen.base {
		x[featurePace+i] = float32(lasting(shift))
	}
	if logKM, known := q.distance(); known {
		far := logKM - 6
		x[featureFar], x[featureFar+1] = float32(far), float32(far*far)
	}
	return x
}

// promise sets how long the shop or the carrier thinks it will take.
func promise(q *Query, clock *clock, at float64, x *[features]float32) {
	if q.Promised.IsZero() {
		return
	}
	end := math.Max(math.Floor(civil(q.Promised)), at) + 1
	left := logWork(math.Max(0.5, clock.work(at, end)))
	total := left
	if !q.Ordered.IsZero() {
		total = logWork(clamp(math.Floor(civil(q.Promised))-civil(q.Ordered), 0.5, maxDays))
	}
	x[featurePromise], x[featurePromise+1] = float32(left-2.5), float32(total-3)
	for i, knee := range kneesLeft {
		x[featureHinges+i] = float32(math.Max(0, left-knee))
	}
	for i, knee := range kneesTotal {
		x[featureHinges+len(kneesLeft)+i] = float32(math.Max(0, total-knee))
	}
}

// shipper sets how long the shipper took, or is expected to take, to hand over.
func shipper(q *Query, levels *[effects]float32, x *[features]float32) {
	if q.Moment == Purchase {
		x[featureShipper] = levels[effectHandling] - 1
		return
	}
	if days, known := q.handling(); known {
		x[featureShipper] = float32(math.Log(1+days) - 1)
	}
	if !q.Due.IsZero() {
		x[featureShipper+1] = float32(clamp(q.At.Sub(q.Due).Hours()/24, -5, 5) / 3)
	}
}

// weekday of a civil time, 0 to 6.
func weekday(at float64) int { return int(math.Floor(at)) % 7 }
