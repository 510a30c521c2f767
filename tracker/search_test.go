package tracker

import (
	"bytes"
	"regexp"
	"slices"
	"testing"
	"time"

	"waybill/tracker/seal"
)

func testKeys(t *testing.T) *seal.Keys {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestWhatFindsAShipment(t *testing.T) {
	keys := testKeys(t)
	s := &Shipment{
		ID: "WB2345679ABCDEFGH", Tenant: "acme", Order: "2026/1001-B", Reference: "Müller-7", Items: []Item{{SKU: "MUG-blue", Quantity: 1}},
		Legs: []ShipmentLeg{{LegKey: LegKey{"fleet", "WB2345679ABCDEFGH"}}, {LegKey: LegKey{"ups", "1Z999AA10123456784"}}},
	}
	recipient := Recipient{
		Name: "Renée Müller-Lüdenscheidt", Email: "Renee@Example.com", Phone: "+49 151 12345678",
		Address: Address{PostalCode: "SW1A 1AA"},
	}
	if _, err := SealRecipient(keys, s, recipient, time.Now()); err != nil {
		t.Fatal(err)
	}
	terms := s.searchTerms()
	form := regexp.MustCompile(`^[0-9a-z_]{1,64}$`)
	for _, term := range terms {
		if !form.MatchString(term) {
			t.Errorf("term %q is not of the form that stores take", term)
		}
	}
	finds := func(query string) bool {
		for _, way := range SearchTerms(keys, query) {
			has := func(term string) bool { _, ok := slices.BinarySearch(terms, term); return ok }
			if !slices.ContainsFunc(way, func(term string) bool { return !has(term) }) && s.answers(query, way) {
				return true
			}
		}
		return false
	}
	for _, query := range []string{
		"1Z999AA10123456784", "1z 999 aa1", "6784", "1001", "2026/1001-B", "müller-7", "mug-BLUE",
		"renee@example.com", "RENEE@example.com", "@example.com", "renee", "+49 151 12345678", "0151/12345678", "345678", "5678",
		"Müller", "lüd", "Renée Müller", "renée lüden", "SW1A1AA", "sw1a 1aa",
	} {
		if !finds(query) {
			t.Errorf("%q does not find it", query)
		}
	}
	for _, query := range []string{
		"", "  ", "1Z998", "4567 8999", "x", "enee", "üdenscheid", "ample.com", "renee@example.org", "0000", "Meier", "Renée Meier", "SW1A", "84AA1",
	} {
		if finds(query) {
			t.Errorf("%q finds it", query)
		}
	}
}

func TestPersonalDataStandsNowhereOpen(t *testing.T) {
	keys := testKeys(t)
	s := &Shipment{ID: NewTrackingID(), Tenant: "acme", CreatedAt: time.Now(), UpdatedAt: time.Now()}
	recipient := Recipient{Name: "Renée Zellwegert", Email: "renee@example.com", Phone: "+4915112345678", Address: Address{Lines: []string{"Holzweg 12"}, PostalCode: "50667"}}
	if _, err := SealRecipient(keys, s, recipient, time.Now()); err != nil {
		t.Fatal(err)
	}
	plain, err := docEncoding.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Zellwegert", "zellwegert", "renee", "example.com", "15112345678", "Holzweg", "50667"} {
		if bytes.Contains(plain, []byte(secret)) {
			t.Errorf("%q can be read in the stored record", secret)
		}
	}
	if !s.ProvesPostalCode(keys, "50 667") || s.ProvesPostalCode(keys, "50668") || s.ProvesPostalCode(keys, "") {
		t.Error("the postal code must prove itself, and nothing else")
	}
}

// A blind term may begin with any letter of its alphabet: none of them may be taken for a part of a number.
func TestEveryNameFindsItsShipment(t *testing.T) {
	keys := testKeys(t)
	for i := range 200 {
		name := "Person" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		s := &Shipment{ID: NewTrackingID()}
		if _, err := SealRecipient(keys, s, Recipient{Name: name}, time.Now()); err != nil {
			t.Fatal(err)
		}
		terms := s.searchTerms()
		if !slices.ContainsFunc(SearchTerms(keys, name), func(way []string) bool {
			return !slices.ContainsFunc(way, func(term string) bool { return !slices.Contains(terms, term) }) && s.answers(name, way)
		}) {
			t.Errorf("%s is not found", name)
		}
	}
}
