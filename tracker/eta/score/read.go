package score

import (
	"context"
	"slices"
	"strings"
	"time"
)

// mostRows bounds how many weeks of cards are read for one answer.
const mostRows = 20_000

// Scored is a card with what it counts.
type Scored struct {
	Card
	Tally
}

// Cards gives a tenant's cards of a level ("" is all tenants together) over the last days, the busiest first.
func (b *Board) Cards(ctx context.Context, tenant string, level Level, days int, now time.Time) ([]*Scored, error) {
	from := dayOf(now) - days
	byCard := map[Card]*Scored{}
	err := b.each(ctx, listOf(scopeOf(tenant), level), func(key string, account *Account) error {
		card, ok := cardOfKey(key)
		if !ok {
			return nil
		}
		for number, tally := range account.Days {
			if number <= from {
				continue
			}
			if byCard[card] == nil {
				byCard[card] = &Scored{Card: card}
			}
			if err := byCard[card].Merge(tally); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	cards := make([]*Scored, 0, len(byCard))
	for _, c := range byCard {
		cards = append(cards, c)
	}
	slices.SortFunc(cards, func(a, b *Scored) int {
		if a.Ended() != b.Ended() {
			return int(b.Ended() - a.Ended())
		}
		return strings.Compare(a.key("", ByLane, 0), b.key("", ByLane, 0))
	})
	return cards, nil
}

// Weeks gives what all shipments of a tenant amounted to, by week: the Monday of each and its tally, in order.
func (b *Board) Weeks(ctx context.Context, tenant string) (mondays []time.Time, tallies []*Tally, err error) {
	byMonday := map[int]*Tally{}
	err = b.each(ctx, listOf(scopeOf(tenant), ByCarrier), func(_ string, account *Account) error {
		for number, tally := range account.Days {
			const mondayOfEpoch = 4 // 1970 began on a Thursday: its day 4 was a Monday
			monday := number - ((number-mondayOfEpoch)%week+week)%week
			if byMonday[monday] == nil {
				byMonday[monday] = &Tally{}
			}
			if err := byMonday[monday].Merge(tally); err != nil {
				return err
			}
		}
		return nil
	})
	for monday := range byMonday {
		mondays = append(mondays, time.Unix(0, 0).UTC().Add(time.Duration(monday)*day))
	}
	slices.SortFunc(mondays, time.Time.Compare)
	for _, monday := range mondays {
		tallies = append(tallies, byMonday[dayOf(monday)])
	}
	return mondays, tallies, err
}

// Facility is how long parcels lie at a facility.
type Facility struct {
	Carrier, Place string
	Dwell          Dwell
	All            Sketch
}

// Facilities gives the facilities, the busiest first; carrier and place choose some, "" is all.
func (b *Board) Facilities(ctx context.Context, carrier, place string) ([]*Facility, error) {
	byName := map[string]*Facility{}
	err := b.each(ctx, dwellList, func(key string, account *Account) error {
		parts := strings.Split(key, "/")
		if len(parts) != 4 || (carrier != "" && parts[1] != carrier) || (place != "" && parts[2] != place) {
			return nil
		}
		name := parts[1] + "/" + parts[2]
		if byName[name] == nil {
			byName[name] = &Facility{Carrier: parts[1], Place: parts[2], Dwell: Dwell{}}
		}
		return byName[name].merge(account.Dwell)
	})
	if err != nil {
		return nil, err
	}
	list := make([]*Facility, 0, len(byName))
	for _, f := range byName {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b *Facility) int {
		if a.All.Count() != b.All.Count() {
			return b.All.Count() - a.All.Count()
		}
		return strings.Compare(a.Carrier+"/"+a.Place, b.Carrier+"/"+b.Place)
	})
	return list, nil
}

func (f *Facility) merge(dwell Dwell) error {
	for hour, sketch := range dwell {
		if f.Dwell[hour] == nil {
			f.Dwell[hour] = &Sketch{}
		}
		if err := f.Dwell[hour].Merge(sketch); err != nil {
			return err
		}
		if err := f.All.Merge(sketch); err != nil {
			return err
		}
	}
	return nil
}

func (b *Board) each(ctx context.Context, list string, take func(key string, account *Account) error) error {
	keys, accounts, err := b.ledger.List(ctx, list, mostRows)
	if err != nil {
		return err
	}
	for i := range keys {
		if err := take(keys[i], accounts[i]); err != nil {
			return err
		}
	}
	return nil
}
