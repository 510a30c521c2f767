package workers

import "time"

// Outcome is how the work on one key ended.
type Outcome string

// The outcomes: done, failed (it will be tried again), dead (it failed for good).
const (
	Done   Outcome = "done"
	Failed Outcome = "failed"
	Dead   Outcome = "dead"
)

// Metrics takes what is measured. It must be safe for concurrent use and must not block.
type Metrics interface {
	// QueueDepth is how many tasks wait in a queue.
	QueueDepth(queue string, tasks int)
	// Worked is one key worked on: its kind of work, how it ended, how long it took.
	Worked(kind string, outcome Outcome, took time.Duration)
	// Followed is how long after its receipt came in a scan stood in its shipments' views, messages decided.
	Followed(lag time.Duration)
}

// NoMetrics measures nothing.
type NoMetrics struct{}

// QueueDepth does nothing.
func (NoMetrics) QueueDepth(string, int) {}

// Worked does nothing.
func (NoMetrics) Worked(string, Outcome, time.Duration) {}

// Followed does nothing.
func (NoMetrics) Followed(time.Duration) {}
