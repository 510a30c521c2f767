package workers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/allocate"
	"waybill/tracker/cases"
	"waybill/tracker/eta"
	"waybill/tracker/eta/score"
	"waybill/tracker/pickup"
	"waybill/tracker/returns"
	"waybill/tracker/seal"
	"waybill/tracker/storetest/memory"
)

// month is an installation in simulated time, with the parcels that pass through it.
type month struct {
	t       *testing.T
	store   *memory.Store
	keys    *seal.Keys
	ingest  *tracker.Ingest
	redis   redis.UniversalClient
	workers *Workers
	// body is the store as the present worker reaches it: until it dies.
	body   *mortal
	random *rand.Rand
	deaths int

	parcels []*parcel
	outages map[string][]outage

	// mu guards what several workers reach.
	mu     sync.Mutex
	byID   map[string]*parcel
	agenda []entry
	posts  []posted
	// unknown are the messages of which nobody knows whether they were sent, by shipment, channel and moment.
	unknown map[string]bool
}

// entry is something that happens at a moment.
type entry struct {
	at time.Time
	do func()
}

// outage is when a provider takes nothing.
type outage struct{ from, until time.Time }

// posted is a message as a provider took it.
type posted struct {
	id, to string
	at     time.Time
}

const (
	// undelivered is after how long Twilio tells that a phone is dead; retryMost the longest pause between attempts.
	undelivered = time.Minute
	retryMost   = 4*hour + 10*time.Minute
	// livesMost is after how many writes a worker dies at the latest.
	livesMost = 600
)

func numberOf(i int) string { return fmt.Sprintf("N%04d", i) }

// warmUp has the compressor make its channels outside of the bubble, within which others could not use them.
func warmUp(t *testing.T) {
	t.Helper()
	write, err := tracker.Encode(&tracker.Tenant{ID: "acme", Name: strings.Repeat("x", 1000)})
	if err == nil {
		_, err = tracker.Decode[tracker.Tenant](write.Row)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func newMonth(t *testing.T, parcels int) *month {
	t.Helper()
	m := &month{
		t: t, store: memory.New(), random: rand.New(rand.NewPCG(1, 2)), byID: map[string]*parcel{}, unknown: map[string]bool{}, //nolint:gosec // no secret
		redis: redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", Protocol: 2, DisableIdentity: true}), // nothing is queued
	}
	var err error
	if m.keys, err = seal.New(bytes.Repeat([]byte{3}, seal.KeySize)); err != nil {
		t.Fatal(err)
	}
	m.ingest = tracker.NewIngest(tracker.IngestOptions{
		Store: m.store, Reader: lineReader{}, Keys: m.keys, Feed: noFeed{}, Observer: noObserver{}, Now: time.Now, Log: quiet(),
	})
	t.Cleanup(m.close)
	m.save(&tracker.Tenant{ID: "acme", Name: "Acme Tea", CreatedAt: time.Now()})
	began := time.Now()
	at := func(d, h, minutes int) time.Time {
		return began.Add(time.Duration(d)*day + time.Duration(h)*hour + time.Duration(minutes)*time.Minute)
	}
	m.outages = map[string][]outage{
		"email": {{at(5, 10, 0), at(5, 10, 40)}, {at(12, 20, 0), at(13, 9, 0)}, {at(20, 9, 0), at(20, 19, 0)}},
		"sms":   {{at(9, 12, 0), at(9, 15, 0)}},
		"push":  {{at(15, 6, 0), at(15, 7, 0)}},
	}
	m.hire()
	for i := range parcels {
		m.expect(invent(i, began))
	}
	slices.SortStableFunc(m.agenda, func(a, b entry) int { return a.at.Compare(b.at) })
	return m
}

func (m *month) close() {
	m.t.Helper()
	m.ingest.Close()
	if err := m.redis.Close(); err != nil {
		m.t.Error(err)
	}
}

func (m *month) save(record tracker.Record) {
	m.t.Helper()
	if err := tracker.Save(m.t.Context(), m.store, record); err != nil {
		m.t.Fatal(err)
	}
}

// plan puts something on the agenda.
func (m *month) plan(at time.Time, do func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, _ := slices.BinarySearchFunc(m.agenda, at, func(e entry, at time.Time) int {
		if e.at.After(at) {
			return 1
		}
		return -1
	})
	m.agenda = slices.Insert(m.agenda, i, entry{at, do})
}

// run lets time pass, and does what falls due at its moment.
func (m *month) run(d time.Duration) {
	m.t.Helper()
	ctx := m.t.Context()
	for end := time.Now().Add(d); ; {
		m.work(ctx)
		next := m.next(end)
		if !next.Before(end) {
			<-time.After(time.Until(end))
			return
		}
		if wait := time.Until(next); wait > 0 {
			<-time.After(wait)
		}
		m.doDue()
	}
}

// next is when something happens or falls due, by the end at the latest.
func (m *month) next(end time.Time) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.agenda) > 0 && m.agenda[0].at.Before(end) {
		end = m.agenda[0].at
	}
	for _, duty := range m.workers.duties {
		if due := m.store.Next(duty.table); !due.IsZero() && due.Before(end) {
			end = due
		}
	}
	return end
}

