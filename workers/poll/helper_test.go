package poll

import (
	"bytes"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waybill/adapters"
	"waybill/adapters/pull"
	"waybill/adapters/pull/pulltest"
	"waybill/adapters/pull/rule"
	"waybill/tracker"
	"waybill/tracker/limit"
	"waybill/tracker/seal"
	"waybill/tracker/storetest/memory"
)

// begin is a Monday, five in the morning at UTC.
var begin = time.Date(2026, 5, 4, 5, 0, 0, 0, time.UTC)

// clock stands until it is moved.
type clock struct{ nanos atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.nanos.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.nanos.Add(int64(d)) }

// observed are the calls that a poller told of.
type observed struct {
	mu    sync.Mutex
	calls []Call
}

// Asked implements Observer.
func (o *observed) Asked(call Call) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, call)
}

type noReader struct{}

func (noReader) Read(*tracker.Receipt, *tracker.Reading) {}

// nobody is told of changes: nothing listens here.
type nobody struct{}

func (nobody) Publish(...string) {}

// house is a store, a fake FedEx, and what a poller needs between them.
type house struct {
	t        testing.TB
	clock    clock
	store    tracker.Store
	keys     *seal.Keys
	ingest   *tracker.Ingest
	finder   *tracker.Finder
	registry *adapters.Registry
	carrier  *pulltest.Carrier
	// others answers in place of FedEx those calls that are not FedEx's; nil where there are none.
	others http.RoundTripper
	// pauses are those that workers share; nil where each has its own.
	pauses pull.Pauses
	seen   observed
	log    bytes.Buffer
}

func newHouse(t testing.TB) *house {
	t.Helper()
	return newHouseOn(t, memory.New())
}

// newHouseOn is a house with that store, which it closes.
func newHouseOn(t testing.TB, store tracker.Store) *house {
	t.Helper()
	h := &house{t: t, store: store}
	h.clock.advance(time.Duration(begin.UnixNano()))
	var err error
	if h.keys, err = seal.New(make([]byte, seal.KeySize)); err != nil {
		t.Fatal(err)
	}
	if h.registry, err = adapters.New(); err != nil {
		t.Fatal(err)
	}
	h.ingest = tracker.NewIngest(tracker.IngestOptions{
		Store: store, Reader: h.registry, Keys: h.keys, Feed: nobody{}, Observer: noReader{}, Now: h.clock.now, Log: slog.New(slog.DiscardHandler),
		AckWait: time.Minute,
	})
	t.Cleanup(func() { h.ingest.Close(); _ = store.Close() })
	h.finder = tracker.NewFinder(store, h.keys, tracker.DefaultPatience, h.clock.now)
	h.carrier = &pulltest.Carrier{Now: h.clock.now, Most: 30, Parcels: map[string]*pulltest.Parcel{}}
	return h
}

// RoundTrip is the network: FedEx, and the others.
func (h *house) RoundTrip(r *http.Request) (*http.Response, error) {
	if h.others != nil && r.URL.Host != "apis.fedex.com" {
		return h.others.RoundTrip(r)
	}
	return h.carrier.RoundTrip(r)
}

// account gives the installation an account at the carrier.
func (h *house) account(rates ...tracker.CallRate) {
	h.t.Helper()
	account := &tracker.PullAccount{Carrier: "fedex", Name: "main", Rates: rates, CreatedAt: h.clock.now()}
	for _, rate := range rates {
		h.carrier.Rates = append(h.carrier.Rates, rule.Rate{Calls: rate.Calls, Per: rule.Duration(rate.Per)})
	}
	h.save(account, map[string]string{"client_id": pulltest.ID, "client_secret": pulltest.Secret})
}

// accountOf gives the installation an account at another carrier.
func (h *house) accountOf(carrier string, credentials map[string]string) {
	h.t.Helper()
	h.save(&tracker.PullAccount{Carrier: carrier, Name: "main", CreatedAt: h.clock.now()}, credentials)
}

func (h *house) save(account *tracker.PullAccount, credentials map[string]string) {
	h.t.Helper()
	err := account.Seal(h.keys, credentials)
	if err == nil {
		err = tracker.Save(h.t.Context(), h.store, account)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// poller makes a poller as of a process of its own. What processes share is the limiter.
func (h *house) poller(schedule pull.Schedule, limiter limit.Limiter) *Poller {
	h.t.Helper()
	log := slog.New(slog.NewTextHandler(&h.log, nil))
	asker := pull.NewAsker(pull.Options{
		Client: &http.Client{Transport: h}, Reader: h.registry, Now: h.clock.now, Log: log,
		Rule: func(carrier string) *rule.Rule {
			if c := h.registry.Carrier(carrier); c != nil {
				return c.Pull
			}
			return nil // the sellers' own fleet
		},
		Throttle: pull.NewThrottle(limiter, h.pauses, h.clock.now),
	})
	p, err := New(Options{
		Store: h.store, Ingest: h.ingest, Keys: h.keys, Asker: asker, Schedule: schedule, Observer: &h.seen, Now: h.clock.now,
		Log: log, Concurrency: 16, Interval: time.Minute,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// register has shipments followed, and their asking planned.
func (h *house) register(p *Poller, numbers ...string) {
	h.t.Helper()
	list := make([]tracker.NewShipment, len(numbers))
	for i, number := range numbers {
		list[i] = tracker.NewShipment{Tenant: "acme", Carrier: "fedex", Number: number, Zone: "Europe/Berlin"}
	}
	shipments, errs := h.ingest.Register(h.t.Context(), list)
	for i, s := range shipments {
		if errs[i] != nil {
			h.t.Fatal(errs[i])
		}
		h.plan(p, s)
	}
}

func (h *house) plan(p *Poller, s *tracker.Shipment) {
	h.t.Helper()
	tracking, err := h.finder.Shipment(h.t.Context(), s)
	if err == nil {
		err = p.Plan(h.t.Context(), &tracking)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// pass has everything asked that is due.
func (h *house) pass(p *Poller) {
	h.t.Helper()
	for {
		claimed, err := p.Pass(h.t.Context(), nil)
		if err != nil {
			h.t.Fatal(err)
		}
		if claimed < claimMost {
			return
		}
	}
}

func (h *house) poll(number string) *tracker.Poll {
	h.t.Helper()
	poll, err := tracker.Load[tracker.Poll](h.t.Context(), h.store, "fedex:"+number)
	if err != nil {
		h.t.Fatal(err)
	}
	return poll
}

func (h *house) leg(number string) *tracker.Leg {
	h.t.Helper()
	leg, err := tracker.Load[tracker.Leg](h.t.Context(), h.store, "fedex:"+number)
	if err != nil {
		h.t.Fatal(err)
	}
	return leg
}

// due reports whether a leg is due after a while, and claims it.
func (h *house) due(after time.Duration) bool {
	h.t.Helper()
	at := h.clock.now().Add(after)
	rows, err := h.store.Claim(h.t.Context(), tracker.Claim{Table: tracker.Polls, Now: at, Until: at.Add(time.Minute), Limit: 1})
	if err != nil {
		h.t.Fatal(err)
	}
	return len(rows) == 1
}
