package tracker

import (
	"testing"
	"time"
)

// TestAnOutageStopsTheClock has a parcel that was picked up by UPS ten hours after the start, and outages of UPS.
func TestAnOutageStopsTheClock(t *testing.T) {
	const day, heard = 24 * time.Hour, 10 * time.Hour
	moment := journeyStart.Add
	lasts := func(since time.Duration) Outage { return Outage{State: FeedSilent, Since: moment(since)} }
	over := func(since, until time.Duration) Outage {
		return Outage{State: FeedErring, Since: moment(since), Until: moment(until)}
	}
	leg := legOf("ups", "1Z", at(10, "picked_up"))
	for name, c := range map[string]struct {
		outages []Outage
		promise time.Duration
		wasLate bool
		after   time.Duration
		late    bool
		expired bool
		next    time.Duration
	}{
		"no outage":                                  {nil, 0, false, 8 * day, true, false, heard + 30*day},
		"silent since before the week was over":      {[]Outage{lasts(3 * day)}, 0, false, 8 * day, false, false, 8*day + time.Hour},
		"silent for two months":                      {[]Outage{lasts(3 * day)}, 0, false, 60 * day, false, false, 60*day + time.Hour},
		"late before the silence stays late":         {[]Outage{lasts(9 * day)}, 0, true, 10 * day, true, false, 10*day + time.Hour},
		"the promise passes during the silence":      {[]Outage{lasts(day)}, 2 * day, false, 3 * day, false, false, 3*day + time.Hour},
		"an outage of two days is added":             {[]Outage{over(3*day, 5*day)}, 0, false, 8 * day, false, false, heard + 9*day},
		"and runs out":                               {[]Outage{over(3*day, 5*day)}, 0, false, 10 * day, true, false, heard + 32*day},
		"two that overlap count once":                {[]Outage{over(3*day, 5*day), over(4*day, 5*day)}, 0, false, 8 * day, false, false, heard + 9*day},
		"one before the last scan is no excuse":      {[]Outage{over(-3*day, 0)}, 0, false, 8 * day, true, false, heard + 30*day},
		"after an outage the promise counts as ever": {[]Outage{over(day, 3*day)}, 2 * day, false, 4 * day, true, false, heard + 9*day},
		"it expires later by as much":                {[]Outage{over(3*day, 5*day)}, 0, true, 33 * day, false, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := shipmentOn(leg)
			s.View.Late = c.wasLate
			if c.promise > 0 {
				s.Promise.To = moment(c.promise)
			}
			patience := DefaultPatience
			patience.Outages = func(carrier string) []Outage {
				if carrier != "ups" {
					return nil
				}
				return c.outages
			}
			v := Compose(s, Carriages(s, []*Leg{leg}), nil, patience, moment(c.after))
			if v.Late != c.late || (v.Milestone == Expired) != c.expired {
				t.Errorf("late %v, milestone %s", v.Late, v.Milestone)
			}
			want := moment(c.next)
			if c.next == 0 {
				want = time.Time{}
			}
			if !v.NextLook.Equal(want) {
				t.Errorf("next look at %s, want %s", v.NextLook, want)
			}
		})
	}
}

func TestWhoseOutageConcernsAParcel(t *testing.T) {
	down := func(carrier string) Patience {
		p := DefaultPatience
		p.Outages = func(c string) []Outage {
			if c == carrier {
				return []Outage{{State: FeedSilent, Since: journeyStart}}
			}
			return nil
		}
		return p
	}
	ups, usps := legOf("ups", "1Z", at(1, "picked_up"), at(20, "departed_facility")), legOf("usps", "92", at(30, "accepted"))
	for name, c := range map[string]struct {
		legs    []*Leg
		down    string
		carrier string
	}{
		"the one that has it":            {[]*Leg{ups, legOf("usps", "92")}, "ups", "ups"},
		"the one that is to get it":      {[]*Leg{ups, legOf("usps", "92")}, "usps", "usps"},
		"not the one that had it":        {[]*Leg{ups, usps}, "ups", ""},
		"not one that never has it":      {[]*Leg{ups, usps}, "dhl", ""},
		"nobody once it is delivered":    {[]*Leg{legOf("ups", "1Z", at(1, "picked_up"), at(20, "delivered"))}, "ups", ""},
		"the one before the first scan":  {[]*Leg{legOf("fleet", "WB"), legOf("ups", "1Z")}, "ups", "ups"},
		"a parcel without any leg is ok": {nil, "ups", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, patience := shipmentOn(c.legs...), down(c.down)
			v := Compose(s, Carriages(s, c.legs), nil, patience, journeyStart.Add(31*time.Hour))
			carrier, outage := patience.OutageOf(s, &v)
			if carrier != c.carrier || (outage != nil) != (c.carrier != "") {
				t.Errorf("%q, %v", carrier, outage)
			}
		})
	}
}
