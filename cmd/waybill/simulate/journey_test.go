package simulate

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var monday = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

func TestTheSameSeedDrawsTheSameParcels(t *testing.T) {
	if a, b := Population(7, 50, monday), Population(7, 50, monday); !reflect.DeepEqual(a, b) {
		t.Fatal("two populations of one seed differ")
	}
	if a, b := Population(7, 50, monday), Population(8, 50, monday); reflect.DeepEqual(a, b) {
		t.Fatal("populations of two seeds are the same")
	}
}

func TestJourneysAreInOrderAndEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Draw(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 1e6).Draw(t, "index"), monday)
		if !slices.IsSortedFunc(p.Scans, func(a, b Scan) int { return a.At.Compare(b.At) }) {
			t.Fatalf("scans of parcel %+v are out of order", p)
		}
		if last := p.Scans[len(p.Scans)-1]; !last.Kind.ends() {
			t.Fatalf("the journey ends with %s", last.Kind)
		}
		if p.Scans[0].Kind != Label || p.Scans[0].At.Before(monday.Add(-time.Hour)) {
			t.Fatalf("the journey begins with %s at %s", p.Scans[0].Kind, p.Scans[0].At)
		}
		if p.Scans[len(p.Scans)-1].At.Sub(monday) > 40*24*time.Hour {
			t.Fatalf("the journey takes until %s", p.Scans[len(p.Scans)-1].At)
		}
	})
}

func TestNobodyDeliversAtNightOrOnSunday(t *testing.T) {
	for _, p := range Population(3, 500, monday) {
		for _, scan := range p.Scans {
			if scan.Kind != Delivered {
				continue
			}
			local := scan.Place.local(scan.At)
			if local.Weekday() == time.Sunday || local.Hour() < 7 || local.Hour() > 21 {
				t.Errorf("%s delivers parcel %d in %s at %s", p.Carrier, p.Index, scan.Place.City, local)
			}
		}
	}
}

func TestAPopulationHasEveryKindOfStory(t *testing.T) {
	met := map[string]map[Kind]bool{}
	for _, p := range Population(1, 1000, monday) {
		if met[p.Carrier] == nil {
			met[p.Carrier] = map[Kind]bool{}
		}
		for _, scan := range p.Scans {
			met[p.Carrier][scan.Kind] = true
			met[p.Carrier]["late"] = met[p.Carrier]["late"] || scan.Delay > 0
			met[p.Carrier]["twice"] = met[p.Carrier]["twice"] || scan.Twice
		}
	}
	common := []Kind{Label, PickedUp, Departed, Local, OnVehicle, NobodyHome, AtCounter, Delivered, Collected, Refused, SentBack, Returned, "late", "twice"}
	also := map[string][]Kind{
		UPS: {Storm, CustomsIn, CustomsHeld, CustomsOut, HandedOver}, FedEx: {Storm, CustomsIn, CustomsHeld, CustomsOut},
		USPS: {Storm}, DHL: {Storm, CustomsIn, CustomsHeld, CustomsOut}, Fleet: {Sorted, Loaded, OnTheRoad, StopsAway},
	}
	for carrier, kinds := range also {
		for _, kind := range append(kinds, common...) {
			if !met[carrier][kind] {
				t.Errorf("among 1000 parcels %s has none with %s", carrier, kind)
			}
		}
	}
}

func TestAFeatureMovesAtAboutEveryStepFromTheStartOn(t *testing.T) {
	for hour := range 24 {
		start, step := monday.Add(time.Duration(hour)*time.Hour), 10*time.Minute
		p := Feature(5, 0, start, step)
		past := slices.IndexFunc(p.Scans, func(s Scan) bool { return s.At.After(start) })
		if past != 4 {
			t.Errorf("at %s the first %d scans lie in the past", start, past)
		}
		for i := past; i < len(p.Scans); i++ {
			// A van may be held up at a stop.
			if gap := p.Scans[i].At.Sub(p.Scans[i-1].At); i > past && gap > 5*step {
				t.Errorf("at %s nothing happens for %s before %s", start, gap, p.Scans[i].Kind)
			}
		}
		if last := p.Scans[len(p.Scans)-1]; last.Kind != Delivered {
			t.Errorf("at %s it ends with %s", start, last.Kind)
		}
	}
}

func TestEveryPlaceHasAZone(t *testing.T) {
	places := slices.Concat(customers, warehouses)
	for _, list := range hubs {
		places = append(places, list...)
	}
	for _, place := range places {
		if place.location() == nil || place.City == "" || place.Country == "" {
			t.Errorf("place %+v is incomplete", place)
		}
	}
}
