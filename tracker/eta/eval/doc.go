// Package eval replays files of delivered parcels through the transit-time
// model in the order of time, and measures what it would have predicted.
//
// It is the whole of `waybill eta eval`: each prediction sees what was known at
// its moment, each outcome is released at its delivered_ts, and the same rows
// are predicted by three simple baselines for comparison.
package eval
