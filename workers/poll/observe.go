package poll

import "time"

// Call is what came of one call to a carrier.
type Call struct {
	Carrier, Account string
	// Outcome is "answered", "empty" (it knows none of the numbers), or the kind of error (see package pull).
	Outcome string
	// Numbers is how many were asked about; Answered, Unreadable and Refused how many replies were of that kind, Changed
	// how many told something new.
	Numbers, Answered, Unreadable, Refused, Changed int
	Took                                            time.Duration
	// Lags are, of the replies that told something new, how long ago their latest scan was.
	Lags []time.Duration
}

// The outcomes beside the kinds of errors.
const (
	OutcomeAnswered = "answered"
	OutcomeEmpty    = "empty"
)

// Observer is told of every call, for metrics and for the drift of carriers. It must not block.
type Observer interface {
	Asked(call Call)
}
