package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"

	"waybill/adapters"
	"waybill/api"
	"waybill/api/metrics"
	"waybill/tracker"
	"waybill/tracker/cases"
	"waybill/tracker/proofs"
	"waybill/tracker/seal"
	"waybill/tracker/signin"
	"waybill/tracker/sqlite"
	"waybill/tracker/storetest/memory"
)

// house is a server with a store of its own in a temporary folder.
type house struct {
	*api.Server
	t      testing.TB
	store  tracker.Store
	ingest *tracker.Ingest
	keys   *seal.Keys
	log    *bytes.Buffer
	clock  *clock
	people *signin.Desk
	feed   *hub
	// seller, rival, fleet, agent and operator are keys of API users; rival is another seller's.
	seller, rival, fleet, agent, operator string
}

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// registry has all carriers; compiling them takes longer than most tests, and it does not change.
var registry = sync.OnceValues(adapters.New)

// noon is when the tests begin.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// newHouse makes a server on a store in memory, which passes the suite of the stores; change may alter its options.
func newHouse(t testing.TB, change ...func(*api.Options)) *house {
	t.Helper()
	return houseOn(t, memory.New(), change...)
}

// houseOnDisk is newHouse as it is run: on SQLite.
func houseOnDisk(t testing.TB, change ...func(*api.Options)) *house {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	return houseOn(t, store, change...)
}

// houseOn is newHouse on a store of one's own.
func houseOn(t testing.TB, store tracker.Store, change ...func(*api.Options)) *house {
	t.Helper()
	h := serverOn(t, store, change...)
	h.seller, h.rival = h.newKey("acme", tracker.RoleSeller), h.newKey("globex", tracker.RoleSeller)
	h.fleet, h.agent = h.newKey("", tracker.RoleFleet), h.newKey("", tracker.RoleAgent)
	h.operator = h.newKey("", tracker.RoleOperator)
	return h
}

// serverOn makes a server on a store that is there already. It has no keys of its own.
func serverOn(t testing.TB, store tracker.Store, change ...func(*api.Options)) *house {
	t.Helper()
	h := &house{t: t, store: store, log: &bytes.Buffer{}, clock: &clock{at: noon}}
	var err error
	h.keys, err = seal.New(bytes.Repeat([]byte{9}, seal.KeySize))
	must(t, err)
	registry, err := registry()
	must(t, err)
	hub := &hub{}
	h.feed = hub
	figures := metrics.New()
	logger := slog.New(slog.NewJSONHandler(&lockedWriter{w: h.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.ingest = tracker.NewIngest(tracker.IngestOptions{
		Store: h.store, Reader: registry, Keys: h.keys, Feed: hub, Observer: figures, Now: h.clock.now, Log: logger,
	})
	options := api.Options{
		Store: h.store, Ingest: h.ingest, Finder: tracker.NewFinder(h.store, h.keys, tracker.DefaultPatience, h.clock.now),
		Ordering: tracker.NewOrdering(h.store, hub, h.clock.now), Keys: h.keys, Carriers: registry, Watcher: hub,
		Metrics: figures, PublicURL: "http://waybill.test", Now: h.clock.now, Log: logger,
		Limits: api.Limits{LookupsPerMinute: 10_000, KeyRequestsPerMinute: 100_000},
	}
	const day = 24 * time.Hour
	options.Cases = &cases.Desk{Store: h.store, Keys: h.keys, Now: h.clock.now, Answer: day, Settle: 7 * day, Reopen: 14 * day}
	options.Proofs = &proofs.Desk{Store: h.store, Keys: h.keys, Bucket: memblob.OpenBucket(nil), Now: h.clock.now}
	t.Cleanup(func() { must(t, options.Proofs.Bucket.Close()) })
	options.SignIn = &signin.Desk{
		Store: h.store, Keys: h.keys, Now: h.clock.now, Idle: 12 * time.Hour, Life: 7 * 24 * time.Hour, Issuer: "Waybill",
	}
	h.people = options.SignIn
	for _, f := range change {
		f(&options)
	}
	h.Server = api.New(options)
	t.Cleanup(h.ingest.Close)
	t.Cleanup(h.Settle)
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) newKey(tenant string, role tracker.Role) string {
	key, secret := tracker.NewKey(tenant, role, "test", h.clock.now())
	must(h.t, tracker.Save(context.Background(), h.store, key))
	return secret
}

// in is the same house, failing another test.
func (h *house) in(t testing.TB) *house {
	other := *h
	other.t = t
	return &other
}

// account makes a carrier's account with its secrets.
func (h *house) account(carrier, name, verification, header string, secrets ...string) {
	h.t.Helper()
	a := &tracker.Account{Carrier: carrier, Name: name, Verification: verification, Header: header, CreatedAt: h.clock.now()}
	for _, secret := range secrets {
		a.AddSecret(h.keys, secret, time.Hour, h.clock.now())
	}
	must(h.t, tracker.Save(context.Background(), h.store, a))
}

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do makes a request without a network.
func (h *house) do(method, path, key string, body any, headers ...string) answer {
	h.t.Helper()
	var reader io.Reader
	request := httptest.NewRequest(method, path, nil)
	switch b := body.(type) {
	case nil:
	case []byte:
		reader = bytes.NewReader(b)
	case string:
		reader = bytes.NewReader([]byte(b))
	default:
		data, err := json.Marshal(b)
		must(h.t, err)
		reader = bytes.NewReader(data)
	}
	if reader != nil {
		request = httptest.NewRequest(method, path, reader)
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := h.App().Test(request, 10_000)
	must(h.t, err)
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	must(h.t, err)
	return answer{response.StatusCode, response.Header, data}
}

// json reads the body of an answer.
func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("no JSON object: %v\n%s", err, a.body)
	}
	return v
}

// code is the code of a problem, also in EasyPost's form.
func (a answer) code() string {
	var p struct {
		Code  string
		Error struct{ Code string }
	}
	_ = json.Unmarshal(a.body, &p) //nolint:errcheck // what is no problem has no code
	return p.Code + p.Error.Code
}

// shipment registers a shipment of the seller's and gives its id.
func (h *house) shipment(fields map[string]any) string {
	h.t.Helper()
	if fields == nil {
		fields = map[string]any{}
	}
	a := h.do(http.MethodPost, "/v1/shipments", h.seller, fields)
	if a.status != http.StatusCreated {
		h.t.Fatalf("register: %d %s", a.status, a.body)
	}
	id, _ := a.json(h.t)["id"].(string)
	return id
}

// scan posts a scan of the fleet.
func (h *house) scan(id, action, at string) {
	h.t.Helper()
	a := h.do(http.MethodPost, "/v1/fleet/scans", h.fleet, map[string]any{
		"code": id, "action": action, "at": at, "location": map[string]any{"city": "Berlin", "country": "DE"},
	})
	if a.status != http.StatusAccepted {
		h.t.Fatalf("scan: %d %s", a.status, a.body)
	}
}

// hub is the feed within the test.
type hub struct {
	mu       sync.Mutex
	watchers map[chan struct{}][]string
}

func (h *hub) Publish(keys ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for events, watched := range h.watchers {
		if !slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(watched, k) }) {
			continue
		}
		select {
		case events <- struct{}{}:
		default:
		}
	}
}

func (h *hub) Watch(keys ...string) (<-chan struct{}, func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers == nil {
		h.watchers = map[chan struct{}][]string{}
	}
	events := make(chan struct{}, 1)
	h.watchers[events] = keys
	return events, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers, events)
	}
}

// lockedWriter lets many write to one buffer.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
