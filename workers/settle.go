package workers

import (
	"context"
	"errors"

	"waybill/tracker"
)

// settle brings a receipt onto its legs that the request which brought it could not: the sweep after a crash.
func (w *Workers) settle(ctx context.Context, key string) error {
	receipt, err := tracker.Load[tracker.Receipt](ctx, w.Store, key)
	if errors.Is(err, tracker.ErrNotFound) || (err == nil && receipt.Quarantine != "") {
		return nil
	}
	if err != nil {
		return err
	}
	return w.Ingest.Settle(ctx, receipt)
}
