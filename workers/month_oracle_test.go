package workers

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// The oracle says what is right to tell, from what happened and when it became known, in its own words: it shares no code
// with the deciders.

// right is a message that is right to send: within the window, over the channel. sure is false where a change falls into
// the minutes around its time, so that both to send it and not to is right. instead: it takes the place of an SMS.
type right struct {
	channel, moment string
	from, until     time.Time
	sure, instead   bool
}

// standing is what the known scans of a parcel amount to.
type standing struct {
	milestone, code string
	since           time.Time
	// handled is when somebody first had it in hand, missed the latest failed attempt.
	handled, missed time.Time
}

var milestonesOf = map[string]string{
	"label_created": "announced", "picked_up": "moving", "departed_facility": "moving", "arrived_at_facility": "moving",
	"processed_at_facility": "moving", "problem_resolved": "moving", "customs_cleared": "moving", "out_for_delivery": "out",
	"recipient_unavailable": "missed", "delivery_rescheduled": "missed", "at_pickup_point": "waiting", "delivered": "delivered",
	"incorrect_address": "trouble", "customs_needs_information": "trouble", "returning": "returning", "returned": "returned",
}

// known are the facts that had come in by a moment, in the order in which they happened.
func (p *parcel) known(by time.Time) []fact {
	var facts []fact
	for _, a := range p.arrivals {
		if !a.at.After(by) {
			facts = append(facts, a.facts...)
		}
	}
	slices.SortStableFunc(facts, func(a, b fact) int { return cmp.Or(a.happened.Compare(b.happened), strings.Compare(a.code, b.code)) })
	return facts
}

func (p *parcel) standing(by time.Time) standing {
	s := standing{milestone: "nothing"}
	for _, f := range p.known(by) {
		m := milestonesOf[f.code]
		if m == "missed" {
			s.missed = f.happened
		}
		if m != "announced" && s.handled.IsZero() {
			s.handled = f.happened
		}
		ended := s.milestone == "delivered" && m != "returning" && m != "returned" || s.milestone == "returned" ||
			s.milestone == "returning" && m != "returned"
		if ended || m == "announced" && s.milestone != "nothing" {
			continue
		}
		s.code = f.code
		if m != s.milestone {
			s.milestone, s.since = m, f.happened
		}
	}
	return s
}

// dayOf is the day of a scan by the clock of the place.
func (p *parcel) dayOf(t time.Time) string { return t.In(p.zone).Format(time.DateOnly) }

// news is something that became known: a moment, told apart from others of its kind by its occasion, and what must hold
// for it to be told. at is when it happened; due when it is told at the earliest.
type news struct {
	moment, occasion string
	at, due          time.Time
	holds            func(s standing, now time.Time) bool
}

func in(milestones ...string) func(standing, time.Time) bool {
	return func(s standing, _ time.Time) bool { return slices.Contains(milestones, s.milestone) }
}

// onDay holds while the parcel stands at a milestone that it reached by that day.
func (p *parcel) onDay(milestone, day string) func(standing, time.Time) bool {
	return func(s standing, _ time.Time) bool { return s.milestone == milestone && p.dayOf(s.since) <= day }
}

// reached are the milestones that are news, once a day each.
var reached = map[string]string{"out": "out_for_delivery", "waiting": "ready_for_pickup", "delivered": "delivered"}

