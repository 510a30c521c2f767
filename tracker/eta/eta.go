// Package eta estimates when a parcel comes.
package eta

import (
	"context"
	"time"

	"waybill/tracker"
)

// Estimator estimates deliveries and learns from them.
type Estimator interface {
	// Estimate says when the parcel of a tracking is expected, seen from now; nil where nothing can be said.
	// It looks at the tracking's View, Shipment and Carriages.
	Estimate(ctx context.Context, t *tracker.Tracking, now time.Time) (*tracker.Estimate, error)
	// Learn takes a delivery in. The same shipment is learnt once, however often it is handed in within a month.
	Learn(ctx context.Context, t *tracker.Tracking) error
	// Fold brings what was learnt since the last time into the estimates. It may run anywhere, any number of times.
	Fold(ctx context.Context, now time.Time) error
}
