package eta

import (
	"fmt"
	"math"
	"strings"
	"time"

	"waybill/tracker"
)

// lane is the journey of a parcel as far as it tells how long it takes.
type lane struct {
	carrier, service    string
	level               tracker.ServiceLevel
	origin, destination tracker.Location
	// started is when somebody first had it in hand; zero where nobody has.
	started time.Time
}

// laneOf reads the lane from what the seller told, else from the carriers' facts, else from the scans.
func laneOf(t *tracker.Tracking) lane {
	l := lane{service: t.View.CarrierService, level: t.Shipment.Service, origin: t.Shipment.Origin, destination: t.Shipment.Destination}
	if l.service == "" {
		l.service = string(l.level)
	}
	for _, c := range t.Carriages {
		if l.started.IsZero() && (c.Started || l.carrier == "" || l.carrier == tracker.FleetCarrier) {
			l.carrier = c.Carrier // the first that has it; until then the last one that is named
		}
		l.origin = known(l.origin, c.Generation.Facts.Origin)
		l.destination = known(l.destination, c.Generation.Facts.Destination)
		for i := range c.Generation.Events {
			event := &c.Generation.Events[i]
			if event.Milestone().Physical() && event.Time.Known() {
				if at := event.Time.Instant(); l.started.IsZero() || at.Before(l.started) {
					l.started = at
				}
				l.origin = known(l.origin, event.Location)
			}
		}
	}
	return l
}

// known is a place, or another where of the first not even the country is known.
func known(place, other tracker.Location) tracker.Location {
	if place.Country == "" {
		return other
	}
	return place
}

// distance classes lanes of which nothing else is known.
type distance string

// The classes, with the medians of their priors in prior.go.
const (
	near        distance = "near"        // up to 150 km
	domestic    distance = "domestic"    // within a country, or up to 1,000 km
	continental distance = "continental" // up to 3,500 km
	far         distance = "far"
	unknown     distance = "unknown"
)

func (l *lane) distance() distance {
	if l.origin.Point != nil && l.destination.Point != nil {
		switch km := kilometres(l.origin.Point, l.destination.Point); {
		case km <= 150:
			return near
		case km <= 1000:
			return domestic
		case km <= 3500:
			return continental
		}
		return far
	}
	switch {
	case l.origin.Country == "" || l.destination.Country == "":
		return unknown
	case l.origin.Country == l.destination.Country:
		return domestic
	}
	return continental
}

// kilometres is the distance on a sphere (haversine).
func kilometres(a, b *tracker.Point) float64 {
	rad := func(degrees float32) float64 { return float64(degrees) * math.Pi / 180 }
	dLat, dLon := rad(b.Lat-a.Lat), rad(b.Lon-a.Lon)
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(rad(a.Lat))*math.Cos(rad(b.Lat))*math.Pow(math.Sin(dLon/2), 2)
	return 2 * 6371 * math.Asin(math.Min(1, math.Sqrt(h)))
}

// groups are the groups that the lane belongs to, the widest first. Each learns from all that is in it.
func (l *lane) groups() []string {
	class := string(l.distance())
	keys := []string{
		fmt.Sprintf("level/%s/%s", l.level, class),
		fmt.Sprintf("carrier/%s/%s/%s", l.carrier, l.level, class),
	}
	if l.origin.Country == "" || l.destination.Country == "" {
		return keys
	}
	countries := fmt.Sprintf("lane/%s/%s/%s>%s", l.carrier, l.level, word(l.origin.Country), word(l.destination.Country))
	keys = append(keys, countries)
	if l.origin.State != "" && l.destination.State != "" {
		countries = fmt.Sprintf("lane/%s/%s/%s>%s", l.carrier, l.level, region(l.origin), region(l.destination))
		keys = append(keys, countries)
	}
	return append(keys, countries+"/"+word(l.service))
}

func region(place tracker.Location) string { return word(place.Country) + "-" + word(place.State) }

// word makes what carriers write fit for a key: short, and without its separators.
func word(text string) string {
	const most = 40
	text = strings.Map(func(r rune) rune {
		if r == '/' || r == '>' || r < ' ' {
			return '_'
		}
		return r
	}, strings.ToLower(strings.TrimSpace(strings.ToValidUTF8(text, "_"))))
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	return text
}

// String names the lane for a person ("from DE to FR by ups").
func (l *lane) String() string {
	text := "by " + l.carrier
	if l.origin.Country != "" && l.destination.Country != "" {
		text = fmt.Sprintf("from %s to %s by %s", l.origin.Country, l.destination.Country, l.carrier)
	}
	return text
}
