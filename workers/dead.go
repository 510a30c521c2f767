package workers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"waybill/tracker"
)

// bury keeps work that failed for good as a dead task, to be shown and tried again, and has its row due no more.
// A new scan makes a leg due again by itself.
func (w *Workers) bury(ctx context.Context, d *duty, key string, failure error) error {
	id := d.kind + ":" + key
	dead, err := tracker.Load[tracker.DeadTask](ctx, w.Store, id)
	switch {
	case errors.Is(err, tracker.ErrNotFound):
		dead = &tracker.DeadTask{ID: id, Kind: d.kind, Payload: []byte(key), At: w.Now().UTC()}
	case err != nil:
		return err
	}
	dead.Error = firstLines(failure.Error())
	if err := tracker.Save(ctx, w.Store, dead); err != nil && !errors.Is(err, tracker.ErrConflict) {
		return err
	}
	return w.Store.Reschedule(ctx, d.table, []tracker.Due{{Key: key}})
}

// firstLines keeps what an operator reads of an error; of a stack the top is enough.
func firstLines(text string) string {
	lines := strings.SplitN(text, "\n", 21)
	return strings.Join(lines[:min(len(lines), 20)], "\n")
}

// Retry has a dead task tried again, from the start, and takes it off the dead ones. ErrNotFound where there is none.
// Tasks that are not due any more have been done meanwhile, and trying them again does nothing.
func Retry(ctx context.Context, store tracker.Store, id string, now time.Time) error {
	dead, err := tracker.Load[tracker.DeadTask](ctx, store, id)
	if err != nil {
		return err
	}
	table, ok := tableOf(dead.Kind)
	if !ok {
		return fmt.Errorf("dead task %s is of kind %q, which this version does not know", id, dead.Kind)
	}
	key := string(dead.Payload)
	if err := removeCount(ctx, store, dead.Kind, key); err != nil {
		return err
	}
	if err := store.Reschedule(ctx, table, []tracker.Due{{Key: key, At: now.UnixMilli()}}); err != nil {
		return fmt.Errorf("have dead task %s tried again: %w", id, err)
	}
	return Discard(ctx, store, id)
}

// Discard takes a dead task off the list without trying it again.
func Discard(ctx context.Context, store tracker.Store, id string) error {
	return remove(ctx, store, tracker.DeadTasks, id)
}

func removeCount(ctx context.Context, store tracker.Store, kind, key string) error {
	return remove(ctx, store, tracker.Counters, failuresKey(kind, key))
}

// remove deletes a row, whatever its version; one that is not there is fine.
func remove(ctx context.Context, store tracker.Store, table tracker.Table, key string) error {
	rows, err := store.Get(ctx, table, key)
	if err != nil || len(rows) == 0 {
		return err
	}
	err = tracker.ErrorOf(store.Apply(ctx, []tracker.Write{{Table: table, Row: rows[0], Delete: true}}))
	if err != nil {
		return fmt.Errorf("remove %s %s: %w", table, key, err)
	}
	return nil
}