// newsAt is what becomes known with an arrival.
func (p *parcel) newsAt(at time.Time) []news {
	before, after := p.standing(at.Add(-time.Nanosecond)), p.standing(at)
	var list []news
	if before.handled.IsZero() && !after.handled.IsZero() {
		list = append(list, news{moment: "shipped", at: after.handled, holds: in("moving", "trouble")})
		list = append(list, p.arrivingToday(at)...)
	}
	if after.missed.After(before.missed) && p.dayOf(after.missed) != p.dayOf(before.missed) {
		list = append(list, news{moment: "attempt_failed", occasion: p.dayOf(after.missed), at: after.missed, holds: in("missed", "moving", "trouble")})
	}
	changed := before.milestone != after.milestone
	if moment, ok := reached[after.milestone]; ok && changed {
		list = append(list, news{moment: moment, occasion: p.dayOf(after.since), at: after.since, holds: p.onDay(after.milestone, p.dayOf(after.since))})
	}
	if after.milestone == "waiting" && changed {
		list = append(list, p.reminder(after.since))
	}
	if changed && (after.milestone == "returning" || after.milestone == "returned") {
		list = append(list, news{moment: "returned", occasion: after.milestone, at: after.since, holds: in(after.milestone)})
	}
	if after.milestone == "trouble" && (changed || before.code != after.code) {
		moment, occasion := "exception", p.dayOf(after.since)
		if after.code == "customs_needs_information" {
			moment, occasion = "customs", "" // it is told of once, however often it is asked for
		}
		list = append(list, news{moment: moment, occasion: occasion, at: after.since, holds: func(s standing, _ time.Time) bool {
			return s.milestone == "trouble" && s.code == after.code
		}})
	}
	if !p.laterFrom.IsZero() && at.Equal(p.laterFrom) {
		list = append(list, news{moment: "delayed", at: at, holds: in("announced", "moving", "out", "trouble", "missed")})
	}
	return list
}

// arrivingToday is told on the morning of the expected day, or at once where that has begun.
func (p *parcel) arrivingToday(at time.Time) []news {
	if p.expected.IsZero() {
		return nil
	}
	return []news{{
		moment: "arriving_today", at: at, due: p.expected.Add(8 * hour), holds: func(s standing, now time.Time) bool {
			late := !p.laterFrom.IsZero() && !now.Before(p.laterFrom)
			return s.milestone == "moving" && !late && now.In(p.zone).Format(time.DateOnly) == p.expected.Format(time.DateOnly)
		},
	}}
}

// reminder is told three days after a parcel began to wait, at ten.
func (p *parcel) reminder(since time.Time) news {
	local := since.In(p.zone)
	return news{
		moment: "pickup_reminder", occasion: p.dayOf(since), at: since, holds: p.onDay("waiting", p.dayOf(since)),
		due: time.Date(local.Year(), local.Month(), local.Day()+3, 10, 0, 0, 0, p.zone),
	}
}

// silence is the delay of a parcel of which nothing is heard for a week.
func (p *parcel) silence() []news {
	last := p.known(p.arrivals[len(p.arrivals)-1].at)
	if p.story != "silent" {
		return nil
	}
	return []news{{moment: "delayed", at: last[0].happened.Add(7 * day), holds: in("moving")}}
}

// urgent moments are told at any hour. texted are those told by SMS.
var (
	urgent = []string{"attempt_failed"}
	texted = []string{"arriving_today", "out_for_delivery", "attempt_failed", "ready_for_pickup", "delivered", "delayed", "exception", "customs"}
)

// lag is within what time a worker that dies is replaced and its work taken up again.
const lag = 5 * time.Minute

// rights lists all that is right to tell of the parcel.
func (p *parcel) rights(outages map[string][]outage) []right {
	t := telling{p: p, outages: outages, told: map[string]bool{}}
	for _, a := range p.arrivals {
		for _, n := range p.newsAt(a.at) {
			if !n.at.Before(a.at.Add(-day)) { // else it is history
				t.tell(&n, a.at)
			}
		}
	}
	for _, n := range p.silence() {
		t.tell(&n, n.at)
	}
	return t.list
}

// telling collects what is right to tell. told has what was, and whether that is sure.
type telling struct {
	p       *parcel
	outages map[string][]outage
	told    map[string]bool
	list    []right
}

