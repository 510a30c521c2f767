package tracker

import "time"

// Receipt is a payload as it came, kept before anything is made of it (rule 1). Receipts are never changed:
// only whether one is settled is, by its row's Due.
//
//	key    time-ordered id
//	lists  "quarantine", "quarantine:<carrier>", "account:<carrier>/<account>" where they apply
//	due    when the sweep takes it up, if it is not settled before
type Receipt struct {
	ID      string `cbor:"1,keyasint"`
	Source  Source `cbor:"2,keyasint"`
	Carrier string `cbor:"3,keyasint"`
	// Account is the carrier's account that posted or was asked, the fleet device, or the tenant for a seller's own.
	Account     string `cbor:"4,keyasint,omitempty"`
	ContentType string `cbor:"5,keyasint,omitempty"`
	// Number is the tracking number that was asked about, where the payload answers a question.
	Number     string    `cbor:"6,keyasint,omitempty"`
	ReceivedAt time.Time `cbor:"7,keyasint"`
	// Sealed is the body, compressed and sealed under a data key of its own (rule 12).
	Sealed []byte `cbor:"8,keyasint,omitempty"`
	// Quarantine is why nothing could be made of it, empty otherwise.
	Quarantine string `cbor:"9,keyasint,omitempty"`
	// MappingVersion is the mapping that was in force when it came.
	MappingVersion string `cbor:"10,keyasint,omitempty"`
	// Request is the id of the request that brought it, as in the log.
	Request string `cbor:"11,keyasint,omitempty"`

	// Body is the payload in the clear, in memory only.
	Body []byte `cbor:"-"`

	meta
	due int64
}
