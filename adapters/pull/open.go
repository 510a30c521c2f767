package pull

import (
	"waybill/adapters/pull/rule"
	"waybill/tracker"
	"waybill/tracker/seal"
)

// Open opens a stored account.
func Open(stored *tracker.PullAccount, keys *seal.Keys) (*Account, error) {
	credentials, err := stored.Open(keys)
	if err != nil {
		return nil, err
	}
	account := &Account{Carrier: stored.Carrier, Name: stored.Name, Credentials: credentials, Base: stored.Base}
	for _, rate := range stored.Rates {
		account.Rates = append(account.Rates, rule.Rate{Calls: rate.Calls, Per: rule.Duration(rate.Per)})
	}
	return account, nil
}
