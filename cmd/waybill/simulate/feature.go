package simulate

import (
	"math/rand/v2"
	"time"
)

// Feature is a parcel of our own fleet to be watched: at start it lies in the depot of a city where it is day, and from
// then on something happens to it at every step until it is at the door.
func Feature(seed uint64, index int, start time.Time, step time.Duration) Parcel {
	p := Draw(seed, index, start)
	rng := rand.New(rand.NewPCG(seed, uint64(index))) //nolint:gosec // a simulation repeats, it keeps no secret
	p.Carrier, p.Number, p.Partner, p.Scans = Fleet, "", "", nil
	p.Service, p.Product = "express", products[Fleet]["express"]
	p.From, p.Home = daylightLane(start)
	p.To = newPerson(rng, p.Home)
	j := journey{rng: rng, parcel: &p, at: start.Add(-20 * time.Hour), place: p.From}
	j.expected = j.evening(start)
	p.Promise = j.expected
	for _, past := range []struct {
		kind Kind
		ago  time.Duration
	}{{Label, 20 * time.Hour}, {PickedUp, 15 * time.Hour}, {Departed, 11 * time.Hour}, {Local, 2 * time.Hour}} {
		j.at = start.Add(-past.ago)
		if past.kind == Local {
			j.place = p.Home
		}
		j.scan(past.kind)
	}
	j.at = start
	for _, kind := range []Kind{Sorted, Loaded, OnVehicle} {
		j.at = j.at.Add(step)
		j.scan(kind)
	}
	j.at = j.at.Add(step)
	j.byVan(seed, step)
	j.scan(Delivered)
	return p
}

// daylightLane is a lane of the fleet at whose end people are up.
func daylightLane(now time.Time) (from, home Place) {
	best, most := [2]Place{}, -1
	for _, warehouse := range warehouses {
		for _, customer := range customers {
			hour := customer.local(now).Hour()
			if warehouse.kilometres(customer) > nightsDrive || hour < 8 || hour > 19 {
				continue
			}
			if daylight := 12 - max(hour-13, 13-hour); daylight > most {
				best, most = [2]Place{warehouse, customer}, daylight
			}
		}
	}
	if most < 0 { // between Sydney's evening and Berlin's morning nobody is up
		return warehouses[2], customers[10]
	}
	return best[0], best[1]
}
