// Package holidays tells the public holidays of countries and of their
// subdivisions, 2015 to 2032, and days that a country takes off by custom alone,
// such as Carnival in Brazil.
//
// The table it carries is generated from the package holidays of PyPI
// (https://github.com/vacanza/holidays, MIT). To bring it up to date, fetch that
// package as internal/gen/holidays.py says and run
// HOLIDAYS_SOURCES=folder go generate.
package holidays

//go:generate python3 internal/gen/holidays.py $HOLIDAYS_SOURCES table.txt.gz

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// FirstYear and LastYear bound the table: outside of it no day is a holiday.
const (
	FirstYear = 2015
	LastYear  = 2032
)

// Day counts civil days since 1970-01-01, without zone.
type Day int32

// DayOf is the civil day of t in t's own location.
func DayOf(t time.Time) Day {
	const day = 24 * 60 * 60
	_, offset := t.Zone()
	seconds := t.Unix() + int64(offset)
	if seconds < 0 {
		seconds -= day - 1 // division cuts towards zero
	}
	return Day(seconds / day) //nolint:gosec // years of our time
}

func dayOf(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400) //nolint:gosec // years of our time
}

// Weekday of the day.
func (d Day) Weekday() time.Weekday { return time.Weekday((int(d)%7 + 11) % 7) }

// Calendar is the public holidays kept in one place. The zero of *Calendar,
// nil, keeps none.
type Calendar struct {
	days []uint64 // one bit a day from first on
}

var (
	first = dayOf(FirstYear, time.January, 1)
	last  = dayOf(LastYear, time.December, 31)
)

// Holiday tells whether the day is a public holiday.
func (c *Calendar) Holiday(d Day) bool {
	if c == nil || d < first || d > last {
		return false
	}
	i := uint(d - first) //nolint:gosec // not before first
	return c.days[i/64]>>(i%64)&1 == 1
}

func (c *Calendar) add(d Day) {
	i := uint(d - first) //nolint:gosec // not before first
	c.days[i/64] |= 1 << (i % 64)
}

// For is the calendar of a place: country is an ISO 3166-1 code of two letters,
// region the part of an ISO 3166-2 code behind the country ("SP", "BY").
// An unknown or empty region means the country's own days, an unknown country
// none.
func For(country, region string) *Calendar {
	all := table()
	if region != "" {
		if c := all[country+"-"+region]; c != nil {
			return c
		}
	}
	return all[country]
}

//go:embed table.txt.gz
var packed []byte

// table unpacks at the first question; a table of ours that does not read is a
// broken build.
var table = sync.OnceValue(func() map[string]*Calendar {
	all, err := read(packed)
	if err != nil {
		panic(fmt.Sprintf("reading the embedded table of holidays: %v", err))
	}
	return all
})

func read(packed []byte) (map[string]*Calendar, error) {
	text, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	all := map[string]*Calendar{}
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		if err := readLine(all, strings.Fields(lines.Text())); err != nil {
			return nil, fmt.Errorf("line %q: %w", lines.Text(), err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	for code, calendar := range all {
		if country, _, part := strings.Cut(code, "-"); part {
			calendar.include(all[country])
		}
	}
	return all, nil
}

// readLine takes "BR-SP 2018 0709": a calendar's code, a year, its days.
func readLine(all map[string]*Calendar, fields []string) error {
	if len(fields) < 3 {
		return fmt.Errorf("has %d fields, not a code, a year and days", len(fields))
	}
	calendar := all[fields[0]]
	if calendar == nil {
		calendar = &Calendar{days: make([]uint64, (last-first)/64+1)}
		all[fields[0]] = calendar
	}
	year, err := strconv.Atoi(fields[1])
	if err != nil || year < FirstYear || year > LastYear {
		return fmt.Errorf("year %s is not between %d and %d", fields[1], FirstYear, LastYear)
	}
	for _, field := range fields[2:] {
		n, err := strconv.Atoi(field)
		if err != nil || n < 101 || n > 1231 {
			return fmt.Errorf("day %q is not MMDD", field)
		}
		calendar.add(dayOf(year, time.Month(n/100), n%100))
	}
	return nil
}

// include adds the days of the whole country to a part's.
func (c *Calendar) include(country *Calendar) {
	if country == nil {
		return
	}
	for i, bits := range country.days {
		c.days[i] |= bits
	}
}
