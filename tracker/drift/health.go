package drift

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"waybill/tracker"
)

// healthEvery is how old what a Health knows may be.
const healthEvery = 15 * time.Second

// Health holds in memory which feeds are down and were lately, so that look-ups need not ask the store. The zero Health
// knows of no outage. It is safe for concurrent use.
type Health struct {
	known atomic.Pointer[health]
}

type health struct {
	feeds  []Feed
	by     map[string][]tracker.Outage
	alerts []Alert
}

// Outages are a carrier's, the latest first: tracker.Patience asks for them.
func (h *Health) Outages(carrier string) []tracker.Outage {
	if known := h.known.Load(); known != nil {
		return known.by[carrier]
	}
	return nil
}

// Feeds are the feeds that are or were down, as of the last refresh.
func (h *Health) Feeds() []Feed {
	if known := h.known.Load(); known != nil {
		return known.feeds
	}
	return nil
}

// Alerts are the open alerts, as of the last refresh.
func (h *Health) Alerts() []Alert {
	if known := h.known.Load(); known != nil {
		return known.alerts
	}
	return nil
}

// Refresh reads the store.
func (h *Health) Refresh(ctx context.Context, store tracker.Store) error {
	feeds, err := list[Feed](ctx, store, listOfFeeds, everything)
	if err != nil {
		return err
	}
	alerts, err := list[Alert](ctx, store, listOfOpen, everything)
	if err != nil {
		return err
	}
	next := &health{by: make(map[string][]tracker.Outage, len(feeds))}
	for i := range feeds {
		f := &feeds[i].record
		next.feeds = append(next.feeds, *f)
		if outages := f.outages(); len(outages) > 0 {
			next.by[f.Carrier] = outages
		}
	}
	for i := range alerts {
		next.alerts = append(next.alerts, alerts[i].record)
	}
	h.known.Store(next)
	return nil
}

// Run refreshes every some seconds until the context ends. While the store is away the last state holds.
func (h *Health) Run(ctx context.Context, store tracker.Store, log *slog.Logger) {
	ticker := time.NewTicker(healthEvery)
	defer ticker.Stop()
	for {
		if err := h.Refresh(ctx, store); err != nil && ctx.Err() == nil {
			log.Warn("the state of carriers' feeds could not be read anew", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
