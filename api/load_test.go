package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/api"
	"waybill/tracker"
	"waybill/tracker/limit"
)

func TestRequestsOfAKeyAndOfAnAddressAreLimited(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Limits.KeyRequestsPerMinute, o.Limits.LookupsPerMinute = 3, 2 })
	for range 3 {
		if a := h.do(http.MethodGet, "/v1/shipments", h.seller, nil); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	a := h.do(http.MethodGet, "/v1/shipments", h.seller, nil)
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "20" || a.code() != "rate_limited" {
		t.Errorf("the fourth request: %d, Retry-After %q, %s", a.status, a.header.Get("Retry-After"), a.body)
	}
	if got := a.header.Get("Ratelimit-Policy"); got != `"default";q=3;w=60` {
		t.Errorf("RateLimit-Policy %s", got)
	}
	if got := a.header.Get("Ratelimit"); got != `"default";r=0;t=60` {
		t.Errorf("RateLimit %s", got)
	}
	if a := h.do(http.MethodGet, "/v1/shipments", h.rival, nil); a.status != http.StatusOK {
		t.Errorf("another key is limited too: %d", a.status)
	}
	for i, want := range []int{404, 404, 429} {
		if a := h.do(http.MethodGet, "/v1/track/NOPE1", "", nil); a.status != want {
			t.Errorf("look-up %d of an address: %d, want %d", i+1, a.status, want)
		}
	}
	h.account("ups", "main", "credential", "", "s3cret")
	for range 5 {
		if a := h.do(http.MethodPost, upsPath, "", upsScan, "credential", "s3cret"); a.status != http.StatusAccepted {
			t.Errorf("a carrier's post is limited by the look-ups of its address: %d", a.status)
		}
	}
}

// slow is a store whose commits wait until they are let go.
type slow struct {
	tracker.Store
	once    sync.Once
	waiting chan struct{}
	release chan struct{}
}

func (s *slow) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	if writes[0].Table == tracker.Receipts {
		s.once.Do(func() { close(s.waiting) })
		<-s.release
	}
	return s.Store.Apply(ctx, writes)
}

func TestInABurstPagesAreShedBeforeScans(t *testing.T) {
	first := newHouse(t)
	first.account("ups", "main", "credential", "", "s3cret")
	store := &slow{Store: first.store, waiting: make(chan struct{}), release: make(chan struct{})}
	h := serverOn(t, store, func(o *api.Options) {
		o.Limits.ShedLookupsAbove, o.Limits.ShedSellersAbove, o.Limits.MaxInFlight = 1, 2, 3
	})
	statuses := make(chan int, 2)
	scan := func() { statuses <- h.do(http.MethodPost, upsPath, "", upsScan, "credential", "s3cret").status }
	go scan()
	<-store.waiting
	look := func(path, key string) answer { return h.do(http.MethodGet, path, key, nil) }
	if a := look("/t/NOPE1", ""); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || a.code() != "overloaded" {
		t.Errorf("a page while a scan is under way: %d %s", a.status, a.body)
	}
	if a := look("/v1/shipments", first.seller); a.status != http.StatusOK {
		t.Errorf("a seller's call while one scan is under way: %d", a.status)
	}
	go scan()
	for look("/v1/shipments", first.seller).status != http.StatusServiceUnavailable {
		if t.Context().Err() != nil {
			t.Fatal("sellers' calls are never shed")
		}
	}
	if a := look("/healthz", ""); a.status != http.StatusOK {
		t.Errorf("a probe is shed: %d", a.status)
	}
	close(store.release)
	for range 2 {
		if status := <-statuses; status != http.StatusAccepted {
			t.Errorf("a scan: %d", status)
		}
	}
	if a := look("/t/NOPE1", ""); a.status != http.StatusNotFound {
		t.Errorf("after the burst: %d", a.status)
	}
}

// gone is a limiter that does not answer.
type gone struct{ asked int }

func (g *gone) Allow(context.Context, string, limit.Rate) (limit.Result, error) {
	g.asked++
	return limit.Result{}, errors.New("connection refused")
}

