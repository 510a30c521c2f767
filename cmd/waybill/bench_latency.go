package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"waybill/notify"
	"waybill/tracker"
)

// latency measures the time from a scan's post to the page that watches, and to the message handed to its channel.
func (b *bench) latency(ctx context.Context) error {
	return b.withRunning(ctx, func(ctx context.Context, r *running) error {
		prepare, err := r.carrierPost(ctx, benchNumber)
		if err != nil {
			return err
		}
		const parcels = 80
		var pages, messages []time.Duration
		for n := range parcels {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			page, message, err := r.follow(ctx, n, prepare)
			if err != nil {
				return err
			}
			pages, messages = append(pages, page), append(messages, message)
		}
		slices.Sort(pages)
		slices.Sort(messages)
		at := func(times []time.Duration, q float64) time.Duration {
			return times[int(q*float64(len(times)-1))].Round(100 * time.Microsecond)
		}
		goal := "1.5s embedded"
		if r.queue.inside == nil {
			goal = "300ms with Redis"
		}
		b.sayf("scan to page: p50 %s, p99 %s (goal: p99 under %s)", at(pages, 0.5), at(pages, 0.99), goal)
		b.sayf("scan to message: p50 %s, p99 %s (goal: p99 under %s)", at(messages, 0.5), at(messages, 0.99), goal)
		return nil
	})
}

// follow posts a scan of a parcel that a page watches and whose recipient is told.
func (r *running) follow(ctx context.Context, n int, prepare func(int, *fasthttp.Request)) (page, message time.Duration, err error) {
	shipments, errs := r.ingest.Register(ctx, []tracker.NewShipment{{
		Tenant: "bench", Carrier: "ups", Number: benchNumber(n), Zone: noonZone(r.program.now()),
	}})
	if errs[0] != nil {
		return 0, 0, errs[0]
	}
	id := shipments[0].ID
	wish := notify.Wish{Channel: tracker.Email, Address: fmt.Sprintf("bench%d@example.com", n), Consent: "bench"}
	if _, err := notify.NewDesk(r.store, r.keys, r.program.now).Recipient(ctx, shipments[0], wish); err != nil {
		return 0, 0, err
	}
	within, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	seen, err := watchFor(within, r.config.PublicURL+"/v1/track/"+id+"/live", `"departed_facility"`)
	if err != nil {
		return 0, 0, err
	}
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	prepare(n, request)
	posted := time.Now()
	if err := fasthttp.Do(request, response); err != nil {
		return 0, 0, err
	}
	select {
	case at := <-seen:
		page = at.Sub(posted)
	case <-within.Done():
		return 0, 0, fmt.Errorf("the page of %s does not show the scan: %w", id, within.Err())
	}
	for {
		for _, kept := range r.box.List() {
			if kept.Shipment == id {
				return page, kept.At.Sub(posted), nil
			}
		}
		select {
		case <-time.After(time.Millisecond):
		case <-within.Done():
			return 0, 0, fmt.Errorf("no message about %s: %w", id, within.Err())
		}
	}
}

// noonZone is a zone where it is about noon, so that no quiet hours hold messages back.
func noonZone(now time.Time) string {
	// The signs of these zones are turned round (POSIX): Etc/GMT+5 is five hours behind.
	return fmt.Sprintf("Etc/GMT%+d", now.UTC().Hour()-12)
}

// watchFor opens a live stream and tells when a text first stands in it. It returns once the stream is open.
func watchFor(ctx context.Context, address, text string) (<-chan time.Time, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request) //nolint:bodyclose // closed by whoever reads it below
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		_ = response.Body.Close()
		return nil, fmt.Errorf("%s answers %s", address, response.Status)
	}
	seen := make(chan time.Time, 1)
	go func() {
		defer func() { _ = response.Body.Close() }()
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if strings.Contains(lines.Text(), text) {
				seen <- time.Now()
				return
			}
		}
	}()
	return seen, nil
}
