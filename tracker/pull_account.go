package tracker

import (
	"encoding/json"
	"fmt"
	"time"

	"waybill/tracker/seal"
)

// PullAccount is an account under which a carrier's API is asked: the installation's, or a seller's own.
//
//	key    "<carrier>/<name>"
//	lists  "all", "carrier:<carrier>"
type PullAccount struct {
	Carrier string `cbor:"1,keyasint"`
	Name    string `cbor:"2,keyasint"`
	// Tenant is the seller whose parcels are asked about under it; empty for all who have none of their own.
	Tenant string `cbor:"3,keyasint,omitempty"`
	// Sealed are its credentials, by name.
	Sealed []byte `cbor:"4,keyasint"`
	// Base is the API's address where it is not the carrier's usual one.
	Base string `cbor:"5,keyasint,omitempty"`
	// Rates are its own, where the carrier granted others than usual.
	Rates     []CallRate `cbor:"6,keyasint,omitempty"`
	CreatedAt time.Time  `cbor:"7,keyasint"`

	meta
}

// CallRate is so many calls in so long.
type CallRate struct {
	Calls int           `cbor:"1,keyasint" json:"calls"`
	Per   time.Duration `cbor:"2,keyasint" json:"per"`
}

// Key is the account's.
func (a *PullAccount) Key() string { return AccountKey(a.Carrier, a.Name) }

// Seal keeps the account's credentials.
func (a *PullAccount) Seal(keys *seal.Keys, credentials map[string]string) error {
	plain, err := json.Marshal(credentials)
	if err != nil {
		return fmt.Errorf("encode the credentials of account %s: %w", a.Key(), err)
	}
	a.Sealed, err = keys.Envelope(plain, a.sealContext())
	return err
}

// Open gives the account's credentials.
func (a *PullAccount) Open(keys *seal.Keys) (map[string]string, error) {
	plain, err := keys.OpenEnvelope(a.Sealed, a.sealContext())
	if err != nil {
		return nil, fmt.Errorf("credentials of account %s: %w", a.Key(), err)
	}
	var credentials map[string]string
	if err := json.Unmarshal(plain, &credentials); err != nil {
		return nil, fmt.Errorf("decode the credentials of account %s", a.Key()) // the cause would quote them
	}
	return credentials, nil
}

func (a *PullAccount) sealContext() string { return "pull_account:" + a.Key() }

func (a *PullAccount) place() place {
	return place{table: PullAccounts, key: a.Key(), order: a.CreatedAt, lists: []string{ListAll, ListOfCarrier(a.Carrier)}}
}