// tell is a piece of news, known since a moment, over each channel of its person.
func (t *telling) tell(n *news, known time.Time) {
	who := &t.p.person
	at := known
	if n.due.After(at) {
		at = n.due
	}
	if who.sms && slices.Contains(texted, n.moment) {
		if r := t.add(n, "sms", t.p.atNight(n, at)); r != nil && who.deadPhone && n.moment != "delivered" {
			sms := *r
			if mail := t.add(n, "email", t.p.atNight(n, sms.from.Add(undelivered))); mail != nil {
				mail.sure, mail.instead = mail.sure && sms.sure, true
				if until := t.p.awake(sms.until.Add(undelivered)).Add(lag); until.After(mail.until) {
					mail.until = until
				}
			}
		}
	}
	if who.push {
		t.add(n, "push", t.p.atNight(n, at))
	}
	switch {
	case who.deliveredAlone && n.moment != "delivered":
	case who.daily && !slices.Contains(urgent, n.moment):
		t.add(n, "email", t.p.nextMorning(known, at))
	default:
		t.add(n, "email", t.p.atNight(n, at))
	}
}

// add puts news on the list where it is right to tell it over a channel, and was not told.
func (t *telling) add(n *news, channel string, at time.Time) *right {
	key := channel + n.moment + n.occasion
	sure, before := t.told[key]
	r, ok := t.p.when(n, channel, at, t.outages[channel])
	if sure || !ok {
		return nil
	}
	r.sure = r.sure && !before
	t.told[key] = r.sure
	t.list = append(t.list, r)
	return &t.list[len(t.list)-1]
}

// atNight has news wait for the morning that is not urgent.
func (p *parcel) atNight(n *news, at time.Time) time.Time {
	if slices.Contains(urgent, n.moment) {
		return at
	}
	return p.awake(at)
}

// when is within what time news goes out over a channel; !ok where it does not.
func (p *parcel) when(n *news, channel string, at time.Time, outages []outage) (r right, ok bool) {
	r = right{channel: channel, moment: n.moment, from: at, until: at.Add(lag)}
	for _, o := range outages {
		if !r.from.Before(o.from.Add(-lag)) && r.from.Before(o.until) {
			r.until = p.awake(o.until.Add(retryMost)).Add(lag) // its next attempt may fall into the night
			held := p.holds(n, channel, o.until, r.until)
			r.sure = held == minutesOf(o.until, r.until) && !p.asleep(o.until, r.until)
			return r, held > 0
		}
	}
	held := p.holds(n, channel, r.from, r.until)
	r.sure = held == minutesOf(r.from, r.until)
	return r, held > 0
}

// holds is for how many minutes of a span the news is true and its person wants it.
func (p *parcel) holds(n *news, channel string, from, until time.Time) int {
	count := 0
	for at := from; !at.After(until); at = at.Add(time.Minute) {
		left := channel == "email" && !p.person.leaves.IsZero() && !at.Before(p.person.leaves)
		if !left && n.holds(p.standing(at), at) {
			count++
		}
	}
	return count
}

func minutesOf(from, until time.Time) int { return int(until.Sub(from)/time.Minute) + 1 }

// asleep reports whether quiet hours fall into a span, in which news may go stale unseen.
func (p *parcel) asleep(from, until time.Time) bool {
	for at := from; !at.After(until); at = at.Add(10 * time.Minute) {
		if !p.awake(at).Equal(at) {
			return true
		}
	}
	return false
}

// awake is the next moment at which the person may be told something, by its own clock: from 8 to 22.
func (p *parcel) awake(at time.Time) time.Time {
	local := at.In(p.zone)
	switch {
	case local.Hour() < 8:
		return time.Date(local.Year(), local.Month(), local.Day(), 8, 0, 0, 0, p.zone)
	case local.Hour() >= 22:
		return time.Date(local.Year(), local.Month(), local.Day()+1, 8, 0, 0, 0, p.zone)
	}
	return at
}

// nextMorning is the first morning after news was known that is not before its time.
func (p *parcel) nextMorning(known, at time.Time) time.Time {
	local := known.In(p.zone)
	eight := time.Date(local.Year(), local.Month(), local.Day(), 8, 0, 0, 0, p.zone)
	for !eight.After(known) || eight.Before(at) {
		eight = eight.AddDate(0, 0, 1)
	}
	return eight
}
