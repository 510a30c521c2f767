package workers

import (
	"context"
	"fmt"
	"time"

	"waybill/tracker"
)

const (
	retentionEvery = time.Hour
	// purgeAtOnce keeps purges from holding up scans.
	purgeAtOnce = 500
	// answersFor is how long replies are kept under their idempotency keys.
	answersFor = 3 * 24 * time.Hour
	// routesFor is how long routes are kept: for a question about yesterday, and no longer.
	routesFor = 7 * 24 * time.Hour
	// sessionsFor is how long sessions are kept: as long as the longest may last.
	sessionsFor = 90 * 24 * time.Hour
	// attemptsFor is how long wrong sign-ins are counted.
	attemptsFor = 2 * 24 * time.Hour
	// webhooksFor is how long what sellers' endpoints are told of is kept: to be sent again, or until one is enabled.
	webhooksFor = 30 * 24 * time.Hour
)

// Retention is how long records are kept.
type Retention struct {
	// Receipts is for payloads as they came, and for dead tasks.
	Receipts time.Duration
	// Legs is for shipments and all that belongs to them: legs, orders, messages, subscriptions, recipients; and for what
	// was counted of carriers and changed by replays.
	Legs time.Duration
}

// Pictures are kept outside of the store. proofs.Desk is one.
type Pictures interface {
	// Purge removes at most so many that were brought before a moment, and says how many there were.
	Purge(ctx context.Context, before time.Time, most int) (int, error)
}

// retain removes what is older than it may be. Rows that are due for something are never removed, so that a journey
// that is still under way keeps its records.
func (w *Workers) retain(ctx context.Context) error {
	now := w.Now()
	for _, rule := range []struct {
		keep   time.Duration
		tables []tracker.Table
	}{
		{w.Retention.Receipts, []tracker.Table{tracker.Receipts, tracker.DeadTasks}},
		{w.Retention.Legs, []tracker.Table{
			tracker.Messages, tracker.Subscriptions, tracker.Shipments, tracker.Orders, tracker.Legs, tracker.DataKeys,
			tracker.Disruptions,
			tracker.Drift, tracker.Replays,
			tracker.Polls,
			tracker.PickupStays, tracker.PickupBindings, tracker.Returns, tracker.Allocations,
		}},
		{answersFor, []tracker.Table{tracker.Idempotency}},
		{sessionsFor, []tracker.Table{tracker.Sessions}},
		{attemptsFor, []tracker.Table{tracker.Attempts}},
		{routesFor, []tracker.Table{tracker.Routes}},
		{webhooksFor, []tracker.Table{tracker.WebhookDeliveries, tracker.WebhookChanges}},
	} {
		for _, table := range rule.tables {
			if err := w.purge(ctx, table, now.Add(-rule.keep)); err != nil {
				return err
			}
		}
	}
	if w.Pictures != nil {
		before := now.Add(-w.Retention.Legs)
		err := w.purgeBy("pictures", func() (int, error) { return w.Pictures.Purge(ctx, before, purgeAtOnce) })
		if err != nil {
			return err
		}
	}
	return w.forgetFailures(ctx)
}

func (w *Workers) purge(ctx context.Context, table tracker.Table, before time.Time) error {
	return w.purgeBy(string(table), func() (int, error) { return w.Store.Purge(ctx, table, before, purgeAtOnce) })
}

// purgeBy has something removed, a part at a time, until no more is old enough.
func (w *Workers) purgeBy(what string, purge func() (int, error)) error {
	total := 0
	for {
		n, err := purge()
		if err != nil {
			return fmt.Errorf("remove %s that are past their retention: %w", what, err)
		}
		if total += n; n < purgeAtOnce {
			break
		}
	}
	if total > 0 {
		w.Log.Info("records past their retention were removed", "what", what, "count", total)
	}
	return nil
}
