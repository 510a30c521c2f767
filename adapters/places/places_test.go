package places

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFindGivesTheZoneOfAPlace(t *testing.T) {
	for _, c := range []struct {
		country, state, city, postal string
		zone                         string
		exact                        bool
	}{
		{"US", "IL", "CHICAGO", "", "America/Chicago", true},
		{"US", "IL", "ELK GROVE VILLAGE", "", "America/Chicago", true},
		{"USA", "Illinois", "Chicago", "", "America/Chicago", true},
		{"United States", "", "", "10001", "America/New_York", true},
		{"US", "TX", "EL PASO", "", "America/Denver", true},
		{"US", "TX", "Houston", "", "America/Chicago", true},
		{"US", "TX", "", "", "America/Chicago", false},
		{"US", "TX", "", "79901", "America/Denver", true},
		{"US", "IN", "Indianapolis", "", "America/Indiana/Indianapolis", true},
		{"US", "IN", "Gary", "", "America/Chicago", true},
		{"US", "IN", "Rockport", "", "America/Chicago", true},
		{"US", "IN", "Vincennes", "", "America/Indiana/Vincennes", true},
		{"MX", "TAM", "Ciudad Río Bravo", "", "America/Matamoros", true},
		{"US", "", "CHICAGO IL DISTRIBUTION CENTER", "", "America/Chicago", true},
		{"US", "", "Los Angeles CA Network Distribution Center", "", "America/Los_Angeles", true},
		{"US", "", "EL PASO TX", "", "America/Denver", true},
		{"US", "", "ND", "", "", false},
		{"US", "IN", "Evansville", "", "America/Chicago", true},
		{"US", "IN", "", "", "", false},
		{"US", "KY", "Louisville", "", "America/Kentucky/Louisville", true},
		{"US", "KY", "Bowling Green", "", "America/Chicago", true},
		{"US", "TN", "MEMPHIS", "", "America/Chicago", true},
		{"US", "TN", "Knoxville", "", "America/New_York", true},
		{"US", "FL", "Pensacola", "", "America/Chicago", true},
		{"US", "FL", "Miami", "", "America/New_York", true},
		{"US", "ND", "Fargo", "", "America/Chicago", true},
		{"US", "ND", "Dickinson", "", "America/Denver", true},
		{"US", "SD", "Rapid City", "", "America/Denver", true},
		{"US", "SD", "Sioux Falls", "", "America/Chicago", true},
		{"US", "NE", "Omaha", "", "America/Chicago", true},
		{"US", "NE", "Scottsbluff", "", "America/Denver", true},
		{"US", "OR", "Ontario", "", "America/Boise", true},
		{"US", "OR", "Portland", "", "America/Los_Angeles", true},
		{"US", "AZ", "Phoenix", "", "America/Phoenix", true},
		{"US", "HI", "", "", "Pacific/Honolulu", true},
		{"US", "AK", "Anchorage", "", "America/Anchorage", true},
		{"US", "CA", "nowhere at all", "", "America/Los_Angeles", true},
		{"US", "MO", "ST. LOUIS", "", "America/Chicago", true},
		{"US", "MN", "Saint Paul", "", "America/Chicago", true},
		{"US", "MO", "O'Fallon", "", "America/Chicago", true},
		{"US", "PR", "San Juan", "", "America/Puerto_Rico", true},
		{"US", "", "Springfield", "", "", false},
		{"US", "", "ERLANGER, KY", "", "America/New_York", true},
		{"", "", "ERLANGER, KY, US", "", "America/New_York", true},
		{"CA", "ON", "MISSISSAUGA", "", "America/Toronto", true},
		{"CA", "", "", "T2P 1J9", "America/Edmonton", true},
		{"CA", "British Columbia", "Vancouver", "", "America/Vancouver", true},
		{"CA", "NL", "St. John's", "", "America/St_Johns", true},
		{"CAN", "QC", "Montréal", "", "America/Toronto", true},
		{"CA", "SK", "Saskatoon", "", "America/Regina", true},
		{"AU", "NSW", "Sydney", "", "Australia/Sydney", true},
		{"AU", "QLD", "", "", "Australia/Brisbane", true},
		{"AU", "WA", "Perth", "", "Australia/Perth", true},
		{"BR", "SP", "São Paulo", "", "America/Sao_Paulo", true},
		{"BR", "AM", "MANAUS", "", "America/Manaus", true},
		{"MX", "BC", "Tijuana", "", "America/Tijuana", true},
		{"MX", "SON", "Hermosillo", "", "America/Hermosillo", true},
		{"MX", "Jalisco", "Guadalajara", "", "America/Mexico_City", true},
		{"DE", "", "KOELN", "50667", "Europe/Berlin", true},
		{"DE", "", "Köln", "", "Europe/Berlin", true},
		{"Germany", "", "Cologne", "", "Europe/Berlin", true},
		{"DE", "", "", "", "Europe/Berlin", true},
		{"NL", "", "Oderweg 2, AMSTERDAM", "", "Europe/Amsterdam", true},
		{"", "", "LEIPZIG - GERMANY", "", "Europe/Berlin", true},
		{"GB", "", "", "", "Europe/London", true},
		{"UK", "", "London", "", "Europe/London", true},
		{"ES", "", "Las Palmas de Gran Canaria", "", "Atlantic/Canary", true},
		{"ES", "", "Madrid", "", "Europe/Madrid", true},
		{"PT", "", "Ponta Delgada", "", "Atlantic/Azores", true},
		{"FR", "", "ROISSY-EN-FRANCE", "", "Europe/Paris", true},
		{"RU", "", "Vladivostok", "", "Asia/Vladivostok", true},
		{"RU", "", "", "", "", false},
		{"JP", "", "Osaka", "", "Asia/Tokyo", true},
		{"CN", "", "Urumqi", "", "Asia/Shanghai", true},
		{"XK", "", "Pristina", "", "Europe/Belgrade", true},
		{"CN", "", "SHENZHEN", "", "Asia/Shanghai", true},
		{"IN", "", "", "", "Asia/Kolkata", true},
		{"HK", "", "", "", "Asia/Hong_Kong", true},
		{"Korea, Republic of", "", "", "", "Asia/Seoul", true},
		{"SG", "", "", "", "Asia/Singapore", true},
		{"ZA", "", "Johannesburg", "", "Africa/Johannesburg", true},
		{"NZ", "", "Auckland", "", "Pacific/Auckland", true},
		{"AR", "", "Buenos Aires", "", "America/Argentina/Buenos_Aires", true},
		{"", "", "Paris", "", "", false},
		{"", "", "", "", "", false},
		{"Atlantis", "", "", "", "", false},
		{"Atlantis", "", "Vladivostok", "", "", false},
		{"", "", "Vladivostok", "", "Asia/Vladivostok", false},
	} {
		name := strings.Join([]string{c.country, c.state, c.city, c.postal}, "/")
		t.Run(name, func(t *testing.T) {
			p, ok := Find(Query{Country: c.country, State: c.state, City: c.city, PostalCode: c.postal})
			if p.Zone != c.zone || p.Exact != c.exact {
				t.Errorf("zone %q exact %t, want %q exact %t", p.Zone, p.Exact, c.zone, c.exact)
			}
			if ok != (p.Zone != "" || p.HasPoint) {
				t.Errorf("found %t for %+v", ok, p)
			}
		})
	}
}

