// Package score keeps the scorecards: how each carrier, service and lane fared, per seller and over all, and how long
// parcels lie at each facility. A finished shipment is counted once (package ledger); counts stand by day in weeks, as
// mergeable sketches, so that any window of time is a sum.
package score
