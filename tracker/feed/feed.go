// Package feed tells every process, and the pages that watch, which records changed: over Redis pub/sub where it is
// reachable, and within the process always. It carries keys, never content, and it may lose some: what it tells
// is a reason to look, not the news itself. While Redis is away watchers are ticked, so that pages read again.
package feed

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// channel is the pub/sub channel that all processes of an installation share.
	channel = "waybill:feed"
	// defaultTick is how often watchers are woken while Redis is away.
	defaultTick = 3 * time.Second
)

// Options are what a Feed needs.
type Options struct {
	Redis redis.UniversalClient
	Log   *slog.Logger
	// Tick is how often watchers are woken while Redis is away; 0 is 3 s.
	Tick time.Duration
}

// Feed publishes keys and hands them to watchers. It implements tracker.Feed.
type Feed struct {
	redis  redis.UniversalClient
	log    *slog.Logger
	tick   time.Duration
	origin string

	hub       hub
	queue     queue
	connected atomic.Bool

	mu    sync.RWMutex
	hooks []func(keys []string)

	cancel context.CancelFunc
	work   sync.WaitGroup
}

// New makes a Feed and starts it. It does not wait for Redis: without it the feed reaches this process alone.
func New(o Options) *Feed {
	if o.Tick == 0 {
		o.Tick = defaultTick
	}
	ctx, cancel := context.WithCancel(context.Background())
	f := &Feed{redis: o.Redis, log: o.Log, tick: o.Tick, origin: rand.Text(), cancel: cancel}
	f.queue.wake = make(chan struct{}, 1)
	f.work.Go(func() { f.send(ctx) })
	f.work.Go(func() { f.receive(ctx) })
	f.work.Go(func() { f.tickWatchers(ctx) })
	return f
}

// Publish tells that records changed. It returns at once; what cannot be told for long is dropped, the oldest first.
func (f *Feed) Publish(keys ...string) {
	if len(keys) == 0 {
		return
	}
	f.deliver(keys)
	f.queue.put(keys)
}

// Watch tells when any of the keys is published, here or in another process. Events that nobody has taken yet are one
// event. The channel is closed when the feed is; stop ends the watch and may be called more than once.
func (f *Feed) Watch(keys ...string) (events <-chan struct{}, stop func()) { return f.hub.watch(keys) }

// OnPublish has a function called with all keys that are published, here or elsewhere. It must not block.
func (f *Feed) OnPublish(hook func(keys []string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hooks = append(f.hooks, hook)
}

// Connected reports whether other processes are heard.
func (f *Feed) Connected() bool { return f.connected.Load() }

// Close publishes what is still queued, if that takes no longer than a second, and ends all watches.
func (f *Feed) Close() {
	f.cancel()
	f.work.Wait()
	f.hub.close()
}

func (f *Feed) deliver(keys []string) {
	f.hub.wake(keys)
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, hook := range f.hooks {
		hook(keys)
	}
}

// tickWatchers wakes everybody now and then while other processes cannot be heard.
func (f *Feed) tickWatchers(ctx context.Context) {
	ticker := time.NewTicker(f.tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if !f.connected.Load() {
				f.hub.wakeAll()
			}
		}
	}
}

// message is what travels over Redis.
type message struct {
	// From is the process that sent it: it has told its own watchers already.
	From string   `json:"from"`
	Keys []string `json:"keys"`
}

func decode(payload string) (message, error) {
	var m message
	if err := json.Unmarshal([]byte(payload), &m); err != nil {
		return message{}, fmt.Errorf("read a message of the live feed: %w", err)
	}
	return m, nil
}
