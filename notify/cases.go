package notify

import (
	"context"
	"errors"
	"strconv"

	"waybill/tracker"
)

// CaseNews decides who is told that a case went on: the shipment's own recipient and whoever else asked for it. It is
// decided once for each entry of the case. Stored messages are sent as all others are.
func (d *Desk) CaseNews(ctx context.Context, s *tracker.Shipment, c *tracker.Case) error {
	people, err := d.Of(ctx, s.ID)
	if err != nil {
		return err
	}
	preferences, err := PreferencesOf(ctx, d.store, people)
	if err != nil {
		return err
	}
	tenant, err := tracker.TenantOf(ctx, d.store, s.Tenant)
	if err != nil && !errors.Is(err, tracker.ErrNotFound) { // a seller that set nothing
		return err
	}
	in := Input{Shipment: s, After: s.View, Tenant: tenant, Preferences: preferences, Now: d.now()}
	news := candidate{moment: tracker.MomentCaseUpdate, occurrence: c.ID + "#" + strconv.Itoa(len(c.Entries))}
	for _, person := range people {
		if !person.Active() || !wants(person, preferences[person.Blind], tenant, news.moment) {
			continue
		}
		err := tracker.Save(ctx, d.store, in.message(&news, person, ZoneOf(s, &s.View), ""))
		if err != nil && !errors.Is(err, tracker.ErrConflict) { // decided already
			return err
		}
	}
	return nil
}
