package workers

import (
	"context"
	"errors"

	"waybill/tracker"
)

// look takes up a shipment whose time has come: it may be late or silent, its estimate old, or its registration was
// left half-way by a crash.
func (w *Workers) look(ctx context.Context, key string) error {
	s, err := tracker.Load[tracker.Shipment](ctx, w.Store, key)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !s.Registered {
		if err := w.Ingest.CompleteRegistration(ctx, s); err != nil {
			return err
		}
	}
	// One that was asked for before its time must be written, or it would stay due.
	_, err = w.refreshFor(ctx, key, s.View.NextLook.After(w.Now()))
	return err
}
