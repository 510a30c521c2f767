package view

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
)

func TestHidePostalCode(t *testing.T) {
	keys, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ code, text, want string }{
		"at the end":        {"10001", "Delivered, NEW YORK, NY 10001", "Delivered, NEW YORK, NY"},
		"with punctuation":  {"10001", "Left at 10001.", "Left at"},
		"longer in text":    {"10001", "NEW YORK NY 10001-1234", "NEW YORK NY"},
		"two words":         {"SW1A 1AA", "London SW1A 1AA, door", "London door"},
		"two words as one":  {"110 25", "Stockholm 11025", "Stockholm"},
		"with the country":  {"10115", "DE-10115 Berlin", "Berlin"},
		"in small letters":  {"K1A 0B1", "ottawa k1a 0b1", "ottawa"},
		"other numbers":     {"10115", "Depot 7, dock 10116", "Depot 7, dock 10116"},
		"nothing to hide":   {"", "NY 10001", "NY 10001"},
		"several times":     {"10115", "10115 Berlin 10115", "Berlin"},
		"no digits at all":  {"10115", "Berlin", "Berlin"},
		"whole text is one": {"10115", "10115", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &tracker.Shipment{ID: "WB1"}
			if c.code != "" {
				if _, err := tracker.SealRecipient(keys, s, tracker.Recipient{Address: tracker.Address{PostalCode: c.code}}, time.Unix(0, 0)); err != nil {
					t.Fatal(err)
				}
			}
			got := HidePostalCode(s, keys)(c.text)
			if strings.TrimSpace(got) != c.want {
				t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
			}
		})
	}
}
