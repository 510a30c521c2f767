// Package workers does what nobody waits for: it brings scans onto shipments, estimates, decides and sends messages,
// finds what is late or silent, and sweeps up what a crash left half-way.
//
// What is to be done stands in the store: a row that is due. The relay claims due rows and puts their keys into the
// asynq queue, which is no more than an index of them (rule 9): lose it, and the rows fall due again. Every handler
// may run any number of times, also at once in several processes, and leaves a row due until its work is done.
package workers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/allocate"
	"waybill/tracker/cases"
	"waybill/tracker/eta"
	"waybill/tracker/returns"
	"waybill/workers/poll"
)

// Feed is the live feed: records changed here are published, and what is published anywhere wakes the relay.
type Feed interface {
	tracker.Feed
	OnPublish(hook func(keys []string))
}

// Sender brings a message on its way, by its id, and stores what became of it, with the next try where there is one.
// notify.Sender is one.
type Sender interface {
	Send(ctx context.Context, id string) error
}

// Pickups does what time asks of stays at pickup points, and of points that cannot take what they should. pickup.Desk is one.
type Pickups interface {
	Look(ctx context.Context, stay string) error
	Relieve(ctx context.Context, point string) error
}

// Options are what Workers need. The durations are those of the settings of the same names.
type Options struct {
	Store     tracker.Store
	Redis     redis.UniversalClient
	Feed      Feed
	Ingest    *tracker.Ingest
	Finder    *tracker.Finder
	Estimator eta.Estimator
	Sender    Sender
	Webhooks  Webhooks
	// Cases closes what was resolved; People are told of cases by their subscriptions.
	Cases   *cases.Desk
	People  *notify.Desk
	Pickups Pickups
	// Allocating asks anew who should carry parcels.
	Allocating *allocate.Desk
	// Returns makes the parcels of returns.
	Returns *returns.Desk
	Metrics Metrics
	// Pictures are those of deliveries, for their retention; nil where none are kept.
	Pictures Pictures
	// Poller asks carriers; nil where nobody is asked.
	Poller *poll.Poller
	Now    func() time.Time
	Log    *slog.Logger

	Patience  tracker.Patience
	Retention Retention
	// Carriers looks at what carriers send and how their feeds are, every CarriersEvery (drift.Watch.Look); optional.
	Carriers      func(ctx context.Context) error
	CarriersEvery time.Duration
	// Concurrency is how many tasks are worked on at once.
	Concurrency int
	// RelayInterval is how often the store is asked for effects that nobody announced, TimerInterval for shipments
	// whose time has come, SweepInterval for receipts that were not settled.
	RelayInterval, TimerInterval, SweepInterval time.Duration
	// QueueInterval is how often an empty queue is asked for tasks.
	QueueInterval time.Duration
	// Lease is how long a worker holds what it claimed, and counts as living after its last sign of life.
	Lease time.Duration
}

// check names what is missing, so that a mistake in the wiring is found at the start.
func (o *Options) check() error {
	var missing []error
	for _, part := range []struct {
		name string
		set  bool
	}{
		{"Store", o.Store != nil},
		{"Redis", o.Redis != nil},
		{"Feed", o.Feed != nil},
		{"Ingest", o.Ingest != nil},
		{"Finder", o.Finder != nil},
		{"Estimator", o.Estimator != nil},
		{"Sender", o.Sender != nil},
		{"Cases", o.Cases != nil},
		{"People", o.People != nil},
		{"Webhooks", o.Webhooks != nil},
		{"Pickups", o.Pickups != nil},
		{"Returns", o.Returns != nil},
		{"Allocating", o.Allocating != nil},
		{"Metrics", o.Metrics != nil},
		{"Now", o.Now != nil},
		{"Log", o.Log != nil},
		{"Patience", o.Patience.Late > 0 && o.Patience.Expire > 0},
		{"Retention", o.Retention.Receipts > 0 && o.Retention.Legs > 0},
		{"CarriersEvery", o.Carriers == nil || o.CarriersEvery > 0},
		{"Concurrency", o.Concurrency > 0},
		{"RelayInterval", o.RelayInterval > 0},
		{"TimerInterval", o.TimerInterval > 0},
		{"SweepInterval", o.SweepInterval > 0},
		{"QueueInterval", o.QueueInterval > 0},
		{"Lease", o.Lease >= time.Second},
	} {
		if !part.set {
			missing = append(missing, fmt.Errorf("workers cannot start: Options.%s is not set, or too small", part.name))
		}
	}
	return errors.Join(missing...)
}
