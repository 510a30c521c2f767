package workers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/allocate"
	"waybill/tracker/cases"
	"waybill/tracker/eta"
	"waybill/tracker/eta/score"
	"waybill/tracker/feed"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/pickup"
	"waybill/tracker/returns"
	"waybill/tracker/seal"
	"waybill/tracker/storetest/memory"
)

// patience of the tests' workers.
var patience = tracker.Patience{Late: 3 * 24 * time.Hour, Expire: 30 * 24 * time.Hour}

// clock is a clock that tests set. It goes on with the real one from where it was set, as leases must.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(d time.Duration) { c.ahead.Add(int64(d)) }

// untilNoon is how long it is to the next noon (UTC): by night messages would wait for the morning.
func untilNoon(now time.Time) time.Duration {
	const day = 24 * time.Hour
	return (now.UTC().Truncate(day).Add(day/2).Sub(now) + day) % day
}

// house is an installation on the embedded engines, with everything that workers need.
type house struct {
	t      testing.TB
	clock  clock
	store  *failingStore
	keys   *seal.Keys
	redis  redis.UniversalClient
	server *miniredis.Miniredis
	feed   *feed.Feed
	ingest *tracker.Ingest
	sender *recorder
	model  *eta.Model
	// hooks answers for sellers' endpoints.
	hooks *receiver
}

func newHouse(t testing.TB) *house {
	t.Helper()
	server := miniredis.RunT(t)
	client := redis.NewClient(&redis.Options{Addr: server.Addr()})
	t.Cleanup(func() { _ = client.Close() })
	h := newHouseOn(t, client)
	h.server = server
	return h
}

// newHouseOn is an installation on a Redis of one's own, with a store in memory that passes the suite of the stores.
func newHouseOn(t testing.TB, client redis.UniversalClient) *house {
	t.Helper()
	return newHouseOver(t, client, memory.New())
}

// newHouseOver is an installation on a Redis and a store of one's own.
func newHouseOver(t testing.TB, client redis.UniversalClient, inner tracker.Store) *house {
	t.Helper()
	h := &house{t: t, redis: client}
	h.clock.advance(untilNoon(time.Now()))
	var err error
	h.store = &failingStore{Store: inner}
	if h.keys, err = seal.New(make([]byte, seal.KeySize)); err != nil {
		t.Fatal(err)
	}
	h.feed = feed.New(feed.Options{Redis: client, Log: quiet()})
	t.Cleanup(h.feed.Close)
	h.ingest = tracker.NewIngest(tracker.IngestOptions{
		Store: h.store, Reader: lineReader{}, Keys: h.keys, Feed: h.feed, Observer: noObserver{}, Now: h.clock.now, Log: quiet(),
	})
	t.Cleanup(h.ingest.Close)
	h.sender = &recorder{store: h.store, now: h.clock.now}
	h.model = eta.NewModel(eta.Options{Store: h.store, Now: h.clock.now, Log: quiet()})
	h.hooks = &receiver{}
	return h
}

// onBothStores runs a test in a house on each store.
func onBothStores(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, newHouse(t))
	})
	t.Run("MongoDB", func(t *testing.T) {
		t.Parallel()
		uri := mongotest.Start(t)
		store, err := mongo.Open(t.Context(), uri, mongotest.Database(t, uri))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		client := redis.NewClient(&redis.Options{Addr: miniredis.RunT(t).Addr()})
		t.Cleanup(func() { _ = client.Close() })
		test(t, newHouseOver(t, client, store))
	})
}

