package workers

import (
	"context"
	"fmt"
	"time"

	"waybill/tracker"
)

const (
	// againMost is how many shipments are put up for another look at once.
	againMost = 500
	// lanesEvery is how often it is asked which lanes have slowed.
	lanesEvery = 5 * time.Minute
)

// lookAgain has a page of a list's shipments looked at again from a moment on, those that are meant. next is where the
// list goes on; nil at its end.
func (w *Workers) lookAgain(
	ctx context.Context, list string, meant func(*tracker.Shipment) bool, after *tracker.Cursor, at time.Time,
) (next *tracker.Cursor, err error) {
	shipments, err := tracker.LoadList[tracker.Shipment](ctx, w.Store, list, tracker.Page{After: after, Limit: againMost})
	if err != nil {
		return nil, fmt.Errorf("read the shipments of %s: %w", list, err)
	}
	var dues []tracker.Due
	for _, s := range shipments {
		if s.Registered && meant(s) {
			dues = append(dues, tracker.Due{Key: s.ID, At: at.UnixMilli()})
		}
	}
	if len(dues) > 0 {
		if err := w.Store.Reschedule(ctx, tracker.Shipments, dues); err != nil {
			return nil, fmt.Errorf("have shipments of %s looked at again: %w", list, err)
		}
	}
	if len(shipments) < againMost {
		return nil, nil //nolint:nilnil // the end of the list
	}
	return tracker.CursorOf(shipments[len(shipments)-1]), nil
}

// lanes has the shipments on lanes that have slowed, or become faster, looked at again: those and no others.
func (w *Workers) lanes(ctx context.Context) error {
	return w.Estimator.Slowed(ctx, w.Now(), func(lane string) error {
		w.Log.Info("a lane fares otherwise than before: its shipments are estimated anew", "lane", lane)
		all := func(*tracker.Shipment) bool { return true }
		var after *tracker.Cursor
		for {
			next, err := w.lookAgain(ctx, tracker.ListOfLane(lane), all, after, w.Now())
			if err != nil || next == nil {
				return err
			}
			after = next
		}
	})
}
