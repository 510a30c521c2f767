package eta

import (
	"time"

	"waybill/tracker"
)

const (
	// The silence that means something before any is known: half of all parcels are scanned again within a day, 99 of 100
	// within a week.
	gapMedian = 24.0 // hours
	gapSpread = 0.835
	// gapLeaning is how many gaps weigh as much.
	gapLeaning = 40
	// stuckLeast is the shortest silence that is called stuck, lostTimes and lostLeast how much longer one is that is
	// called a loss. After lostMost it is one however slow such parcels are: later, shipments are given up anyway.
	stuckLeast = 24 * time.Hour
	lostTimes  = 3
	lostLeast  = 10 * 24 * time.Hour
	lostMost   = 22 * 24 * time.Hour
)

// The silences before any is known, made once: to make one takes as long as a prediction.
var (
	gaps        = logNormal(gapMedian, gapSpread)
	gapsExpress = logNormal(0.6*gapMedian, gapSpread)
	gapsSameDay = logNormal(0.3*gapMedian, gapSpread)
)

func usualGaps(level tracker.ServiceLevel) *distribution {
	switch level {
	case tracker.SameDay:
		return &gapsSameDay
	case tracker.Express:
		return &gapsExpress
	case tracker.Standard, tracker.Economy:
	}
	return &gaps
}

// watch says what silence from now on would mean: longer than 99 of 100 parcels were silent at this point of their way,
// with this carrier, is stuck. Days without delivery do not count.
func (m *Model) watch(k *knowledge, t *tracker.Tracking, j *journey, d door, now time.Time) tracker.Watch {
	v := &t.View
	if v.Milestone.Ended() || !v.LastAt.Known() || len(j.scans) == 0 {
		return tracker.Watch{}
	}
	last := j.scans[len(j.scans)-1]
	heard := later(last.at, v.LastAt.Instant())
	if heard.After(now) {
		heard = now
	}
	silences := usualGaps(j.level).lean(k.tallies[gapPrefix+gapKey(last.carrier, last.stage)].counts(now), gapLeaning)
	stuck := max(time.Duration(silences.quantile(0.99)*float64(time.Hour)), stuckLeast)
	lost := max(stuck, min(max(lostTimes*stuck, lostLeast), lostMost))
	return tracker.Watch{
		Event: v.LastEvent, StuckAt: d.addOpen(heard, stuck).UTC(), LostAt: d.addOpen(heard, lost).UTC(),
		ClaimFrom: m.claimFrom(t, j, d, last.carrier).UTC(),
	}
}
