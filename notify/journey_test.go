package notify

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
)

func testKeys(tb testing.TB) *seal.Keys {
	tb.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		tb.Fatal(err)
	}
	return keys
}

// berlin is where the parcels of these tests go.
var berlin = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return zone
}()

// clock reads "Mon 09:30" in the week of these tests, which begins on Monday 23 November 2026, in Berlin.
func clock(text string) time.Time {
	days := []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	at, err := time.Parse("15:04", text[4:])
	if err != nil {
		panic(err)
	}
	return time.Date(2026, 11, 23+slices.Index(days, text[:3]), at.Hour(), at.Minute(), 0, 0, berlin)
}

// journey is one shipment and the little of a worker that deciding and sending take: its messages are kept by id, as
// in a store, and sent when due.
type journey struct {
	tb       testing.TB
	keys     *seal.Keys
	now      time.Time
	shipment *tracker.Shipment
	leg      *tracker.Leg
	order    *tracker.Order
	estimate *tracker.Estimate
	people   []*tracker.Subscription
	tenant   *tracker.Tenant
	messages map[string]*tracker.Message
	receipts int
	// sent is what left, in order: "Mon 09:30 shipped"; standing is where the parcel stood then.
	sent     []string
	standing []tracker.Milestone
}

func newJourney(tb testing.TB, start string, moments ...tracker.Moment) *journey {
	tb.Helper()
	now := clock(start)
	key := tracker.LegKey{Carrier: "ups", Number: "1Z999AA10123456784"}
	j := &journey{
		tb: tb, keys: testKeys(tb), now: now, messages: map[string]*tracker.Message{},
		leg: &tracker.Leg{LegKey: key, CreatedAt: now},
		shipment: &tracker.Shipment{
			ID: "WB00000000000001", Tenant: "acme", Zone: "Europe/Berlin", CreatedAt: now, Service: tracker.Standard,
			Legs: []tracker.ShipmentLeg{{LegKey: key, Since: now}},
		},
		people: []*tracker.Subscription{{ID: "ada", Channel: tracker.Email, Moments: moments, ConfirmedAt: now, Recipient: true}},
	}
	j.shipment.View = j.view()
	return j
}

func (j *journey) view() tracker.View {
	v := tracker.Compose(j.shipment, tracker.Carriages(j.shipment, []*tracker.Leg{j.leg}), j.order, tracker.DefaultPatience, j.now)
	return v.Expect(j.estimate, j.shipment, tracker.DefaultPatience, j.now)
}

// until lets the clock run, and sends what falls due on the way, each at its moment.
func (j *journey) until(text string) *journey {
	end := clock(text)
	for {
		var next *tracker.Message
		for _, m := range j.messages {
			if m.State == tracker.MessageDecided && !m.DueAt.After(end) &&
				(next == nil || m.DueAt.Before(next.DueAt) || (m.DueAt.Equal(next.DueAt) && m.Moment < next.Moment)) {
				next = m
			}
		}
		if next == nil {
			break
		}
		if next.DueAt.After(j.now) {
			j.now = next.DueAt
		}
		j.send(next)
	}
	if end.After(j.now) {
		j.now = end
	}
	return j
}

func (j *journey) send(m *tracker.Message) {
	v := j.view()
	if m.Reason = Stale(m, j.shipment, &v, j.now); m.Reason != "" {
		m.State = tracker.MessageSuppressed
		return
	}
	m.State, m.SentAt = tracker.MessageSent, j.now
	j.standing = append(j.standing, v.Milestone)
	j.sent = append(j.sent, fmt.Sprintf("%s %s", j.now.In(berlin).Format("Mon 15:04"), m.Moment))
}

// scan brings in a scan now that happened at some time.
func (j *journey) scan(substatus tracker.Substatus, happened string) *journey {
	return j.read(tracker.Event{
		Kind: string(substatus), Substatus: substatus, Time: tracker.StampAt(clock(happened)),
	})
}

// read brings in events and looks.
func (j *journey) read(events ...tracker.Event) *journey {
	j.tb.Helper()
	j.receipts++
	receipt := &tracker.Receipt{ID: fmt.Sprintf("r%d", j.receipts), ReceivedAt: j.now, Source: tracker.FromWebhook}
	read := tracker.ReadShipment{Number: j.leg.Number, Events: events}
	if _, err := j.leg.Absorb(receipt, read, j.keys, j.now); err != nil {
		j.tb.Fatal(err)
	}
	return j.look(false)
}

// expect gives the parcel an estimate, from and to on a day.
func (j *journey) expect(from, to string) *journey {
	a, b := clock(from), clock(to)
	j.estimate = &tracker.Estimate{P10: a, P50: a.Add(b.Sub(a) / 2), P90: b, Zone: "Europe/Berlin", Source: "model", MadeAt: j.now}
	return j.look(false)
}

// look is what a worker does with a change, or when the clock asks for it.
func (j *journey) look(backfill bool) *journey {
	after := j.view()
	decided := Decide(Input{
		Shipment: j.shipment, Before: j.shipment.View, After: after, Tenant: j.tenant, Subscriptions: j.people,
		Backfill: backfill, Now: j.now,
	})
	for _, m := range decided {
		if _, known := j.messages[m.ID]; !known {
			j.messages[m.ID] = m
		}
	}
	j.shipment.View = after
	return j.until(j.now.In(berlin).Format("Mon 15:04"))
}

func (j *journey) wants(sent ...string) {
	j.tb.Helper()
	if !slices.Equal(j.sent, sent) {
		j.tb.Errorf("sent\n  %q\nwant\n  %q", j.sent, sent)
	}
}

// reasons are why messages of a moment were not sent.
func (j *journey) reasons(moment tracker.Moment) []string {
	var list []string
	for _, m := range j.messages {
		if m.Moment == moment && m.State == tracker.MessageSuppressed {
			list = append(list, m.Reason)
		}
	}
	slices.Sort(list)
	return list
}
