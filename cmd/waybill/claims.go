package main

import (
	"waybill/adapters"
	"waybill/tracker/eta"
)

// claimsOf says from the carriers' descriptions when each takes a claim for a lost parcel.
func claimsOf(registry *adapters.Registry) func(carrier string) eta.ClaimRule {
	return func(code string) eta.ClaimRule {
		carrier := registry.Carrier(code)
		if carrier == nil || carrier.Claims == nil {
			return eta.DefaultClaims
		}
		c := carrier.Claims
		return eta.ClaimRule{AfterDays: c.AfterDays, ExpressDays: c.ExpressDays, Due: c.Since == "due", Working: c.Working}
	}
}
