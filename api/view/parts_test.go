package view

import "testing"

func TestTownNames(t *testing.T) {
	for city, want := range map[string]string{
		"ELK GROVE VILLAGE": "Elk Grove Village", "SAINT-ÉTIENNE": "Saint-Étienne", "Köln": "Köln", "BER": "BER",
		"MÜNCHEN": "München", "DEPOT 17": "DEPOT 17", "大阪": "大阪", "": "",
	} {
		if got := townName(city); got != want {
			t.Errorf("%q is shown as %q, want %q", city, got, want)
		}
	}
}
