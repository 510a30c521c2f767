package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"waybill/notify/webhook"
	"waybill/tracker"
)

const (
	// hookTenants sellers with hooksEach endpoints each: 1,000 endpoints, of which every hangsEvery-th never answers.
	hookTenants, hooksEach, hangsEvery = 20, 50, 20
	// hookWarm is how many scans are posted before anything is measured: endpoints that hang are found out meanwhile.
	hookWarm = 2 * hookTenants
	// hookGoal is what no healthy endpoint's p99 may exceed.
	hookGoal = time.Second
)

// hookRates are the scans a second that are tried, one after another; each is told to hooksEach endpoints.
var hookRates = []int{2, 5, 10, 20, 40} //nolint:gochecknoglobals // a table

// webhooks measures scans on their way to sellers' endpoints: posted over HTTP as a carrier does, told to a receiver on
// this machine. Time is taken from the post of the scan to the arrival at the endpoint.
func (b *bench) webhooks(ctx context.Context) error {
	return b.withRunning(ctx, func(ctx context.Context, r *running) error {
		hooks := newHookReceiver()
		defer hooks.close()
		if err := r.hookEndpoints(ctx, hooks.URL); err != nil {
			return err
		}
		prepare, err := r.carrierPost(ctx, benchNumber)
		if err != nil {
			return err
		}
		next, best := 0, 0.0
		post := func(scans int, every time.Duration) error {
			err := r.hookScans(ctx, hooks, next, scans, every, prepare)
			next += scans
			return err
		}
		if err := post(hookWarm, 50*time.Millisecond); err != nil {
			return err
		}
		for _, rate := range hookRates {
			hooks.reset()
			scans := max(1, int(b.time.Seconds())*rate)
			began := b.now()
			if err := post(scans, time.Second/time.Duration(rate)); err != nil {
				return err
			}
			healthy := healthyHooks(next-scans, scans)
			took := b.now().Sub(began)
			worst, first, n := hooks.figures()
			b.sayf("%d scans/s: %d of %d webhooks of healthy endpoints in %s, %.0f/s; scan to first attempt p99 %s; worst endpoint's p99 %s",
				rate, n, healthy, took.Round(time.Millisecond), float64(n)/took.Seconds(), first, worst)
			if worst > hookGoal || n < healthy {
				break
			}
			best = float64(n) / took.Seconds()
		}
		b.sayf("webhooks with %d endpoints, %d of which hang: %.0f/s with no healthy endpoint's p99 over %s",
			hookTenants*hooksEach, hookTenants*hooksEach/hangsEvery, best, hookGoal)
		return nil
	})
}

// hookEndpoints makes the endpoints.
func (r *running) hookEndpoints(ctx context.Context, receiver string) error {
	desk := webhook.Desk{Store: r.store, Keys: r.keys, AllowPrivate: true, Now: r.program.now}
	for tenant := range hookTenants {
		for n := range hooksEach {
			kind := "well"
			if hookHangs(tenant, n) {
				kind = "hangs"
			}
			wishes := webhook.Wishes{
				URL: fmt.Sprintf("%s/%s/%d-%d", receiver, kind, tenant, n), Form: tracker.WebhookStandard, Types: []string{"shipment.in_transit"},
			}
			if _, _, err := desk.Create(ctx, hookTenant(tenant), wishes, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

func hookHangs(tenant, n int) bool { return (tenant*hooksEach+n)%hangsEvery == 0 }

// healthyHooks is how many endpoints that answer are told of scans.
func healthyHooks(from, scans int) int {
	healthy := 0
	for scan := from; scan < from+scans; scan++ {
		for n := range hooksEach {
			if !hookHangs(scan%hookTenants, n) {
				healthy++
			}
		}
	}
	return healthy
}

func hookTenant(n int) string { return fmt.Sprintf("bench%d", n%hookTenants) }

// hookScans registers parcels and posts one scan of each, so many apart, and waits until all are told or none comes any
// more.
func (r *running) hookScans(
	ctx context.Context, hooks *hookReceiver, from, scans int, every time.Duration, prepare func(int, *fasthttp.Request),
) error {
	for n := from; n < from+scans; n++ {
		_, errs := r.ingest.Register(ctx, []tracker.NewShipment{{Tenant: hookTenant(n), Carrier: "ups", Number: benchNumber(n)}})
		if errs[0] != nil {
			return errs[0]
		}
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	for n := from; n < from+scans; n++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		prepare(n, request)
		hooks.posted(benchNumber(n))
		if err := fasthttp.Do(request, response); err != nil {
			return err
		}
	}
	return hooks.settle(ctx, healthyHooks(from, scans))
}

// hookReceiver is the server of all sellers.
type hookReceiver struct {
	*httptest.Server

	ending chan struct{}
	mu     sync.Mutex
	posts  map[string]time.Time
	lags   map[string][]time.Duration
	first  map[string]time.Duration
	taken  int
	last   time.Time
}

func newHookReceiver() *hookReceiver {
	h := &hookReceiver{ending: make(chan struct{}), posts: map[string]time.Time{}}
	h.reset()
	h.Server = httptest.NewServer(h)
	return h
}

func (h *hookReceiver) close() {
	close(h.ending)
	h.Close()
}

// ServeHTTP takes a webhook; under /hangs/ it never answers.
func (h *hookReceiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/hangs/") {
		select {
		case <-h.ending:
		case <-r.Context().Done():
		}
		return
	}
	var payload webhook.Payload
	if err := json.NewDecoder(r.Body).Decode(&payload); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	number := payload.Data.TrackingNumber
	h.last = time.Now()
	lag := h.last.Sub(h.posts[number])
	if _, told := h.first[number]; !told {
		h.first[number] = lag
	}
	h.lags[r.URL.Path] = append(h.lags[r.URL.Path], lag)
	h.taken++
}

func (h *hookReceiver) posted(number string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.posts[number] = time.Now()
}

func (h *hookReceiver) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = time.Now()
	h.lags, h.first, h.taken = map[string][]time.Duration{}, map[string]time.Duration{}, 0
}

// settle waits until so many are taken, or ten seconds passed without another.
func (h *hookReceiver) settle(ctx context.Context, all int) error {
	began := time.Now()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		h.mu.Lock()
		taken, quiet := h.taken, time.Since(h.last)
		h.mu.Unlock()
		if taken >= all || quiet > 10*time.Second && time.Since(began) > 10*time.Second {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// figures are the worst p99 of an endpoint, the p99 of first attempts, and how many were taken.
func (h *hookReceiver) figures() (worst, first time.Duration, taken int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p99 := func(times []time.Duration) time.Duration {
		if len(times) == 0 {
			return 0
		}
		slices.Sort(times)
		return times[int(0.99*float64(len(times)-1)+0.5)].Round(100 * time.Microsecond)
	}
	for _, lags := range h.lags {
		worst = max(worst, p99(lags))
	}
	var firsts []time.Duration
	for _, lag := range h.first {
		firsts = append(firsts, lag)
	}
	return worst, p99(firsts), h.taken
}
