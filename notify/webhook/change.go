package webhook

import (
	"context"
	"errors"

	"waybill/tracker"
)

// errUnchanged: there is nothing to write.
var errUnchanged = errors.New("unchanged")

// Change reads an endpoint, changes it and writes it, again where somebody else wrote it meanwhile. An error of apply's
// ends it.
func Change(ctx context.Context, store tracker.Store, id string, apply func(*tracker.Endpoint) error) error {
	for {
		e, err := tracker.Load[tracker.Endpoint](ctx, store, id)
		if err != nil {
			return err
		}
		if err := apply(e); err != nil {
			return err
		}
		if err := tracker.Save(ctx, store, e); !errors.Is(err, tracker.ErrConflict) {
			return err
		}
	}
}