// doDue does what is on the agenda by now.
func (m *month) doDue() {
	for {
		m.mu.Lock()
		if len(m.agenda) == 0 || m.agenda[0].at.After(time.Now()) {
			m.mu.Unlock()
			return
		}
		do := m.agenda[0].do
		m.agenda = m.agenda[1:]
		m.mu.Unlock()
		do()
	}
}

// parcel is the one of a shipment; nil for none.
func (m *month) parcel(id string) *parcel {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.byID[id]
}

// expect registers a parcel just before anything is heard of it, and has its scans come in.
func (m *month) expect(p *parcel) {
	m.parcels = append(m.parcels, p)
	m.plan(p.arrivals[0].at.Add(-5*time.Minute), func() { m.register(p) })
	for _, a := range p.arrivals {
		m.plan(a.at, func() {
			var lines []string
			for _, f := range a.facts {
				lines = append(lines, p.number+" "+f.code+" "+f.happened.In(p.zone).Format(time.RFC3339))
			}
			receipt := &tracker.Receipt{Source: tracker.FromWebhook, Carrier: "test", Body: []byte(strings.Join(lines, "\n"))}
			if _, err := m.ingest.Accept(m.t.Context(), receipt); err != nil {
				m.t.Error(err)
			}
		})
	}
}

func (m *month) register(p *parcel) {
	m.t.Helper()
	ctx := m.t.Context()
	shipments, errs := m.ingest.Register(ctx, []tracker.NewShipment{{
		Tenant: "acme", Carrier: "test", Number: p.number, Zone: p.zone.String(), Promise: tracker.Promise{To: p.promise()},
	}})
	if errs[0] != nil {
		m.t.Fatal(errs[0])
	}
	p.id = shipments[0].ID
	m.mu.Lock()
	m.byID[p.id] = p
	m.mu.Unlock()
	desk := notify.NewDesk(m.store, m.keys, time.Now)
	for _, channel := range []tracker.Channel{tracker.Email, tracker.SMS, tracker.Push} {
		address := m.addressOf(p, string(channel))
		if address == "" {
			continue
		}
		s, err := desk.Recipient(ctx, shipments[0], notify.Wish{Channel: channel, Address: address, Consent: "check-out"})
		if err != nil {
			m.t.Fatal(err)
		}
		if channel == tracker.Email {
			m.prefer(p, s, desk)
		}
	}
}

