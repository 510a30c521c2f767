package pull

import (
	"encoding/binary"
	"hash/fnv"
	"time"

	"waybill/tracker"
)

// Look is what is known when it is decided when a carrier is asked next. Zero times are unknown.
type Look struct {
	// Key spreads: two parcels of which all else is alike are not asked about at once.
	Key string
	Now time.Time
	// Milestone is where the parcel stands on its leg, At since when.
	Milestone tracker.Milestone
	At        time.Time
	// Heard is the moment of the latest scan, Since when the parcel began to be followed.
	Heard, Since time.Time
	// Asked is when the carrier was last asked, Pushed when it last told by itself.
	Asked, Pushed time.Time
	Service       tracker.ServiceLevel
	// From and To are when it is expected: the estimate's window, else the carrier's own, else the promise.
	From, To time.Time
	// Zone is the destination's.
	Zone *time.Location
}

// Schedule decides when a carrier is asked next.
type Schedule interface {
	// Next is the moment; zero is never.
	Next(l Look) time.Time
}

// Policy is the Schedule in use. How long it waits follows from where the parcel stands: minutes on the day of
// delivery, hours on its way, days when nothing is heard of it, never after the end. What a carrier tells by itself
// is not asked for, and nights are left alone.
type Policy struct {
	// Expire is after how long of silence nobody asks any more.
	Expire time.Duration
}

// The waits, before spreading. What a change of one costs and gains is seen in TestAWeek of package poll.
const (
	// firstWithin is within what time of its registration a parcel is first asked about.
	firstWithin = 5 * time.Minute
	// atOnce is over what time those are spread whose time has come already.
	atOnce = time.Minute
	// onTheRound is the wait while the van is out with the parcel.
	onTheRound = 15 * time.Minute
	// dueToday is the wait on the day it is expected, until it is out for delivery.
	dueToday = 45 * time.Minute
	// moving bounds the wait on the way: a quarter of the silence so far, as scans come in bursts.
	movingLeast, movingMost = 2 * time.Hour, 6 * time.Hour
	movingShare             = 4
	// paper is the wait before the carrier has the parcel.
	paperLeast, paperMost = 3 * time.Hour, 8 * time.Hour
	// waiting is for a parcel at a pickup point, or on its way back: nobody looks out for it by the minute.
	waiting = 6 * time.Hour
	// stuck is after a failed attempt and in trouble.
	stuck = 3 * time.Hour
	// silentFrom is when silence begins; its waits grow with it up to silentMost.
	silentFrom  = 48 * time.Hour
	silentShare = 5
	silentMost  = 48 * time.Hour
	// pushedRest is how long a carrier that told by itself is not asked, pushedRestToday on the day of delivery: what
	// it forgets to tell is caught then.
	pushedRest, pushedRestToday = 24 * time.Hour, 4 * time.Hour
	// The day begins and ends for those who deliver, at the destination. In the night of a day without delivery the
	// wait is longer.
	dayBegins, dayEnds = 6, 21
	nightFactor        = 2
	// morning is over what time the first looks of a day are spread.
	morning = 40 * time.Minute
)

// Next implements Schedule.
func (p Policy) Next(l Look) time.Time {
	if l.Milestone.Ended() {
		return time.Time{}
	}
	if l.Zone == nil {
		l.Zone = time.UTC
	}
	if l.Asked.IsZero() && l.Pushed.IsZero() {
		return l.Now.Add(share(firstWithin, l.spread(0)))
	}
	silence := l.silence()
	if p.Expire > 0 && silence >= p.Expire {
		return time.Time{}
	}
	wait := l.wait(silence)
	// A tenth more or less, another each time.
	wait += share(wait/5, l.spread(1)) - wait/10
	// The wait is since it was last asked, whenever that is looked at.
	next := l.Now.Add(wait)
	if !l.Asked.IsZero() {
		next = l.Asked.Add(wait)
	}
	if soon := l.Now.Add(share(atOnce, l.spread(5))); next.Before(soon) {
		next = soon
	}
	return l.withPushes(l.withWindow(l.withNight(next, wait)))
}

// silence is how long nothing was heard of the parcel.
func (l *Look) silence() time.Duration {
	since := l.Since
	if l.Heard.After(since) {
		since = l.Heard
	}
	return max(l.Now.Sub(since), 0)
}

