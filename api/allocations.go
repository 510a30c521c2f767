package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
	"waybill/tracker/allocate"
	"waybill/tracker/eta/score"
)

// allocationOperations choose who carries a parcel.
func (s *Server) allocationOperations() {
	tags := []string{"Allocations"}
	operation(s, huma.Operation{
		OperationID: "allocate", Method: http.MethodPost, Path: "/v1/allocations", Tags: tags,
		Summary: "Which carrier should have a parcel",
		Description: "Ranks your options by whether they keep the promise (nine of ten by then, as estimated and as the carrier fared), cost, " +
			"distance and what is left of their capacity that day, with reasons. Many at once; a mistake in one spoils no other. " +
			"With `take` the best with room is given its place.",
	}, s.postAllocations)
	operation(s, huma.Operation{
		OperationID: "put-capacity", Method: http.MethodPut, Path: "/v1/capacities", Tags: tags,
		Summary: "How many parcels a carrier takes a day", Description: "Of all its places, or of one facility. Without any it takes as many as there are.",
	}, s.putCapacity)
	operation(s, huma.Operation{
		OperationID: "list-capacities", Method: http.MethodGet, Path: "/v1/capacities", Tags: tags, Summary: "Capacities, with what is given out",
	}, func(ctx context.Context, in *PageInput) (*Body[Page[CapacityOutput]], error) {
		return pageOf(ctx, s.store, tracker.ListOfTenant(callerOf(ctx).Tenant), *in, capacityOf)
	})
}

// CapacityInput is what a carrier takes.
type CapacityInput struct {
	Body struct {
		Carrier  string `json:"carrier" minLength:"1" maxLength:"64" doc:"fleet is our own." example:"dhl"`
		Facility string `json:"facility,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9._-]*$" doc:"Absent for all of the carrier." example:"BER-1"`
		PerDay   int    `json:"per_day" minimum:"0" maximum:"10000000" example:"400"`
	}
}

// CapacityOutput is a capacity with what is given out.
type CapacityOutput struct {
	Carrier  string         `json:"carrier"`
	Facility string         `json:"facility,omitempty"`
	PerDay   int            `json:"per_day"`
	Taken    map[string]int `json:"taken,omitempty" doc:"By day."`
}

func capacityOf(c *tracker.Capacity) CapacityOutput {
	return CapacityOutput{Carrier: c.Carrier, Facility: c.Facility, PerDay: c.PerDay, Taken: c.Taken}
}

func (s *Server) putCapacity(ctx context.Context, in *CapacityInput) (*Body[CapacityOutput], error) {
	if err := s.knownCarrier("carrier", in.Body.Carrier); err != nil {
		return nil, err
	}
	tenant := callerOf(ctx).Tenant
	for {
		c, err := tracker.Load[tracker.Capacity](ctx, s.store, tracker.CapacityKey(tenant, in.Body.Carrier, in.Body.Facility))
		if errors.Is(err, tracker.ErrNotFound) {
			c, err = &tracker.Capacity{Tenant: tenant, Carrier: in.Body.Carrier, Facility: in.Body.Facility, CreatedAt: s.now().UTC()}, nil
		}
		if err != nil {
			return nil, err
		}
		c.PerDay = in.Body.PerDay
		if err := tracker.Save(ctx, s.store, c); !errors.Is(err, tracker.ErrConflict) {
			return &Body[CapacityOutput]{Body: capacityOf(c)}, err
		}
	}
}

// knownCarrier names carriers like one that is not known; the fleet is one.
func (s *Server) knownCarrier(field, code string) error {
	if code == tracker.FleetCarrier || s.carriers.Carrier(code) != nil {
		return nil
	}
	p := invalid(field, fmt.Sprintf("no carrier has the code %.64q", code), "dhl")
	p.Near = nearest(code, s.carriers.Codes())
	return p
}

// AllocationsInput asks who should carry many parcels.
type AllocationsInput struct {
	Body struct {
		Allocations []AllocationInput `json:"allocations" minItems:"1" maxItems:"200"`
		Take        bool              `json:"take,omitempty" doc:"Give the best option with room its place for the day. Send an Idempotency-Key with it."`
	}
}

