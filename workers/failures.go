package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
)

const (
	// triesMost is after how many failures work is given up: a quarter of an hour after the first.
	triesMost = 10
	// forgetAfter is how long after its last failure work that fails again counts from one.
	forgetAfter = 24 * time.Hour
	// listOfFailures is the list of all failure counts, by which those that ended well are cleared away.
	listOfFailures = "failures"
)

// failures counts how often the work on one key failed. It stands in the store, so that all workers count together.
type failures struct {
	Count int       `json:"count"`
	Last  time.Time `json:"last"`
}

func failuresKey(kind, key string) string { return "failures:" + kind + ":" + key }

// noteFailure counts a failure and puts the work off, or gives it up.
func (w *Workers) noteFailure(ctx context.Context, d *duty, key string, failure error) Outcome {
	count, err := w.countFailure(ctx, d.kind, key)
	if err != nil {
		w.Log.Error("work failed, and so did noting it; it falls due again", "kind", d.kind, "key", key,
			"error", errors.Join(failure, err))
		return Failed
	}
	if count >= triesMost {
		w.Log.Error("work failed for good; see the dead tasks", "kind", d.kind, "key", key, "tries", count, "error", failure)
		if err := w.bury(ctx, d, key, failure); err != nil {
			w.Log.Error("a dead task could not be kept; it is tried again", "kind", d.kind, "key", key, "error", err)
			return Failed
		}
		return Dead
	}
	wait := time.Second << count
	w.Log.Warn("work failed and is tried again", "kind", d.kind, "key", key, "tries", count, "wait", wait, "error", failure)
	due := tracker.Due{Key: key, At: w.Now().Add(wait).UnixMilli()}
	if err := w.Store.Reschedule(ctx, d.table, []tracker.Due{due}); err != nil {
		w.Log.Warn("failed work could not be put off; it falls due when its claim runs out", "kind", d.kind, "key", key, "error", err)
	}
	return Failed
}

// countFailure adds one to the count of a key. A count that another worker changed meanwhile is taken as it is.
func (w *Workers) countFailure(ctx context.Context, kind, key string) (int, error) {
	now := w.Now().UTC()
	row := tracker.Row{Key: failuresKey(kind, key), Order: now.UnixMilli(), Lists: []string{listOfFailures}}
	var f failures
	rows, err := w.Store.Get(ctx, tracker.Counters, row.Key)
	if err != nil {
		return 0, err
	}
	if len(rows) > 0 {
		row.Version, row.Order, row.Indexed = rows[0].Version, rows[0].Order, rows[0].Indexed
		if err := json.Unmarshal(rows[0].Doc, &f); err != nil {
			return 0, fmt.Errorf("read the count %s: %w", row.Key, err)
		}
	}
	if now.Sub(f.Last) > forgetAfter {
		f.Count = 0
	}
	f.Count, f.Last = f.Count+1, now
	if row.Doc, err = json.Marshal(f); err != nil {
		return 0, err
	}
	err = tracker.ErrorOf(w.Store.Apply(ctx, []tracker.Write{{Table: tracker.Counters, Row: row}}))
	if errors.Is(err, tracker.ErrConflict) {
		err = nil
	}
	return f.Count, err
}

// forgetFailures removes the counts of work that did not fail for a day.
func (w *Workers) forgetFailures(ctx context.Context) error {
	rows, err := w.Store.List(ctx, tracker.Counters, listOfFailures, tracker.Page{Limit: 1000})
	if err != nil {
		return err
	}
	var removals []tracker.Write
	for _, row := range rows {
		var f failures
		if err := json.Unmarshal(row.Doc, &f); err != nil || w.Now().Sub(f.Last) > forgetAfter {
			removals = append(removals, tracker.Write{Table: tracker.Counters, Row: row, Delete: true})
		}
	}
	if len(removals) == 0 {
		return nil
	}
	_, err = w.Store.Apply(ctx, removals) // one that changed meanwhile has failed again and stays
	return err
}
