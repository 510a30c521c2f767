package tracker

import "time"

// Preference is how a person wants to be told of all parcels of a seller at one address. What was chosen for a single
// parcel goes before it.
//
//	key    "<tenant>/<blind index of the address>"
type Preference struct {
	Key     string  `cbor:"1,keyasint"`
	Channel Channel `cbor:"2,keyasint"`
	// Moments are those to be told where Chosen; else the seller's or the product's defaults hold.
	Chosen  bool     `cbor:"3,keyasint,omitempty"`
	Moments []Moment `cbor:"4,keyasint,omitempty"`
	// Daily gathers e-mails that are not urgent into one a day.
	Daily bool `cbor:"5,keyasint,omitempty"`
	// ChangedAt is when the person said so, by a link that only that address was sent.
	ChangedAt time.Time `cbor:"6,keyasint"`
	// CodeBySMS has pickup codes told by SMS at this number.
	CodeBySMS bool `cbor:"7,keyasint,omitempty"`

	meta
}

// PreferenceKey is the key of a person's preference with a seller.
func PreferenceKey(tenant, blind string) string { return tenant + "/" + blind }

func (p *Preference) place() place {
	return place{table: Preferences, key: p.Key, order: p.ChangedAt}
}
