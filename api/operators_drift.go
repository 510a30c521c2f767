package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker/drift"
)

// driftOperations show how carriers' payloads and feeds are.
func (s *Server) driftOperations() {
	tags := []string{"Operators"}
	operation(s, huma.Operation{
		OperationID: "list-drift", Method: http.MethodGet, Path: "/v1/operator/drift", Tags: tags,
		Summary: "How each carrier's payloads and feed are, over the latest 24 hours",
	}, s.listDrift)
	operation(s, huma.Operation{
		OperationID: "get-drift", Method: http.MethodGet, Path: "/v1/operator/drift/{carrier}", Tags: tags,
		Summary:     "A carrier's accounts and formats, unknown codes and alerts",
		Description: "Samples are ids of payloads: each can be read at /v1/operator/quarantine/{id}, which the audit log notes.",
	}, s.getDrift)
}

// CarrierDrift is how a carrier's payloads are.
type CarrierDrift struct {
	drift.Source
	Name      string     `json:"name,omitempty"`
	Payloads  uint64     `json:"payloads" doc:"In the latest 24 hours."`
	Shipments uint64     `json:"shipments"`
	Posted    *time.Time `json:"posted_at,omitempty" doc:"When it sent something last."`
	Answered  *time.Time `json:"answered_at,omitempty" doc:"When it last answered us."`
	Refused   *time.Time `json:"refused_at,omitempty" doc:"When it last did not."`
	// MedianLag is a bound, in seconds.
	MedianLag int          `json:"median_lag_seconds,omitempty" doc:"Half of the pushed scans lag behind by no more than this."`
	Kinds     []DriftKind  `json:"kinds,omitempty" doc:"What is wrong with how many."`
	Feed      *CarrierFeed `json:"feed,omitempty" doc:"Set while nothing can be learnt from the carrier."`
	Alerts    int          `json:"alerts" doc:"How many alerts are open."`
}

// DriftKind is one way in which payloads are not as they should be.
type DriftKind struct {
	Kind    string   `json:"kind" example:"unknown_codes"`
	Share   float64  `json:"share" doc:"Of the latest 24 hours, 0 to 1."`
	Usual   *float64 `json:"usual,omitempty" doc:"The usual share; absent while it is not known."`
	Samples []string `json:"samples,omitempty" doc:"Payloads in which it can be seen."`
}

// CarrierFeed is a feed that is down.
type CarrierFeed struct {
	State  string    `json:"state" enum:"silent,erring"`
	Since  time.Time `json:"since"`
	Reason string    `json:"reason,omitempty"`
}

// DriftList is all carriers.
type DriftList struct {
	Items []CarrierDrift `json:"items"`
}

func (s *Server) listDrift(ctx context.Context, _ *struct{}) (*Body[DriftList], error) {
	summaries, err := drift.Summaries(ctx, s.store, s.now())
	if err != nil {
		return nil, err
	}
	health := &drift.Health{}
	if err := health.Refresh(ctx, s.store); err != nil {
		return nil, err
	}
	open := map[string]int{}
	for _, alert := range health.Alerts() {
		open[alert.Carrier]++
	}
	out := DriftList{Items: []CarrierDrift{}}
	for i := range summaries {
		item := s.driftOf(&summaries[i])
		item.Feed, item.Alerts = feedOf(health, item.Carrier), open[item.Carrier]
		out.Items = append(out.Items, item)
	}
	return &Body[DriftList]{Body: out}, nil
}

// driftOf shows a summary.
func (s *Server) driftOf(sum *drift.Summary) CarrierDrift {
	out := CarrierDrift{
		Source: sum.Source, Name: s.carriers.Name(sum.Carrier), Payloads: sum.Total(drift.Payloads), Shipments: sum.Total(drift.Shipments),
		Posted: unixOrNone(sum.Posted), Answered: unixOrNone(sum.Answered), Refused: unixOrNone(sum.Refused),
	}
	if lag, ok := sum.MedianLag(); ok {
		out.MedianLag = int(lag / time.Second)
	}
	for _, kind := range drift.Kinds {
		share, ok := sum.Share(kind)
		if !ok || share == 0 {
			continue
		}
		shown := DriftKind{Kind: kind.Name, Share: share, Samples: samplesOf(sum.Samples[kind.Hits])}
		if usual, ok := sum.UsualShare(kind); ok {
			shown.Usual = &usual
		}
		out.Kinds = append(out.Kinds, shown)
	}
	return out
}

