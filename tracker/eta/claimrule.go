package eta

import (
	"time"

	"waybill/tracker"
)

// ClaimRule says from when on a carrier takes a claim for a lost parcel.
type ClaimRule struct {
	// AfterDays is from how many days on, ExpressDays the same of express parcels where that differs.
	AfterDays, ExpressDays int
	// Due: they are counted from when it was to come, else from the hand-over. Working: they are working days.
	Due, Working bool
}

// DefaultClaims is what holds where a carrier's rule is not known: most ask to wait for two weeks.
var DefaultClaims = ClaimRule{AfterDays: 14}

// claimFrom is from when on the carrier that has the parcel takes a claim. Where nobody knows when it was to come, it is
// as with a carrier whose rule is not known.
func (m *Model) claimFrom(t *tracker.Tracking, j *journey, d door, carrier string) time.Time {
	rule := m.claims(carrier)
	from := j.started
	if rule.Due {
		if from = dueAt(t, d); from.IsZero() {
			rule, from = DefaultClaims, j.started
		}
	}
	days := rule.AfterDays
	if rule.ExpressDays > 0 && (j.level == tracker.Express || j.level == tracker.SameDay) {
		days = rule.ExpressDays
	}
	if !rule.Working {
		return from.AddDate(0, 0, days)
	}
	day := from.In(d.zone)
	for most := holidaysMost + 2*days; days > 0 && most > 0; most-- {
		if day = day.AddDate(0, 0, 1); d.works(day) {
			days--
		}
	}
	return day
}

// dueAt is when a parcel was to come: by its carrier, else by the seller's promise, else by what was estimated first; zero
// where nobody said.
func dueAt(t *tracker.Tracking, d door) time.Time {
	if c, ok := claimOf(t, d.zone); ok {
		return c.to
	}
	if to := t.Shipment.Promise.To; !to.IsZero() {
		return to
	}
	if e := t.View.FirstEstimate; e != nil {
		return e.P90
	}
	return time.Time{}
}
