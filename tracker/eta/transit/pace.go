package transit

import "math"

// The paces that are kept of every query's groups.
const (
	paceNetwork = iota
	paceDestination
	paceOrigin
	paces
)

const (
	// paceSpread is the scale of the logistic distribution by which parcels are
	// expected to arrive around the logarithm of their predicted time. The
	// function arrived takes it as the power 1/0.4 = 2.5.
	paceSpread = 0.4
	// paceLasting is how much of a slower pace is taken to last. What stops a
	// network is seldom there for the whole way of a parcel that starts now;
	// what has made it faster stays.
	paceLasting = 0.2
	// paceDays is how long a parcel is expected at all, in days from its start.
	paceDays = 60
	// paceRing is how many days a Pace keeps: those to come and those looked back on.
	paceRing = 192
	// paceHalfLives is how far a look back goes.
	paceHalfLives = 4
)

// Pace holds, by civil day, how many arrivals were expected of the parcels
// under way and how many there were.
//
// Let a parcel's y be logistic around its prediction, shifted by d for all
// parcels. The score of d over some days is the sum over parcels at risk of
// F(end) - F(start) less the sum over arrivals of 1 - F, its information the
// sum over parcels of F - F²/2 between the same ends. Neither needs the parcel
// to have arrived, and one that is lost for months adds nothing.
type Pace struct {
	Days [paceRing]PaceDay
}

// PaceDay is one civil day of a Pace. The ring's place of a day may hold an
// older day or a newer one; the newest wins.
type PaceDay struct {
	_           struct{} `cbor:",toarray"`
	Day         int32
	Expected    float64
	Information float64
	Arrived     float64
}

func (p *Pace) merge(o PaceDay) {
	d := &p.Days[uint32(o.Day)%paceRing] //nolint:gosec // days count from 1970
	if d.Day < o.Day {
		*d = PaceDay{Day: o.Day}
	}
	if d.Day == o.Day {
		d.Expected += o.Expected
		d.Information += o.Information
		d.Arrived += o.Arrived
	}
}

// newest is the last day of which the pace holds anything.
func (p *Pace) newest() (day int32) {
	for i := range p.Days {
		day = max(day, p.Days[i].Day)
	}
	return day
}

// shift is how much slower than predicted parcels arrived in the days before
// the given one, in units of y; positive is slower. The prior is the
// information that speaks for no shift.
func (p *Pace) shift(day int32, halfLife, prior float64) float64 {
	if p == nil {
		return 0
	}
	fade, weight := math.Exp2(-1/halfLife), 1.0
	var score, information float64
	for back := int32(1); back <= int32(paceHalfLives*halfLife); back++ {
		if d := &p.Days[uint32(day-back)%paceRing]; d.Day == day-back { //nolint:gosec // wraps as the ring does
			score += weight * (d.Expected - d.Arrived)
			information += weight * d.Information
		}
		weight *= fade
	}
	return clamp(paceSpread*score/(information+prior), -1, 1)
}

// lasting is the part of a shift that a parcel is expected to meet that starts now.
func lasting(shift float64) float64 { return math.Min(shift, paceLasting) }

// expect calls add with what each day expects of a parcel that started at the
// civil time start and was under way at from, with its y predicted as y.
func expect(clock *clock, start, from, y float64, add func(PaceDay)) {
	work, scale := clock.work(start, from), math.Exp(-y)
	before := arrived(work, scale)
	for at := from; at < start+paceDays && before < 0.995; {
		day := math.Floor(at)
		work += (day + 1 - at) * clock.weight(day)
		at = day + 1
		after := arrived(work, scale)
		add(PaceDay{
			Day:         int32(day),
			Expected:    after - before,
			Information: after - after*after/2 - before + before*before/2,
		})
		before = after
	}
}

// arrive is what the day of an arrival adds.
func arrive(clock *clock, start, at, y float64) PaceDay {
	return PaceDay{Day: int32(math.Floor(at)), Arrived: 1 - arrived(clock.work(start, at), math.Exp(-y))}
}

// arrived is the probability of an arrival within some working days:
// logistic((logWork(work) - y) / paceSpread) with scale = exp(-y), written
// without logarithms, for it is taken for every day of every parcel.
func arrived(work, scale float64) float64 {
	ratio := (work + workOffset) * scale
	power := ratio * ratio * math.Sqrt(ratio)
	return 1 - 1/(1+power) // where power is infinite too
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// workOffset keeps the logarithm of a same-day delivery finite.
const workOffset = 0.5

func logWork(days float64) float64 { return math.Log(days + workOffset) }

func workOf(y float64) float64 { return math.Max(0, math.Exp(y)-workOffset) }
