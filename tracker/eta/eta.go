// Package eta estimates when parcels come, and tells when their silence means something. It brings the transit-time model
// (package transit) to shipments: what is asked of it and what it is taught, where its state is kept, and what is shown of
// its predictions.
//
// # What is learnt, and once
//
// A prediction is stored on its shipment; the outcome is learnt against it. A worker writes each outcome as a record of
// its own, under a key that only this shipment has, and then marks the shipment: done twice, the second is a conflict. An
// outcome that proves wrong is taken back by one more record, which holds what it had taught. One
// worker at a time folds records into the state (fold.go). The state stands in shards of bounded size; every process keeps
// a copy in memory and looks now and then whether it is still the newest (memory.go).
package eta

import (
	"context"
	"time"

	"waybill/tracker"
)

// Estimator estimates deliveries and learns from them.
type Estimator interface {
	// Estimate says when the parcel of a tracking is expected, seen from now, and what its silence would mean. It looks
	// at the tracking's View, Shipment and Carriages, and puts onto the Shipment what Learn will need.
	Estimate(ctx context.Context, t *tracker.Tracking, now time.Time) (Outlook, error)
	// Learn takes a delivery in, as the next lesson of its shipment. The same lesson is learnt once, however often it is
	// handed in within a month.
	Learn(ctx context.Context, t *tracker.Tracking) error
	// Unlearn takes back the shipment's latest lesson, which proved wrong, and puts the predictions that it rested on back
	// onto the Shipment. Again it changes nothing.
	Unlearn(ctx context.Context, t *tracker.Tracking) error
	// Fold brings what was learnt since the last time into the estimates. It may run anywhere, any number of times.
	Fold(ctx context.Context, now time.Time) error
	// Slowed calls again with each lane on which parcels have begun to fare otherwise than when that last went well for it.
	// A lane for which it failed, or whose process died meanwhile, comes again. It is for one process at a time.
	Slowed(ctx context.Context, now time.Time, again func(lane string) error) error
}

// Outlook is what is foreseen of a shipment.
type Outlook struct {
	// Estimate is nil where nothing can be said.
	Estimate *tracker.Estimate
	Watch    tracker.Watch
	// Lane is the way that the parcel goes; see tracker.LaneOf.
	Lane string
}

// What an estimate rests on, as Estimate.Source says it.
const (
	sourceModel   = "model"
	sourceCarrier = "carrier"
	sourceBlend   = "blend"
)

// How sure an estimate is, as Estimate.Confidence says it.
const (
	confidenceLow    = "low"
	confidenceMedium = "medium"
	confidenceHigh   = "high"
)