func TestFindGivesAPointOnlyWhereTheCityIsPlain(t *testing.T) {
	for _, c := range []struct {
		name     string
		q        Query
		lat, lon float64
		has      bool
	}{
		{"a city by another name", Query{Country: "DE", City: "Cologne"}, 50.93, 6.95, true},
		{"a city in a state", Query{Country: "US", State: "IL", City: "Springfield"}, 39.80, -89.64, true},
		{"a city that dwarfs its namesakes", Query{Country: "US", City: "Chicago"}, 41.85, -87.65, true},
		{"one of many of a size", Query{Country: "US", City: "Springfield"}, 0, 0, false},
		{"a state alone", Query{Country: "US", State: "IL"}, 0, 0, false},
		{"a city that is not in the state", Query{Country: "US", State: "IL", City: "Honolulu"}, 0, 0, false},
		{"the southern and western half of the world", Query{Country: "BR", City: "Porto Alegre"}, -30.03, -51.23, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := Find(c.q)
			if p.HasPoint != c.has || abs(p.Lat-c.lat) > 0.05 || abs(p.Lon-c.lon) > 0.05 {
				t.Errorf("got %+v, want %t %v %v", p, c.has, c.lat, c.lon)
			}
		})
	}
}

func abs(f float64) float64 { return max(f, -f) }

func TestEveryZoneOfTheTableLoads(t *testing.T) {
	x := load()
	for _, z := range x.Zones[1:] {
		if _, ok := ZoneOffset(z, 0); !ok {
			t.Errorf("zone %q is unknown to the binary", z)
		}
	}
	if len(x.Countries) < 240 || len(x.CityLat) < 150_000 {
		t.Errorf("%d countries and %d cities", len(x.Countries), len(x.CityLat))
	}
}

