package workers

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"

	"waybill/tracker/eta/lastmile"
	"waybill/tracker/eta/score"
	"waybill/tracker/lease"
)

// drainWithin is how long tasks in hand may take to finish at the end; what is left goes back into the queue.
const drainWithin = 15 * time.Second

// Workers are all background work of one process.
type Workers struct {
	Options

	// owner tells this process from all others in leases.
	owner   string
	client  *asynq.Client
	duties  []*duty
	buckets *lease.Buckets
	mine    atomic.Pointer[[]uint8]
	// rounds foretells the stops of our own vehicles.
	rounds *lastmile.Model
	// scores are the scorecards.
	scores *score.Board
}

// New makes Workers. Nothing runs before Run.
func New(o Options) (*Workers, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("name this worker: %w", err)
	}
	w := &Workers{Options: o, owner: fmt.Sprintf("%s-%d-%s", host, os.Getpid(), rand.Text()[:8])}
	w.rounds, w.scores = lastmile.NewModel(o.Store), score.NewBoard(o.Store)
	w.client = asynq.NewClientFromRedisClient(o.Redis)
	w.buckets = lease.NewBuckets(o.Store, w.owner, o.Lease, o.Now)
	w.duties = w.makeDuties()
	o.Feed.OnPublish(w.announce)
	return w, nil
}

// Run works until the context ends, and then drains: nothing new is claimed or taken from the queue, what is in hand
// is finished. Redis and the store may be away at the start, and come and go: work waits for them.
func (w *Workers) Run(ctx context.Context) error {
	server := asynq.NewServerFromRedisClient(w.Redis, asynq.Config{
		Concurrency: w.Concurrency, Queues: weights(), TaskCheckInterval: w.QueueInterval,
		ShutdownTimeout: drainWithin, Logger: asynqLog{w.Log}, LogLevel: asynq.WarnLevel,
		// Tasks in hand outlive the context: they are finished.
		BaseContext: func() context.Context { return context.WithoutCancel(ctx) },
	})
	if err := server.Start(asynq.HandlerFunc(w.process)); err != nil {
		return fmt.Errorf("start the task server: %w", err)
	}
	var background sync.WaitGroup
	background.Go(func() { w.beat(ctx) })
	for _, d := range w.duties {
		background.Go(func() { w.relay(ctx, d) })
	}
	for _, p := range w.periodicals() {
		background.Go(func() { w.repeat(ctx, p) })
	}
	if w.Poller != nil {
		background.Go(func() { w.Poller.Run(ctx, w.share) })
	}
	<-ctx.Done()
	server.Stop()
	background.Wait()
	server.Shutdown()
	return w.leave(context.WithoutCancel(ctx))
}

// leave lets the others have this worker's buckets at once.
func (w *Workers) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := w.buckets.Release(ctx); err != nil {
		w.Log.Warn("the buckets of this worker are taken over when its lease runs out", "error", err)
	}
	return nil
}

// share is the buckets that are this worker's own.
func (w *Workers) share() []uint8 {
	if mine := w.mine.Load(); mine != nil {
		return *mine
	}
	return []uint8{}
}

// beat shows that the worker lives, and learns which buckets are its own.
func (w *Workers) beat(ctx context.Context) {
	for ctx.Err() == nil {
		wait := w.Lease / 3
		share, err := w.buckets.Refresh(ctx)
		switch {
		case err == nil:
			w.mine.Store(&share)
			w.announce(nil) // there may be buckets that it did not look at before
		case ctx.Err() == nil:
			// With the last known share work goes on: claims exclude each other anyway.
			w.Log.Warn("the store did not take this worker's sign of life", "error", err)
			wait = time.Second
		}
		pause(ctx, wait)
	}
}
