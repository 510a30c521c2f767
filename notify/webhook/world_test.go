package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/seal"
	"waybill/tracker/storetest/memory"
)

// world is an office with its store, a seller's server, and the relay's part played by pass.
type world struct {
	t      *testing.T
	store  *failingStore
	keys   *seal.Keys
	desk   *Desk
	office *Office
	server *server
	mail   *letters
	// random is the jitter of every wait.
	random float64
	seqs   map[string]int64
}

// simulate runs a test in simulated time, on a store without a disk: TestBothStores goes the way on the real ones.
func simulate(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memory.New())
		test(t, w)
		w.office.Close()
	})
}

func newWorld(t *testing.T, store tracker.Store) *world {
	t.Helper()
	w := &world{t: t, store: &failingStore{Store: store}, server: &server{t: t}, mail: &letters{}, seqs: map[string]int64{}}
	var err error
	if w.keys, err = seal.New(bytes.Repeat([]byte{5}, seal.KeySize)); err != nil {
		t.Fatal(err)
	}
	w.desk = &Desk{Store: w.store, Keys: w.keys, Now: time.Now}
	w.start()
	return w
}

// start makes an office, as another process would have.
func (w *world) start() {
	w.t.Helper()
	office, err := NewOffice(Options{
		Store: w.store, Keys: w.keys, Poster: NewClient(&http.Client{Transport: w.server}, time.Now), Mail: w.mail,
		PublicURL: "https://track.example.com", Observer: ignored{}, Now: time.Now, Random: func() float64 { return w.random },
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.office = office
}

type ignored struct{}

func (ignored) Attempted(string, string, time.Duration, time.Duration) {}

// endpoint makes an endpoint of the seller, and has the server know its secret.
func (w *world) endpoint(change ...func(*Wishes)) *tracker.Endpoint {
	w.t.Helper()
	wishes := Wishes{URL: "https://shop.example.com/hooks", Form: tracker.WebhookStandard, Contact: "ops@shop.example.com"}
	for _, c := range change {
		c(&wishes)
	}
	e, secret, err := w.desk.Create(w.t.Context(), "acme", wishes, "")
	if err != nil {
		w.t.Fatal(err)
	}
	w.server.know(secret)
	return e
}

// happen has shipments change, each once, and puts that in line at the endpoints as a worker does. It gives the ids of
// the events.
func (w *world) happen(endpoints []*tracker.Endpoint, shipments ...string) []string {
	w.t.Helper()
	var ids []string
	var woken []string
	for _, shipment := range shipments {
		w.seqs[shipment]++
		c := changeOf(shipment, w.seqs[shipment], time.Now())
		w.save(c)
		for _, d := range Deliveries(c, endpoints) {
			w.save(d)
			ids, woken = append(ids, d.Event), append(woken, d.Endpoint)
		}
	}
	if err := Wake(w.t.Context(), w.store, time.Now(), woken...); err != nil {
		w.t.Fatal(err)
	}
	return ids
}

// changeOf is a shipment's change to its next place.
func changeOf(shipment string, seq int64, at time.Time) *tracker.WebhookChange {
	return &tracker.WebhookChange{
		Tenant: "acme", Shipment: shipment, Types: []string{Updated}, At: at, Legs: []tracker.LegKey{{Carrier: "ups", Number: "1Z"}},
		View: tracker.View{Seq: seq, Milestone: tracker.InTransit, Substatus: "arrived_at_facility"}, Tags: []string{"gift"},
	}
}

func (w *world) save(record tracker.Record) {
	w.t.Helper()
	if err := tracker.Save(w.t.Context(), w.store, record); err != nil {
		w.t.Fatal(err)
	}
}

// pass lets time go by, and what falls due be done as the workers' relay has it done.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	for end := time.Now().Add(d); ; {
		w.work()
		next := w.nextDue()
		if !w.busy() && next.IsZero() || !w.busy() && next.After(end) || !time.Now().Before(end) {
			<-time.After(time.Until(end))
			synctest.Wait()
			w.work()
			return
		}
		if w.busy() { // what is under way may make something due sooner
			next = earlier(next, time.Now().Add(time.Second))
		}
		<-time.After(max(time.Until(next), time.Millisecond))
	}
}

// busy reports whether an endpoint is being served.
func (w *world) busy() bool {
	w.office.mu.Lock()
	defer w.office.mu.Unlock()
	return len(w.office.serving) > 0
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// work does what is due, until nothing is.
func (w *world) work() {
	w.t.Helper()
	for {
		synctest.Wait()
		if w.claim() == 0 {
			return
		}
	}
}

// claim hands out what is due.
func (w *world) claim() int {
	w.t.Helper()
	n := 0
	for _, table := range []tracker.Table{tracker.WebhookDeliveries, tracker.Webhooks} {
		now := time.Now()
		rows, err := w.store.Claim(w.t.Context(), tracker.Claim{Table: table, Now: now, Until: now.Add(30 * time.Second), Limit: 1000})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, row := range rows {
			n++
			if table == tracker.Webhooks {
				w.office.Look(row.Key)
			} else if err := w.office.PutBack(w.t.Context(), row.Key); err != nil && !errors.Is(err, errStore) {
				w.t.Fatal(err)
			}
		}
	}
	return n
}

// nextDue is when something falls due next, in simulated time; zero for never.
func (w *world) nextDue() time.Time {
	w.t.Helper()
	var next time.Time
	for _, table := range []tracker.Table{tracker.WebhookDeliveries, tracker.Webhooks} {
		at := w.store.Store.(*memory.Store).Next(table) //nolint:forcetypeassert // simulated days pass on no other
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

func (w *world) delivery(e *tracker.Endpoint, id string) *tracker.WebhookDelivery {
	w.t.Helper()
	d, err := tracker.Load[tracker.WebhookDelivery](w.t.Context(), w.store, tracker.WebhookDeliveryKey(e.ID, id))
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *world) now(e *tracker.Endpoint) *tracker.Endpoint {
	w.t.Helper()
	e, err := tracker.Load[tracker.Endpoint](w.t.Context(), w.store, e.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// letters keeps the e-mails to owners.
type letters struct {
	mu   sync.Mutex
	sent []notify.Envelope
	fail error
}

func (l *letters) Sender() string { return "" }

func (l *letters) Send(_ context.Context, e notify.Envelope) (notify.Receipt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return notify.Receipt{}, l.fail
	}
	l.sent = append(l.sent, e)
	return notify.Receipt{}, nil
}

func (l *letters) list() []notify.Envelope {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]notify.Envelope(nil), l.sent...)
}

// failingStore fails on command.
type failingStore struct {
	tracker.Store

	fail atomic.Pointer[func(tracker.Write) bool]
}

var errStore = fmt.Errorf("the test's store fails: %w", tracker.ErrUnavailable)

func (f *failingStore) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	if fail := f.fail.Load(); fail != nil {
		for _, write := range writes {
			if (*fail)(write) {
				return nil, errStore
			}
		}
	}
	return f.Store.Apply(ctx, writes)
}
