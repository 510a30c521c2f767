package mapping

import (
	"strconv"
	"strings"

	"waybill/adapters/places"
	"waybill/tracker"
)

// site is what the table of places knows of a location.
type site struct {
	zone string
}

// placeMemo remembers look-ups: the events of a parcel happen in few places.
type placeMemo []knownPlace

type knownPlace struct {
	query places.Query
	place places.Place
	found bool
}

// maxKnownPlaces is how many are remembered; a parcel seldom sees ten.
const maxKnownPlaces = 16

func (m *placeMemo) find(q places.Query) (places.Place, bool) {
	for i := range *m {
		if (*m)[i].query == q {
			return (*m)[i].place, (*m)[i].found
		}
	}
	place, found := places.Find(q)
	if len(*m) < maxKnownPlaces {
		*m = append(*m, knownPlace{q, place, found})
	}
	return place, found
}

// placeNames are the names of a place's fields, in traces and faults.
type placeNames struct {
	all, text, city, state, postalCode, country, facility, lat, lon string
}

func placeNamesOf(field string) *placeNames {
	return &placeNames{
		field, field + ".text", field + ".city", field + ".state", field + ".postal_code", field + ".country",
		field + ".facility", field + ".lat", field + ".lon",
	}
}

var eventPlace, originPlace, destinationPlace = placeNamesOf("event.location"), placeNamesOf("origin"), placeNamesOf("destination")

// location reads a place and looks up its zone and map point.
func (r *reader) location(names *placeNames, rule *locationRule, n int32) (tracker.Location, site) {
	l := tracker.Location{
		Text:       r.one(names.text, rule.Text, n),
		City:       r.one(names.city, rule.City, n),
		State:      r.one(names.state, rule.State, n),
		PostalCode: r.one(names.postalCode, rule.PostalCode, n),
		Country:    r.one(names.country, rule.Country, n),
		Facility:   r.one(names.facility, rule.Facility, n),
	}
	for i := range rule.Parse {
		r.parsePlace(names.all, &rule.Parse[i], n, &l)
	}
	if l.Country == "" && l != (tracker.Location{}) {
		l.Country = rule.HomeCountry
	}
	if l.Country == "" && l.State == "" {
		l.Country = countryNames()[strings.ToLower(l.City)] // a country in place of a city
	}
	l.Country = ISOCountry(l.Country)
	l.Point = r.point(names, rule, n)
	return l, r.places.locate(&l)
}

// Locate gives a location its country's code and, where the table of places knows it, its map point, and answers the
// zone; "" where nothing is known.
func Locate(l *tracker.Location) (zone string) {
	l.Country = ISOCountry(l.Country)
	var memo placeMemo
	return memo.locate(l).zone
}

func (m *placeMemo) locate(l *tracker.Location) site {
	q := places.Query{Country: l.Country, State: l.State, City: l.City, PostalCode: l.PostalCode}
	if q == (places.Query{}) {
		return site{}
	}
	place, found := m.find(q)
	if !found {
		return site{}
	}
	if l.Point == nil && place.HasPoint {
		l.Point = &tracker.Point{Lat: float32(place.Lat), Lon: float32(place.Lon)}
	}
	return site{zone: place.Zone}
}

// parsePlace fills what is still missing from a text that holds several parts.
func (r *reader) parsePlace(field string, rule *parseRule, n int32, l *tracker.Location) {
	text := r.one(field, rule.Path, n)
	if text == "" {
		return
	}
	match := rule.Pattern.FindStringSubmatch(text)
	if match == nil {
		return
	}
	if r.evidence != nil {
		r.evidence.shown[rule.Pattern.Regexp] = true
	}
	for i, name := range rule.Pattern.SubexpNames() {
		if target := placePart(l, name); target != nil && *target == "" {
			*target = match[i]
		}
	}
	if l.Country == "" {
		l.Country = rule.HomeCountry
	}
}

// placePart is the field that a pattern's group fills, nil for a group without a name. The names are placeParts.
func placePart(l *tracker.Location, name string) *string {
	switch name {
	case "text":
		return &l.Text
	case "city":
		return &l.City
	case "state":
		return &l.State
	case "postal_code":
		return &l.PostalCode
	case "country":
		return &l.Country
	case "facility":
		return &l.Facility
	}
	return nil
}

// point is the map point that the payload itself gives.
func (r *reader) point(names *placeNames, rule *locationRule, n int32) *tracker.Point {
	if rule.Lat.none() {
		return nil
	}
	latText, at := r.find(names.lat, rule.Lat, n)
	lonText, _ := r.find(names.lon, rule.Lon, n)
	if latText == "" || lonText == "" {
		return nil
	}
	lat, err1 := strconv.ParseFloat(latText, 32)
	lon, err2 := strconv.ParseFloat(lonText, 32)
	if err1 != nil || err2 != nil || lat < -90 || lat > 90 || lon < -180 || lon > 180 {
		r.fault(at, names.all+": no position in degrees")
		return nil
	}
	if lat == 0 && lon == 0 {
		return nil // written for "unknown": nobody delivers in the Gulf of Guinea
	}
	return &tracker.Point{Lat: float32(lat), Lon: float32(lon)}
}