// wait is how long to wait by where the parcel stands.
func (l *Look) wait(silence time.Duration) time.Duration {
	switch {
	case silence >= silentFrom && !l.dueOn(l.Now):
		return min(silence/silentShare, silentMost)
	case l.Milestone == tracker.OutForDelivery && silence < 14*time.Hour:
		return l.hurried(onTheRound)
	case l.Milestone == tracker.AvailableForPickup, l.Milestone == tracker.Returning:
		return waiting
	case l.dueOn(l.Now):
		return l.hurried(dueToday)
	case l.Milestone == tracker.AttemptFailed, l.Milestone == tracker.Exception:
		return stuck
	case l.Milestone.Physical():
		return l.hurried(min(max(silence/movingShare, movingLeast), movingMost))
	}
	return l.hurried(min(max(silence/movingShare, paperLeast), paperMost))
}

// hurried goes by what the delivery was sold as.
func (l *Look) hurried(wait time.Duration) time.Duration {
	switch l.Service {
	case tracker.SameDay:
		return min(wait/3, 15*time.Minute)
	case tracker.Express:
		return wait * 2 / 3
	case tracker.Economy:
		return wait * 3 / 2
	case tracker.Standard:
	}
	return wait
}

// dueOn reports whether the parcel is expected on the day of a moment, at its destination. A day after the window is
// past it still is: it is late, and may come any hour.
func (l *Look) dueOn(at time.Time) bool {
	if l.From.IsZero() || l.To.IsZero() {
		return false
	}
	return !at.Before(dayOf(l.From, l.Zone)) && at.Before(dayOf(l.To, l.Zone).AddDate(0, 0, 2))
}

// withNight has nothing asked at night that can wait for the morning.
func (l *Look) withNight(next time.Time, wait time.Duration) time.Time {
	local := next.In(l.Zone)
	if hour := local.Hour(); hour >= dayBegins && hour < dayEnds {
		return next
	}
	opens := dayOf(local, l.Zone).Add(dayBegins * time.Hour)
	if !opens.After(next) {
		opens = opens.AddDate(0, 0, 1)
	}
	opens = opens.Add(share(morning, l.spread(2)))
	if l.Milestone == tracker.OutForDelivery || l.dueOn(opens) {
		return opens
	}
	if later := next.Add(wait * (nightFactor - 1)); later.Before(opens) {
		return later
	}
	return opens
}

// withWindow does not sleep past the morning of the day on which the parcel is expected.
func (l *Look) withWindow(next time.Time) time.Time {
	if l.From.IsZero() || !l.From.After(l.Now) {
		return next
	}
	opens := dayOf(l.From, l.Zone).Add(dayBegins*time.Hour + share(morning, l.spread(3)))
	if opens.After(l.Now) && opens.Before(next) {
		return opens
	}
	return next
}

// withPushes leaves a carrier alone that tells by itself.
func (l *Look) withPushes(next time.Time) time.Time {
	if l.Pushed.IsZero() {
		return next
	}
	rest := pushedRest
	if l.Milestone == tracker.OutForDelivery || l.dueOn(l.Now) {
		rest = pushedRestToday
	}
	if until := l.Pushed.Add(rest + share(rest/10, l.spread(4))); until.After(next) {
		return until
	}
	return next
}

// spread is a number of 0 to 1 that is the parcel's own, another one for each salt and each time it was asked about.
func (l *Look) spread(salt byte) float64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(l.Key))
	asked := uint32(l.Asked.Unix()) //nolint:gosec // only its bits matter
	_, _ = h.Write(binary.LittleEndian.AppendUint32([]byte{salt}, asked))
	return float64(mix(h.Sum32())) / (1 << 32)
}

// Spread is a part of d that is the key's own.
func Spread(key string, d time.Duration) time.Duration {
	l := Look{Key: key}
	return share(d, l.spread(6))
}

// mix spreads what FNV leaves close together.
func mix(x uint32) uint32 {
	x ^= x >> 16
	x *= 0x7feb352d
	x ^= x >> 15
	x *= 0x846ca68b
	return x ^ x>>16
}

func share(d time.Duration, part float64) time.Duration { return time.Duration(float64(d) * part) }

// dayOf is the beginning of the day of a moment, in a zone.
func dayOf(at time.Time, zone *time.Location) time.Time {
	local := at.In(zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
}

// Fixed is a Schedule that asks every so often until the end: what the policy is measured against.
type Fixed struct{ Every time.Duration }

// Next implements Schedule.
func (f Fixed) Next(l Look) time.Time {
	if l.Milestone.Ended() {
		return time.Time{}
	}
	if l.Asked.IsZero() {
		return l.Now.Add(share(f.Every, l.spread(0)))
	}
	return l.Now.Add(f.Every)
}
