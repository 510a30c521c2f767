package workers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"waybill/tracker"
)

// parcelsSimulated is how many parcels the simulated month has; WAYBILL_TEST_MONTH sets another number, as 100 for a quick look.
func parcelsSimulated(t *testing.T) int {
	t.Helper()
	text := os.Getenv("WAYBILL_TEST_MONTH")
	if text == "" {
		return 1000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("WAYBILL_TEST_MONTH=%q is no number of parcels", text)
	}
	return n
}

// TestASimulatedMonth has a month of parcels pass through the deciders and handlers: scans late, doubled and reversed,
// statuses that flap, providers that are down, workers that die in the middle. What left is compared with what an oracle
// holds for right, for each person and moment.
func TestASimulatedMonth(t *testing.T) {
	t.Parallel()
	warmUp(t)
	synctest.Test(t, func(t *testing.T) {
		m := newMonth(t, parcelsSimulated(t))
		m.run(33 * day)
		m.check()
	})
}

// check compares what left with what is right.
func (m *month) check() {
	m.t.Helper()
	sent := m.sent()
	var wrong []string
	musts, mays, left := 0, 0, 0
	for _, p := range m.parcels {
		rights := p.rights(m.outages)
		for _, r := range rights {
			if r.sure {
				musts++
			} else {
				mays++
			}
		}
		left += len(sent[p.id])
		for _, line := range m.compare(p, rights, sent[p.id]) {
			wrong = append(wrong, fmt.Sprintf("%s (%s, %s): %s", p.number, p.story, p.zone, line))
		}
	}
	m.t.Logf("%d parcels: %d messages left; %d are right for sure, %d may be; %d workers died, %d messages are unknown",
		len(m.parcels), left, musts, mays, m.deaths, len(m.unknown))
	if len(wrong) > 0 {
		m.t.Errorf("%d are wrong:\n%s", len(wrong), strings.Join(wrong[:min(len(wrong), 40)], "\n"))
	}
	if mays*10 > musts || musts < 3*len(m.parcels) || m.deaths == 0 || len(m.unknown) > m.deaths {
		m.t.Errorf("the month shows too little: %d for sure, %d that may be, %d deaths, %d unknown", musts, mays, m.deaths, len(m.unknown))
	}
}

// compare tells what is wrong with the messages about a parcel.
func (m *month) compare(p *parcel, rights []right, sent []letter) (wrong []string) {
	for _, l := range sent {
		i := slices.IndexFunc(rights, func(r right) bool {
			return r.channel == l.channel && r.moment == l.moment && !l.at.Before(r.from) && !l.at.After(r.until)
		})
		if i < 0 {
			wrong = append(wrong, fmt.Sprintf("%s by %s at %s is not right", l.moment, l.channel, l.at.In(p.zone).Format(time.DateTime)))
			continue
		}
		rights = slices.Delete(rights, i, i+1) // right once
		if awake := p.awake(l.at); !awake.Equal(l.at) && !slices.Contains(urgent, l.moment) {
			wrong = append(wrong, fmt.Sprintf("%s by %s at %s, by night", l.moment, l.channel, l.at.In(p.zone).Format(time.TimeOnly)))
		}
		if l.to != m.addressOf(p, l.channel) {
			wrong = append(wrong, fmt.Sprintf("%s went to %s", l.moment, l.to))
		}
	}
	for _, r := range rights {
		// Of an SMS of which nobody knows whether it was sent nobody knows either whether it failed.
		excused := m.unknown[p.id+r.channel+r.moment] || r.instead && m.unknown[p.id+"sms"+r.moment]
		if r.sure && !excused {
			wrong = append(wrong, fmt.Sprintf("%s by %s from %s on is missing", r.moment, r.channel, r.from.In(p.zone).Format(time.DateTime)))
		}
	}
	return wrong
}

// letter is a message that a provider took.
type letter struct {
	channel, moment, to string
	at                  time.Time
}

// sent lists what providers took, by shipment, and notes what is unknown. Nothing is taken twice.
func (m *month) sent() map[string][]letter {
	m.t.Helper()
	list := map[string][]letter{}
	taken := map[string]posted{}
	for _, p := range m.posts {
		if _, twice := taken[p.id]; twice {
			m.t.Errorf("message %s was sent twice", p.id)
		}
		taken[p.id] = p
	}
	for _, message := range m.messages() {
		by, ok := taken[message.ID]
		if leader, in := strings.CutPrefix(message.Provider, "p-"); in {
			by, ok = taken[leader] // a daily mail goes by one of its messages
		}
		if message.State == tracker.MessageUnknown {
			m.unknown[message.Shipment+string(message.Channel)+string(message.Moment)] = true
		}
		if ok {
			list[message.Shipment] = append(list[message.Shipment], letter{string(message.Channel), string(message.Moment), by.to, by.at})
		}
		if open := message.State == tracker.MessageDecided || message.State == tracker.MessageSending; open {
			m.t.Errorf("message %s (%s of %s) is still %s", message.ID, message.Moment, message.Shipment, message.State)
		}
	}
	return list
}

func (m *month) messages() []*tracker.Message {
	m.t.Helper()
	var all []*tracker.Message
	page := tracker.Page{Limit: 1000}
	for {
		list, err := tracker.LoadList[tracker.Message](m.t.Context(), m.store, tracker.ListAll, page)
		if err != nil {
			m.t.Fatal(err)
		}
		all = append(all, list...)
		if len(list) < page.Limit {
			return all
		}
		page.After = tracker.CursorOf(list[len(list)-1])
	}
}

// work hands out what is due and does it, as the relay and the queue have it done, until nothing is due.
func (m *month) work(ctx context.Context) {
	m.t.Helper()
	for busy := true; busy; {
		busy = false
		for _, d := range m.workers.duties {
			rows, err := m.store.Claim(ctx, tracker.Claim{Table: d.table, Now: time.Now(), Until: time.Now().Add(m.workers.Lease), Limit: claimMost})
			if err != nil {
				m.t.Fatal(err)
			}
			for i := range rows {
				busy = true
				err := attempt(ctx, d, rows[i].Key)
				if errors.Is(err, errDead) || m.body.died() {
					m.deaths++
					m.hire() // what it had claimed falls due again when the claim runs out
					break
				}
				if err != nil {
					m.t.Fatalf("%s %s: %v", d.kind, rows[i].Key, err)
				}
			}
		}
	}
}
