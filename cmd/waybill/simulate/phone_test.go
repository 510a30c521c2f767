package simulate

import (
	"math/rand/v2"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

func TestInventedPhonesAreTakenForPhones(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, country := range []string{"US", "DE", "AU"} {
		for range 100 {
			phone := fictionalPhone(rng, country)
			number, err := phonenumbers.Parse(phone, "")
			if err != nil || !phonenumbers.IsValidNumber(number) {
				t.Errorf("%s: %s is no valid number: %v", country, phone, err)
			}
		}
	}
}
