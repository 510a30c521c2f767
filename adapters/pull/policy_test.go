package pull

import (
	"fmt"
	"testing"
	"time"

	"waybill/tracker"
)

// noon is a Wednesday, at UTC.
var noon = time.Date(2026, 5, 6, 12, 0, 0, 0, time.UTC)

const days = 24 * time.Hour

var policy = Policy{Expire: 30 * days}

// onItsWay is a parcel that was just asked about, and scanned two hours ago.
func onItsWay(change func(*Look)) Look {
	l := Look{
		Key: "fedex:1", Now: noon, Milestone: tracker.InTransit, Heard: noon.Add(-2 * time.Hour),
		Since: noon.Add(-2 * days), Asked: noon, Zone: time.UTC,
	}
	change(&l)
	return l
}

func expectedToday(l *Look) { l.From, l.To = l.Now.Add(-time.Hour), l.Now.Add(3*time.Hour) }

// TestWhenACarrierIsAskedAgain is the policy in words: least and most are bounds of the wait, both 0 is never.
func TestWhenACarrierIsAskedAgain(t *testing.T) {
	for _, c := range []struct {
		what        string
		change      func(*Look)
		least, most time.Duration
	}{
		{"just registered: within minutes", func(l *Look) { l.Asked, l.Heard, l.Milestone = time.Time{}, time.Time{}, 0 }, 0, 5 * time.Minute},
		{"on its way: hours", func(*Look) {}, 118 * time.Minute, 132 * time.Minute},
		{"left a hub two hours ago: when it may be at the next", func(l *Look) { l.Substatus = "departed_facility" }, 228 * time.Minute, 252 * time.Minute},
		{"left a hub long ago: as ever", func(l *Look) { l.Substatus, l.Heard = "departed_facility", noon.Add(-9*time.Hour) }, 118 * time.Minute, 132 * time.Minute},
		{"at a hub by night: hours", func(l *Look) { l.Now, l.Asked = noon.Add(12*time.Hour), noon.Add(12*time.Hour) }, 118 * time.Minute, 132 * time.Minute},
		{"on its way, by express: sooner", func(l *Look) { l.Service = tracker.Express }, 94 * time.Minute, 106 * time.Minute},
		{"on its way, economy: later", func(l *Look) { l.Service = tracker.Economy }, 142 * time.Minute, 158 * time.Minute},
		{"the carrier does not have it yet, at noon: until vans collect", func(l *Look) { l.Milestone = tracker.InfoReceived }, 280 * time.Minute, 320 * time.Minute},
		{
			"the carrier does not have it yet, in the afternoon: hours",
			func(l *Look) {
				l.Milestone, l.Now, l.Asked = tracker.InfoReceived, noon.Add(3*time.Hour), noon.Add(3*time.Hour)
			},
			104 * time.Minute, 116 * time.Minute,
		},
		{
			"the carrier does not have it yet, in the evening: once more, when the vans are back",
			func(l *Look) {
				l.Milestone, l.Now, l.Asked = tracker.InfoReceived, noon.Add(7*time.Hour), noon.Add(7*time.Hour)
			},
			time.Hour, 100 * time.Minute,
		},
		{
			"the carrier does not have it yet, at night: in the morning",
			func(l *Look) {
				l.Milestone, l.Now, l.Asked = tracker.InfoReceived, noon.Add(9*time.Hour), noon.Add(9*time.Hour)
			},
			10 * time.Hour, 10*time.Hour + 40*time.Minute,
		},
		{"expected today: an hour and a half", expectedToday, 85 * time.Minute, 95 * time.Minute},
		{
			"at its last depot on the morning of the day: minutes",
			func(l *Look) {
				l.Now, l.Asked, l.Substatus = noon.Add(-4*time.Hour), noon.Add(-4*time.Hour), atDepot
				expectedToday(l)
			},
			33 * time.Minute, 37 * time.Minute,
		},
		{"out for delivery: minutes", func(l *Look) { l.Milestone = tracker.OutForDelivery }, 33 * time.Minute, 37 * time.Minute},
		{"out for delivery on the day it is expected: minutes", func(l *Look) { expectedToday(l); l.Milestone = tracker.OutForDelivery }, 33 * time.Minute, 37 * time.Minute},
		{"an attempt failed: hours", func(l *Look) { l.Milestone = tracker.AttemptFailed }, 2 * time.Hour, 4 * time.Hour},
		{"at a pickup point: a few times a day", func(l *Look) { l.Milestone = tracker.AvailableForPickup }, 285 * time.Minute, 315 * time.Minute},
		{"silent for ten days: days", func(l *Look) { l.Heard = noon.Add(-10 * days); l.Since = l.Heard }, 40 * time.Hour, 54 * time.Hour},
		{"silent for longer than it is borne: never", func(l *Look) { l.Heard = noon.Add(-31 * days); l.Since = l.Heard }, 0, 0},
		{"delivered: never", func(l *Look) { l.Milestone = tracker.Delivered }, 0, 0},
		{"delivered, on the day it was expected: never", func(l *Look) { expectedToday(l); l.Milestone = tracker.Delivered }, 0, 0},
		{"back with its sender: never", func(l *Look) { l.Milestone = tracker.Returned }, 0, 0},
		{"called off: never", func(l *Look) { l.Milestone = tracker.Cancelled }, 0, 0},
		{"given up: never", func(l *Look) { l.Milestone = tracker.Expired }, 0, 0},
		{"the carrier told by itself just now: a day", func(l *Look) { l.Pushed = noon }, 24 * time.Hour, 27 * time.Hour},
		{"it told by itself, but is expected today: hours", func(l *Look) { expectedToday(l); l.Pushed = noon }, 4 * time.Hour, 5 * time.Hour},
		{"it told by itself days ago: as if it never had", func(l *Look) { l.Pushed = noon.Add(-3 * days) }, 118 * time.Minute, 132 * time.Minute},
		{"asked long ago: now, within a minute", func(l *Look) { l.Asked = noon.Add(-20 * time.Hour) }, 0, time.Minute},
		{
			"late in the evening at its last depot, expected tomorrow: at its morning",
			func(l *Look) {
				l.Substatus = atDepot
				l.Now, l.Asked = noon.Add(9*time.Hour), noon.Add(9*time.Hour)
				l.From, l.To = noon.Add(22*time.Hour), noon.Add(26*time.Hour)
			},
			10 * time.Hour, 10*time.Hour + 40*time.Minute,
		},
		{
			"its morning is the destination's, not ours",
			func(l *Look) {
				l.Zone = time.FixedZone("Auckland", 12*3600)
				l.Milestone = tracker.OutForDelivery // it is midnight there
			},
			7 * time.Hour, 7*time.Hour + 40*time.Minute,
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			for i := range 200 {
				l := onItsWay(c.change)
				l.Key = fmt.Sprintf("fedex:%d", i)
				next := policy.Next(l)
				never := c.most == 0
				if wait := next.Sub(l.Now); next.IsZero() != never || !never && (wait < c.least || wait > c.most) {
					t.Fatalf("parcel %d is asked about again after %s (never: %v), want %s to %s", i, wait, next.IsZero(), c.least, c.most)
				}
			}
		})
	}
}

