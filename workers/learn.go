package workers

import (
	"context"
	"fmt"

	"waybill/tracker"
)

// learn takes a finished journey into the estimates and scorecards, and reports whether it did. Where an outcome that was
// taken in proves wrong, a delivery retracted or its time corrected, it is taken out again first. The mark on the shipment
// is stored with its view: what a crash has done twice counts once.
func (w *Workers) learn(ctx context.Context, t *tracker.Tracking) (changed bool, err error) {
	s, now := t.Shipment, w.Now()
	if s.Test {
		return false, nil
	}
	if s.Learnt {
		if s.Lesson.Holds(&t.View, now) || len(t.Legs) < len(s.Legs) { // of legs that are gone nothing can be said
			return false, nil
		}
		if err := w.unlearn(ctx, t); err != nil {
			return false, err
		}
		changed = true
	}
	lesson, ended := tracker.LessonOf(&t.View, s.Lesson.Number+1, now)
	if !ended {
		return changed, nil
	}
	if lesson.Milestone == tracker.Delivered {
		if err := w.Estimator.Learn(ctx, t); err != nil {
			return false, fmt.Errorf("learn from shipment %s: %w", s.ID, err)
		}
	}
	if err := w.scores.Learn(ctx, t, now); err != nil {
		return false, err
	}
	s.Learnt, s.Lesson, s.Forecasts = true, lesson, nil
	return true, nil
}

// unlearn takes back what the latest outcome of a shipment taught.
func (w *Workers) unlearn(ctx context.Context, t *tracker.Tracking) error {
	s := t.Shipment
	if s.Lesson.Milestone == tracker.Delivered {
		if err := w.Estimator.Unlearn(ctx, t); err != nil {
			return fmt.Errorf("take back what shipment %s taught: %w", s.ID, err)
		}
	}
	if err := w.scores.Unlearn(ctx, t, w.Now()); err != nil {
		return err
	}
	s.Learnt, s.Lesson = false, tracker.Lesson{Number: s.Lesson.Number}
	return nil
}
