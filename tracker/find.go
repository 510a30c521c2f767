package tracker

import (
	"context"
	"errors"
	"strings"
	"time"

	"waybill/tracker/seal"
)

// Tracking is all that is known under a number: a shipment of ours with its legs, or one bare leg.
type Tracking struct {
	// Number is the number as it is keyed.
	Number string
	// Shipment is nil where a carrier's number was looked up: then only what the carrier itself shows is known.
	Shipment  *Shipment
	Carriages []Carriage
	Order     *Order
	// Legs are the records behind the carriages; some may be missing.
	Legs []*Leg
	View View
	// Down is the outage of a carrier who has the parcel or is to get it, DownCarrier; nil while all is well.
	Down        *Outage
	DownCarrier string
	// Version changes whenever anything of it does.
	Version int64
}

// Finder looks parcels up.
type Finder struct {
	store Store
	keys  *seal.Keys
	// patience is the same that the workers have: page and messages must not differ.
	patience Patience
	now      func() time.Time
}

// NewFinder makes a Finder.
func NewFinder(store Store, keys *seal.Keys, patience Patience, now func() time.Time) *Finder {
	return &Finder{store: store, keys: keys, patience: patience, now: now}
}

// Number finds what a number stands for: our own tracking ID, or a carrier's number, which several carriers may
// have: then all are given and the person chooses (rule 8). ErrNotFound where nothing is known of it.
func (f *Finder) Number(ctx context.Context, number string) ([]Tracking, error) {
	if id, ok := ParseTrackingID(number); ok {
		shipment, err := Load[Shipment](ctx, f.store, id)
		if err == nil {
			tracking, err := f.Shipment(ctx, shipment)
			return []Tracking{tracking}, err
		}
		if !errors.Is(err, ErrNotFound) {
			return nil, err
		}
	}
	number = NormaliseNumber(number)
	legs, err := LoadList[Leg](ctx, f.store, ListOfNumber(number), Page{})
	if err != nil {
		return nil, err
	}
	var found []Tracking
	for _, leg := range legs {
		if len(leg.Events) > 0 || len(leg.Followers) > 0 {
			found = append(found, f.bare(leg))
		}
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return found, nil
}

// Shipment gathers what belongs to a shipment and looks at it by the clock of now.
func (f *Finder) Shipment(ctx context.Context, s *Shipment) (Tracking, error) {
	t := Tracking{Number: s.ID, Shipment: s, Version: s.version}
	keys := make([]string, len(s.Legs))
	for i, leg := range s.Legs {
		keys[i] = leg.LegKey.String()
	}
	rows, err := f.store.Get(ctx, Legs, keys...)
	if err != nil {
		return t, err
	}
	if t.Legs, err = DecodeAll[Leg](rows); err != nil {
		return t, err
	}
	for _, leg := range t.Legs {
		t.Version += leg.version
	}
	if s.Order != "" {
		t.Order, err = Load[Order](ctx, f.store, s.Tenant+"/"+s.Order)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return t, err
		}
	}
	t.Carriages = Carriages(s, t.Legs)
	t.View = Compose(s, t.Carriages, t.Order, f.patience, f.now())
	t.DownCarrier, t.Down = f.patience.OutageOf(s, &t.View)
	return t, nil
}

// bare is a leg looked at by itself, as on the carrier's own page.
func (f *Finder) bare(leg *Leg) Tracking {
	s := &Shipment{Legs: []ShipmentLeg{{LegKey: leg.LegKey}}, CreatedAt: leg.CreatedAt}
	s.View.Estimate = leg.Estimate
	t := Tracking{Number: leg.Number, Legs: []*Leg{leg}, Version: leg.version}
	t.Carriages = Carriages(s, t.Legs)
	t.View = Compose(s, t.Carriages, nil, f.patience, f.now())
	t.DownCarrier, t.Down = f.patience.OutageOf(s, &t.View)
	return t
}

// Search finds shipments by what a person knows of them: any part of a number or order, an item, an e-mail address,
// a phone number, a name, a postal code (see SearchTerms). tenant limits it; "" searches all, for agents, but for
// made-up parcels.
func (f *Finder) Search(ctx context.Context, tenant, query string, page Page) ([]*Shipment, error) {
	list := ""
	if tenant != "" {
		list = ListOfTenant(tenant)
	}
	var found []*Shipment
	seen := map[string]bool{}
	for _, terms := range SearchTerms(f.keys, query) {
		rows, err := f.store.Search(ctx, Shipments, list, terms, page)
		if err != nil {
			return nil, err
		}
		shipments, err := DecodeAll[Shipment](rows)
		if err != nil {
			return nil, err
		}
		for _, s := range shipments {
			if made := tenant == "" && s.Test; !made && !seen[s.ID] && s.answers(query, terms) {
				seen[s.ID] = true
				found = append(found, s)
			}
		}
	}
	return found, nil
}

// answers settles what trigrams leave open: they may come from different places of a number, or different numbers.
func (s *Shipment) answers(query string, terms []string) bool {
	if !strings.HasPrefix(terms[0], partTerm) {
		return true
	}
	part := foldText(query)
	for _, text := range []string{s.ID, s.Order, s.Reference, s.Consignment} {
		if strings.Contains(foldText(text), part) {
			return true
		}
	}
	for _, leg := range s.Legs {
		if strings.Contains(foldText(leg.Number), part) {
			return true
		}
	}
	return false
}