// TestAMorningsParcelsAreSpread: of ten thousand that are registered in one second, or scanned in one, no second sees a
// crowd.
func TestAMorningsParcelsAreSpread(t *testing.T) {
	for what, change := range map[string]func(*Look){
		"registered": func(l *Look) { l.Asked, l.Heard = time.Time{}, time.Time{} },
		"scanned":    func(*Look) {},
		"at dawn": func(l *Look) {
			l.Milestone, l.Now, l.Asked = tracker.OutForDelivery, noon.Add(11*time.Hour), noon.Add(11*time.Hour)
		},
	} {
		crowd := map[int64]int{}
		most := 0
		const parcels = 10_000
		for i := range parcels {
			l := onItsWay(change)
			l.Key = fmt.Sprintf("fedex:9999%08d", i)
			second := policy.Next(l).Unix()
			crowd[second]++
			most = max(most, crowd[second])
		}
		// Five minutes are 300 seconds, a mean of 33.
		if crowded := 3 * parcels / 300; most > crowded {
			t.Errorf("%s: %d of %d in one second, want at most %d", what, most, parcels, crowded)
		}
	}
}

// TestTheWaitIsSinceItWasAsked: to look at the plan twice puts nothing off.
func TestTheWaitIsSinceItWasAsked(t *testing.T) {
	l := onItsWay(func(*Look) {})
	first := policy.Next(l)
	l.Now = l.Now.Add(20 * time.Minute)
	if again := policy.Next(l); again.Sub(first).Abs() > 10*time.Minute {
		t.Errorf("looked at 20 minutes later it is %s, not %s", again, first)
	}
}
