package holidays

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestKnownDays(t *testing.T) {
	tests := []struct {
		name, country, region string
		day                   string
		want                  bool
	}{
		{"Good Friday in Brazil, two days before Easter", "BR", "", "2018-03-30", true},
		{"Good Friday moves with Easter", "BR", "", "2019-04-19", true},
		{"the day of last year's Good Friday is none", "BR", "", "2019-03-30", false},
		{"Corpus Christi in Brazil, by custom", "BR", "", "2018-05-31", true},
		{"Carnival Monday, by custom", "BR", "", "2018-02-12", true},
		{"Ash Wednesday is worked", "BR", "", "2018-02-14", false},
		{"Tiradentes", "BR", "", "2018-04-21", true},
		{"Revolution of 1932, in São Paulo", "BR", "SP", "2018-07-09", true},
		{"Revolution of 1932 is São Paulo's alone", "BR", "RJ", "2018-07-09", false},
		{"São Paulo keeps the country's days too", "BR", "SP", "2018-11-15", true},
		{"Thanksgiving is the fourth Thursday of November", "US", "", "2018-11-22", true},
		{"Thanksgiving where November has five Thursdays", "US", "CA", "2023-11-23", true},
		{"the fifth Thursday is none", "US", "", "2023-11-30", false},
		{"Independence Day on a Sunday is kept on Monday", "US", "", "2021-07-05", true},
		{"Corpus Christi in Bavaria", "DE", "BY", "2024-05-30", true},
		{"Corpus Christi is none in Berlin", "DE", "BE", "2024-05-30", false},
		{"German Unity", "DE", "", "2030-10-03", true},
		{"Easter Monday in France", "FR", "", "2025-04-21", true},
		{"Easter Monday is none in Scotland", "GB", "SCT", "2025-04-21", false},
		{"Canada Day", "CA", "ON", "2026-07-01", true},
		{"Diwali in India moves with the moon", "IN", "", "2024-10-31", true},
		{"equinox in Japan", "JP", "", "2024-03-20", true},
		{"unknown region: the country's days", "DE", "XX", "2018-12-25", true},
		{"unknown country", "ZZ", "", "2018-12-25", false},
		{"before the table", "DE", "", "2014-12-25", false},
		{"behind the table", "DE", "", "2033-12-25", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			day, err := time.Parse(time.DateOnly, test.day)
			if err != nil {
				t.Fatal(err)
			}
			if got := For(test.country, test.region).Holiday(DayOf(day)); got != test.want {
				t.Errorf("holiday: %v, want %v", got, test.want)
			}
		})
	}
}

func TestEveryMarketplaceCountryHasDaysInEveryYear(t *testing.T) {
	countries := "AT AU BE BR CA CH CZ DE DK ES FI FR GB IE IN IT JP LU MX NL NO NZ PL PT SE US"
	for country := range strings.FieldsSeq(countries) {
		calendar := For(country, "")
		for year := FirstYear; year <= LastYear; year++ {
			kept := 0
			for day := dayOf(year, time.January, 1); day <= dayOf(year, time.December, 31); day++ {
				if calendar.Holiday(day) {
					kept++
				}
			}
			if kept < 3 || kept > 30 {
				t.Errorf("%s %d has %d holidays", country, year, kept)
			}
			if !calendar.Holiday(dayOf(year, time.December, 25)) && country != "JP" && country != "ES" { // Spain drops it on Sundays
				t.Errorf("%s %d: Christmas is missing", country, year)
			}
		}
	}
}

func TestWeekday(t *testing.T) {
	for day := time.Date(2016, 2, 27, 23, 59, 0, 0, time.UTC); day.Year() < 2018; day = day.AddDate(0, 0, 1) {
		if got := DayOf(day).Weekday(); got != day.Weekday() {
			t.Fatalf("%s: %s", day, got)
		}
	}
}

func TestDayIsThatOfTheLocation(t *testing.T) {
	tokyo := time.FixedZone("", 9*3600)
	evening := time.Date(2024, 12, 31, 20, 0, 0, 0, time.UTC)
	if !For("JP", "").Holiday(DayOf(evening.In(tokyo))) {
		t.Error("New Year has begun in Tokyo")
	}
}

func TestDayIsTheOneOnTheWall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", rapid.IntRange(-14*3600, 14*3600).Draw(t, "offset"))
		at := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(t, "at"), 0).In(zone)
		year, month, day := at.Date()
		if got, want := DayOf(at), dayOf(year, month, day); got != want {
			t.Fatalf("%s is day %d, not %d", at, got, want)
		}
	})
}

func TestDamagedTables(t *testing.T) {
	for name, fields := range map[string]string{
		"no days":         "BR 2018",
		"year outside":    "BR 1999 0101",
		"no year":         "BR New 0101",
		"day not a digit": "BR 2018 01x1",
		"day not of year": "BR 2018 1301",
	} {
		t.Run(name, func(t *testing.T) {
			if err := readLine(map[string]*Calendar{}, strings.Fields(fields)); err == nil {
				t.Errorf("%q was read", fields)
			}
		})
	}
	if _, err := read([]byte("not packed")); err == nil {
		t.Error("bytes that are not gzip were read")
	}
}
