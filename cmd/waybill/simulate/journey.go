package simulate

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// share is how many of a hundred parcels each carrier has.
var share = []struct {
	carrier string
	percent int
}{{UPS, 28}, {FedEx, 20}, {USPS, 20}, {DHL, 17}, {Fleet, 15}}

// Draw makes the journey of a seed's parcel of that index, ordered at that moment. The same arguments make the same
// parcel.
func Draw(seed uint64, index int, ordered time.Time) Parcel {
	rng := rand.New(rand.NewPCG(seed, uint64(index))) //nolint:gosec // a simulation repeats, it keeps no secret
	p := Parcel{Index: index, Carrier: drawCarrier(rng), Order: fmt.Sprintf("W-%d", 10001+index)}
	p.From, p.Home = drawLane(rng, p.Carrier)
	p.Number = newNumber(rng, p.Carrier)
	p.To, p.Items = newPerson(rng, p.Home), newItems(rng)
	p.Service, p.Product = drawService(rng, p.Carrier)
	j := journey{rng: rng, parcel: &p, at: ordered, place: p.From}
	j.toTheDoor()
	j.ending()
	j.disturb()
	return p
}

// Population is n parcels that were ordered in the days before start, so that at start some wait for the carrier,
// most travel, and some have arrived.
func Population(seed uint64, n int, start time.Time) []Parcel {
	const days = 6
	rng := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // as above
	parcels := make([]Parcel, n)
	for i := range parcels {
		ago := time.Duration(rng.Int64N(int64(days * 24 * time.Hour)))
		parcels[i] = Draw(seed, i+1, start.Add(-ago).Truncate(time.Second))
	}
	return parcels
}

func drawCarrier(rng *rand.Rand) string {
	roll := rng.IntN(100)
	for _, s := range share {
		if roll -= s.percent; roll < 0 {
			return s.carrier
		}
	}
	return UPS
}

// nightsDrive is how far the fleet goes, in kilometres.
const nightsDrive = 700

// drawLane picks where a parcel comes from and goes to: each carrier goes where it really delivers, the fleet within
// a night's drive of a warehouse.
func drawLane(rng *rand.Rand, carrier string) (from, home Place) {
	for {
		from, home = warehouses[rng.IntN(len(warehouses))], customers[rng.IntN(len(customers))]
		bothUS := from.Country == "US" && home.Country == "US"
		switch {
		case carrier == Fleet && from.kilometres(home) < nightsDrive,
			carrier == USPS && bothUS,
			(carrier == UPS || carrier == FedEx) && from.Country != "AU",
			carrier == DHL && !bothUS:
			return from, home
		}
	}
}

var products = map[string]map[string]string{
	UPS:   {"economy": "UPS Ground Saver", "standard": "UPS Ground", "express": "UPS Express Saver"},
	FedEx: {"economy": "FedEx Economy", "standard": "FedEx Ground", "express": "FedEx International Priority"},
	USPS:  {"economy": "Media Mail", "standard": "USPS Ground Advantage", "express": "Priority Mail Express"},
	DHL:   {"economy": "DHL PARCEL CONNECT", "standard": "DHL PARCEL", "express": "EXPRESS WORLDWIDE"},
	Fleet: {"standard": "Van", "express": "Van, same evening"},
}

func drawService(rng *rand.Rand, carrier string) (service, product string) {
	services := []string{"standard", "standard", "standard", "express", "economy"}
	if carrier == Fleet {
		services = services[:4]
	}
	service = services[rng.IntN(len(services))]
	return service, products[carrier][service]
}

// journey writes a parcel's scans one after another.
type journey struct {
	rng      *rand.Rand
	parcel   *Parcel
	at       time.Time
	place    Place
	expected time.Time
	partner  bool
}

// scan notes that something happens here and now.
func (j *journey) scan(kind Kind) *Scan {
	j.parcel.Scans = append(j.parcel.Scans, Scan{
		At: j.at.UTC().Truncate(time.Second), Kind: kind, Place: j.place, ByPartner: j.partner, Expected: j.expected,
	})
	return &j.parcel.Scans[len(j.parcel.Scans)-1]
}

// pass lets time go by, up to half as much again.
func (j *journey) pass(d time.Duration) {
	j.at = j.at.Add(d + time.Duration(j.rng.Int64N(int64(d)/2+1)))
}

// toNext lets time go by until the clock of the place shows an hour on a working day, and some minutes.
func (j *journey) toNext(hour int) {
	zone := j.place.location()
	local := j.at.In(zone)
	next := time.Date(local.Year(), local.Month(), local.Day(), hour, j.rng.IntN(50), j.rng.IntN(60), 0, zone)
	for next.Before(j.at) || !j.works(next) {
		next = time.Date(next.Year(), next.Month(), next.Day()+1, hour, next.Minute(), next.Second(), 0, zone)
	}
	j.at = next
}

// works: the post and the fleet work on Saturdays, nobody on Sundays.
func (j *journey) works(day time.Time) bool {
	switch day.Weekday() {
	case time.Sunday:
		return false
	case time.Saturday:
		return j.parcel.Carrier == USPS || j.parcel.Carrier == Fleet || j.partner
	default:
		return true
	}
}

// travel moves to another place as fast as the service goes: by road, and by air across borders and for express.
func (j *journey) travel(to Place) {
	km := j.place.kilometres(to)
	hours := km / 65
	if j.parcel.Service == "express" || j.place.Country != to.Country && km > 900 {
		hours = 4 + km/700
	}
	j.pass(time.Duration(hours * float64(time.Hour)))
	j.place = to
}

// evening is by when the parcel comes on the day of a moment.
func (j *journey) evening(of time.Time) time.Time { return evening(of, j.parcel.Home) }

// evening is eight o'clock on the day of a moment, by the clock of a place.
func evening(of time.Time, at Place) time.Time {
	local := at.local(of)
	return time.Date(local.Year(), local.Month(), local.Day(), 20, 0, 0, 0, local.Location())
}
