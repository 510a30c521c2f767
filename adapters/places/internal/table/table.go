// Package table is the file format of the places table, shared by the
// generator that writes it and the look-up that reads it.
package table

import (
	"compress/gzip"
	"encoding/gob"
	"fmt"
	"io"
	"slices"
)

// Area is a country or a first-level division of one.
type Area struct {
	Country int      // index of the country; a country's own index for itself
	Names   []string // keys it is known by: codes and names
	Zone    uint16   // index into Zones; 0 where nothing can be said
	Exact   bool     // every place of the area keeps the same time as Zone
}

// Table holds all places. Zones[0] is "", and so Zone 0 means unknown.
// The Name columns are sorted by hash; the City columns are in the order of
// the hashes of the cities' own names.
type Table struct {
	Zones []string
	// Rules numbers what a zone's clocks do since 2020: two zones of one
	// number never differ.
	Rules     []uint16
	Countries []Area
	Regions   []Area
	ZIP3      []uint16 // zone by the first three digits of a US ZIP code

	CityRegion []uint16 // index into Regions
	CityZone   []uint16
	CityLat    []int16 // hundredths of a degree
	CityLon    []int16
	CitySize   []uint8 // twice the binary logarithm of the population

	NameBucket []uint32 // number of names by the upper 16 bits of their hash
	NameLow    []uint32 // lower 32 bits of the hash
	// NameCity is 1 + the city of an alias; 0 stands for a city's own name,
	// which come in the order of the cities.
	NameCity []uint32
}

// aliasBit marks, in a decoded NameCity, a name that is not the city's own.
const aliasBit = 1 << 31

// Write encodes the table as gzipped gob.
func (t *Table) Write(w io.Writer) error {
	zw, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("compress places table: %w", err)
	}
	if err := gob.NewEncoder(zw).Encode(t); err != nil {
		return fmt.Errorf("encode places table: %w", err)
	}
	if err := zw.Close(); err != nil {
		return fmt.Errorf("compress places table: %w", err)
	}
	return nil
}

// Read decodes what Write wrote and readies it for Names.
func Read(r io.Reader) (*Table, error) {
	zr, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("decompress places table: %w", err)
	}
	t := new(Table)
	if err := gob.NewDecoder(zr).Decode(t); err != nil {
		return nil, fmt.Errorf("decode places table: %w", err)
	}
	if len(t.NameBucket) != 1<<16 || len(t.NameLow) != len(t.NameCity) {
		return nil, fmt.Errorf("decode places table: %d buckets, %d hashes and %d cities of names do not fit together",
			len(t.NameBucket), len(t.NameLow), len(t.NameCity))
	}
	t.index()
	return t, nil
}

// index turns the counts of NameBucket into ends, and NameCity into cities.
func (t *Table) index() {
	end := uint32(0)
	for i, n := range t.NameBucket {
		end += n
		t.NameBucket[i] = end
	}
	next := uint32(0)
	for i, c := range t.NameCity {
		if c == 0 {
			t.NameCity[i] = next
			next++
		} else {
			t.NameCity[i] = (c - 1) | aliasBit
		}
	}
}

// Names returns the range of the Name columns that bear the hash.
func (t *Table) Names(hash uint64) (from, to int) {
	bucket, low := hash>>32, uint32(hash&0xffffffff)
	start := 0
	if bucket > 0 {
		start = int(t.NameBucket[bucket-1])
	}
	lows := t.NameLow[start:t.NameBucket[bucket]]
	from, found := slices.BinarySearch(lows, low)
	if !found {
		return 0, 0
	}
	to = from
	for to < len(lows) && lows[to] == low {
		to++
	}
	return start + from, start + to
}

// City returns the city that a name stands for, and whether it is the city's
// own name rather than an alias.
func (t *Table) City(name int) (city int, own bool) {
	c := t.NameCity[name]
	return int(c &^ aliasBit), c&aliasBit == 0
}
