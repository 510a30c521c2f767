package simulate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Person is an invented customer. Mail goes to example domains, phones are of the ranges that regulators keep for
// fiction (FCC 555-01xx, Bundesnetzagentur 030 23125xxx, ACMA 0491 570 xxx).
type Person struct {
	Name, Email, Phone, Street, Locale string
}

// Item is a line of an order.
type Item struct {
	SKU, Title string
	Quantity   int
}

var (
	givenNames  = []string{"Ada", "Bruno", "Chiara", "Dario", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jonas", "Kaito", "Lena", "Mara", "Nils", "Olga", "Priya"}
	familyNames = []string{"Ahlberg", "Bianchi", "Castillo", "Dubois", "Engel", "Fontana", "Garcia", "Hoffmann", "Ito", "Jansen", "Kowalski", "Lopes", "Moreau", "Novak", "Okafor", "Petersen"}
	streets     = []string{"Mill Road", "Station Street", "Park Lane", "Church Square", "Harbour Way", "Garden Row"}
	catalogue   = []Item{
		{SKU: "KETTLE-17", Title: "Enamel kettle, 1.7 l"},
		{SKU: "LAMP-OAK", Title: "Desk lamp, oak"},
		{SKU: "SOCK-3P", Title: "Wool socks, three pairs"},
		{SKU: "TENT-2", Title: "Tent for two"},
		{SKU: "MUG-BLUE", Title: "Stoneware mug, blue"},
		{SKU: "BOOK-TEA", Title: "A field guide to tea"},
		{SKU: "PAN-28", Title: "Cast iron pan, 28 cm"},
		{SKU: "BELL-BR", Title: "Bicycle bell, brass"},
	}
	locales = map[string]string{"DE": "de", "FR": "fr", "ES": "es", "JP": "ja"}
)

func newPerson(rng *rand.Rand, at Place) Person {
	given, family := givenNames[rng.IntN(len(givenNames))], familyNames[rng.IntN(len(familyNames))]
	person := Person{
		Name:   given + " " + family,
		Email:  strings.ToLower(given+"."+family) + fmt.Sprintf("%d@example.com", rng.IntN(900)+100),
		Street: fmt.Sprintf("%d %s", rng.IntN(180)+1, streets[rng.IntN(len(streets))]),
		Locale: locales[at.Country],
		Phone:  fictionalPhone(rng, at.Country),
	}
	if person.Locale == "" {
		person.Locale = "en"
	}
	return person
}

// fictionalPhone is empty for countries that keep no numbers for fiction, or none that pass for mobile numbers.
func fictionalPhone(rng *rand.Rand, country string) string {
	switch country {
	case "US":
		return fmt.Sprintf("+1202555%04d", 100+rng.IntN(100))
	case "DE":
		return fmt.Sprintf("+493023125%03d", rng.IntN(1000))
	case "AU":
		return fmt.Sprintf("+61491570%03d", []int{6, 156, 157, 158, 159, 110}[rng.IntN(6)])
	}
	return ""
}

func newItems(rng *rand.Rand) []Item {
	items := make([]Item, 0, 2)
	for _, at := range rng.Perm(len(catalogue))[:1+rng.IntN(2)] {
		item := catalogue[at]
		item.Quantity = 1 + rng.IntN(3)
		items = append(items, item)
	}
	return items
}
