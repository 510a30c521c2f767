package workers

import (
	"math/rand/v2"
	"slices"
	"time"
)

const hour, day = time.Hour, 24 * time.Hour

// fact is a scan as it was made: what a carrier says, and when it happened.
type fact struct {
	code     string
	happened time.Time
}

// arrival is when scans come in, in one payload.
type arrival struct {
	at    time.Time
	facts []fact
}

// parcel is a shipment of the simulated month: what happens to it and when that becomes known, and who is told.
type parcel struct {
	number, story string
	zone          *time.Location
	arrivals      []arrival
	person        person
	// expected is the day for which its estimate stands, from its first scan on; later another one from a moment on.
	// Zero where nothing is estimated.
	expected, later time.Time
	laterFrom       time.Time

	id string
}

// person is a recipient: over what it is told, and what becomes of that.
type person struct {
	sms, push bool
	// deadPhone: SMS are not delivered. deliveredAlone: by e-mail it wants to hear of the delivery and nothing else.
	deadPhone, deliveredAlone bool
	// daily has one e-mail a day. mail is shared by the parcels of such a person.
	daily bool
	mail  string
	// leaves is when it unsubscribes from e-mails; zero for never.
	leaves time.Time
}

// teller makes up what happens to a parcel.
type teller struct {
	*rand.Rand

	p *parcel
}

// minutes is a random time between two numbers of minutes.
func (t *teller) minutes(from, to int) time.Duration {
	return time.Duration(from+t.IntN(to-from+1)) * time.Minute
}

// scan has something happen, and become known a few minutes later.
func (t *teller) scan(code string, happened time.Time) { t.scanLate(code, happened, t.minutes(1, 9)) }

func (t *teller) scanLate(code string, happened time.Time, lag time.Duration) {
	t.p.arrivals = append(t.p.arrivals, arrival{happened.Add(lag), []fact{{code, happened}}})
}

// morning is the parcel's own clock on a day n days later.
func (t *teller) morning(start time.Time, days, hour int) time.Time {
	local := start.In(t.p.zone)
	return time.Date(local.Year(), local.Month(), local.Day()+days, hour, 0, 0, 0, t.p.zone)
}

// begin is the way of most parcels up to the courier's depot.
func (t *teller) begin(start time.Time) {
	t.scan("label_created", start)
	t.scan("picked_up", start.Add(t.minutes(180, 400)))
	t.scan("departed_facility", start.Add(t.minutes(600, 900)))
	t.scan("arrived_at_facility", start.Add(t.minutes(1000, 1100)))
}

