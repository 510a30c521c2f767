package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// routeOperations are the rounds of the fleet: what is planned, and how far the vehicle is.
func (s *Server) routeOperations() {
	tags := []string{"Fleet"}
	operation(s, huma.Operation{
		OperationID: "put-route", Method: http.MethodPut, Path: "/v1/fleet/routes/{id}", Tags: tags,
		Summary: "Tell of a vehicle's round, or plan it anew",
		Description: "One route is one vehicle's round of one day. Put it again with other stops to plan it anew: what is known of stops " +
			"that stay is kept. Where stops are is kept sealed and shown to nobody.",
	}, s.putRoute)
	operation(s, huma.Operation{
		OperationID: "get-route", Method: http.MethodGet, Path: "/v1/fleet/routes/{id}", Tags: tags, Summary: "A round, with when each stop is expected",
	}, s.getRoute)
	operation(s, huma.Operation{
		OperationID: "post-stop", Method: http.MethodPost, Path: "/v1/fleet/routes/{id}/stops/{stop}", Tags: tags,
		Summary:     "Tell how far a stop is",
		Description: "Scans of its parcels close a stop by themselves; this is for arrivals, for stops left out, and for stops without parcels of ours.",
	}, s.postStop)
	operation(s, huma.Operation{
		OperationID: "post-positions", Method: http.MethodPost, Path: "/v1/fleet/routes/{id}/positions", Tags: tags,
		Summary:     "Tell where the vehicle is",
		Description: "The latest counts. Of it is kept how far it is from the next stop, and the place to a kilometre; all of it goes when the round is over.",
	}, s.postPositions)
}

// RouteInput is a round as the fleet plans it.
type RouteInput struct {
	ID   string `path:"id" minLength:"1" maxLength:"64" pattern:"^[A-Za-z0-9._-]+$" doc:"Your id of the round; another one each day." example:"van-7-2026-11-25"`
	Body struct {
		Vehicle string      `json:"vehicle,omitempty" maxLength:"64" doc:"Your code of the vehicle." example:"van-7"`
		Driver  string      `json:"driver,omitempty" maxLength:"64" doc:"Your code of the driver, no name. Kept as a hash, for a driver's own service times." example:"d-114"`
		Depot   string      `json:"depot,omitempty" maxLength:"40" pattern:"^[A-Za-z0-9._-]*$" doc:"Your code of the depot it starts from." example:"BER-1"`
		Zone    string      `json:"zone" maxLength:"64" doc:"IANA zone in which it drives." example:"Europe/Berlin"`
		Starts  string      `json:"starts_at" maxLength:"40" doc:"When it is to leave." example:"2026-11-25T08:30:00+01:00"`
		Stops   []StopInput `json:"stops" minItems:"1" maxItems:"400" doc:"In the order in which they are to be driven."`
	}
}

// StopInput is a stop as the fleet plans it.
type StopInput struct {
	ID        string   `json:"id" minLength:"1" maxLength:"64" pattern:"^[A-Za-z0-9._-]+$" doc:"Your id of the stop, unique on the route." example:"s12"`
	Shipments []string `json:"shipments,omitempty" maxItems:"100" doc:"Our tracking IDs of the parcels that are brought there." example:"[\"WB2345679ABCDEFGJ\"]"`
	Kind      string   `json:"kind,omitempty" enum:"house,flat,business,pickup_point,locker,break,other" doc:"How long a stop takes depends on it." example:"house"`
	From      string   `json:"from,omitempty" maxLength:"40" doc:"Not served before." example:"2026-11-25T14:00:00+01:00"`
	To        string   `json:"to,omitempty" maxLength:"40" doc:"Announced until." example:"2026-11-25T16:00:00+01:00"`
	Service   int      `json:"service_seconds,omitempty" minimum:"0" maximum:"14400" doc:"How long it is planned to take; learnt by kind where absent." example:"120"`
	Metres    float64  `json:"metres,omitempty" minimum:"0" maximum:"1000000" doc:"By road from the stop before; from the points where absent." example:"850"`
	Lat       *float32 `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Kept sealed." example:"52.5021"`
	Lon       *float32 `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"Kept sealed." example:"13.4112"`
}

// startMoves is by how much the start of a round may move: farther off it is another day's.
const startMoves = 12 * time.Hour

func (s *Server) putRoute(ctx context.Context, in *RouteInput) (*Body[RouteOutput], error) {
	now := s.now()
	starts, err := parseTime("starts_at", in.Body.Starts)
	if err != nil {
		return nil, err
	}
	if _, err := time.LoadLocation(in.Body.Zone); err != nil || in.Body.Zone == "Local" || in.Body.Zone == "" {
		return nil, invalid("zone", "is no IANA time zone", "Europe/Berlin")
	}
	stops, points, err := stopsOf(in.Body.Stops)
	if err != nil {
		return nil, err
	}
	if err := s.knownShipments(ctx, stops); err != nil {
		return nil, err
	}
	return s.changeRoute(ctx, in.ID, func(r *tracker.Route) error {
		switch {
		case r.CreatedAt.IsZero():
			r.CreatedAt = now.UTC()
		case r.NextLook.IsZero(), r.StartsAt.Sub(starts).Abs() > startMoves:
			return problem("conflict", "The id is that of another day's round: give each round an id of its own, as van-7-2026-11-25.")
		}
		r.Vehicle, r.Depot, r.Zone, r.StartsAt = in.Body.Vehicle, in.Body.Depot, in.Body.Zone, starts.UTC()
		if r.Driver = ""; in.Body.Driver != "" {
			r.Driver = s.keys.Blind("driver", in.Body.Driver)
		}
		r.Replan(stops, now)
		return r.SealPoints(s.keys, points)
	})
}

