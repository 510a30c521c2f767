package eta

import (
	"math"
	"strings"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

// journey is the way of a parcel as far as it tells how long it takes.
type journey struct {
	carrier, service    string
	level               tracker.ServiceLevel
	shipper             string
	origin, destination tracker.Location
	area                string
	weight              float64
	items               int
	ordered, promised   time.Time
	// started is when somebody first had it in hand; zero where nobody has.
	started time.Time
	// stage is how far it is by the last scan that tells, place where that was, and since when; "" before any.
	stage stage
	place tracker.Location
	since time.Time
	// with is the carrier that made that scan.
	with string
	// scans are the moments at which somebody had it in hand, in order, with the stage from each on.
	scans []scan
}

type scan struct {
	at      time.Time
	carrier string
	stage   stage
}

// stage is a point of the way from which it takes about the same time to the door.
type stage string

// The stages.
const (
	stageStart    stage = "start"
	stageDeparted stage = "departed"
	stageFacility stage = "facility"
	stageBorder   stage = "border"
	stageCountry  stage = "country"
	stageDepot    stage = "depot"
	stageVehicle  stage = "vehicle"
)

// stages tells the stage that a scan begins. What is not here leaves a parcel where it was.
var stages = map[tracker.Substatus]stage{
	"picked_up": stageStart, "accepted": stageStart,
	"departed_facility": stageDeparted, "handed_to_partner": stageDeparted,
	"arrived_at_facility": stageFacility, "processed_at_facility": stageFacility, "received_from_partner": stageFacility,
	"departed_origin_country": stageBorder, "customs_started": stageBorder, "held_at_customs": stageBorder,
	"arrived_in_destination_country": stageCountry, "customs_cleared": stageCountry,
	"arrived_at_delivery_facility": stageDepot, "delivery_scheduled": stageDepot,
	"out_for_delivery": stageVehicle, "loaded_on_vehicle": stageVehicle, "arriving_soon": stageVehicle,
}

// journeyOf reads the journey from what the seller told, else from the carriers' facts, else from the scans.
func journeyOf(t *tracker.Tracking) *journey {
	s := t.Shipment
	j := &journey{
		service: t.View.CarrierService, level: s.Service, shipper: s.Tenant, origin: s.Origin, destination: s.Destination,
		area: s.Area, ordered: s.CreatedAt, promised: s.Promise.To,
	}
	if t.Order != nil && len(t.Order.Steps) > 0 {
		j.ordered = earliest(j.ordered, t.Order.Steps[0].At.Instant())
	}
	if j.service == "" {
		j.service = string(j.level)
	}
	for _, item := range s.Items {
		j.items += item.Quantity
	}
	for i := range t.Carriages {
		j.carriage(&t.Carriages[i])
	}
	return j
}

// carriage adds what one carriage tells.
func (j *journey) carriage(c *tracker.Carriage) {
	facts := &c.Generation.Facts
	if j.started.IsZero() && (c.Started || j.carrier == "" || j.carrier == tracker.FleetCarrier) {
		j.carrier = c.Carrier // the first that has it; until then the last one that is named
	}
	j.origin, j.destination = known(j.origin, facts.Origin), known(j.destination, facts.Destination)
	if facts.WeightGrams > 0 {
		j.weight = float64(facts.WeightGrams)
	}
	void := map[string]bool{}
	for i := range c.Generation.Events {
		void[c.Generation.Events[i].Voids] = true
	}
	delete(void, "")
	for i := range c.Generation.Events {
		e := &c.Generation.Events[i]
		if e.Voids == "" && !void[e.ID()] && (e.Ref == "" || !void[e.Ref]) && e.Milestone().Physical() && e.Time.Known() {
			j.event(e, c.Carrier)
		}
	}
}

func (j *journey) event(e *tracker.Event, carrier string) {
	at := e.Time.Instant()
	if j.started.IsZero() || at.Before(j.started) {
		j.started = at
	}
	j.origin = known(j.origin, e.Location)
	if s := stages[e.Substatus]; s != "" && !at.Before(j.since) {
		j.stage, j.since, j.with, j.place = s, at, carrier, e.Location
	}
	if n := len(j.scans); n == 0 || at.After(j.scans[n-1].at) {
		j.scans = append(j.scans, scan{at: at, carrier: carrier, stage: j.stage})
	}
}

// known is a place, or another where of the first not even the country is known.
func known(place, other tracker.Location) tracker.Location {
	if place.Country == "" {
		return other
	}
	return place
}

// query asks the model of a moment of the journey, told in the zone of the door.
func (j *journey) query(moment transit.Moment, now time.Time, d door) transit.Query {
	q := transit.Query{
		Moment: moment, Carrier: word(j.carrier), Service: word(j.service), Shipper: j.shipper,
		Destination: placeOf(j.destination, j.area), WeightGrams: j.weight, Items: j.items,
	}
	from := j.origin
	switch moment {
	case transit.Purchase:
		q.At = j.ordered
		if j.stage == "" && j.started.IsZero() && j.ordered.After(now) {
			q.At = now
		}
	case transit.Scan:
		q.At, from = j.since, known(j.place, j.origin)
		q.Carrier = word(j.with) + "@" + string(j.stage)
	default:
		q.At = j.started
	}
	q.Origin, q.DistanceKM = placeOf(from, ""), distance(from, j.destination)
	q.At, q.Ordered = q.At.In(d.zone), j.ordered.In(d.zone)
	if q.Ordered.After(q.At) {
		q.Ordered = time.Time{} // registered after it was handed over: that says nothing of handling
	}
	if !j.promised.IsZero() {
		q.Promised = j.promised.In(d.zone)
	}
	return q
}

func placeOf(l tracker.Location, area string) transit.Place {
	if area == "" && len(l.PostalCode) > 2 {
		area = strings.ToUpper(l.PostalCode[:2])
	}
	return transit.Place{Country: l.Country, Region: word(l.State), Area: area}
}

// distance is the great-circle distance in kilometres (haversine), 0 where a point is unknown.
func distance(from, to tracker.Location) float64 {
	if from.Point == nil || to.Point == nil {
		return 0
	}
	a, b := from.Point, to.Point
	rad := func(degrees float32) float64 { return float64(degrees) * math.Pi / 180 }
	dLat, dLon := rad(b.Lat-a.Lat), rad(b.Lon-a.Lon)
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(rad(a.Lat))*math.Cos(rad(b.Lat))*math.Pow(math.Sin(dLon/2), 2)
	return math.Max(1, 2*6371*math.Asin(math.Min(1, math.Sqrt(h))))
}

// word makes what carriers write fit for a key: short, and without separators.
func word(text string) string {
	const most = 40
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune("/>|@", r) || r < ' ' {
			return '_'
		}
		return r
	}, strings.ToLower(strings.TrimSpace(strings.ToValidUTF8(text, "_"))))
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	return text
}
