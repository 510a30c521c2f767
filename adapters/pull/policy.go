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
	// Milestone and Substatus are where the parcel stands on its leg.
	Milestone tracker.Milestone
	Substatus tracker.Substatus
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
// is not asked for, nor what cannot have happened yet: a parcel is collected and delivered by day, and a long way takes
// its time. Hubs work by night too, and are asked about by night.
type Policy struct {
	// Expire is after how long of silence nobody asks any more.
	Expire time.Duration
}

// The waits, before spreading. What a change of one costs and gains is seen in TestAWeek of package week.
const (
	// firstWithin is within what time of its registration a parcel is first asked about.
	firstWithin = 5 * time.Minute
	// atOnce is over what time those are spread whose time has come already.
	atOnce = time.Minute
	// onTheRound is the wait while the van is out with the parcel, lateRound that of the evening.
	onTheRound, lateRound = 35 * time.Minute, time.Hour
	// roundFor is how long a van is out at most.
	roundFor = 14 * time.Hour
	// beforeRound is the wait in the morning at the last depot, dueToday that of the day on which it is expected else.
	beforeRound, dueToday = 35 * time.Minute, 90 * time.Minute
	// moving is the wait on the way. Between two places there is nothing to hear for hours: of a parcel that has left one
	// it is asked again travelFor later.
	moving, travelFor = 125 * time.Minute, 6 * time.Hour
	// paper is the wait before the carrier has the parcel, paperEarly that of the hours in which few are collected.
	paper, paperEarly = 110 * time.Minute, 5 * time.Hour
	// waiting is for a parcel at a pickup point, or on its way back: nobody looks out for it by the minute.
	waiting = 5 * time.Hour
	// stuck is after a failed attempt and in trouble.
	stuck = 3 * time.Hour
	// silentFrom is when silence begins; its waits grow with it up to silentMost.
	silentFrom  = 48 * time.Hour
	silentShare = 5
	silentMost  = 48 * time.Hour
	// pushedRest is how long a carrier that told by itself is not asked, pushedRestToday on the day of delivery: what
	// it forgets to tell is caught then.
	pushedRest, pushedRestToday = 24 * time.Hour, 4 * time.Hour
	// The day begins and ends for those who collect and deliver, at the destination. Vans have left by vansLeave, collect
	// from vansCollect on, and are mostly back by vansBack.
	dayBegins, dayEnds               = 7, 20
	vansLeave, vansCollect, vansBack = 11, 14, 18
	// atDepot is at the depot from which it is delivered.
	atDepot tracker.Substatus = "arrived_at_delivery_facility"
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
	// A twentieth more or less, another each time.
	wait += share(wait/10, l.spread(1)) - wait/20
	// The wait is since it was last asked, whenever that is looked at.
	next := l.Now.Add(wait)
	if !l.Asked.IsZero() {
		next = l.Asked.Add(wait)
	}
	if soon := l.Now.Add(share(atOnce, l.spread(5))); next.Before(soon) {
		next = soon
	}
	return l.withPushes(l.withWindow(l.withNight(next)))
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
	hour := l.Now.In(l.Zone).Hour()
	switch {
	case silence >= silentFrom && !l.dueOn(l.Now):
		return min(silence/silentShare, silentMost)
	case l.Milestone == tracker.OutForDelivery && silence < roundFor && hour < vansBack:
		return l.hurried(onTheRound)
	case l.Milestone == tracker.OutForDelivery && silence < roundFor:
		return l.hurried(lateRound)
	case l.Milestone == tracker.AvailableForPickup, l.Milestone == tracker.Returning:
		return waiting
	case l.Milestone == tracker.AttemptFailed, l.Milestone == tracker.Exception:
		return stuck
	case l.dueOn(l.Now) && hour >= dayBegins && hour < vansLeave && l.Substatus == atDepot:
		return l.hurried(beforeRound)
	case l.dueOn(l.Now) && hour >= dayBegins && hour < vansBack:
		return l.hurried(dueToday)
	case !l.Milestone.Physical() && hour < vansCollect:
		return l.hurried(paperEarly)
	case !l.Milestone.Physical():
		return l.hurried(paper)
	case l.travels():
		return l.hurried(max(moving, travelFor-silence))
	}
	return l.hurried(moving)
}

// hurried goes by what the delivery was sold as.
func (l *Look) hurried(wait time.Duration) time.Duration {
	switch l.Service {
	case tracker.SameDay:
		return min(wait/3, 15*time.Minute)
	case tracker.Express:
		return wait * 4 / 5
	case tracker.Economy:
		return wait * 6 / 5
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

// withNight has nothing asked at night that only happens by day: a parcel is collected, delivered and fetched then.
func (l *Look) withNight(next time.Time) time.Time {
	local := next.In(l.Zone)
	if hour := local.Hour(); hour >= dayBegins && hour < dayEnds || l.atHubs() {
		return next
	}
	closes := dayOf(l.Now, l.Zone).Add(dayEnds * time.Hour)
	if l.Now.Before(closes) && next.After(closes) {
		return closes.Add(share(morning, l.spread(2))) // what happened by day is known before the night
	}
	opens := dayOf(local, l.Zone).Add(dayBegins * time.Hour)
	if !opens.After(next) {
		opens = opens.AddDate(0, 0, 1)
	}
	return opens.Add(share(morning, l.spread(2)))
}

// atHubs reports whether the parcel is where it is worked on by night too.
func (l *Look) atHubs() bool {
	return l.Milestone.Physical() && l.Milestone != tracker.OutForDelivery && l.Milestone != tracker.AvailableForPickup &&
		l.Milestone != tracker.AttemptFailed && l.Substatus != atDepot
}

// travels reports whether the parcel is between two places, as far as is known.
func (l *Look) travels() bool {
	switch l.Substatus {
	case "departed_facility", "departed_origin_country", "on_the_way":
		return true
	}
	return false
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
