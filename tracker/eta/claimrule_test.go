package eta

import (
	"testing"
	"time"

	"waybill/tracker"
)

func TestAClaimIsTakenByTheCarriersRule(t *testing.T) {
	promise := time.Date(2026, time.November, 26, 19, 0, 0, 0, time.UTC) // a Thursday
	rules := map[string]ClaimRule{
		"usps": {AfterDays: 15, ExpressDays: 7}, "ups": {AfterDays: 1, Due: true}, "royalmail": {AfterDays: 10, Due: true, Working: true},
	}
	m := NewModel(Options{Store: inMemory(), Now: func() time.Time { return monday }, Log: quiet(), Claims: func(carrier string) ClaimRule {
		if rule, ok := rules[carrier]; ok {
			return rule
		}
		return DefaultClaims
	}})
	for name, c := range map[string]struct {
		carrier string
		service tracker.ServiceLevel
		promise time.Time
		want    time.Time
	}{
		"counted from the hand-over":           {"usps", tracker.Standard, promise, monday.AddDate(0, 0, 15)},
		"sooner for express":                   {"usps", tracker.Express, promise, monday.AddDate(0, 0, 7)},
		"counted from when it was to come":     {"ups", tracker.Standard, promise, promise.AddDate(0, 0, 1)},
		"in working days":                      {"royalmail", tracker.Standard, promise, promise.AddDate(0, 0, 14)},
		"nobody said when it was to come":      {"ups", tracker.Standard, time.Time{}, monday.AddDate(0, 0, 14)},
		"of a carrier whose rule nobody knows": {"dpd", tracker.Standard, promise, monday.AddDate(0, 0, 14)},
	} {
		p := parcel{carrier: c.carrier, service: c.service, promise: c.promise, scans: []mark{{"picked_up", 0}}}
		if got := look(t, m, p, monday).Watch.ClaimFrom; !got.Equal(c.want) {
			t.Errorf("%s: from %s on, want %s", name, got, c.want)
		}
	}
}
