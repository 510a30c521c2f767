package main

import (
	"math"
	"slices"
	"strings"
	"time"

	"waybill/adapters/places/internal/table"
)

// dominant is the share of an area's people that must live by one zone's
// clocks for the area to be given that zone, marked as not exact.
const dominant = 0.95

// builder fills the table step by step; see run for the order.
type builder struct {
	src    *sources
	t      *table.Table
	zone   map[string]uint16 // zone name -> index
	region map[string]int    // country.region -> index
	nation map[string]int    // ISO2 -> index
	rows   []city            // in the order of the table
}

// zones numbers the zones in use and tells which keep the same time.
func (b *builder) zones() {
	seen := map[string]bool{}
	for _, c := range b.src.cities {
		seen[c.Timezone] = true
	}
	for _, zs := range b.src.zonesOf {
		for z := range zs {
			seen[z] = true
		}
	}
	names := []string{""}
	for z := range seen {
		if _, err := time.LoadLocation(z); err == nil && z != "" {
			names = append(names, z)
		}
	}
	slices.Sort(names)
	b.t.Zones = names
	rules := map[string]uint16{}
	for i, z := range names {
		b.zone[z] = uint16(i)
		f := fingerprint(z)
		if _, ok := rules[f]; !ok {
			rules[f] = uint16(len(rules))
		}
		b.t.Rules = append(b.t.Rules, rules[f])
	}
}

// fingerprint writes down a zone's offset at every noon from 2020 to 2035.
func fingerprint(zone string) string {
	if zone == "" {
		return ""
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err) // zones has loaded it
	}
	var sb strings.Builder
	last := math.MinInt
	for at := time.Date(2020, 1, 1, 12, 0, 0, 0, time.UTC); at.Year() < 2036; at = at.AddDate(0, 0, 1) {
		if _, off := at.In(loc).Zone(); off != last {
			sb.WriteString(at.Format("060102") + time.Duration(off*1e9).String() + ";")
			last = off
		}
	}
	return sb.String()
}

// areas lays down countries and regions; every country also has a nameless
// region for the cities without one.
func (b *builder) areas() {
	b.nation, b.region = map[string]int{}, map[string]int{}
	codes := make([]string, 0, len(b.src.countries))
	for code := range b.src.countries {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for i, code := range codes {
		c := b.src.countries[code]
		b.nation[code] = i
		b.t.Countries = append(b.t.Countries, table.Area{Country: i, Names: keys(append([]string{code, c.ISO3, c.Name}, countryAliases[code]...))})
		b.addRegion(code + ".")
	}
	for _, r := range b.src.regions {
		nation, own, _ := strings.Cut(r.Code, ".")
		names := append([]string{r.Name}, regionAliases[r.Code]...)
		if !strings.ContainsAny(own, "0123456789") {
			names = append(names, own)
		}
		if _, ok := b.nation[nation]; ok {
			b.addRegion(r.Code, names...)
		}
	}
}

func (b *builder) addRegion(code string, names ...string) {
	b.region[code] = len(b.t.Regions)
	b.t.Regions = append(b.t.Regions, table.Area{Country: b.nation[code[:2]], Names: keys(names)})
}

func keys(names []string) (ks []string) {
	for _, n := range names {
		if k := string(table.AppendKey(nil, n)); k != "" && !slices.Contains(ks, k) {
			ks = append(ks, k)
		}
	}
	return ks
}

// cities fills the columns of the cities, in the order of their names' hashes.
func (b *builder) cities() {
	for _, c := range b.src.cities {
		if _, ok := b.nation[c.Country]; ok && ownKey(c) != "" {
			b.rows = append(b.rows, c)
		}
	}
	slices.SortFunc(b.rows, func(x, y city) int {
		if hx, hy := hash(ownKey(x)), hash(ownKey(y)); hx != hy {
			return int(int64(hx) - int64(hy))
		}
		return x.ID - y.ID
	})
	for _, c := range b.rows {
		region, ok := b.region[c.Country+"."+c.Region]
		if !ok {
			region = b.region[c.Country+"."]
		}
		b.t.CityRegion = append(b.t.CityRegion, uint16(region))
		b.t.CityLat = append(b.t.CityLat, int16(math.Round(c.Latitude*100)))
		b.t.CityLon = append(b.t.CityLon, int16(math.Round(c.Longitude*100)))
		b.t.CitySize = append(b.t.CitySize, uint8(2*math.Log2(float64(c.Population+1))))
		b.t.CityZone = append(b.t.CityZone, b.cityZone(c))
	}
}

// cityZone is the zone as GeoNames has it, unless it is none of the country's:
// GeoNames reads zones from a map whose borders are rough.
func (b *builder) cityZone(c city) uint16 {
	z := b.zone[c.Timezone]
	if len(b.src.zonesOf[c.Country]) == 0 { // Kosovo: no ISO code, so not in zone.tab
		return z
	}
	for own := range b.src.zonesOf[c.Country] {
		if own == c.Timezone || b.t.Rules[b.zone[own]] == b.t.Rules[z] {
			return z
		}
	}
	return 0
}

func ownKey(c city) string { return string(table.AppendKey(nil, c.Name)) }

func hash(key string) uint64 { return table.Hash([]byte(key)) }
