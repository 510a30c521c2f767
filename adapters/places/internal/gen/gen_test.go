package main

import (
	"testing"

	"waybill/adapters/places/internal/table"
)

// build runs the generator on a made-up world: a country of two zones with a
// city on either side, and one at a border that the map drew wrongly.
func build() *builder {
	src := &sources{
		countries: map[string]country{"US": {"US", "USA", "United States"}},
		zonesOf:   map[string]map[string]bool{"US": {"America/New_York": true, "America/Chicago": true}},
		zips: map[string]string{
			"10001": "America/New_York", "60601": "America/Chicago", "46001": "America/New_York", "46002": "America/Chicago",
		},
		cities: map[string]city{
			"1": {ID: 1, Name: "Eastville", Country: "US", Region: "EE", Timezone: "America/New_York", Population: 1000},
			"2": {ID: 2, Name: "Westville", Country: "US", Region: "WW", Timezone: "America/Chicago", Population: 1000},
			"3": {ID: 3, Name: "Mixton", Country: "US", Region: "MM", Timezone: "America/Chicago", Population: 990},
			"4": {ID: 4, Name: "Edgeham", Country: "US", Region: "MM", Timezone: "America/New_York", Population: 10},
			"5": {ID: 5, Name: "Borderton", Country: "US", Region: "WW", Timezone: "Asia/Tokyo", Population: 10},
			"6": {ID: 6, Name: "Big", Country: "US", Region: "EE", Timezone: "America/New_York", Population: 1e6, Aliases: []string{"Bigge", "big lower", "Бигг"}},
		},
	}
	src.regions = []struct{ Code, Name string }{{"US.EE", "Easting"}, {"US.WW", "Westing"}, {"US.MM", "Mixing"}}
	b := &builder{src: src, t: new(table.Table), zone: map[string]uint16{}}
	b.zones()
	b.areas()
	b.cities()
	b.areaZones()
	b.zips()
	b.names()
	return b
}

func TestRegionsGetTheZoneOfNearlyAllTheirPeople(t *testing.T) {
	b := build()
	for code, want := range map[string]struct {
		zone  string
		exact bool
	}{"US.EE": {"America/New_York", true}, "US.WW": {"America/Chicago", true}, "US.MM": {"America/Chicago", false}} {
		r := b.t.Regions[b.region[code]]
		if b.t.Zones[r.Zone] != want.zone || r.Exact != want.exact {
			t.Errorf("%s: %q exact %t, want %v", code, b.t.Zones[r.Zone], r.Exact, want)
		}
	}
}

func TestACityInAForeignZoneGetsThatOfItsRegion(t *testing.T) {
	b := build()
	for i, c := range b.rows {
		if c.Name == "Borderton" && b.t.Zones[b.t.CityZone[i]] != "America/Chicago" {
			t.Errorf("zone %q", b.t.Zones[b.t.CityZone[i]])
		}
	}
}

func TestZIPPrefixesOfTwoZonesHaveNone(t *testing.T) {
	b := build()
	for prefix, want := range map[int]string{100: "America/New_York", 606: "America/Chicago", 460: "", 999: ""} {
		if got := b.t.Zones[b.t.ZIP3[prefix]]; got != want {
			t.Errorf("%03d: %q, want %q", prefix, got, want)
		}
	}
}

func TestAliasesOfLargeCitiesAreKeptInLatinLetters(t *testing.T) {
	if got := len(build().t.NameLow); got != 6+1 {
		t.Errorf("%d names, want six cities and one alias", got)
	}
}