// AllocationInput is one parcel.
type AllocationInput struct {
	EstimateInput
	Shipment string             `json:"shipment,omitempty" doc:"With take: until it is handed over it is asked again whether the chosen one will be late and another would not; endpoints are told as shipment.alternative." example:"WB2345679ABCDEFGJ"`
	Promise  string             `json:"promise,omitempty" doc:"By when it must come; without it the cheapest, then the soonest is best." example:"2026-11-25T18:00:00+01:00"`
	Options  []AllocationOption `json:"options" minItems:"1" maxItems:"20"`
}

// AllocationOption is one way to have it carried.
type AllocationOption struct {
	Carrier  string         `json:"carrier" doc:"fleet is our own." example:"dhl"`
	Service  string         `json:"service,omitempty" example:"DHL Paket"`
	Level    string         `json:"level,omitempty" example:"standard"`
	Facility string         `json:"facility,omitempty" doc:"Where it is handed over." example:"BER-1"`
	Origin   *EstimatePlace `json:"origin,omitempty" doc:"Where that is, if elsewhere than the parcel's origin."`
	Cost     *float64       `json:"cost,omitempty" doc:"All of a parcel in one currency." example:"4.9"`
}

// Allocations are the results in the order of the request.
type Allocations struct {
	Allocations []Allocation `json:"allocations"`
}

// Allocation is who should carry one parcel.
type Allocation struct {
	Reference string         `json:"reference,omitempty"`
	Status    int            `json:"status" example:"200"`
	Options   []RankedOption `json:"options,omitempty" doc:"The best first."`
	Taken     *int           `json:"taken,omitempty" doc:"With take: which of the options was given its place; absent where none has room."`
	Error     *Problem       `json:"error,omitempty"`
}

// RankedOption is an option with why it stands where it does.
type RankedOption struct {
	Carrier  string   `json:"carrier"`
	Service  string   `json:"service,omitempty"`
	Level    string   `json:"level,omitempty"`
	Facility string   `json:"facility,omitempty"`
	Meets    bool     `json:"meets_promise" doc:"Nine of ten come by the promise."`
	Chance   *float64 `json:"chance,omitempty" doc:"Of the promise, from 0 to 1; absent without one."`
	P50      string   `json:"p50"`
	P90      string   `json:"p90"`
	Cost     *float64 `json:"cost,omitempty"`
	Left     *int     `json:"left,omitempty" doc:"How many more it takes that day; absent without a bound."`
	Reasons  []string `json:"reasons"`
}

