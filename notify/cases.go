package notify

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"waybill/tracker"
)

// CaseNews decides who is told that a case went on: the shipment's own recipient and whoever else asked for it. It is
// decided once for each entry of the case. Stored messages are sent as all others are.
func (d *Desk) CaseNews(ctx context.Context, s *tracker.Shipment, c *tracker.Case) error {
	return d.news(ctx, s, candidate{moment: tracker.MomentCaseUpdate, occurrence: c.ID + "#" + strconv.Itoa(len(c.Entries))})
}

// ReturnNews decides who is told of a state that a return has reached, once for each.
func (d *Desk) ReturnNews(ctx context.Context, s *tracker.Shipment, r *tracker.Return, state tracker.ReturnState) error {
	return d.news(ctx, s, candidate{moment: tracker.MomentReturnUpdate, occurrence: r.ID + "#" + string(state)})
}

// returnBody is the key of what is said of a return, by what its message is about.
func returnBody(occurrence string) string {
	state := string(tracker.ReturnApproved) // a preview's
	if _, of, ok := strings.Cut(occurrence, "#"); ok {
		state = of
	}
	return "message.return_update." + state
}

// news decides who is told of something that no scan tells.
func (d *Desk) news(ctx context.Context, s *tracker.Shipment, news candidate) error {
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
