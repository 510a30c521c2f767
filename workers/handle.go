package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/hibiken/asynq"
	"golang.org/x/sync/errgroup"

	"waybill/tracker"
)

// keysAtOnce is how many keys of a task are worked on at once: they share the store's commits.
const keysAtOnce = 8

// process works off a task. It never fails towards asynq: what could not be done is due in the store.
func (w *Workers) process(ctx context.Context, task *asynq.Task) error {
	d := w.dutyOf(task.Type())
	var keys []string
	if err := json.Unmarshal(task.Payload(), &keys); err != nil || d == nil {
		w.Log.Error("a task of the queue cannot be read; does another version use this Redis?", "kind", task.Type(), "error", err)
		return nil
	}
	// asynq lets handlers run on after their time: what is not begun by then is left to who claims it next.
	ctx, cancel := context.WithTimeout(ctx, w.Lease)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(keysAtOnce)
	for _, key := range keys {
		group.Go(func() error {
			if ctx.Err() == nil {
				w.workOn(ctx, d, key)
			}
			return nil
		})
	}
	return group.Wait()
}

func (w *Workers) dutyOf(kind string) *duty {
	for _, d := range w.duties {
		if d.kind == kind {
			return d
		}
	}
	return nil
}

// workOn does the work on one key and notes how it ended.
func (w *Workers) workOn(ctx context.Context, d *duty, key string) {
	began := time.Now()
	err := attempt(ctx, d, key)
	outcome := Done
	switch {
	case err == nil:
	case ctx.Err() != nil, errors.Is(err, tracker.ErrUnavailable):
		// That says nothing about the key: it falls due again when the claim runs out.
		outcome = Failed
		w.Log.Warn("work was put off", "kind", d.kind, "key", key, "error", err)
	default:
		outcome = w.noteFailure(ctx, d, key, err)
	}
	w.Metrics.Worked(d.kind, outcome, time.Since(began))
}

// attempt runs the work; a panic over one key is its failure and nobody else's.
func attempt(ctx context.Context, d *duty, key string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return d.work(ctx, key)
}
