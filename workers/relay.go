package workers

import (
	"context"
	"errors"
	"time"

	"waybill/tracker"
)

const (
	// claimMost is how many rows are claimed at once, taskMost how many keys make a task.
	claimMost = 256
	taskMost  = 16
	// waitingMost is how many tasks may wait in all queues: more would fall due again before their turn, and be
	// queued twice.
	waitingMost = 256
	// gather is how long a first announcement waits for others, so that a burst is claimed together.
	gather = 5 * time.Millisecond
	// backOffMost is the longest pause while Redis or the store is away.
	backOffMost = 5 * time.Second
)

// relay brings the due rows of one duty into the queue until the context ends.
func (w *Workers) relay(ctx context.Context, d *duty) {
	ticker := time.NewTicker(d.every)
	defer ticker.Stop()
	failures := 0
	for ctx.Err() == nil {
		more, err := w.pass(ctx, d)
		switch {
		case err != nil && ctx.Err() == nil:
			if failures == 0 {
				w.Log.Warn("work waits: the relay cannot hand it on; it tries again", "kind", d.kind, "error", err)
			}
			pause(ctx, min(d.every<<min(failures, 10), backOffMost))
			failures++
			continue
		case failures > 0 && ctx.Err() == nil:
			w.Log.Info("the relay hands work on again", "kind", d.kind, "after_failures", failures)
			failures = 0
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		case <-d.nudge:
			pause(ctx, gather)
		}
	}
}

// pass claims once and queues what it got. It reports whether there may be more.
func (w *Workers) pass(ctx context.Context, d *duty) (more bool, err error) {
	buckets := w.share()
	if len(buckets) == 0 {
		return false, nil
	}
	// Asking first also tells whether Redis is there: nothing is claimed that could not be queued.
	room, err := w.room(ctx)
	if err != nil || room <= 0 {
		return false, err
	}
	now := w.Now()
	limit := min(claimMost, room*taskMost)
	rows, err := w.Store.Claim(ctx, tracker.Claim{
		Table: d.table, Buckets: buckets, Now: now, Until: now.Add(w.Lease), Limit: limit,
	})
	if err != nil || len(rows) == 0 {
		return false, err
	}
	queues, err := d.queues(ctx, rows)
	if err != nil {
		// One row that cannot be read must not hold up the others: its own handler reports it.
		queues, _ = unsorted(ctx, rows)
	}
	if left, err := w.enqueue(ctx, d, rows, queues); err != nil {
		return false, errors.Join(err, w.putBack(ctx, d.table, left))
	}
	return len(rows) == limit, nil
}

// room is how many tasks may still be queued.
func (w *Workers) room(ctx context.Context) (int, error) {
	depths, err := w.depths(ctx)
	if err != nil {
		return 0, err
	}
	room := waitingMost
	for queue, depth := range depths {
		w.Metrics.QueueDepth(queue, depth)
		room -= depth
	}
	return room, nil
}

// enqueue puts the rows' keys into their queues. left are the keys that could not be.
func (w *Workers) enqueue(ctx context.Context, d *duty, rows []tracker.Row, queues []string) (left []string, err error) {
	byQueue := map[string][]string{}
	for i := range rows {
		byQueue[queues[i]] = append(byQueue[queues[i]], rows[i].Key)
	}
	for queue, keys := range byQueue {
		for len(keys) > 0 && err == nil {
			n := min(len(keys), taskMost)
			if err = w.enqueueTask(ctx, d.kind, queue, keys[:n]); err == nil {
				keys = keys[n:]
			}
		}
		left = append(left, keys...)
	}
	return left, err
}

func (w *Workers) enqueueTask(ctx context.Context, kind, queue string, keys []string) error {
	task, err := newTask(kind, queue, keys, w.Lease)
	if err != nil {
		return err
	}
	_, err = w.client.EnqueueContext(ctx, task)
	return err
}

// putBack has rows fall due again that were claimed but not queued. Should that fail too, they do so when the claim
// runs out.
func (w *Workers) putBack(ctx context.Context, table tracker.Table, keys []string) error {
	dues := make([]tracker.Due, len(keys))
	for i, key := range keys {
		dues[i] = tracker.Due{Key: key, At: w.Now().UnixMilli()}
	}
	return w.Store.Reschedule(context.WithoutCancel(ctx), table, dues)
}

// pause waits, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