// stories are what can happen, by name; the number is the day on which the courier sets out.
var stories = []struct {
	name string
	tell func(t *teller, start time.Time)
}{
	{"undisturbed", func(t *teller, start time.Time) {
		t.begin(start)
		t.p.expected = t.morning(start, 2, 0)
		out := t.morning(start, 2, 6).Add(t.minutes(0, 240))
		t.scan("out_for_delivery", out)
		t.scan("delivered", out.Add(t.minutes(60, 300)))
	}},
	{"later than promised", func(t *teller, start time.Time) {
		t.begin(start)
		t.p.expected, t.p.later = t.morning(start, 2, 0), t.morning(start, 4, 0)
		held := t.morning(start, 1, 15).Add(t.minutes(0, 600))
		t.scan("processed_at_facility", held)
		t.p.laterFrom = t.p.arrivals[len(t.p.arrivals)-1].at
		out := t.morning(start, 4, 6).Add(t.minutes(0, 240))
		t.scan("out_for_delivery", out)
		t.scan("delivered", out.Add(t.minutes(60, 300)))
	}},
	{"each scan told twice or thrice", func(t *teller, start time.Time) {
		t.begin(start)
		out := t.morning(start, 2, 6).Add(t.minutes(0, 240))
		t.scan("out_for_delivery", out)
		t.scan("delivered", out.Add(t.minutes(60, 300)))
		for _, a := range slices.Clone(t.p.arrivals) {
			for range 1 + t.IntN(2) {
				t.p.arrivals = append(t.p.arrivals, arrival{a.at.Add(t.minutes(11, 900)), a.facts})
			}
		}
	}},
	{"reversed", func(t *teller, start time.Time) {
		t.begin(start)
		out := t.morning(start, 2, 6).Add(t.minutes(0, 200))
		t.scanLate("departed_facility", out.Add(-t.minutes(30, 200)), t.minutes(300, 500))
		t.scanLate("out_for_delivery", out, t.minutes(1, 500))
		t.scanLate("delivered", out.Add(t.minutes(60, 200)), t.minutes(1, 60))
	}},
	{"flapping", func(t *teller, start time.Time) {
		t.begin(start)
		at := t.morning(start, 2, 5).Add(t.minutes(0, 240))
		for range 2 + t.IntN(3) {
			t.scan("out_for_delivery", at)
			at = at.Add(t.minutes(20, 60))
			t.scan("arrived_at_facility", at)
			at = at.Add(t.minutes(20, 60))
		}
		t.scan("delivered", at.Add(hour))
	}},
	{"a failed attempt", func(t *teller, start time.Time) {
		t.begin(start)
		out := t.morning(start, 2, 6).Add(t.minutes(0, 240))
		t.scan("out_for_delivery", out)
		missed := out.Add(t.minutes(60, 500))
		t.scan("recipient_unavailable", missed)
		t.scan("delivery_rescheduled", missed.Add(t.minutes(11, 30)))
		t.scan("arrived_at_facility", missed.Add(t.minutes(100, 200)))
		out = t.morning(start, 3, 6).Add(t.minutes(0, 240))
		t.scan("out_for_delivery", out)
		t.scan("delivered", out.Add(t.minutes(60, 300)))
	}},
	{"to be collected", func(t *teller, start time.Time) {
		t.begin(start)
		at := t.morning(start, 2, 6).Add(t.minutes(0, 900))
		t.scan("at_pickup_point", at)
		t.scan("delivered", at.Add(t.minutes(600, 6*24*60)))
	}},
	{"a wrong address", func(t *teller, start time.Time) {
		t.begin(start)
		at := t.morning(start, 2, 6).Add(t.minutes(0, 1400))
		t.scan("incorrect_address", at)
		at = at.Add(t.minutes(30, 1000))
		t.scan("problem_resolved", at)
		out := t.morning(at, 1, 6).Add(t.minutes(0, 240))
		t.scan("out_for_delivery", out)
		t.scan("delivered", out.Add(t.minutes(60, 300)))
	}},
	{"customs", func(t *teller, start time.Time) {
		t.begin(start)
		at := t.morning(start, 2, 6).Add(t.minutes(0, 1400))
		for range 1 + t.IntN(3) {
			t.scan("customs_needs_information", at)
			at = at.Add(t.minutes(30, 1000))
			t.scan("customs_cleared", at)
			at = at.Add(t.minutes(30, 300))
		}
		t.scan("delivered", at.Add(day))
	}},
	{"sent back", func(t *teller, start time.Time) {
		t.begin(start)
		at := t.morning(start, 2, 6).Add(t.minutes(0, 1400))
		t.scan("incorrect_address", at)
		t.scan("returning", at.Add(t.minutes(300, 1000)))
		t.scan("returned", at.Add(t.minutes(3000, 4000)))
	}},
	{"silent", func(t *teller, start time.Time) { t.scan("picked_up", start) }},
	{"known too late", func(t *teller, start time.Time) {
		t.begin(start)
		out := t.morning(start, 2, 6).Add(t.minutes(0, 240))
		t.scanLate("out_for_delivery", out, t.minutes(100, 2000))
		t.scanLate("delivered", out.Add(t.minutes(60, 300)), t.minutes(1445, 2500))
	}},
	{"all at once", func(t *teller, start time.Time) {
		at := t.morning(start, 2, 6).Add(t.minutes(0, 1400))
		var facts []fact
		for i, code := range []string{"picked_up", "departed_facility", "out_for_delivery", "delivered"} {
			facts = append(facts, fact{code, at.Add(time.Duration(i-4) * 3 * hour)})
		}
		t.p.arrivals = append(t.p.arrivals, arrival{at, facts})
	}},
	{"by night", func(t *teller, start time.Time) {
		t.begin(start)
		at := t.morning(start, 2, 22).Add(t.minutes(1, 300))
		t.scan("out_for_delivery", at)
		t.scan("recipient_unavailable", at.Add(t.minutes(20, 60)))
		t.scan("out_for_delivery", at.Add(t.minutes(80, 100)))
		t.scan("delivered", at.Add(t.minutes(120, 180)))
	}},
}

// zones are where the parcels go.
var zones = []string{"Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Honolulu", "Asia/Kolkata"}

// invent makes a parcel: the same for the same number.
func invent(i int, began time.Time) *parcel {
	t := &teller{Rand: rand.New(rand.NewPCG(7, uint64(i)))} //nolint:gosec // a story, no secret
	group := i / 4                                          // the parcels of a person with daily e-mails
	story := stories[i%len(stories)]
	p := &parcel{number: numberOf(i), story: story.name}
	t.p = p
	p.zone, _ = time.LoadLocation(zones[group%len(zones)])
	start := began.Add(day).Add(t.minutes(0, 21*24*60))
	p.person.mail = p.number + "@example.com"
	switch kind := group % 10; kind {
	case 0, 1:
		p.person.sms = true
	case 2:
		p.person.sms, p.person.deadPhone, p.person.deliveredAlone = true, true, true
	case 3:
		p.person.push = true
	case 4, 5:
		p.person.daily, p.person.mail = true, numberOf(group)+"-daily@example.com"
	case 6:
		p.person.leaves = start.Add(t.minutes(0, 3*24*60))
	}
	story.tell(t, start)
	p.spread()
	return p
}

// spread puts the arrivals in their order and ten minutes apart, so that each is dealt with before the next, though a
// worker may die over it.
func (p *parcel) spread() {
	slices.SortStableFunc(p.arrivals, func(a, b arrival) int { return a.at.Compare(b.at) })
	for i := 1; i < len(p.arrivals); i++ {
		if soonest := p.arrivals[i-1].at.Add(10 * time.Minute); p.arrivals[i].at.Before(soonest) {
			if p.arrivals[i].at.Equal(p.laterFrom) {
				p.laterFrom = soonest
			}
			p.arrivals[i].at = soonest
		}
	}
}