// stopsOf checks what the schema cannot say of stops, and gives them and where they are.
func stopsOf(list []StopInput) ([]tracker.Stop, tracker.StopPoints, error) {
	stops, points, at := make([]tracker.Stop, len(list)), tracker.StopPoints{}, map[string]int{}
	for i := range list {
		in, field := &list[i], fmt.Sprintf("stops[%d].", i)
		if first, twice := at[in.ID]; twice {
			return nil, nil, invalid(field+"id", fmt.Sprintf("is that of stops[%d] too", first), "s12")
		}
		at[in.ID] = i
		var err error
		if stops[i], err = in.stop(field); err != nil {
			return nil, nil, err
		}
		if in.Lat != nil {
			points[in.ID] = tracker.Point{Lat: *in.Lat, Lon: *in.Lon}
			if before, known := points[beforeOf(list, i)]; known && in.Metres == 0 {
				stops[i].Metres = tracker.RoadMetres(before, points[in.ID])
			}
		}
	}
	return stops, points, nil
}

// stop is the stop without its place; field is where it stands in the request.
func (in *StopInput) stop(field string) (tracker.Stop, error) {
	stop := tracker.Stop{
		ID: in.ID, Kind: tracker.StopKind(in.Kind), Service: time.Duration(in.Service) * time.Second, Metres: in.Metres,
	}
	var err error
	if stop.Window.From, err = parseTime(field+"from", in.From); err != nil {
		return stop, err
	}
	if stop.Window.To, err = parseTime(field+"to", in.To); err != nil {
		return stop, err
	}
	if (in.Lat == nil) != (in.Lon == nil) {
		return stop, invalid(field+"lat", "lat and lon go together", 52.5021)
	}
	if stop.Kind == tracker.StopBreak && len(in.Shipments) > 0 {
		return stop, invalid(field+"shipments", "a break brings no parcels", nil)
	}
	for k, id := range in.Shipments {
		number, ok := tracker.ParseTrackingID(id)
		if !ok {
			return stop, invalid(fmt.Sprintf("%sshipments[%d]", field, k), "is no tracking ID of ours", "WB2345679ABCDEFGJ")
		}
		stop.Shipments = append(stop.Shipments, number)
	}
	return stop, nil
}

func beforeOf(list []StopInput, i int) string {
	if i == 0 {
		return ""
	}
	return list[i-1].ID
}

// knownShipments refuses stops with parcels that nobody registered: their pages would show nothing.
func (s *Server) knownShipments(ctx context.Context, stops []tracker.Stop) error {
	const atOnce = 500
	field, ids := map[string]string{}, []string{}
	for i := range stops {
		for k, id := range stops[i].Shipments {
			name := fmt.Sprintf("stops[%d].shipments[%d]", i, k)
			if other, twice := field[id]; twice {
				return invalid(name, "is at "+other+" too: a parcel has one stop", nil)
			}
			field[id] = name
			ids = append(ids, id)
		}
	}
	for len(ids) > 0 {
		n := min(len(ids), atOnce)
		rows, err := s.store.Get(ctx, tracker.Shipments, ids[:n]...)
		if err != nil {
			return err
		}
		known := make(map[string]bool, len(rows))
		for i := range rows {
			known[rows[i].Key] = true
		}
		for _, id := range ids[:n] {
			if !known[id] {
				return invalid(field[id], "no shipment has this ID; register it first", nil)
			}
		}
		ids = ids[n:]
	}
	return nil
}

// routeTries is how often a route is taken up anew when somebody else wrote it meanwhile.
const routeTries = 16

// changeRoute changes a route, or makes it where there is none: change then sees one without CreatedAt.
func (s *Server) changeRoute(ctx context.Context, id string, change func(*tracker.Route) error) (*Body[RouteOutput], error) {
	for range routeTries {
		r, err := tracker.Load[tracker.Route](ctx, s.store, id)
		if errors.Is(err, tracker.ErrNotFound) {
			r, err = &tracker.Route{ID: id}, nil
		}
		if err != nil {
			return nil, err
		}
		if err := change(r); err != nil {
			return nil, err
		}
		err = tracker.Save(ctx, s.store, r)
		if err == nil {
			return &Body[RouteOutput]{Body: routeOf(r, s.now())}, nil
		}
		if !errors.Is(err, tracker.ErrConflict) {
			return nil, err
		}
	}
	return nil, tracker.ErrConflict
}
