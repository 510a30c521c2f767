package workers

import (
	"context"
	"errors"

	"waybill/tracker"
)

// replay reads a carrier's payloads again, as an operator asked. What a worker does not finish in its time, or leaves half-way
// when it dies, the next one goes on with, from the last page that was noted.
func (w *Workers) replay(ctx context.Context, key string) error {
	run, err := tracker.Load[tracker.ReplayRun](ctx, w.Store, key)
	if err != nil || !run.EndedAt.IsZero() {
		return err
	}
	err = tracker.NewReplay(w.Ingest).Go(ctx, run, func(*tracker.ReplayChange) {})
	if errors.Is(err, tracker.ErrConflict) { // another one has it
		return nil
	}
	return err
}