func TestWithoutTheSharedLimiterRequestsGoOnAndAreStillLimited(t *testing.T) {
	shared := &gone{}
	h := newHouse(t, func(o *api.Options) {
		o.Limiter, o.Limits.LookupsPerMinute = shared, 2
		o.Checks = []api.Check{{Name: "redis", Ping: func(context.Context) error { return errors.New("refused by 10.0.0.7") }}}
	})
	for i, want := range []int{404, 404, 429} {
		if a := h.do(http.MethodGet, "/v1/track/NOPE1", "", nil); a.status != want {
			t.Errorf("request %d: %d, want %d", i+1, a.status, want)
		}
	}
	if shared.asked != 1 {
		t.Errorf("a limiter that failed was asked %d times at once", shared.asked)
	}
	a := h.do(http.MethodGet, "/readyz", "", nil)
	if a.status != http.StatusOK || !strings.Contains(string(a.body), "without redis") || strings.Contains(string(a.body), "10.0.0.7") {
		t.Errorf("readiness without Redis: %d %s", a.status, a.body)
	}
}

func TestTheAddressBehindProxies(t *testing.T) {
	for name, c := range map[string]struct {
		trusted, forwarded string
		same               bool
	}{
		"nobody is trusted":               {"", "203.0.113.1", true},
		"the proxy is trusted":            {"0.0.0.0/32", "203.0.113.1", false},
		"an invented beginning":           {"0.0.0.0/32", "198.51.100.9, 203.0.113.1", false},
		"what is no address is no reason": {"0.0.0.0/32", "unknown", true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, func(o *api.Options) {
				o.Limits.LookupsPerMinute = 1
				if c.trusted != "" {
					o.Proxies = []netip.Prefix{netip.MustParsePrefix(c.trusted)}
				}
			})
			h.do(http.MethodGet, "/v1/track/NOPE1", "", nil)
			a := h.do(http.MethodGet, "/v1/track/NOPE1", "", nil, "X-Forwarded-For", c.forwarded)
			if limited := a.status == http.StatusTooManyRequests; limited != c.same {
				t.Errorf("counted as the same address: %v", limited)
			}
			h.do(http.MethodGet, "/v1/track/NOPE1", "", nil, "X-Forwarded-For", "203.0.113.1")
			made := h.do(http.MethodGet, "/v1/track/NOPE1", "", nil, "X-Forwarded-For", "192.0.2.77, 203.0.113.1")
			if made.status != http.StatusTooManyRequests {
				t.Error("an invented beginning of the header makes another address")
			}
		})
	}
}

func TestMetricsAreForThoseOfTheSettings(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.MetricsFor = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	if a := h.do(http.MethodGet, "/metrics", "", nil); a.status != http.StatusForbidden {
		t.Errorf("open to all: %d", a.status)
	}
}

func TestMetricsTellWhatCarriersSent(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	h.clock.move(-150 * time.Minute) // 09:30 UTC: a quarter of an hour after the scan
	h.do(http.MethodPost, upsPath, "", upsScan, "credential", "s3cret")
	h.do(http.MethodPost, upsPath, "", "hello", "credential", "s3cret")
	h.do(http.MethodPost, upsPath, "", strings.Replace(upsScan, `"OT"`, `"Q7"`, 1), "credential", "s3cret")
	figures := string(h.do(http.MethodGet, "/metrics", "", nil).body)
	for _, line := range []string{
		`waybill_scans_total{carrier="ups",source="webhook"} 2`, `waybill_quarantined_total{carrier="ups"} 1`,
		`waybill_scan_lag_seconds_sum{carrier="ups"} 1800`, `waybill_scan_lag_seconds_count{carrier="ups"} 2`,
		`waybill_unknown_codes_total{carrier="ups"} 1`,
		`waybill_http_request_seconds_count{route="POST /v1/carriers/:carrier/:account/events",status="202"} 3`,
	} {
		if !strings.Contains(figures, line) {
			t.Errorf("%s is missing", line)
		}
	}
}

func TestGuessesOfKeysAndAccountsAreCounted(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	h.do(http.MethodGet, "/v1/shipments", h.seller, nil)
	h.do(http.MethodPost, upsPath, "", upsScan, "credential", "s3cret")
	last := 0
	for i := range 600 {
		if i%2 == 0 {
			last = h.do(http.MethodGet, "/v1/shipments", "wb_"+strconv.Itoa(i), nil).status
		} else {
			last = h.do(http.MethodPost, "/v1/carriers/ups/a"+strconv.Itoa(i)+"/events", "", upsScan).status
		}
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 602nd key or account within a minute: %d", last)
	}
	if a := h.do(http.MethodGet, "/v1/shipments", h.seller, nil); a.status != http.StatusOK {
		t.Errorf("a key that is known from the same address: %d", a.status)
	}
	if a := h.do(http.MethodPost, upsPath, "", upsScan, "credential", "s3cret"); a.status != http.StatusAccepted {
		t.Errorf("an account that is known from the same address: %d", a.status)
	}
}
