package tracker

import "time"

// ProofFile is a picture that proves a delivery. Its bytes lie in the blob store, sealed under DataKey: the recipient's, so that
// erasing the person erases it.
//
//	key    time-ordered id
//	lists  "shipment:<id>"
type ProofFile struct {
	ID       string    `cbor:"1,keyasint"`
	Tenant   string    `cbor:"2,keyasint"`
	Shipment string    `cbor:"3,keyasint"`
	Kind     ProofKind `cbor:"4,keyasint"`
	DataKey  string    `cbor:"5,keyasint"`
	// Width and Height are in pixels, Bytes is the size as it is shown.
	Width  int `cbor:"6,keyasint"`
	Height int `cbor:"7,keyasint"`
	Bytes  int `cbor:"8,keyasint"`
	// By is the hint of the key that brought it.
	By string    `cbor:"9,keyasint,omitempty"`
	At time.Time `cbor:"10,keyasint"`

	meta
}

// ProofKind is what a picture shows.
type ProofKind string

// The kinds: the door with the parcel, and a signature.
const (
	ProofPhoto     ProofKind = "photo"
	ProofSignature ProofKind = "signature"
)

// ProofScheme begins the references to our own pictures, where carriers give links.
const ProofScheme = "proof:"

func (p *ProofFile) place() place {
	return place{table: Proofs, key: p.ID, order: p.At, lists: []string{ListOfShipment(p.Shipment)}}
}
