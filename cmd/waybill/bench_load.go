package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// measured is what a load of requests came to.
type measured struct {
	count int
	took  time.Duration
	// times are how long each request took, sorted.
	times []time.Duration
}

// rate is requests per second.
func (m *measured) rate() float64 { return float64(m.count) / m.took.Seconds() }

// quantile of the times, 0.99 for p99.
func (m *measured) quantile(q float64) time.Duration {
	if len(m.times) == 0 {
		return 0
	}
	return m.times[min(len(m.times)-1, int(q*float64(len(m.times))))]
}

// load makes requests over the connections for the time. prepare fills the n-th request of all.
func (b *bench) load(ctx context.Context, address string, want int, prepare func(n int, request *fasthttp.Request)) (*measured, error) {
	client := &fasthttp.HostClient{Addr: address, MaxConns: b.connections, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var failed error
	next := 0
	sum := &measured{}
	began := time.Now()
	var workers sync.WaitGroup
	for range b.connections {
		workers.Go(func() {
			request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			defer fasthttp.ReleaseRequest(request)
			defer fasthttp.ReleaseResponse(response)
			var times []time.Duration
			for time.Since(began) < b.time && ctx.Err() == nil {
				mu.Lock()
				n, broken := next, failed != nil
				next++
				mu.Unlock()
				if broken {
					break
				}
				request.Reset()
				prepare(n, request)
				sent := time.Now()
				err := client.Do(request, response)
				if err == nil && response.StatusCode() != want {
					err = fmt.Errorf("%s answers %d: %.200s", request.URI().Path(), response.StatusCode(), response.Body())
				}
				times = append(times, time.Since(sent))
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			}
			mu.Lock()
			defer mu.Unlock()
			sum.times = append(sum.times, times...)
		})
	}
	workers.Wait()
	sum.took, sum.count = time.Since(began), len(sum.times)
	slices.Sort(sum.times)
	return sum, failed
}