func feedOf(health *drift.Health, carrier string) *CarrierFeed {
	for _, feed := range health.Feeds() {
		if feed.Carrier == carrier && feed.State != "" {
			return &CarrierFeed{State: string(feed.State), Since: time.Unix(feed.Since, 0).UTC(), Reason: feed.Reason}
		}
	}
	return nil
}

func samplesOf(samples drift.Samples) []string {
	return slices.DeleteFunc(samples[:], func(id string) bool { return id == "" })
}

func unixOrNone(seconds int64) *time.Time {
	if seconds == 0 {
		return nil
	}
	at := time.Unix(seconds, 0).UTC()
	return &at
}

// ByCarrier names a carrier in the path.
type ByCarrier struct {
	Carrier string `path:"carrier" maxLength:"64" example:"ups"`
}

// DriftDetail is all that is known of how a carrier drifts.
type DriftDetail struct {
	Carrier string         `json:"carrier"`
	Name    string         `json:"name,omitempty"`
	Feed    *CarrierFeed   `json:"feed,omitempty"`
	Sources []CarrierDrift `json:"sources" doc:"By account and format."`
	Codes   []UnknownCode  `json:"codes" doc:"Codes that the mapping does not know, those met last first."`
	Alerts  []DriftAlert   `json:"alerts" doc:"The latest first, also those that are over."`
}

// UnknownCode is a code that the mapping does not know.
type UnknownCode struct {
	drift.Code
	FirstAt time.Time `json:"first_at"`
	LastAt  time.Time `json:"last_at"`
	Samples []string  `json:"samples,omitempty"`
}

// DriftAlert is a jump.
type DriftAlert struct {
	drift.Source
	Kind     string     `json:"kind"`
	Why      string     `json:"why"`
	Since    time.Time  `json:"since"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	End      string     `json:"end,omitempty" doc:"Why it was closed."`
	Samples  []string   `json:"samples,omitempty"`
}

// alertsShown is how many alerts of a carrier are shown.
const alertsShown = 50

func (s *Server) getDrift(ctx context.Context, in *ByCarrier) (*Body[DriftDetail], error) {
	if s.carriers.Carrier(in.Carrier) == nil {
		return nil, problem("unknown_carrier", "No carrier has this code.")
	}
	out := DriftDetail{
		Carrier: in.Carrier, Name: s.carriers.Name(in.Carrier), Sources: []CarrierDrift{}, Codes: []UnknownCode{}, Alerts: []DriftAlert{},
	}
	sources, err := drift.Sources(ctx, s.store, in.Carrier, s.now())
	if err != nil {
		return nil, err
	}
	for i := range sources {
		out.Sources = append(out.Sources, s.driftOf(&sources[i]))
	}
	codes, err := drift.Codes(ctx, s.store, in.Carrier)
	if err != nil {
		return nil, err
	}
	for _, c := range codes {
		out.Codes = append(out.Codes, UnknownCode{c, time.Unix(c.First, 0).UTC(), time.Unix(c.Last, 0).UTC(), samplesOf(c.Samples)})
	}
	alerts, err := drift.Alerts(ctx, s.store, in.Carrier, alertsShown)
	if err != nil {
		return nil, err
	}
	for i := range alerts {
		a := &alerts[i]
		out.Alerts = append(out.Alerts, DriftAlert{
			a.Source, a.Kind, a.Why(), time.Unix(a.Since, 0).UTC(), unixOrNone(a.Closed), a.End, samplesOf(a.Samples),
		})
	}
	health := &drift.Health{}
	if err := health.Refresh(ctx, s.store); err != nil {
		return nil, err
	}
	out.Feed = feedOf(health, in.Carrier)
	return &Body[DriftDetail]{Body: out}, nil
}
