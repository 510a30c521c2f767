package api_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"waybill/api"
	"waybill/tracker"
	"waybill/tracker/sqlite"
)

// unlimited switches the limits off, which are no subject of a benchmark, and logs as a quiet installation does.
func unlimited(o *api.Options) {
	o.Limits = api.Limits{
		LookupsPerMinute: 1 << 30, KeyRequestsPerMinute: 1 << 30, ShedLookupsAbove: 1 << 20, ShedSellersAbove: 1 << 20, MaxInFlight: 1 << 20,
	}
	o.Log, o.Now = slog.New(slog.DiscardHandler), time.Now
}

// rate is how many requests a second a server at an address answers with status, asked by many at once for a while.
func rate(b *testing.B, askers int, address string, status int, request func(*fasthttp.Request)) (perSecond float64, p99 time.Duration) {
	b.Helper()
	const lasting = 2 * time.Second
	client := &fasthttp.HostClient{Addr: address, MaxConns: askers}
	defer client.CloseIdleConnections()
	var wrong atomic.Int64
	took := make([][]time.Duration, askers)
	end := time.Now().Add(lasting)
	var all sync.WaitGroup
	for i := range askers {
		all.Go(func() {
			in, out := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			for time.Now().Before(end) {
				request(in)
				start := time.Now()
				if err := client.Do(in, out); err != nil || out.StatusCode() != status {
					wrong.Add(1)
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	all.Wait()
	if n := wrong.Load(); n > 0 {
		b.Fatalf("%d requests were not answered with %d", n, status)
	}
	times := slices.Concat(took...)
	slices.Sort(times)
	return float64(len(times)) / lasting.Seconds(), times[len(times)*99/100]
}

func listen(b *testing.B, serve func(net.Listener) error, end func(context.Context) error) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	go func() { _ = serve(listener) }()
	b.Cleanup(func() { must(b, end(context.Background())) })
	return listener.Addr().String()
}

// BenchmarkLookUp compares look-ups, over the network, with a bare Fiber handler that returns the same bytes.
func BenchmarkLookUp(b *testing.B) {
	h := houseOnDisk(b, unlimited)
	ids := make([]string, 1000)
	for i := range ids {
		ids[i] = h.shipment(nil)
		h.scan(ids[i], "picked_up", time.Now().Add(-time.Hour).Format(time.RFC3339))
		h.scan(ids[i], "out_for_delivery", time.Now().Format(time.RFC3339))
	}
	body := h.do(http.MethodGet, "/v1/track/"+ids[0], "", nil).body
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bare.Get("/v1/track/:number", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(body)
	})
	bareAddress := listen(b, bare.Listener, bare.ShutdownWithContext)
	address := listen(b, h.Serve, h.Shutdown)
	var count atomic.Int64
	of := func(ids []string) func(*fasthttp.Request) {
		return func(r *fasthttp.Request) {
			r.SetRequestURI("/v1/track/" + ids[count.Add(1)%int64(len(ids))])
			r.Header.SetHost("waybill.test")
			r.Header.Set(fiber.HeaderAcceptLanguage, "de-DE,de;q=0.9,en;q=0.8")
		}
	}
	for b.Loop() {
		plain, _ := rate(b, 32, bareAddress, 200, of(ids[:1]))
		warm, p99 := rate(b, 32, address, 200, of(ids[:1]))
		many, _ := rate(b, 32, address, 200, of(ids))
		b.ReportMetric(plain, "bare/s")
		b.ReportMetric(warm, "warm/s")
		b.ReportMetric(many, "of-1000/s")
		b.ReportMetric(float64(p99.Microseconds()), "warm-p99-µs")
		b.ReportMetric(warm/plain, "warm/bare")
	}
}

// BenchmarkLookUpCold looks up by a signed link, which is never answered from memory: reading, opening, rendering.
func BenchmarkLookUpCold(b *testing.B) {
	h := houseOnDisk(b, unlimited)
	id := h.shipment(nil)
	h.scan(id, "picked_up", time.Now().Add(-time.Hour).Format(time.RFC3339))
	for b.Loop() {
		if a := h.do(http.MethodGet, "/v1/track/"+id+"?s="+h.keys.Sign("track", id), "", nil); a.status != 200 {
			b.Fatal(a.status)
		}
	}
}

// BenchmarkSignedScans compares signed posts of a carrier, acknowledged over the network, with the store's own bulk
// writes of the same records.
func BenchmarkSignedScans(b *testing.B) {
	h := houseOnDisk(b, unlimited)
	h.account("ups", "main", "hmac-sha256", "", "s3cret")
	address := listen(b, h.Serve, h.Shutdown)
	var count atomic.Int64
	scan := func(r *fasthttp.Request) {
		body := strings.Replace(upsScan, "1Z999AA10123456784", fmt.Sprintf("1Z%016d", count.Add(1)), 1)
		r.Header.SetMethod(fiber.MethodPost)
		r.Header.SetHost("waybill.test")
		r.SetRequestURI(upsPath)
		r.Header.SetContentType("application/json")
		r.Header.Set("X-Signature", hex.EncodeToString(sign("s3cret", body)))
		r.SetBodyString(body)
	}
	for b.Loop() {
		posted, p99 := rate(b, 512, address, 202, scan)
		bulk := bulkRate(b, h)
		b.ReportMetric(posted, "scans/s")
		b.ReportMetric(float64(p99.Microseconds())/1000, "p99-ms")
		b.ReportMetric(bulk, "bulk/s")
		b.ReportMetric(posted/bulk, "scans/bulk")
	}
}

// bulkRate is how many scans' records a second an empty store of the same kind takes in bulk: the receipts and the legs
// that were just written, 512 of each in one commit.
func bulkRate(b *testing.B, h *house) float64 {
	b.Helper()
	store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bulk.db"))
	must(b, err)
	defer func() { must(b, store.Close()) }()
	const each, scans = 512, 512 * 20
	receipts := recordsOf[tracker.Receipt](b, h.store, tracker.Receipts, scans)
	legs := recordsOf[tracker.Leg](b, h.store, tracker.Legs, scans)
	n := min(len(receipts), len(legs)) / each * each
	if n == 0 {
		b.Fatal("too few scans were posted to compare with")
	}
	start := time.Now()
	for i := 0; i < n; i += each {
		for _, writes := range [][]tracker.Write{receipts[i : i+each], legs[i : i+each]} {
			must(b, tracker.ErrorOf(store.Apply(b.Context(), writes)))
		}
	}
	return float64(n) / time.Since(start).Seconds()
}

// recordsOf are records of a store as writes that make them anew.
func recordsOf[T any, R interface {
	*T
	tracker.Record
}](b *testing.B, store tracker.Store, table tracker.Table, most int) (writes []tracker.Write) {
	b.Helper()
	page := tracker.Page{Limit: 1000}
	for len(writes) < most {
		rows, err := store.Search(b.Context(), table, "", nil, page)
		must(b, err)
		if len(rows) == 0 {
			break
		}
		for _, row := range rows {
			record, err := tracker.Decode[T, R](row)
			must(b, err)
			write, err := tracker.Encode(R(record))
			must(b, err)
			write.Row.Version, write.Row.Indexed = 0, 0
			writes = append(writes, write)
			page.After = &tracker.Cursor{Order: row.Order, Key: row.Key}
		}
	}
	return writes
}
