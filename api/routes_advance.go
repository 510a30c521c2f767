package api

import (
	"context"
	"fmt"
	"time"

	"waybill/tracker"
)

// ByRoute names a route in the path.
type ByRoute struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) getRoute(ctx context.Context, in *ByRoute) (*Body[RouteOutput], error) {
	r, err := tracker.Load[tracker.Route](ctx, s.store, in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[RouteOutput]{Body: routeOf(r, s.now())}, nil
}

// StopUpdate says how far a stop is.
type StopUpdate struct {
	ByRoute
	Stop string `path:"stop" maxLength:"64"`
	Body struct {
		State string `json:"state" enum:"arrived,done,failed,skipped" doc:"A stop that is done, failed or skipped stays so." example:"arrived"`
		At    string `json:"at,omitempty" maxLength:"40" doc:"When; now where absent." example:"2026-11-25T10:14:00+01:00"`
	}
}

func (s *Server) postStop(ctx context.Context, in *StopUpdate) (*Body[RouteOutput], error) {
	at, err := parseTime("at", in.Body.At)
	if err != nil {
		return nil, err
	}
	return s.changeRoute(ctx, in.ID, func(r *tracker.Route) error {
		for i := range r.Stops {
			if r.Stops[i].ID == in.Stop {
				r.Advance(i, tracker.StopState(in.Body.State), at, s.now())
				return nil
			}
		}
		return tracker.ErrNotFound
	})
}

// PositionsInput is where the vehicle was.
type PositionsInput struct {
	ByRoute
	Body struct {
		Positions []PositionInput `json:"positions" minItems:"1" maxItems:"500" doc:"In any order; the latest counts."`
	}
}

// PositionInput is one position.
type PositionInput struct {
	Lat float32 `json:"lat" minimum:"-90" maximum:"90" example:"52.5021"`
	Lon float32 `json:"lon" minimum:"-180" maximum:"180" example:"13.4112"`
	At  string  `json:"at" maxLength:"40" doc:"When, with an offset." example:"2026-11-25T10:13:30+01:00"`
}

// postPositions takes the latest position that is not of the future: a clock that runs ahead would shut out all after it.
func (s *Server) postPositions(ctx context.Context, in *PositionsInput) (*Body[RouteOutput], error) {
	now := s.now()
	var latest time.Time
	var point tracker.Point
	for i, p := range in.Body.Positions {
		at, err := parseTime(fmt.Sprintf("positions[%d].at", i), p.At)
		if err != nil {
			return nil, err
		}
		if at.After(latest) && !at.After(now.Add(time.Minute)) {
			latest, point = at, tracker.Point{Lat: p.Lat, Lon: p.Lon}
		}
	}
	return s.changeRoute(ctx, in.ID, func(r *tracker.Route) error {
		if r.CreatedAt.IsZero() {
			return tracker.ErrNotFound
		}
		if latest.IsZero() {
			return invalid("positions", "all lie in the future: the device's clock is wrong", nil)
		}
		points, err := r.Points(s.keys)
		if err != nil {
			return err
		}
		r.Ping(point, latest, now, points)
		return nil
	})
}

// RouteOutput is a round as it stands. Where its stops are is not shown.
type RouteOutput struct {
	ID        string       `json:"id"`
	Vehicle   string       `json:"vehicle,omitempty"`
	Depot     string       `json:"depot,omitempty"`
	Zone      string       `json:"zone"`
	StartsAt  time.Time    `json:"starts_at"`
	StartedAt *time.Time   `json:"started_at,omitempty"`
	Over      bool         `json:"over" doc:"All stops are closed, or the day is over."`
	Left      int          `json:"stops_left" doc:"Stops that are still open, breaks left out."`
	Stops     []StopOutput `json:"stops"`
}

// StopOutput is a stop as it stands.
type StopOutput struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind,omitempty"`
	Shipments []string `json:"shipments,omitempty"`
	State     string   `json:"state" enum:"open,arrived,done,failed,skipped"`
	ClosedAt  string   `json:"closed_at,omitempty"`
	Metres    int      `json:"metres,omitempty" doc:"By road from the stop before."`
	Away      int      `json:"stops_away,omitempty"`
	From      string   `json:"expected_from,omitempty" doc:"One in ten is earlier."`
	Expected  string   `json:"expected_at,omitempty"`
	To        string   `json:"expected_to,omitempty" doc:"One in ten is later."`
	Why       string   `json:"why,omitempty"`
}

func routeOf(r *tracker.Route, now time.Time) RouteOutput {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		zone = time.UTC
	}
	out := RouteOutput{
		ID: r.ID, Vehicle: r.Vehicle, Depot: r.Depot, Zone: r.Zone, StartsAt: r.StartsAt.In(zone), Over: r.NextLook.IsZero(),
		Stops: make([]StopOutput, len(r.Stops)),
	}
	if !r.StartedAt.IsZero() {
		started := r.StartedAt.In(zone)
		out.StartedAt = &started
	}
	for i := range r.Stops {
		stop := &r.Stops[i]
		o := StopOutput{ID: stop.ID, Kind: string(stop.Kind), Shipments: stop.Shipments, State: string(stop.State), Metres: int(stop.Metres)}
		if stop.State == tracker.StopOpen {
			o.State = "open"
		}
		if stop.Closed() {
			o.ClosedAt = stop.ClosedAt.In(zone).Format(time.RFC3339)
		} else if stop.Kind != tracker.StopBreak {
			out.Left++
		}
		if e := stop.Shown.Seen(now); e != nil && !stop.Closed() && !out.Over {
			o.Away, o.Why = e.StopsAway, e.Reason
			o.From, o.Expected, o.To = e.P10.In(zone).Format(time.RFC3339), e.P50.In(zone).Format(time.RFC3339), e.P90.In(zone).Format(time.RFC3339)
		}
		out.Stops[i] = o
	}
	return out
}
