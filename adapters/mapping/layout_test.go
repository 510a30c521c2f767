package mapping

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLayoutsReadTimes(t *testing.T) {
	for _, test := range []struct{ layout, text, want string }{
		{"yyyyMMdd HHmmss", "20240423 091519", "2024-04-23T09:15:19"},
		{"yyyyMMdd", "20240423", "2024-04-23T00:00:00"},
		{"MMMM d, yyyy h:mm a", "February 13, 2014 12:24 pm", "2014-02-13T12:24:00"},
		{"MMMM d, yyyy h:mm a", "feb. 3, 2014 12:04 A.M.", "2014-02-03T00:04:00"},
		{"dd.MM.yyyy HH:mm", "18.03.2016 10:02", "2016-03-18T10:02:00"},
		{"EEE, d MMM yyyy HH:mm:ss XXX", "Tue, 3 Mar 2026 14:05:00 +0100", "2026-03-03T14:05:00+60"},
		{"dd/MM/yy", "05/06/26", "2026-06-05T00:00:00"},
		{"yyyy-MM-dd'T'HH:mm:ss.SSS", "2026-01-02T03:04:05.678", "2026-01-02T03:04:05"},
		{"iso", "2026-11-23", "2026-11-23T00:00:00"},
		{"iso", "20261123", "2026-11-23T00:00:00"},
		{"iso", "2026-11-23T14:05", "2026-11-23T14:05:00"},
		{"iso", "2026-11-23T14:05:06.789Z", "2026-11-23T14:05:06+0"},
		{"iso", "2026-11-23 14:05:06 GMT-04:00", "2026-11-23T14:05:06-240"},
		{"iso", "20261123T140506+0530", "2026-11-23T14:05:06+330"},
		{"iso", "2016-12-31T23:59:60Z", "2016-12-31T23:59:59+0"},
		{"epoch", "1700000000", "2023-11-14T22:13:20+0"},
		{"epoch_ms", "1700000000123", "2023-11-14T22:13:20+0"},
		{"epoch_ms", "/Date(1700000000123+0300)/", "2023-11-15T01:13:20+180"},
		{"epoch_ms", "/Date(1700000000123)/", "2023-11-14T22:13:20+0"},
		{"epoch_ms", "/Date(1700000000123+99)/", ""},
		{"iso", "2024-02-29", "2024-02-29T00:00:00"},
		{"iso", "2023-02-29", ""},
		{"iso", "2026-02-30T10:00:00", ""},
		{"iso", "2026-13-01", ""},
		{"iso", "9999-12-31", ""},
		{"iso", "0001-01-01T00:00:00", ""},
		{"iso", "2026-11-23T25:00", ""},
		{"iso", "2026-11-23T14:05+99:00", ""},
		{"iso", "string", ""},
		{"iso", "", ""},
		{"h:mm a d.M.yyyy", "13:00 pm 1.1.2026", ""},
		{"yyyyMMdd", "2024042", ""},
		{"yyyyMMdd", "20240423x", ""},
		{"epoch", "-5", ""},
		{"epoch", "NaN", ""},
	} {
		t.Run(test.layout+" "+test.text, func(t *testing.T) {
			layout, err := ParseLayout(test.layout)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if c, ok := layout.parse(test.text); ok {
				got = show(&c)
			}
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func show(c *civil) string {
	text := time.Unix(c.unix(), 0).UTC().Format("2006-01-02T15:04:05")
	if c.hasOffset {
		sign := "+"
		if c.offset < 0 {
			sign = ""
		}
		text += sign + itoa(c.offset)
	}
	return text
}

func TestWrongLayoutsAreRefused(t *testing.T) {
	for _, test := range []struct{ layout, want string }{
		{"HH:mm", "year"},
		{"yyyy-MM-dd'T", "quote"},
		{"yyyy-MM-dd Q", "no meaning"},
	} {
		if _, err := ParseLayout(test.layout); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.layout, err, test.want)
		}
	}
}

func TestCivilTimesCountAsTheStandardLibraryDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := time.Unix(rapid.Int64Range(
			time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC).Unix(),
			time.Date(lastYear, 12, 31, 0, 0, 0, 0, time.UTC).Unix()).Draw(t, "second"), 0).UTC()
		for form, text := range map[string]string{
			"iso":                  want.Format(time.RFC3339),
			"yyyyMMdd HHmmss":      want.Format("20060102 150405"),
			"MMM d, yyyy h:mm:ssa": want.Format("Jan 2, 2006 3:04:05PM"),
		} {
			layout, err := ParseLayout(form)
			if err != nil {
				t.Fatal(err)
			}
			c, ok := layout.parse(text)
			if !ok || c.unix() != want.Unix() {
				t.Fatalf("%s: %q read as %d, want %d", form, text, c.unix(), want.Unix())
			}
		}
	})
}
