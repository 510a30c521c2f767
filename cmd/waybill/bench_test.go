package main

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// benchOf makes what `waybill bench` measures with.
func benchOf(tb testing.TB) (*bench, *running) {
	tb.Helper()
	b := &bench{program: &program{stdout: io.Discard, stderr: io.Discard, now: time.Now}, time: time.Second, connections: 64}
	r, err := b.start(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := r.stop(); err != nil {
			tb.Error(err)
		}
	})
	return b, r
}

// Signed webhooks over HTTP, each acknowledged after its commit.
func BenchmarkAcknowledgedScans(b *testing.B) {
	_, r := benchOf(b)
	prepare, err := r.carrierPost(b.Context(), benchNumber)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	parallel(b, r.config.Listen, fasthttp.StatusAccepted, prepare)
}

// Look-ups of one number over HTTP, from memory.
func BenchmarkWarmLookups(b *testing.B) {
	_, r := benchOf(b)
	prepare, err := r.carrierPost(b.Context(), benchNumber)
	if err != nil {
		b.Fatal(err)
	}
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	prepare(1, request)
	if err := fasthttp.Do(request, response); err != nil {
		b.Fatal(err)
	}
	address := r.config.PublicURL + "/v1/track/" + benchNumber(1)
	parallel(b, r.config.Listen, fasthttp.StatusOK, func(_ int, request *fasthttp.Request) { request.SetRequestURI(address) })
}

// parallel makes b.N requests over many connections.
func parallel(b *testing.B, address string, want int, prepare func(int, *fasthttp.Request)) {
	b.Helper()
	client := &fasthttp.HostClient{Addr: address, MaxConns: 256}
	defer client.CloseIdleConnections()
	next := make(chan int, 1024)
	go func() {
		defer close(next)
		for n := range b.N {
			next <- n
		}
	}()
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		for pb.Next() {
			request.Reset()
			prepare(<-next, request)
			if err := client.Do(request, response); err != nil || response.StatusCode() != want {
				b.Errorf("%d, %v: %s", response.StatusCode(), err, response.Body())
				return
			}
		}
	})
}

func TestTheFiguresAreMeasured(t *testing.T) {
	b := &bench{program: &program{stdout: &log{}, stderr: io.Discard, now: time.Now}, time: 50 * time.Millisecond, connections: 4}
	for name, part := range map[string]func(context.Context) error{
		"payloads": func(ctx context.Context) error { return b.payloads(ctx, "") },
		"scans":    b.scans, "lookups": b.lookups, "latency": b.latency,
		"legs": func(ctx context.Context) error { return b.legs(ctx, []int{100, 200}) },
	} {
		if err := part(t.Context()); err != nil {
			t.Errorf("measure %s: %v", name, err)
		}
	}
}
