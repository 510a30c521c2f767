package places

import (
	"math"
	"strings"

	"waybill/adapters/places/internal/table"
)

const (
	// near is how far apart two cities of one name may lie, in degrees, for
	// the point of either to serve both: about 50 km.
	near = 0.5
	// dwarfs is by how much a city must outgrow its namesakes for its point to
	// be taken for theirs: CitySize counts half powers of two, so 32 times.
	dwarfs = 10
)

// city looks for the city in the parts of its line, the last first, since
// street and building come before it.
func (x *index) city(a area, line string) (Place, bool) {
	for line != "" {
		head, tail := cutLast(line)
		var buf [table.MaxKey]byte
		if key := table.AppendKey(buf[:0], tail); len(key) > 2 {
			if p, ok := x.named(a, key); ok {
				return p, true
			}
		}
		if p, ok := x.facility(a, tail); ok {
			return p, true
		}
		line = head
	}
	return Place{}, false
}

// facility reads names such as "CHICAGO IL DISTRIBUTION CENTER", in which a
// region's code of two letters follows the city.
func (x *index) facility(a area, name string) (Place, bool) {
	if a.country == none {
		return Place{}, false
	}
	for at := strings.IndexByte(name, ' '); at >= 0; {
		rest := name[at+1:]
		next := strings.IndexByte(rest, ' ')
		word := rest
		if next >= 0 {
			word = rest[:next]
		}
		if region := x.regionOf(a.country, word); len(word) == 2 && region != none && (a.region == none || a.region == region) {
			var buf [table.MaxKey]byte
			return x.named(area{a.country, region}, table.AppendKey(buf[:0], name[:at]))
		}
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return Place{}, false
}

// match gathers the cities of one name within an area.
type match struct {
	best  int  // the largest, or none
	rival int  // the largest of the others that is not near the best, or none
	one   bool // all keep the same time
}

// named is the place of a name: cities that bear it come before those for
// which it is an alias. It has a zone where all of them keep the same time.
func (x *index) named(a area, key []byte) (Place, bool) {
	from, to := x.Names(table.Hash(key))
	if from == to {
		return Place{}, false
	}
	m := x.gather(a, from, to, true)
	if m.best == none {
		m = x.gather(a, from, to, false)
	}
	if m.best == none {
		return Place{}, false
	}
	p := Place{}
	if m.one {
		p.Zone, p.Exact = x.Zones[x.CityZone[m.best]], a.country != none
	}
	if m.rival == none || (a.country != none && x.CitySize[m.best] >= x.CitySize[m.rival]+dwarfs) {
		p.Lat, p.Lon = float64(x.CityLat[m.best])/100, float64(x.CityLon[m.best])/100
		p.HasPoint = true
	}
	return p, m.one || p.HasPoint
}

func (x *index) gather(a area, from, to int, own bool) match {
	m := match{best: none, rival: none, one: true}
	each := func(visit func(city int)) {
		for i := from; i < to; i++ {
			if city, isOwn := x.City(i); isOwn == own && x.within(city, a) {
				visit(city)
			}
		}
	}
	each(func(c int) {
		if m.best == none || x.CitySize[c] > x.CitySize[m.best] {
			m.best = c
		}
	})
	if m.best == none {
		return m
	}
	m.one = x.CityZone[m.best] != 0
	each(func(c int) {
		if x.Rules[x.CityZone[c]] != x.Rules[x.CityZone[m.best]] {
			m.one = false
		}
		if !x.close(c, m.best) && (m.rival == none || x.CitySize[c] > x.CitySize[m.rival]) {
			m.rival = c
		}
	})
	return m
}

func (x *index) within(city int, a area) bool {
	region := int(x.CityRegion[city])
	if a.region != none {
		return region == a.region
	}
	return a.country == none || x.Regions[region].Country == a.country
}

func (x *index) close(c, d int) bool {
	return math.Abs(float64(x.CityLat[c])-float64(x.CityLat[d])) < near*100 &&
		math.Abs(float64(x.CityLon[c])-float64(x.CityLon[d])) < near*100
}