// prefer keeps what a person chose.
func (m *month) prefer(p *parcel, s *tracker.Subscription, desk *notify.Desk) {
	m.t.Helper()
	choice := notify.Choice{Channel: tracker.Email, Daily: p.person.daily}
	if p.person.deliveredAlone {
		choice.Moments = []tracker.Moment{tracker.MomentDelivered}
	}
	if choice.Daily || choice.Moments != nil {
		if err := desk.Choose(m.t.Context(), s.ID, m.keys.Sign(notify.LinkPreferences, s.ID), choice); err != nil {
			m.t.Fatal(err)
		}
	}
	if !p.person.leaves.IsZero() {
		m.plan(p.person.leaves, func() {
			if _, err := desk.End(m.t.Context(), s.ID); err != nil {
				m.t.Error(err)
			}
		})
	}
}

// promise is the evening of the day that it was expected on at first.
func (p *parcel) promise() time.Time {
	if p.expected.IsZero() {
		return time.Time{}
	}
	return p.expected.Add(18 * hour)
}

// addressOf is where a person is reached; "" where it is not.
func (m *month) addressOf(p *parcel, channel string) string {
	switch {
	case channel == "email":
		return strings.ToLower(p.person.mail)
	case channel == "sms" && p.person.sms:
		return "+4915112" + p.number[1:] + "00"
	case channel == "push" && p.person.push:
		return `{"platform":"fcm","token":"invented-token-of-a-device-` + p.number + `"}`
	}
	return ""
}

