package main

import (
	"time"

	"waybill/notify"
	"waybill/notify/webhook"
	"waybill/tracker/allocate"
	"waybill/tracker/cases"
	"waybill/tracker/drift"
	"waybill/tracker/eta/score"
	"waybill/tracker/limit"
	"waybill/tracker/pickup"
	"waybill/tracker/returns"
	"waybill/workers"
)

// newWorkers makes the background work.
func (a *app) newWorkers(office *webhook.Office) (*workers.Workers, error) {
	const day = 24 * time.Hour
	c := a.config
	poller, err := a.newPoller()
	if err != nil {
		return nil, err
	}
	return workers.New(workers.Options{
		Store: a.store, Redis: a.queue, Feed: a.feed, Ingest: a.ingest, Finder: a.finder,
		Estimator: a.estimator, Sender: a.channels.sender, Webhooks: office, Metrics: a.measures, Poller: poller,
		Allocating: &allocate.Desk{Store: a.store, Asker: a.estimator, Scores: score.NewBoard(a.store), Now: a.program.now},
		Returns:    &returns.Desk{Store: a.store, Keys: a.keys, Ingest: a.ingest, Now: a.program.now},
		Pickups:    &pickup.Desk{Store: a.store, Keys: a.keys, Ingest: a.ingest, Now: a.program.now, Log: a.log},
		Pictures:   a.album,
		Cases:      a.cases(), People: notify.NewDesk(a.store, a.keys, a.program.now), Now: a.program.now, Log: a.log,
		Patience:      a.patience(),
		Retention:     workers.Retention{Receipts: time.Duration(c.Retention.ReceiptsDays) * day, Legs: time.Duration(c.Retention.LegsMonths) * 365 * day / 12},
		Carriers:      a.carriage.watch.Look,
		CarriersEvery: drift.Every,
		Concurrency:   c.Workers.Concurrency,
		RelayInterval: c.Workers.RelayInterval, TimerInterval: c.Workers.TimerInterval,
		SweepInterval: c.Workers.SweepInterval, QueueInterval: c.Workers.QueueInterval, Lease: c.Workers.Lease,
	})
}

// cases is where customers' problems are worked on.
func (a *app) cases() *cases.Desk {
	c := &a.config.Cases
	return &cases.Desk{
		Store: a.store, Keys: a.keys, Now: a.program.now, Answer: c.AnswerWithin, Settle: c.SettleWithin, Reopen: c.OpenAfter,
	}
}

// limiter counts in Redis for all processes together. With the queue inside there is one process, which counts for
// itself faster.
func (a *app) limiter() limit.Limiter {
	if a.queue.inside != nil {
		return nil
	}
	return limit.NewRedis(a.queue)
}
