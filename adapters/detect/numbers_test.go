package detect

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// courierNames are the names of the couriers that the shared numbers give by code.
var courierNames = map[string]string{
	"amazon": "Amazon", "canada_post": "Canada Post", "canpar": "Canpar", "dhl": "DHL", "dpd": "DPD", "fedex": "FedEx",
	"gofo": "GOFO Express", "landmark": "Landmark Global LTN", "lasership": "LaserShip", "old_dominion": "Old Dominion Freight Line",
	"ontrac": "OnTrac", "purolator": "Purolator", "s10": "S10 International Standard", "speedee": "Spee-Dee Delivery", "ups": "UPS",
	"usps": "United States Postal Service", "yodel": "Yodel", "yunexpress": "YunExpress",
}

func TestEverySharedNumberIsJudgedRight(t *testing.T) {
	dir := os.Getenv("WAYBILL_TEST_SHARED")
	if dir == "" {
		t.Skip("WAYBILL_TEST_SHARED names no folder with tracking_numbers/numbers.json")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "tracking_numbers", "numbers.json"))
	if err != nil {
		t.Fatal(err)
	}
	var numbers []struct {
		Courier, Format, Number string
		Valid                   bool
	}
	if err := json.Unmarshal(raw, &numbers); err != nil {
		t.Fatal(err)
	}
	first := 0
	for _, n := range numbers {
		courier := courierNames[n.Courier]
		if courier == "" {
			t.Fatalf("courier %q has no name", n.Courier)
		}
		found := Candidates(n.Number)
		rank := -1
		for i, c := range found {
			if c.Courier == courier && c.Format == n.Format {
				rank = i
			}
		}
		if (rank >= 0) != n.Valid {
			t.Errorf("%s %s %q: valid %t, found as %d of %+v", n.Courier, n.Format, n.Number, n.Valid, rank, found)
		}
		if rank == 0 {
			first++
		}
	}
	t.Logf("%d numbers, %d valid ones with their format first", len(numbers), first)
}