func (s *Server) postAllocations(ctx context.Context, in *AllocationsInput) (*Body[Allocations], error) {
	if s.estimator == nil {
		return nil, problem("not_set_up", "This process has no estimator.")
	}
	kept, err := s.allocating.Kept(ctx, callerOf(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := Allocations{Allocations: make([]Allocation, len(in.Body.Allocations))}
	for i := range in.Body.Allocations {
		one, result := &in.Body.Allocations[i], &out.Allocations[i]
		result.Reference, result.Status = one.Reference, http.StatusOK
		if err := s.allocate(ctx, one, fmt.Sprintf("allocations[%d].", i), kept, in.Body.Take, result); err != nil {
			*result = Allocation{Reference: one.Reference, Error: problemOf(err)}
			result.Status = result.Error.Status
		}
	}
	return &Body[Allocations]{Body: out}, nil
}

func (s *Server) allocate(
	ctx context.Context, in *AllocationInput, field string, kept map[string]*score.Scored, take bool, out *Allocation,
) error {
	promise, err := parseTime(field+"promise", in.Promise)
	if err != nil {
		return err
	}
	var shipment *tracker.Shipment
	if in.Shipment != "" {
		if shipment, err = s.namedShipment(ctx, field+"shipment", in.Shipment); err != nil {
			return err
		}
	}
	plan := &allocate.Plan{Promise: promise}
	options, days, levels := make([]allocate.Option, len(in.Options)), map[tracker.Choice]string{}, map[tracker.Choice]string{}
	for i := range in.Options {
		o := &in.Options[i]
		where := fmt.Sprintf("%soptions[%d].", field, i)
		id := tracker.Choice{Carrier: o.Carrier, Service: o.Service, Facility: o.Facility}
		if _, twice := days[id]; twice {
			return invalid(where+"carrier", "the same carrier, service and facility stand there twice", nil)
		}
		planned, err := s.plannedOf(ctx, in, o, where, promise)
		if err != nil {
			return err
		}
		if options[i], days[id], err = s.allocating.Estimate(ctx, callerOf(ctx).Tenant, planned, kept); err != nil {
			return err
		}
		levels[id], plan.Options = o.Level, append(plan.Options, *planned)
	}
	ranked := allocate.Rank(options, promise)
	if take {
		if out.Taken, err = s.takeBest(ctx, ranked, days); err != nil {
			return err
		}
	}
	if out.Taken != nil {
		if err := s.rememberChoice(ctx, shipment, plan, &ranked[*out.Taken]); err != nil {
			return err
		}
	}
	for i := range ranked {
		out.Options = append(out.Options, rankedOption(&ranked[i], levels[optionID(&ranked[i])], promise))
	}
	return nil
}

// optionID tells the options of a parcel apart.
func optionID(r *allocate.Ranked) tracker.Choice {
	return tracker.Choice{Carrier: r.Carrier, Service: r.Service, Facility: r.Facility}
}

// takeBest gives the best option with room its place, and says which that is; nil where none has room.
func (s *Server) takeBest(ctx context.Context, ranked []allocate.Ranked, days map[tracker.Choice]string) (*int, error) {
	for i := range ranked {
		err := s.takeRoom(ctx, &ranked[i], days[optionID(&ranked[i])])
		if err == nil {
			return &i, nil
		}
		if !errors.Is(err, allocate.ErrFull) {
			return nil, err
		}
	}
	return nil, nil //nolint:nilnil // none has room
}

// plannedOf checks one option.
func (s *Server) plannedOf(ctx context.Context, in *AllocationInput, o *AllocationOption, field string, promise time.Time) (*allocate.Planned, error) {
	if err := s.knownCarrier(field+"carrier", o.Carrier); err != nil {
		return nil, err
	}
	if o.Cost != nil && !(*o.Cost >= 0 && *o.Cost < 1e9) {
		return nil, invalid(field+"cost", "is negative, or no amount of money", 4.9)
	}
	if len(o.Facility) > 64 || len(o.Service) > 128 {
		return nil, invalid(field+"facility", "is longer than 64 characters, or the service than 128", "BER-1")
	}
	question := in.EstimateInput
	question.Carrier, question.Service, question.Level = o.Carrier, o.Service, o.Level
	if o.Origin != nil {
		question.Origin = o.Origin
	}
	q, err := s.questionOf(ctx, &question, field, s.now())
	if err != nil {
		return nil, err
	}
	q.Promise = promise
	return &allocate.Planned{Question: *q, Facility: o.Facility, Cost: o.Cost}, nil
}

// rememberChoice keeps what was chosen for a shipment that is named, with a promise, so that it is asked again.
func (s *Server) rememberChoice(ctx context.Context, shipment *tracker.Shipment, plan *allocate.Plan, chosen *allocate.Ranked) error {
	if shipment == nil || plan.Promise.IsZero() {
		return nil
	}
	return s.allocating.Remember(ctx, shipment, plan, chosen)
}

// takeRoom gives an option its place of the day.
func (s *Server) takeRoom(ctx context.Context, r *allocate.Ranked, day string) error {
	if !r.Bounded {
		return nil
	}
	room, err := allocate.Room(ctx, s.store, callerOf(ctx).Tenant, r.Carrier, r.Facility)
	if err != nil || room == nil {
		return err
	}
	r.Left, err = allocate.Take(ctx, s.store, tracker.CapacityKey(room.Tenant, room.Carrier, room.Facility), day, s.now())
	return err
}

func rankedOption(r *allocate.Ranked, level string, promise time.Time) RankedOption {
	out := RankedOption{
		Carrier: r.Carrier, Service: r.Service, Level: level, Facility: r.Facility, Meets: r.Meets, P50: r.P50.Format(time.RFC3339),
		P90: r.P90.Format(time.RFC3339), Cost: r.Cost, Reasons: r.Reasons,
	}
	if !promise.IsZero() {
		chance := chanceOf(r.Chance)
		out.Chance = &chance
	}
	if r.Bounded {
		out.Left = &r.Left
	}
	return out
}
