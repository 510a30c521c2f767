package main

import (
	"context"
	"time"

	"github.com/valyala/fasthttp"

	"waybill/tracker"
)

// activeEvery: one leg in twenty is still scanned, the others are history.
const activeEvery = 20

// legs measures how scans slow down as legs fill the store.
func (b *bench) legs(ctx context.Context, counts []int) error {
	var first float64
	for _, count := range counts {
		err := b.withRunning(ctx, func(ctx context.Context, r *running) error {
			if err := b.fill(ctx, r, count); err != nil {
				return err
			}
			active := max(count/activeEvery, 1)
			prepare, err := r.carrierPost(ctx, func(n int) string { return benchNumber(n % active * activeEvery) })
			if err != nil {
				return err
			}
			sum, err := b.load(ctx, r.config.Listen, fasthttp.StatusAccepted, prepare)
			if err != nil {
				return err
			}
			if first == 0 {
				first = sum.rate()
			}
			b.sayf("scans with %d legs stored: %.0f/s, p99 %s; ratio %.2f (goal 0.8)", count, sum.rate(), sum.quantile(0.99).Round(time.Microsecond), sum.rate()/first)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fill stores legs as a day's scans leave them: eight events each, of past days.
func (b *bench) fill(ctx context.Context, r *running, count int) error {
	const batch, events = 2000, 8
	bar := b.progress(count, "legs")
	defer bar.finish()
	for from := 0; from < count; from += batch {
		writes := make([]tracker.Write, 0, batch)
		for n := from; n < min(from+batch, count); n++ {
			leg := &tracker.Leg{LegKey: tracker.LegKey{Carrier: "ups", Number: benchNumber(n)}, CreatedAt: r.program.now().UTC().Add(-time.Duration(count-n) * time.Second)}
			for i := range events {
				leg.Events = append(leg.Events, tracker.Event{
					Kind: "DP", Code: "DP", Substatus: "departed_facility", Text: "Departed from Facility", Source: tracker.FromWebhook,
					Time:     tracker.StampAt(leg.CreatedAt.Add(-time.Duration(events-i) * time.Hour)),
					Location: tracker.Location{City: "Louisville", State: "KY", PostalCode: "40213", Country: "US"},
				})
			}
			write, err := tracker.Encode(leg)
			if err != nil {
				return err
			}
			writes = append(writes, write)
		}
		if err := tracker.ErrorOf(r.store.Apply(ctx, writes)); err != nil {
			return err
		}
		bar.add(len(writes))
	}
	return nil
}