func TestFindIgnoresCaseAccentsAndPunctuation(t *testing.T) {
	want, ok := Find(Query{Country: "BR", State: "SP", City: "São José dos Campos"})
	if !ok || !want.HasPoint {
		t.Fatalf("not found: %+v", want)
	}
	for _, city := range []string{"SAO JOSE DOS CAMPOS", "sao josé-dos-campos", " São  José. dos Campos 12227"} {
		if got, _ := Find(Query{Country: "br", State: "São Paulo", City: city}); got != want {
			t.Errorf("%q: %+v, want %+v", city, got, want)
		}
	}
}

func TestZoneOffsetAtTheEdgesOfDaylightSaving(t *testing.T) {
	for _, c := range []struct {
		name, zone, local string
		minutes           int
	}{
		{"winter", "America/New_York", "2026-01-15 12:00", -300},
		{"summer", "America/New_York", "2026-07-15 12:00", -240},
		{"last minute before the gap", "America/New_York", "2026-03-08 01:59", -300},
		{"in the gap: the offset before", "America/New_York", "2026-03-08 02:30", -300},
		{"after the gap", "America/New_York", "2026-03-08 03:00", -240},
		{"shown twice: the first", "America/New_York", "2026-11-01 01:30", -240},
		{"after the overlap", "America/New_York", "2026-11-01 02:00", -300},
		{"shown twice in Europe", "Europe/Berlin", "2026-10-25 02:30", 120},
		{"southern summer", "Australia/Sydney", "2026-01-15 12:00", 660},
		{"half-hour zone", "Asia/Kolkata", "2026-01-15 12:00", 330},
		{"a whole day skipped", "Pacific/Apia", "2011-12-30 12:00", -600},
		{"UTC", "UTC", "2026-01-15 12:00", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			local, err := time.Parse("2006-01-02 15:04", c.local)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := ZoneOffset(c.zone, local.Unix()); !ok || got != c.minutes {
				t.Errorf("got %d %t, want %d", got, ok, c.minutes)
			}
		})
	}
	for _, zone := range []string{"", "Local", "Mars/Olympus", "../etc"} {
		if _, ok := ZoneOffset(zone, 0); ok {
			t.Errorf("zone %q is taken for one", zone)
		}
	}
}

func TestZoneOffsetNamesAnInstantThatShowsTheLocalTime(t *testing.T) {
	x := load()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(x.Zones[1:]).Draw(t, "zone")
		instant := rapid.Int64Range(1_000_000_000, 2_000_000_000).Draw(t, "instant")
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		_, seconds := time.Unix(instant, 0).In(loc).Zone()
		local := instant + int64(seconds)
		minutes, ok := ZoneOffset(zone, local)
		if got := local - int64(minutes)*60; !ok || got > instant || got < instant-day {
			t.Fatalf("%s: local %d at %d minutes is %d, not %d or the first of its two", zone, local, minutes, got, instant)
		}
		if _, back := time.Unix(local-int64(minutes)*60, 0).In(loc).Zone(); back != minutes*60 {
			t.Fatalf("%s at %d: offset %d minutes, clocks show %d s", zone, local, minutes, back)
		}
	})
}

func FuzzFind(f *testing.F) {
	f.Add("US", "IL", "Chicago", "60601")
	f.Add("", "", ", - ,", "")
	f.Fuzz(func(t *testing.T, country, state, city, postal string) {
		p, ok := Find(Query{country, state, city, postal})
		if p.Exact && p.Zone == "" || ok != (p.Zone != "" || p.HasPoint) {
			t.Errorf("inconsistent: %+v %t", p, ok)
		}
		if p.HasPoint && (abs(p.Lat) > 90 || abs(p.Lon) > 180) {
			t.Errorf("off the map: %+v", p)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	for name, q := range map[string]Query{
		"city":   {Country: "US", State: "IL", City: "ELK GROVE VILLAGE"},
		"accent": {Country: "Germany", City: "Köln"},
		"many":   {Country: "US", City: "Springfield"},
	} {
		b.Run(name, func(b *testing.B) {
			Find(q)
			b.ReportAllocs()
			for b.Loop() {
				Find(q)
			}
		})
	}
	b.Run("offset", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ZoneOffset("America/New_York", 1_780_000_000)
		}
	})
}
