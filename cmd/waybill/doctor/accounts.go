package doctor

import (
	"context"
	"maps"
	"slices"
)

// AccountState is whether a carrier takes an account under which it is asked.
type AccountState struct {
	Good bool
	What string
}

// pullAccounts are tried, one call each.
func pullAccounts(ctx context.Context, p *Patient) []Finding {
	const name = "carrier accounts"
	if p.Accounts == nil {
		return nil
	}
	states, err := p.Accounts(ctx)
	if err != nil {
		return warning(name, err.Error(), "look at the store first")
	}
	if len(states) == 0 {
		return good(name, "none: no carrier is asked (waybill accounts add)")
	}
	var findings []Finding
	for _, key := range slices.Sorted(maps.Keys(states)) {
		if state := states[key]; state.Good {
			findings = append(findings, good(name, key+": "+state.What)...)
		} else {
			findings = append(findings, warning(name, key+": "+state.What, "look at the account with the carrier; waybill accounts add --replace gives it new credentials")...)
		}
	}
	return findings
}
