package workers

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"waybill/tracker"
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
