package simulate

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"time"

	"waybill/cmd/waybill/simulate/rounds"
	"waybill/tracker"
)

// Van is the round of a van of the fleet, drawn by package rounds and driven in fast motion: ways, stops and the times
// between them are shortened alike, so that what the server expects of it stays true.
type Van struct {
	Stops []VanDoor
	// Own is the index of the parcel's stop.
	Own int
}

// VanDoor is a stop of a van as it is planned.
type VanDoor struct {
	ID       string
	Kind     tracker.StopKind
	Metres   float64
	Service  time.Duration
	Lat, Lon float64
}

// VanMove is what a van tells: its plan, how far a stop is, or where it is. The zero VanMove tells nothing.
type VanMove struct {
	Planned  bool
	Stop     string
	State    tracker.StopState
	Position bool
	Lat, Lon float64
}

const (
	// vanStops is how many stops a van makes that is watched; its parcel is at one of the last.
	vanStops = 11
	// metresOfDegree is the length of a degree of latitude, straight through the streets that the server reckons with.
	metresOfDegree = 111_000 * 1.35
)

// byVan brings the parcel to the door by a van that tells how far it is, with a stop about every step.
func (j *journey) byVan(seed uint64, step time.Duration) {
	home, leaves := j.place, j.at
	round := rounds.Short(seed, j.parcel.Index, vanStops, leaves)
	own := ownStop(&round)
	took := round.Closed[own].Sub(leaves)
	faster := float64(took) / float64(time.Duration(own+1)*step)         // than drawn, by the simulation's clock
	shorter := float64(took) / float64(time.Duration(own+1)*featureStep) // and by the real one
	moment := func(h *rounds.Happening) time.Time {
		return leaves.Add(time.Duration(float64(h.At.Sub(leaves)) / faster))
	}
	j.parcel.Van = planOf(&round, own, shorter, home)
	j.scan(VanPlanned).Van = VanMove{Planned: true}
	closed := make([]bool, len(round.Closed))
	for i := range round.Happenings {
		h := &round.Happenings[i]
		j.at = moment(h)
		if h.Stop == own && h.State != tracker.StopOpen && h.State != tracker.StopArrived {
			break
		}
		left := leftTo(closed, own)
		switch {
		case h.Position:
			door := &j.parcel.Van.Stops[h.Stop]
			away := float64(left) / 100 // as the map is to show it: the van of the fast motion hardly moves
			j.place.Lat, j.place.Lon = home.Lat+away, home.Lon-away
			kind := OnTheRoad
			if left <= nearStops {
				kind = StopsAway
			}
			scan := j.scan(kind)
			scan.Stops = left
			scan.Van = VanMove{Position: true, Lat: door.Lat - h.Left/shorter/metresOfDegree, Lon: door.Lon}
		default:
			closed[h.Stop] = h.State != tracker.StopArrived
			j.scan(VanStop).Van = VanMove{Stop: j.parcel.Van.Stops[h.Stop].ID, State: h.State}
		}
	}
	j.place = home
}

// nearStops is from how many stops away on a driver tells the recipient.
const nearStops = 3

// ownStop is the last stop but one that is served when its turn comes.
func ownStop(round *rounds.Round) int {
	own, last := 0, time.Time{}
	for i := range len(round.Closed) - 1 {
		if at := round.Closed[i]; at.After(last) {
			last = at
			if stateOf(round, i) == tracker.StopDone {
				own = i
			}
		}
	}
	return own
}

func stateOf(round *rounds.Round, stop int) (state tracker.StopState) {
	for i := range round.Happenings {
		if h := &round.Happenings[i]; h.Stop == stop && !h.Position {
			state = h.State
		}
	}
	return state
}

// leftTo counts the stops up to the own one that are not closed yet.
func leftTo(closed []bool, own int) (left int) {
	for _, done := range closed[:own+1] {
		if !done {
			left++
		}
	}
	return left
}

// planOf is the round as the fleet plans it, so many times shorter than drawn, along a street that ends at home.
func planOf(round *rounds.Round, own int, shorter float64, home Place) *Van {
	van := &Van{Own: own}
	toOwn := 0.0
	for i := range own + 1 {
		toOwn += round.Route.Stops[i].Metres
	}
	for i, along := 0, 0.0; i < len(round.Route.Stops); i++ {
		s := &round.Route.Stops[i]
		along += s.Metres
		van.Stops = append(van.Stops, VanDoor{
			ID: s.ID, Kind: s.Kind, Metres: math.Max(1, math.Round(s.Metres/shorter)),
			Service: time.Duration(float64(rounds.Usual(s.Kind)) / shorter),
			Lat:     home.Lat + (along-toOwn)/shorter/metresOfDegree, Lon: home.Lon,
		})
	}
	return van
}

// vanPost is what the fleet's dispatch posts of the van.
func vanPost(p *Parcel, scan *Scan) (Post, error) {
	path := "/v1/fleet/routes/round-" + p.Number
	at := p.Home.local(scan.At).Format(time.RFC3339)
	post := Post{Carrier: Fleet, ContentType: jsonType, Method: http.MethodPost}
	var body object
	switch move := &scan.Van; {
	case move.Planned:
		post.Method, post.Path = http.MethodPut, path
		body = object{
			"vehicle": "van-" + p.Home.Country, "depot": "depot-" + p.Home.Country, "driver": fmt.Sprintf("driver-%d", p.Index%7),
			"zone": p.Home.Zone, "starts_at": at, "stops": plannedStops(p),
		}
	case move.Position:
		post.Path = path + "/positions"
		body = object{"positions": []object{{"lat": move.Lat, "lon": move.Lon, "at": at}}}
	default:
		post.Path = path + "/stops/" + move.Stop
		body = object{"state": string(move.State), "at": at}
	}
	var err error
	post.Body, err = json.Marshal(body)
	return post, err
}

func plannedStops(p *Parcel) []object {
	stops := make([]object, len(p.Van.Stops))
	for i := range p.Van.Stops {
		door := &p.Van.Stops[i]
		stops[i] = object{
			"id": door.ID, "kind": string(door.Kind), "metres": door.Metres, "lat": door.Lat, "lon": door.Lon,
			"service_seconds": max(1, int(math.Round(door.Service.Seconds()))),
		}
		if i == p.Van.Own {
			stops[i]["shipments"] = []string{p.Number}
		}
	}
	return stops
}
