package tracker

import (
	"slices"
	"strings"
)

// ListOfAttention is a seller's shipments that need a person's eye for one concern; "" is for any.
func ListOfAttention(tenant string, concern Substatus) string {
	if concern == "" {
		return "attention:" + tenant
	}
	return "attention:" + tenant + "/" + string(concern)
}

// ListOfOpen is the shipments under way that come from, are in, or go to a country.
func ListOfOpen(country string) string { return "open:" + country }

// ListOfLane is the shipments under way on a lane.
func ListOfLane(lane string) string { return "lane:" + lane }

// LaneOf names a way on which parcels fare alike: the carrier, and the countries with their states that it comes from and
// goes to ("dhl|DE-NW>FR-ARA").
func LaneOf(carrier string, from, to Location) string {
	return carrier + "|" + regionOf(from) + ">" + regionOf(to)
}

func regionOf(l Location) string {
	region := l.Country
	if l.State != "" {
		region += "-" + l.State
	}
	// What carriers and sellers write is bounded, and kept apart from the separators.
	const most = 40
	region = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(region, "_"), "|", "_"), ">", "_")
	if len(region) > most {
		runes := []rune(region)
		region = string(runes[:min(most, len(runes))])
	}
	return region
}

// Places are where a shipment comes from, was last seen, and goes to, as far as known.
func (s *Shipment) Places() []Location {
	to := s.Destination
	to.PostalCode = s.Area
	places := []Location{s.Origin, s.View.Location, to}
	return slices.DeleteFunc(places, func(l Location) bool { return l.Country == "" })
}

// kindLists are the lists by which a seller looks for shipments of a kind.
func (s *Shipment) kindLists() []string {
	var lists []string
	add := func(list string) {
		if !slices.Contains(lists, list) {
			lists = append(lists, list)
		}
	}
	for _, leg := range s.Legs {
		if leg.Number != s.ID {
			add(ListOfTrackingNumber(s.Tenant, leg.Number))
			add(ListOfTenantCarrier(s.Tenant, leg.Carrier))
		}
	}
	for _, tag := range s.Tags {
		add(ListOfTag(s.Tenant, tag))
	}
	return lists
}

// watchLists are the lists by which what changes for many is brought to those concerned.
func (s *Shipment) watchLists() []string {
	var lists []string
	if c := s.View.Concern.Substatus; c != "" {
		lists = append(lists, ListOfAttention(s.Tenant, ""), ListOfAttention(s.Tenant, c))
	}
	if s.View.Milestone.Ended() || s.Test {
		return lists
	}
	for _, place := range s.Places() {
		if list := ListOfOpen(place.Country); len(place.Country) == 2 && !slices.Contains(lists, list) {
			lists = append(lists, list)
		}
	}
	if s.View.Lane != "" {
		lists = append(lists, ListOfLane(s.View.Lane))
	}
	return lists
}

// areaLength is how much of a postal code stands in the clear.
const areaLength = 2

// areaOf is the beginning of the first postal code that is known.
func areaOf(codes ...string) string {
	for _, code := range codes {
		if folded := []rune(strings.ToUpper(foldText(code))); len(folded) > areaLength {
			return string(folded[:areaLength])
		}
	}
	return ""
}
