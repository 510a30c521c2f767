package tracker

import "time"

// FeedState is how a carrier's feed is down.
type FeedState string

// A feed is silent when nothing comes that should have come, erring when requests fail or nothing can be read.
const (
	FeedSilent FeedState = "silent"
	FeedErring FeedState = "erring"
)

// Outage is a time in which nothing could be learnt from a carrier.
type Outage struct {
	State FeedState `cbor:"1,keyasint"`
	Since time.Time `cbor:"2,keyasint"`
	// Until is zero while it lasts.
	Until time.Time `cbor:"3,keyasint,omitempty"`
}

// Lasts reports whether the outage is not over.
func (o *Outage) Lasts() bool { return o.Until.IsZero() }
