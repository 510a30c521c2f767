package workers

import (
	"context"
	"errors"
	"sync"
	"time"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/allocate"
	"waybill/tracker/cases"
	"waybill/tracker/eta"
	"waybill/tracker/eta/score"
	"waybill/tracker/pickup"
	"waybill/tracker/returns"
)

// hire starts a worker in the place of one that died.
func (m *month) hire() {
	m.t.Helper()
	m.body = &mortal{Store: m.store, lives: 1 + m.random.IntN(livesMost), late: m.random.IntN(2) == 0}
	finder := tracker.NewFinder(m.body, m.keys, tracker.DefaultPatience, time.Now)
	channels := map[tracker.Channel]notify.Channel{}
	for _, channel := range []tracker.Channel{tracker.Email, tracker.SMS, tracker.Push} {
		channels[channel] = &provider{m, channel}
	}
	sender := notify.NewSender(notify.SenderOptions{
		Store: m.body, Keys: m.keys, Finder: finder, Channels: channels, PublicURL: "https://track.example.com", Observer: nobody{},
		Now: time.Now, Log: quiet(),
	})
	var err error
	m.workers, err = New(Options{
		Store: m.body, Redis: m.redis, Feed: noFeed{}, Ingest: m.ingest, Sender: sender, Webhooks: noHooks{}, Estimator: planned{m},
		Cases: &cases.Desk{Store: m.body, Keys: m.keys, Now: time.Now}, People: notify.NewDesk(m.body, m.keys, time.Now),
		Pickups:    &pickup.Desk{Store: m.store, Keys: m.keys, Ingest: m.ingest, Now: time.Now, Log: quiet()},
		Allocating: &allocate.Desk{Store: m.store, Asker: fixedAnswers{}, Scores: score.NewBoard(m.store), Now: time.Now},
		Returns:    &returns.Desk{Store: m.store, Keys: m.keys, Ingest: m.ingest, Now: time.Now},
		Finder:     finder, Metrics: NoMetrics{}, Now: time.Now, Log: quiet(), Patience: tracker.DefaultPatience,
		Retention: Retention{Receipts: 90 * day, Legs: 400 * day}, Concurrency: 1, RelayInterval: time.Second, TimerInterval: time.Second,
		SweepInterval: time.Second, QueueInterval: time.Second, Lease: 30 * time.Second,
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// mortal is a store that a worker reaches until it dies: at one of its writes, before or after that was committed.
type mortal struct {
	tracker.Store

	mu    sync.Mutex
	lives int
	late  bool
	dead  bool
}

var errDead = errors.New("the worker died")

func (b *mortal) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dead {
		return nil, errDead
	}
	if b.lives--; b.lives > 0 {
		return b.Store.Apply(ctx, writes)
	}
	b.dead = true
	if b.late {
		_, _ = b.Store.Apply(ctx, writes) // nobody learns of it
	}
	return nil, errDead
}

func (b *mortal) Get(ctx context.Context, table tracker.Table, keys ...string) ([]tracker.Row, error) {
	if b.died() {
		return nil, errDead
	}
	return b.Store.Get(ctx, table, keys...)
}

func (b *mortal) died() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dead
}

// planned is an estimator that says what each story has planned.
type planned struct{ m *month }

func (e planned) Estimate(_ context.Context, t *tracker.Tracking, now time.Time) (eta.Outlook, error) {
	p := e.m.parcel(t.Shipment.ID)
	if p == nil || p.expected.IsZero() || !t.View.Milestone.Physical() {
		return eta.Outlook{}, nil
	}
	on := p.expected
	if !p.laterFrom.IsZero() && !now.Before(p.laterFrom) {
		on = p.later
	}
	from, to := on.Add(9*hour), on.Add(18*hour)
	return eta.Outlook{Estimate: &tracker.Estimate{
		P10: from, P50: from.Add(4 * hour), P90: to, From: from, To: to, Zone: p.zone.String(), Source: "model", MadeAt: now,
	}}, nil
}

func (planned) Unlearn(context.Context, *tracker.Tracking) error            { return nil }
func (planned) Learn(context.Context, *tracker.Tracking) error              { return nil }
func (planned) Fold(context.Context, time.Time) error                       { return nil }
func (planned) Slowed(context.Context, time.Time, func(string) error) error { return nil }

type noFeed struct{}

func (noFeed) Publish(...string)             {}
func (noFeed) OnPublish(func(keys []string)) {}

type nobody struct{}

func (nobody) Told(*tracker.Message, string, string) {}

type noHooks struct{}

func (noHooks) Look(string)                           {}
func (noHooks) PutBack(context.Context, string) error { return nil }
