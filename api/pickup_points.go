package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
	"waybill/tracker/pickup"
)

// pickupPointOperations are the register of lockers and counters.
func (s *Server) pickupPointOperations() {
	tags := []string{"Pickup points"}
	operation(s, huma.Operation{
		OperationID: "put-pickup-point", Method: http.MethodPut, Path: "/v1/pickup-points/{id}", Tags: tags,
		Summary:     "Register a locker or a counter, or change it",
		Description: "What waits there stays: a compartment that is in use cannot be left out. Reservations that no longer fit are redirected.",
	}, s.putPickupPoint)
	operation(s, huma.Operation{
		OperationID: "change-pickup-point", Method: http.MethodPatch, Path: "/v1/pickup-points/{id}", Tags: tags,
		Summary: "Close or open a point, or say which compartments are broken",
		Description: "Parcels that were to come and have no room any more are sent to the nearest point that has, and the recipients told. " +
			"What is there can still be collected.",
	}, s.patchPickupPoint)
	operation(s, huma.Operation{
		OperationID: "get-pickup-point", Method: http.MethodGet, Path: "/v1/pickup-points/{id}", Tags: tags, Summary: "A pickup point, with what is free",
	}, func(ctx context.Context, in *ByPoint) (*Body[PickupPoint], error) {
		p, err := tracker.Load[tracker.PickupPoint](ctx, s.store, in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[PickupPoint]{Body: s.pointOf(p)}, nil
	})
	operation(s, huma.Operation{
		OperationID: "list-pickup-points", Method: http.MethodGet, Path: "/v1/pickup-points", Tags: tags,
		Summary: "Pickup points, the newest first", Description: "`trouble=true` leaves those that are closed, locked since codes were guessed, or have something broken.",
	}, s.listPickupPoints)
	operation(s, huma.Operation{
		OperationID: "unlock-pickup-point", Method: http.MethodPost, Path: "/v1/pickup-points/{id}/unlock", Tags: tags,
		Summary: "Have a point look at codes again", Description: "After five wrong codes within 15 minutes it looks at none for 15 minutes.",
	}, s.unlockPickupPoint)
}

// ByPoint names a pickup point in the path.
type ByPoint struct {
	ID string `path:"id" minLength:"1" maxLength:"64" pattern:"^[A-Za-z0-9._-]+$" doc:"Your code of the point." example:"BER-L12"`
}

// PickupPointInput is a point as the fleet registers it.
type PickupPointInput struct {
	ByPoint
	Body PickupPointFields
}

// PickupPointFields are what is told of a point.
type PickupPointFields struct {
	Kind         string             `json:"kind" enum:"locker,counter" doc:"A locker opens by itself; at a counter somebody hands parcels out." example:"locker"`
	Name         string             `json:"name" minLength:"1" maxLength:"120" example:"Locker 12"`
	Address      *AddressInput      `json:"address,omitempty"`
	Lat          float32            `json:"lat" minimum:"-90" maximum:"90" example:"52.5212"`
	Lon          float32            `json:"lon" minimum:"-180" maximum:"180" example:"13.4184"`
	Hours        string             `json:"hours" minLength:"1" maxLength:"200" doc:"As customers are told." example:"Mon–Sat 8–20"`
	KeepDays     int                `json:"keep_days,omitempty" minimum:"1" maximum:"60" doc:"How many days a parcel waits; 7 where absent." example:"7"`
	Capacity     int                `json:"capacity,omitempty" minimum:"0" maximum:"2000" doc:"How many parcels a counter takes."`
	Compartments []CompartmentInput `json:"compartments,omitempty" maxItems:"500" doc:"The doors of a locker."`
}

// CompartmentInput is one door of a locker.
type CompartmentInput struct {
	ID   string `json:"id" minLength:"1" maxLength:"20" example:"7"`
	Size string `json:"size" enum:"S,M,L,XL" example:"M"`
}

// PickupPoint is a point as the fleet and operators see it.
type PickupPoint struct {
	ID           string          `json:"id"`
	Kind         string          `json:"kind"`
	Name         string          `json:"name"`
	Address      tracker.Address `json:"address"`
	Lat          float32         `json:"lat"`
	Lon          float32         `json:"lon"`
	Hours        string          `json:"hours"`
	KeepDays     int             `json:"keep_days"`
	Capacity     int             `json:"capacity,omitempty"`
	Compartments []Compartment   `json:"compartments,omitempty"`
	Closed       bool            `json:"closed"`
	Reserved     int             `json:"reserved" doc:"Parcels that are to come."`
	Waiting      int             `json:"waiting" doc:"Parcels that are there."`
	Space        map[string]int  `json:"space" doc:"How many more parcels of each size it can take."`
	LockedUntil  *time.Time      `json:"locked_until,omitempty" doc:"Codes were guessed: until when none is looked at. It stays until an operator unlocks the point."`
}

// Compartment is one door, and whether something is behind it.
type Compartment struct {
	ID     string `json:"id"`
	Size   string `json:"size"`
	Broken bool   `json:"broken,omitempty"`
	Taken  bool   `json:"taken,omitempty"`
}

func (s *Server) pointOf(p *tracker.PickupPoint) PickupPoint {
	out := PickupPoint{
		ID: p.ID, Kind: string(p.Kind), Name: p.Name, Address: p.Address, Lat: p.Point.Lat, Lon: p.Point.Lon, Hours: p.Hours,
		KeepDays: p.KeepDays, Capacity: p.Capacity, Closed: p.Closed, Space: map[string]int{},
	}
	taken := map[string]bool{}
	for _, h := range p.Holds {
		if h.There {
			out.Waiting++
			taken[h.Compartment] = true
		} else if s.now().Before(h.Until) {
			out.Reserved++
		}
	}
	for _, c := range p.Compartments {
		out.Compartments = append(out.Compartments, Compartment{ID: c.ID, Size: string(c.Size), Broken: c.Broken, Taken: taken[c.ID]})
	}
	for _, size := range tracker.PickupSizes() {
		out.Space[string(size)] = pickup.Space(p, size, s.now())
	}
	if !p.LockedUntil.IsZero() {
		out.LockedUntil = &p.LockedUntil
	}
	return out
}

// check says what the schema cannot: it stands for imported rows too, which no schema has seen.
func (in *PickupPointFields) check() error {
	switch {
	case in.Kind != string(tracker.PickupLocker) && in.Kind != string(tracker.PickupCounter):
		return invalid("kind", "is none of locker, counter", "locker")
	case in.Name == "" || len(in.Name) > 120:
		return invalid("name", "is needed, in at most 120 characters", "Locker 12")
	case in.Hours == "" || len(in.Hours) > 200:
		return invalid("hours", "are needed, in at most 200 characters", "Mon–Sat 8–20")
	case !(in.Lat >= -90 && in.Lat <= 90):
		return invalid("lat", "lies not between -90 and 90", 52.5212)
	case !(in.Lon >= -180 && in.Lon <= 180):
		return invalid("lon", "lies not between -180 and 180", 13.4184)
	case in.Lat == 0 && in.Lon == 0:
		return invalid("lat", "0 and 0 lie in the ocean; give the place of the door", 52.5212)
	case in.KeepDays < 0 || in.KeepDays > 60:
		return invalid("keep_days", "is not within 1 to 60", 7)
	case in.Address != nil && in.Address.Country != "" && len(in.Address.Country) != 2:
		return invalid("address.country", "is no ISO 3166-1 code of two letters", "DE")
	case in.Kind == string(tracker.PickupCounter) && (in.Capacity < 1 || in.Capacity > 2000 || len(in.Compartments) > 0):
		return invalid("capacity", "a counter has a capacity of 1 to 2000 and no compartments", 40)
	case in.Kind == string(tracker.PickupLocker) && (len(in.Compartments) == 0 || len(in.Compartments) > 500 || in.Capacity != 0):
		return invalid("compartments", "a locker has 1 to 500 compartments and no capacity besides", `[{"id":"1","size":"M"}]`)
	}
	seen := map[string]bool{}
	for i, c := range in.Compartments {
		field := fmt.Sprintf("compartments[%d].", i)
		if c.ID == "" || len(c.ID) > 20 || seen[c.ID] {
			return invalid(field+"id", "is absent, too long, or that of another one", "7")
		}
		if tracker.PickupSize(c.Size).Rank() < 0 {
			return invalid(field+"size", "is none of S, M, L, XL", "M")
		}
		seen[c.ID] = true
	}
	return nil
}

func (s *Server) putPickupPoint(ctx context.Context, in *PickupPointInput) (*Body[PickupPoint], error) {
	p, err := s.keepPoint(ctx, in.ID, &in.Body)
	if err != nil {
		return nil, err
	}
	return &Body[PickupPoint]{Body: s.pointOf(p)}, nil
}

// keepPoint registers a point, or changes one that is there.
func (s *Server) keepPoint(ctx context.Context, id string, in *PickupPointFields) (*tracker.PickupPoint, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	p, err := s.pickups.Change(ctx, id, func(p *tracker.PickupPoint) error { return in.onto(p, s.now()) })
	if !errors.Is(err, tracker.ErrNotFound) {
		return p, err
	}
	p = &tracker.PickupPoint{ID: id, CreatedAt: s.now().UTC(), UpdatedAt: s.now().UTC()}
	if err := in.onto(p, s.now()); err != nil {
		return nil, err
	}
	return p, tracker.Save(ctx, s.store, p)
}

// onto writes what is told onto the record. What is broken stays so.
func (in *PickupPointFields) onto(p *tracker.PickupPoint, now time.Time) error {
	broken := map[string]bool{}
	for _, c := range p.Compartments {
		broken[c.ID] = c.Broken
	}
	p.Kind, p.Name, p.Hours, p.Capacity = tracker.PickupKind(in.Kind), in.Name, in.Hours, in.Capacity
	p.Point, p.KeepDays = tracker.Point{Lat: in.Lat, Lon: in.Lon}, in.KeepDays
	if p.KeepDays == 0 {
		p.KeepDays = 7
	}
	if p.Address = (tracker.Address{}); in.Address != nil {
		a := in.Address
		p.Address = tracker.Address{Lines: a.Lines, City: a.City, State: a.State, PostalCode: a.PostalCode, Country: a.Country}
	}
	p.Compartments = nil
	for _, c := range in.Compartments {
		p.Compartments = append(p.Compartments, tracker.Compartment{ID: c.ID, Size: tracker.PickupSize(c.Size), Broken: broken[c.ID]})
	}
	for _, h := range p.Holds {
		there := func(c tracker.Compartment) bool { return c.ID == h.Compartment }
		if h.Compartment != "" && !slices.ContainsFunc(p.Compartments, there) {
			return problem("conflict", "Compartment "+h.Compartment+" has a parcel in it; leave it in the list until that is collected or taken out.")
		}
	}
	if !pickup.Fits(p, now) {
		p.NextLook = now.UTC()
	}
	return nil
}

// PointChange is what changes about a point from one hour to the next.
type PointChange struct {
	ByPoint
	Body struct {
		Closed *bool    `json:"closed,omitempty"`
		Broken []string `json:"broken,omitempty" maxItems:"500" doc:"Compartments that do not open or close." example:"[\"7\"]"`
		Mended []string `json:"mended,omitempty" maxItems:"500" doc:"Compartments that work again."`
	}
}

func (s *Server) patchPickupPoint(ctx context.Context, in *PointChange) (*Body[PickupPoint], error) {
	p, err := s.pickups.Change(ctx, in.ID, func(p *tracker.PickupPoint) error {
		for field, ids := range map[string][]string{"broken": in.Body.Broken, "mended": in.Body.Mended} {
			for i, id := range ids {
				at := slices.IndexFunc(p.Compartments, func(c tracker.Compartment) bool { return c.ID == id })
				if at < 0 {
					return invalid(fmt.Sprintf("%s[%d]", field, i), "is no compartment of this point", nil)
				}
				p.Compartments[at].Broken = field == "broken"
			}
		}
		if in.Body.Closed != nil {
			p.Closed = *in.Body.Closed
		}
		if p.Closed || !pickup.Fits(p, s.now()) {
			p.NextLook = s.now().UTC()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &Body[PickupPoint]{Body: s.pointOf(p)}, nil
}

// PointsInput asks for pickup points.
type PointsInput struct {
	PageInput
	Trouble bool `query:"trouble" doc:"Only those that need a person."`
}

func (s *Server) listPickupPoints(ctx context.Context, in *PointsInput) (*Body[Page[PickupPoint]], error) {
	list := tracker.ListAll
	if in.Trouble {
		list = tracker.ListTrouble
	}
	return pageOf(ctx, s.store, list, in.PageInput, s.pointOf)
}

func (s *Server) unlockPickupPoint(ctx context.Context, in *ByPoint) (*Body[PickupPoint], error) {
	if err := s.audited(ctx, "pickup_point.unlocked", in.ID); err != nil {
		return nil, err
	}
	p, err := s.pickups.Unlock(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[PickupPoint]{Body: s.pointOf(p)}, nil
}
