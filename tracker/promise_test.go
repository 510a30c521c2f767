package tracker

import (
	"testing"
	"time"
)

func TestWhatAServiceLevelPromises(t *testing.T) {
	for name, c := range map[string]struct {
		level      ServiceLevel
		zone, from string
		want       string
	}{
		"the same day":                   {SameDay, "Europe/Berlin", "2026-11-23T10:00:00+01:00", "2026-11-23T20:00:00+01:00"},
		"the same day, ordered at night": {SameDay, "Europe/Berlin", "2026-11-23T22:00:00+01:00", "2026-11-24T20:00:00+01:00"},
		"the next day":                   {Express, "Europe/Berlin", "2026-11-23T22:00:00+01:00", "2026-11-24T20:00:00+01:00"},
		"the next day after a Friday":    {Express, "Europe/Berlin", "2026-11-27T10:00:00+01:00", "2026-11-30T20:00:00+01:00"},
		"the destination's day":          {Express, "Asia/Tokyo", "2026-11-23T20:00:00Z", "2026-11-25T20:00:00+09:00"},
		"across a change of clocks":      {SameDay, "America/New_York", "2026-11-01T00:30:00-04:00", "2026-11-01T20:00:00-05:00"},
		"an unknown zone counts in UTC":  {SameDay, "Moon/Base", "2026-11-23T10:00:00Z", "2026-11-23T20:00:00Z"},
		"standard promises no day":       {Standard, "Europe/Berlin", "2026-11-23T10:00:00+01:00", ""},
		"a level that nobody knows, too": {"teleport", "Europe/Berlin", "2026-11-23T10:00:00+01:00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			from, err := time.Parse(time.RFC3339, c.from)
			if err != nil {
				t.Fatal(err)
			}
			got := PromiseOf(c.level, c.zone, from).To
			if c.want == "" {
				if !got.IsZero() {
					t.Errorf("promised %v", got)
				}
				return
			}
			want, err := time.Parse(time.RFC3339, c.want)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Equal(want) {
				t.Errorf("promised %v, want %v", got, want)
			}
		})
	}
}
