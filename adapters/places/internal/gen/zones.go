package main

import (
	"cmp"
	"maps"
	"slices"

	"waybill/adapters/places/internal/table"
)

// census counts an area's people by zone.
type census map[uint16]int

// areaZones gives countries and regions the zone that all, or nearly all, of
// their people live by, and then cities of no known zone that of their region.
func (b *builder) areaZones() {
	nations, regions := make([]census, len(b.t.Countries)), make([]census, len(b.t.Regions))
	for i, c := range b.rows {
		r := b.t.CityRegion[i]
		if z := b.t.CityZone[i]; z != 0 {
			regions[r] = regions[r].add(z, c.Population+1)
			nations[b.nation[c.Country]] = nations[b.nation[c.Country]].add(z, c.Population+1)
		}
	}
	for code, zones := range b.src.zonesOf {
		for z := range zones { // the zones in which no city lies: a country of one is still known
			if n, ok := b.nation[code]; ok {
				nations[n] = nations[n].add(b.zone[z], 1)
			}
		}
	}
	for i := range b.t.Countries {
		b.settle(&b.t.Countries[i], nations[i])
	}
	for i := range b.t.Regions {
		b.settle(&b.t.Regions[i], regions[i])
	}
	for i, z := range b.t.CityZone {
		if r := b.t.Regions[b.t.CityRegion[i]]; z == 0 && r.Exact {
			b.t.CityZone[i] = r.Zone
		}
	}
}

func (c census) add(zone uint16, people int) census {
	if c == nil {
		c = census{}
	}
	c[zone] += people
	return c
}

// settle picks the zone of most people among those that keep the time of most.
func (b *builder) settle(a *table.Area, c census) {
	all, byRule := 0, map[uint16]int{}
	for z, n := range c {
		all += n
		byRule[b.t.Rules[z]] += n
	}
	zones := slices.SortedFunc(maps.Keys(c), func(x, y uint16) int {
		return cmp.Or(byRule[b.t.Rules[y]]-byRule[b.t.Rules[x]], c[y]-c[x], int(x)-int(y))
	})
	if len(zones) == 0 {
		return
	}
	most := zones[0]
	if float64(byRule[b.t.Rules[most]]) >= dominant*float64(all) {
		a.Zone, a.Exact = most, len(byRule) == 1
	}
}

// zips gives a three-digit prefix its zone where all its ZIP codes keep the
// same time.
func (b *builder) zips() {
	b.t.ZIP3 = make([]uint16, 1000)
	mixed := map[int]bool{}
	for _, zip := range slices.Sorted(maps.Keys(b.src.zips)) {
		if len(zip) != 5 {
			continue
		}
		prefix := int(zip[0]-'0')*100 + int(zip[1]-'0')*10 + int(zip[2]-'0')
		z := b.zone[b.src.zips[zip]]
		if b.src.zips[zip] == "America/Shiprock" { // tz links it to Denver
			z = b.zone["America/Denver"]
		}
		if b.t.ZIP3[prefix] == 0 {
			b.t.ZIP3[prefix] = z
		}
		if z == 0 || b.t.Rules[z] != b.t.Rules[b.t.ZIP3[prefix]] {
			mixed[prefix] = true
		}
	}
	for prefix := range mixed {
		b.t.ZIP3[prefix] = 0
	}
}