// hire starts a worker in the place of one that died.
func (m *month) hire() {
	m.t.Helper()
	m.body = &mortal{Store: m.store, lives: 1 + m.random.IntN(livesMost), late: m.random.IntN(2) == 0}
	finder := tracker.NewFinder(m.body, m.keys, tracker.DefaultPatience, time.Now)
	channels := map[tracker.Channel]notify.Channel{}
	for _, channel := range []tracker.Channel{tracker.Email, tracker.SMS, tracker.Push} {
		channels[channel] = &provider{m, channel}
	}
	sender := notify.NewSender(notify.SenderOptions{
		Store: m.body, Keys: m.keys, Finder: finder, Channels: channels, PublicURL: "https://track.example.com", Observer: nobody{},
		Now: time.Now, Log: quiet(),
	})
	var err error
	m.workers, err = New(Options{
		Store: m.body, Redis: m.redis, Feed: noFeed{}, Ingest: m.ingest, Sender: sender, Webhooks: noHooks{}, Estimator: planned{m},
		Cases: &cases.Desk{Store: m.body, Keys: m.keys, Now: time.Now}, People: notify.NewDesk(m.body, m.keys, time.Now),
		Pickups:    &pickup.Desk{Store: m.store, Keys: m.keys, Ingest: m.ingest, Now: time.Now, Log: quiet()},
		Allocating: &allocate.Desk{Store: m.store, Asker: fixedAnswers{}, Scores: score.NewBoard(m.store), Now: time.Now},
		Returns:    &returns.Desk{Store: m.store, Keys: m.keys, Ingest: m.ingest, Now: time.Now},
		Finder:     finder, Metrics: NoMetrics{}, Now: time.Now, Log: quiet(), Patience: tracker.DefaultPatience,
		Retention: Retention{Receipts: 90 * day, Legs: 400 * day}, Concurrency: 1, RelayInterval: time.Second, TimerInterval: time.Second,
		SweepInterval: time.Second, QueueInterval: time.Second, Lease: 30 * time.Second,
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// mortal is a store that a worker reaches until it dies: at one of its writes, before or after that was committed.
type mortal struct {
	tracker.Store

	mu    sync.Mutex
	lives int
	late  bool
	dead  bool
}

var errDead = errors.New("the worker died")

func (b *mortal) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dead {
		return nil, errDead
	}
	if b.lives--; b.lives > 0 {
		return b.Store.Apply(ctx, writes)
	}
	b.dead = true
	if b.late {
		_, _ = b.Store.Apply(ctx, writes) // nobody learns of it
	}
	return nil, errDead
}

func (b *mortal) Get(ctx context.Context, table tracker.Table, keys ...string) ([]tracker.Row, error) {
	if b.died() {
		return nil, errDead
	}
	return b.Store.Get(ctx, table, keys...)
}

func (b *mortal) died() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dead
}

// provider takes messages, but for its outages.
type provider struct {
	m       *month
	channel tracker.Channel
}

func (p *provider) Sender() string { return "" }

func (p *provider) Send(_ context.Context, e notify.Envelope) (notify.Receipt, error) {
	now := time.Now()
	for _, o := range p.m.outages[string(p.channel)] {
		if !now.Before(o.from) && now.Before(o.until) {
			return notify.Receipt{}, &notify.Failure{Verdict: notify.Retry, What: "the provider is down"}
		}
	}
	p.m.mu.Lock()
	p.m.posts = append(p.m.posts, posted{e.ID, e.To, now})
	p.m.mu.Unlock()
	if p.channel == tracker.SMS {
		p.callBack(e.ID)
	}
	return notify.Receipt{ProviderID: "p-" + e.ID}, nil
}

// callBack tells what became of an SMS: out of order, and twice.
func (p *provider) callBack(id string) {
	m := p.m
	message, err := tracker.Load[tracker.Message](m.t.Context(), m.store, id)
	if err != nil {
		m.t.Error(err)
		return
	}
	end := notify.Arrival{Message: id, Provider: "p-" + id, State: tracker.MessageArrived}
	if m.parcel(message.Shipment).person.deadPhone {
		end.State, end.Reason = tracker.MessageFailed, "the phone could not be reached"
	}
	taken := notify.Arrival{Message: id, Provider: "p-" + id, State: tracker.MessageSent}
	for i, arrival := range []notify.Arrival{end, taken, end} {
		m.plan(time.Now().Add(undelivered+time.Duration(i)*time.Second), func() { m.arrived(arrival, 0) })
	}
}

// arrived takes a callback in; one that a dying process answered with an error comes again.
func (m *month) arrived(a notify.Arrival, tries int) {
	sender := m.workers.Sender.(*notify.Sender) //nolint:forcetypeassert // hire makes it one
	err := sender.Arrived(m.t.Context(), tracker.SMS, a)
	switch {
	case m.body.died():
		m.deaths++
		m.hire()
		fallthrough
	case err != nil && tries < 3:
		m.plan(time.Now().Add(time.Minute), func() { m.arrived(a, tries+1) })
	case err != nil:
		m.t.Error(err)
	}
}

// planned is an estimator that says what each story has planned.
type planned struct{ m *month }

func (e planned) Estimate(_ context.Context, t *tracker.Tracking, now time.Time) (eta.Outlook, error) {
	p := e.m.parcel(t.Shipment.ID)
	if p == nil || p.expected.IsZero() || !t.View.Milestone.Physical() {
		return eta.Outlook{}, nil
	}
	on := p.expected
	if !p.laterFrom.IsZero() && !now.Before(p.laterFrom) {
		on = p.later
	}
	from, to := on.Add(9*hour), on.Add(18*hour)
	return eta.Outlook{Estimate: &tracker.Estimate{
		P10: from, P50: from.Add(4 * hour), P90: to, From: from, To: to, Zone: p.zone.String(), Source: "model", MadeAt: now,
	}}, nil
}

func (planned) Unlearn(context.Context, *tracker.Tracking) error            { return nil }
func (planned) Learn(context.Context, *tracker.Tracking) error              { return nil }
func (planned) Fold(context.Context, time.Time) error                       { return nil }
func (planned) Slowed(context.Context, time.Time) (lanes []string, e error) { return nil, nil }

type noFeed struct{}

func (noFeed) Publish(...string)             {}
func (noFeed) OnPublish(func(keys []string)) {}

type nobody struct{}

func (nobody) Told(*tracker.Message, string, string) {}

type noHooks struct{}

func (noHooks) Look(string)                           {}
func (noHooks) PutBack(context.Context, string) error { return nil }
