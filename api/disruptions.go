package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// disruptionOperations are how operators say that parcels will be late.
func (s *Server) disruptionOperations() {
	tags := []string{"Operators"}
	operation(s, huma.Operation{
		OperationID: "declare-disruption", Method: http.MethodPost, Path: "/v1/disruptions", Tags: tags,
		Summary: "Declare a strike, a storm, an outage", DefaultStatus: http.StatusCreated,
		Description: "Shipments under way that come from, are in, or go to the area carry the reason and a wider window until it ends. " +
			"They are estimated anew, in batches, when it begins and when it ends.",
	}, s.postDisruption)
	operation(s, huma.Operation{
		OperationID: "list-disruptions", Method: http.MethodGet, Path: "/v1/disruptions", Tags: tags,
		Summary: "Disruptions, the newest first",
	}, func(ctx context.Context, in *PageInput) (*Body[Page[Disruption]], error) {
		return pageOf(ctx, s.store, tracker.ListAll, *in, s.disruptionOf)
	})
	operation(s, huma.Operation{
		OperationID: "end-disruption", Method: http.MethodDelete, Path: "/v1/disruptions/{id}", Tags: tags,
		Summary: "End a disruption now", Description: "It stays in the list.",
	}, s.endDisruption)
}

// DisruptionInput is what an operator declares.
type DisruptionInput struct {
	Body struct {
		Countries      []string `json:"countries" minItems:"1" maxItems:"50" doc:"ISO 3166-1 codes of the countries it is in." example:"[\"FR\"]"`
		States         []string `json:"states,omitempty" maxItems:"200" doc:"Narrows it down to these, or to the postal codes."`
		PostalPrefixes []string `json:"postal_prefixes,omitempty" maxItems:"500" doc:"Beginnings of postal codes. Of a recipient's only two characters stand in the clear, so that a longer one concerns all that share them." example:"[\"69\"]"`
		Carriers       []string `json:"carriers,omitempty" maxItems:"100" doc:"Only these; all where absent." example:"[\"chronopost\"]"`
		Reason         string   `json:"reason" enum:"storm,flood,snow,strike,outage,road_closed,customs,peak,other" example:"strike"`
		Note           string   `json:"note,omitempty" maxLength:"500" doc:"For people here." example:"Depots around Lyon are closed."`
		From           string   `json:"from,omitempty" doc:"Now where absent." example:"2026-11-24T00:00:00+01:00"`
		To             string   `json:"to,omitempty" doc:"Until you end it where absent." example:"2026-11-26T00:00:00+01:00"`
		ExtraHours     int      `json:"extra_hours,omitempty" minimum:"0" maximum:"720" doc:"By how much the late ones come later; 24 where absent." example:"48"`
	}
}

// Disruption is a disruption as operators see it.
type Disruption struct {
	ID             string     `json:"id"`
	Countries      []string   `json:"countries"`
	States         []string   `json:"states,omitempty"`
	PostalPrefixes []string   `json:"postal_prefixes,omitempty"`
	Carriers       []string   `json:"carriers,omitempty"`
	Reason         string     `json:"reason"`
	Note           string     `json:"note,omitempty"`
	From           time.Time  `json:"from"`
	To             *time.Time `json:"to,omitempty"`
	ExtraHours     int        `json:"extra_hours"`
	InForce        bool       `json:"in_force"`
	Told           bool       `json:"told" doc:"All shipments concerned have been put up for a new estimate."`
	CreatedAt      time.Time  `json:"created_at"`
	By             string     `json:"by,omitempty" doc:"The end of the key that declared it."`
}

func (s *Server) disruptionOf(d *tracker.Disruption) Disruption {
	now := s.now()
	out := Disruption{
		ID: d.ID, Countries: d.Countries, States: d.States, PostalPrefixes: d.Postal, Carriers: d.Carriers, Reason: string(d.Reason),
		Note: d.Note, From: d.From, ExtraHours: d.ExtraHours, InForce: d.InForce(now), CreatedAt: d.CreatedAt, By: d.By,
		Told: d.Seen == nil && (d.Told == tracker.DisruptionEnded || d.Told == tracker.DisruptionBegun && d.InForce(now)),
	}
	if !d.To.IsZero() {
		out.To = &d.To
	}
	return out
}

func (s *Server) postDisruption(ctx context.Context, in *DisruptionInput) (*Body[Disruption], error) {
	b := &in.Body
	now := s.now().UTC()
	d := &tracker.Disruption{
		ID: strings.ToLower(tracker.NewTrackingID()), Countries: capitals(b.Countries), States: b.States, Postal: capitals(b.PostalPrefixes),
		Carriers: b.Carriers, Reason: tracker.DisruptionReason(b.Reason), Note: b.Note, ExtraHours: b.ExtraHours, CreatedAt: now,
		By: callerOf(ctx).hint,
	}
	var err error
	if d.From, err = parseTime("from", b.From); err != nil {
		return nil, err
	}
	if d.To, err = parseTime("to", b.To); err != nil {
		return nil, err
	}
	if d.From.IsZero() {
		d.From = now
	}
	for i, code := range d.Carriers {
		if s.carriers.Carrier(code) == nil && code != tracker.FleetCarrier {
			p := invalid(fmt.Sprintf("carriers[%d]", i), fmt.Sprintf("no carrier has the code %.64q", code), "chronopost")
			p.Near = nearest(code, s.carriers.Codes())
			return nil, p
		}
	}
	if i := slices.IndexFunc(d.Countries, func(c string) bool { return len(c) != 2 }); i >= 0 {
		return nil, invalid("countries", "holds what is no ISO 3166-1 code of two letters", "FR")
	}
	if field, err := d.Check(); err != nil {
		return nil, invalid(field, err.Error(), "")
	}
	if err := s.audited(ctx, "disruption.declared", d.ID); err != nil {
		return nil, err
	}
	if err := tracker.Save(ctx, s.store, d); err != nil {
		return nil, err
	}
	return &Body[Disruption]{Body: s.disruptionOf(d)}, nil
}

func (s *Server) endDisruption(ctx context.Context, in *ByRecord) (*Body[Disruption], error) {
	d, err := tracker.Load[tracker.Disruption](ctx, s.store, in.ID)
	if err != nil {
		return nil, err
	}
	now := s.now().UTC()
	if d.To.IsZero() || d.To.After(now) {
		// One that has not begun ends where it would have begun.
		d.To = now
		if d.From.After(now) {
			d.From = now
		}
		if err := s.audited(ctx, "disruption.ended", d.ID); err != nil {
			return nil, err
		}
		if err := tracker.Save(ctx, s.store, d); err != nil {
			return nil, err
		}
	}
	return &Body[Disruption]{Body: s.disruptionOf(d)}, nil
}

// capitals are codes as the domain compares them.
func capitals(codes []string) []string {
	out := make([]string, 0, len(codes))
	for _, code := range codes {
		out = append(out, strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(code), " ", "")))
	}
	return out
}