// ctx outlives the test itself: what is cleaned up uses it too.
func (h *house) ctx() context.Context { return context.WithoutCancel(h.t.Context()) }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// workers makes Workers as of a process of its own; several may run at once.
func (h *house) workers(change ...func(*Options)) *Workers {
	h.t.Helper()
	own := feed.New(feed.Options{Redis: h.redis, Log: quiet()})
	h.t.Cleanup(own.Close)
	o := Options{
		Store: h.store, Redis: h.redis, Feed: own, Ingest: h.ingest, Sender: h.sender, Webhooks: h.office(), Estimator: h.model,
		Cases: h.cases(), People: notify.NewDesk(h.store, h.keys, h.clock.now),
		Finder: tracker.NewFinder(h.store, h.keys, tracker.DefaultPatience, h.clock.now), Metrics: NoMetrics{}, Now: h.clock.now, Log: quiet(),
		Patience: patience, Retention: Retention{Receipts: 90 * 24 * time.Hour, Legs: 400 * 24 * time.Hour}, Concurrency: 4,
		RelayInterval: 20 * time.Millisecond, TimerInterval: 50 * time.Millisecond, SweepInterval: 100 * time.Millisecond,
		QueueInterval: 20 * time.Millisecond, Lease: 2 * time.Second, Pickups: h.pickups(),
		Allocating: &allocate.Desk{Store: h.store, Asker: fixedAnswers{}, Scores: score.NewBoard(h.store), Now: h.clock.now},
		Returns:    &returns.Desk{Store: h.store, Keys: h.keys, Ingest: h.ingest, Now: h.clock.now},
	}
	for _, f := range change {
		f(&o)
	}
	w, err := New(o)
	if err != nil {
		h.t.Fatal(err)
	}
	return w
}

// cases is where customers' problems are worked on.
func (h *house) cases() *cases.Desk {
	const day = 24 * time.Hour
	return &cases.Desk{Store: h.store, Keys: h.keys, Now: h.clock.now, Answer: day, Settle: 7 * day, Reopen: 14 * day}
}

// run runs workers until the test ends, or stop is called.
func (h *house) run(count int, change ...func(*Options)) (stop func()) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for range count {
		w := h.workers(change...)
		all.Go(func() {
			if err := w.Run(ctx); err != nil {
				h.t.Error(err)
			}
		})
	}
	end := sync.OnceFunc(func() { cancel(); all.Wait() })
	h.t.Cleanup(end)
	return end
}

// register makes a shipment by carrier "test" whose recipient is told everything by webhook.
func (h *house) register(number string, change ...func(*tracker.NewShipment)) *tracker.Shipment {
	h.t.Helper()
	n := tracker.NewShipment{
		Tenant: "acme", Carrier: "test", Number: number, Zone: "Europe/Berlin",
		Origin: tracker.Location{City: "Köln", Country: "DE"}, Destination: tracker.Location{City: "Lyon", Country: "FR"},
	}
	for _, c := range change {
		c(&n)
	}
	shipments, errs := h.ingest.Register(h.ctx(), []tracker.NewShipment{n})
	if errs[0] != nil {
		h.t.Fatal(errs[0])
	}
	subscription := &tracker.Subscription{
		ID: "sub-" + shipments[0].ID, Tenant: "acme", Shipment: shipments[0].ID, Channel: tracker.Email,
		Moments: notify.Moments(), ConfirmedAt: h.clock.now(), CreatedAt: h.clock.now(),
	}
	if err := tracker.Save(h.ctx(), h.store, subscription); err != nil {
		h.t.Fatal(err)
	}
	h.clock.advance(2 * time.Second) // what is scanned from now on is no history
	return shipments[0]
}

// scan posts scans of one number, each "<substatus>", a second apart, the last now.
func (h *house) scan(number string, substatuses ...string) {
	h.t.Helper()
	var lines []string
	for i, substatus := range substatuses {
		at := h.clock.now().Add(time.Duration(i-len(substatuses)+1) * time.Second)
		lines = append(lines, number+" "+substatus+" "+at.UTC().Format(time.RFC3339))
	}
	h.accept(&tracker.Receipt{Source: tracker.FromWebhook, Carrier: "test", Body: []byte(strings.Join(lines, "\n"))})
}

