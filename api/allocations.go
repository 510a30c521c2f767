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
	Promise string             `json:"promise,omitempty" doc:"By when it must come; without it the cheapest, then the soonest is best." example:"2026-11-25T18:00:00+01:00"`
	Options []AllocationOption `json:"options" minItems:"1" maxItems:"20"`
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
	cards, err := s.scores.Cards(ctx, callerOf(ctx).Tenant, score.ByCarrier, 90, s.now())
	if err != nil {
		return nil, err
	}
	kept := map[string]*score.Scored{}
	for _, c := range cards {
		kept[c.Carrier] = c
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
	options, days, levels := make([]allocate.Option, len(in.Options)), map[string]string{}, map[string]string{}
	for i := range in.Options {
		o := &in.Options[i]
		where := fmt.Sprintf("%soptions[%d].", field, i)
		var day string
		if options[i], day, err = s.optionOf(ctx, in, o, where, promise); err != nil {
			return err
		}
		if card := kept[o.Carrier]; card != nil && card.Promised >= score.Thin {
			options[i].Kept, options[i].Promised = card.OnTime, card.Promised
		}
		id := o.Carrier + "\x00" + o.Service + "\x00" + o.Facility
		if _, twice := days[id]; twice {
			return invalid(where+"carrier", "the same carrier, service and facility stand there twice", nil)
		}
		days[id], levels[id] = day, o.Level
	}
	ranked := allocate.Rank(options, promise)
	for i := range ranked {
		r := &ranked[i]
		id := r.Carrier + "\x00" + r.Service + "\x00" + r.Facility
		if take && out.Taken == nil {
			if err := s.takeRoom(ctx, r, days[id]); err == nil {
				out.Taken = &i
			} else if !errors.Is(err, allocate.ErrFull) {
				return err
			}
		}
		out.Options = append(out.Options, rankedOption(r, levels[id], promise))
	}
	return nil
}

// optionOf estimates one option; day is the day of which it takes capacity.
func (s *Server) optionOf(
	ctx context.Context, in *AllocationInput, o *AllocationOption, field string, promise time.Time,
) (out allocate.Option, day string, err error) {
	if err := s.knownCarrier(field+"carrier", o.Carrier); err != nil {
		return out, "", err
	}
	if o.Cost != nil && !(*o.Cost >= 0 && *o.Cost < 1e9) {
		return out, "", invalid(field+"cost", "is negative, or no amount of money", 4.9)
	}
	if len(o.Facility) > 64 || len(o.Service) > 128 {
		return out, "", invalid(field+"facility", "is longer than 64 characters, or the service than 128", "BER-1")
	}
	question := in.EstimateInput
	question.Carrier, question.Service, question.Level = o.Carrier, o.Service, o.Level
	if o.Origin != nil {
		question.Origin = o.Origin
	}
	q, err := s.questionOf(ctx, &question, field, s.now())
	if err != nil {
		return out, "", err
	}
	q.Promise = promise
	answer, err := s.estimator.Ask(ctx, q, s.now())
	if err != nil {
		return out, "", err
	}
	zone := answer.ArrivesBy.Location()
	out = allocate.Option{
		Carrier: o.Carrier, Service: o.Service, Facility: o.Facility, Cost: o.Cost,
		P50: answer.Estimate.P50.In(zone), P90: answer.Estimate.P90.In(zone),
	}
	if answer.Estimate.OnTime != nil {
		out.Chance = float64(*answer.Estimate.OnTime)
	}
	if q.Origin.Point != nil && q.Destination.Point != nil {
		out.Metres = tracker.RoadMetres(*q.Origin.Point, *q.Destination.Point)
	}
	day = handOverDay(answer.HandOver, q.Purchase, q.OriginZone)
	room, err := allocate.Room(ctx, s.store, callerOf(ctx).Tenant, o.Carrier, o.Facility)
	if err != nil || room == nil {
		return out, day, err
	}
	out.Bounded, out.Left = true, room.Left(day)
	return out, day, nil
}

// handOverDay is the day of which a parcel takes capacity, where it is handed over.
func handOverDay(handOver, purchase time.Time, zone string) string {
	at := handOver
	if at.IsZero() {
		at = purchase
	}
	if l, err := time.LoadLocation(zone); err == nil {
		at = at.In(l)
	}
	return at.Format(time.DateOnly)
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
