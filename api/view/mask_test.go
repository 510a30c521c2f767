package view_test

import (
	"testing"

	"waybill/api/view"
	"waybill/tracker"
)

func TestWhatAMaskLeaves(t *testing.T) {
	address := tracker.Address{Lines: []string{"Hauptstraße 1"}, City: "Berlin", PostalCode: "10115", Country: "DE"}
	cases := map[string]struct{ in, want tracker.Recipient }{
		"a whole person": {
			tracker.Recipient{Name: "Ada Lovelace", Email: "ada@example.com", Phone: "+4915112345678", Address: address},
			tracker.Recipient{Name: "A••• L•••", Email: "a•••@example.com", Phone: "•••678", Address: tracker.Address{City: "Berlin", Country: "DE"}},
		},
		"one name in other letters":    {tracker.Recipient{Name: "Ångström"}, tracker.Recipient{Name: "Å•••"}},
		"a phone number of two digits": {tracker.Recipient{Phone: "12"}, tracker.Recipient{}},
		"nobody":                       {tracker.Recipient{}, tracker.Recipient{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := view.Masked(c.in); got.Name != c.want.Name || got.Email != c.want.Email || got.Phone != c.want.Phone ||
				got.Address.City != c.want.Address.City || got.Address.PostalCode != "" || len(got.Address.Lines) != 0 {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}