func (h *house) accept(receipt *tracker.Receipt) {
	h.t.Helper()
	if _, err := h.ingest.Accept(h.ctx(), receipt); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) shipment(id string) *tracker.Shipment {
	h.t.Helper()
	s, err := tracker.Load[tracker.Shipment](h.ctx(), h.store, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// awaitMilestone waits until the stored view of a shipment stands at a milestone.
func (h *house) awaitMilestone(id string, want tracker.Milestone) {
	h.t.Helper()
	h.await(fmt.Sprintf("%s at %s", id, want), func() bool { return h.shipment(id).View.Milestone == want })
}

// await looks again and again, on a ticker, until a condition holds.
func (h *house) await(what string, holds func() bool) {
	h.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for !holds() {
		if time.Now().After(deadline) {
			h.t.Fatalf("waited in vain: %s", what)
		}
		<-ticker.C
	}
}

// lineReader reads lines "<number> <substatus> <RFC 3339 time>", with " void" behind it where that never happened, or
// "<number> partner <carrier> <number>".
type lineReader struct{}

func (lineReader) Version(string) string { return "1" }

func (lineReader) Read(receipt *tracker.Receipt) tracker.Reading {
	reading := tracker.Reading{Carrier: receipt.Carrier, Format: "lines"}
	for line := range strings.Lines(string(receipt.Body)) {
		fields := strings.Fields(line)
		read := tracker.ReadShipment{Number: fields[0]}
		if fields[1] == "partner" {
			read.Partners = []tracker.LegKey{{Carrier: fields[2], Number: fields[3]}}
		} else {
			at, err := tracker.ParseStamp(fields[2])
			if err != nil {
				reading.Faults = append(reading.Faults, tracker.Fault{Where: "time", What: err.Error()})
				continue
			}
			scan := tracker.Event{Kind: fields[1], Substatus: tracker.Substatus(fields[1]), Time: at}
			if len(fields) > 3 {
				scan = tracker.Event{Kind: "void-" + fields[1], Time: at, Voids: scan.ID()}
			}
			read.Events = []tracker.Event{scan}
		}
		reading.Shipments = append(reading.Shipments, read)
	}
	return reading
}

type noObserver struct{}

func (noObserver) Read(*tracker.Receipt, *tracker.Reading) {}

// recorder sends nothing: it notes what would have been sent, as notify.Sender does, intent before outcome.
type recorder struct {
	store tracker.Store
	now   func() time.Time

	onSent func(*tracker.Message)

	mu   sync.Mutex
	sent map[string]int
}

func (r *recorder) Send(ctx context.Context, id string) error {
	m, err := tracker.Load[tracker.Message](ctx, r.store, id)
	if err != nil || m.State != tracker.MessageDecided || m.DueAt.After(r.now()) {
		return err
	}
	m.State, m.DueAt = tracker.MessageSending, r.now().Add(time.Minute)
	if err := tracker.Save(ctx, r.store, m); err != nil {
		if errors.Is(err, tracker.ErrConflict) {
			return nil
		}
		return err
	}
	r.mu.Lock()
	if r.sent == nil {
		r.sent = map[string]int{}
	}
	r.sent[m.Shipment+" "+string(m.Moment)]++
	r.mu.Unlock()
	if r.onSent != nil {
		r.onSent(m)
	}
	m.State, m.DueAt = tracker.MessageSent, time.Time{}
	return tracker.Save(ctx, r.store, m)
}

// count is how often a moment of a shipment was sent.
func (r *recorder) count(shipment string, moment tracker.Moment) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent[shipment+" "+string(moment)]
}

// failingStore fails on command.
type failingStore struct {
	tracker.Store
	// fail, where set, is asked before each write; its error is the write's.
	fail atomic.Pointer[func(write tracker.Write) error]
}

var errCrash = errors.New("crash")

func (f *failingStore) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	if fail := f.fail.Load(); fail != nil {
		for _, write := range writes {
			if err := (*fail)(write); err != nil {
				return nil, err
			}
		}
	}
	return f.Store.Apply(ctx, writes)
}

func (f *failingStore) failWhen(fail func(write tracker.Write) error) { f.fail.Store(&fail) }

func (f *failingStore) heal() {
	f.fail.Store(nil)
}

func (h *house) pickups() *pickup.Desk {
	return &pickup.Desk{Store: h.store, Keys: h.keys, Ingest: h.ingest, Now: h.clock.now, Log: quiet()}
}
