package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/adapters/mapping"
	"waybill/tracker"
	"waybill/tracker/eta"
	"waybill/tracker/words"
)

// Estimator answers when a parcel would come that is not on its way yet. eta.Model is one.
type Estimator interface {
	Ask(ctx context.Context, q *eta.Question, now time.Time) (*eta.Answer, error)
}

// estimateOperations are what a shop asks before it sells.
func (s *Server) estimateOperations() {
	operation(s, huma.Operation{
		OperationID: "estimate", Method: http.MethodPost, Path: "/v1/estimates", Tags: []string{"Estimates"},
		Summary: "When parcels would arrive, before they are sent",
		Description: "For the check-out, or for choosing a label: many at once, each with its own result, so that one mistake spoils no " +
			"other. Give `hand_over_at`, when the carrier gets the parcel; or `purchased_at`, with your `cut_off` and `handling_days` " +
			"where you keep some, else it counts with the time that you usually take.",
	}, s.postEstimates)
}

// EstimatesInput asks for estimates of parcels that are not on their way.
type EstimatesInput struct {
	Body struct {
		Estimates []EstimateInput `json:"estimates" minItems:"1" maxItems:"200"`
	}
}

// EstimateInput is one parcel. What is wrong in one is told in its own result.
type EstimateInput struct {
	Reference    string         `json:"reference,omitempty" doc:"Comes back in the result." example:"cart-17/standard"`
	Carrier      string         `json:"carrier,omitempty" doc:"Code of the carrier; absent counts with any." example:"dhl"`
	Service      string         `json:"service,omitempty" doc:"The carrier's name of the service, as its scans have it." example:"DHL Paket"`
	Level        string         `json:"level,omitempty" doc:"same_day, express, standard or economy; standard where absent." example:"standard"`
	Origin       *EstimatePlace `json:"origin,omitempty"`
	Destination  *EstimatePlace `json:"destination,omitempty"`
	HandOverAt   string         `json:"hand_over_at,omitempty" doc:"When the carrier gets it." example:"2026-11-23T17:00:00+01:00"`
	PurchasedAt  string         `json:"purchased_at,omitempty" doc:"When it is bought; now where both are absent." example:"2026-11-23T13:20:00+01:00"`
	CutOff       string         `json:"cut_off,omitempty" doc:"Time of day at the origin until which an order leaves the same day." example:"16:00"`
	HandlingDays int            `json:"handling_days,omitempty" doc:"Working days that you need to get it ready, with cut_off." example:"1"`
	WeightGrams  float64        `json:"weight_grams,omitempty" example:"800"`
	Items        int            `json:"items,omitempty" example:"1"`
}

// EstimatePlace is where a parcel comes from or goes to.
type EstimatePlace struct {
	City       string `json:"city,omitempty" example:"Köln"`
	State      string `json:"state,omitempty"`
	PostalCode string `json:"postal_code,omitempty" example:"50667"`
	Country    string `json:"country,omitempty" doc:"ISO 3166-1 alpha-2." example:"DE"`
}

// EstimateResults are the results in the order of the request.
type EstimateResults struct {
	Estimates []EstimateResult `json:"estimates"`
}

// EstimateResult is one estimate, or what is wrong with its question.
type EstimateResult struct {
	Reference string       `json:"reference,omitempty"`
	Status    int          `json:"status" example:"200"`
	Estimate  *PreEstimate `json:"estimate,omitempty"`
	Error     *Problem     `json:"error,omitempty"`
}

// PreEstimate is when a parcel would come. Times are in the zone of the destination.
type PreEstimate struct {
	P10       string `json:"p10" doc:"One of ten comes before." example:"2026-11-25T09:12:00+01:00"`
	P50       string `json:"p50" doc:"One of two." example:"2026-11-26T11:40:00+01:00"`
	P90       string `json:"p90" doc:"Nine of ten." example:"2026-11-28T15:05:00+01:00"`
	ArrivesBy string `json:"arrives_by" doc:"The day to say at the check-out: nine of ten have come by its evening." example:"2026-11-28"`
	// HandOverAt is absent where it follows from what the seller usually takes.
	HandOverAt string      `json:"hand_over_at,omitempty" doc:"When the carrier is taken to get it." example:"2026-11-23T16:00:00+01:00"`
	Days       []DayChance `json:"days" doc:"How likely each day is, up to nearly all of it."`
	Zone       string      `json:"zone,omitempty" doc:"IANA zone of the destination." example:"Europe/Berlin"`
	Reason     string      `json:"reason" doc:"What it rests on, in English." example:"usually 2 working days from Köln to Lyon"`
	Confidence string      `json:"confidence" enum:"low,medium,high"`
	Source     string      `json:"source" enum:"model,carrier,blend"`
}

// DayChance is how likely a parcel comes on a day.
type DayChance struct {
	Date   string  `json:"date" example:"2026-11-26"`
	Chance float64 `json:"chance" doc:"From 0 to 1." example:"0.42"`
}

func (s *Server) postEstimates(ctx context.Context, in *EstimatesInput) (*Body[EstimateResults], error) {
	if s.estimator == nil {
		return nil, problem("not_set_up", "This process has no estimator.")
	}
	now := s.now()
	out := EstimateResults{Estimates: make([]EstimateResult, len(in.Body.Estimates))}
	for i := range in.Body.Estimates {
		one := &in.Body.Estimates[i]
		result := &out.Estimates[i]
		result.Reference, result.Status = one.Reference, http.StatusOK
		q, err := s.questionOf(ctx, one, fmt.Sprintf("estimates[%d].", i), now)
		if err == nil {
			var answer *eta.Answer
			if answer, err = s.estimator.Ask(ctx, q, now); err == nil {
				result.Estimate = preEstimateOf(answer)
				continue
			}
		}
		result.Error = problemOf(err)
		result.Status = result.Error.Status
	}
	return &Body[EstimateResults]{Body: out}, nil
}

// questionOf checks one parcel. field is where it stands in the request.
func (s *Server) questionOf(ctx context.Context, in *EstimateInput, field string, now time.Time) (*eta.Question, error) {
	q := &eta.Question{
		Carrier: in.Carrier, Service: in.Service, Level: tracker.ServiceLevel(in.Level), Shipper: callerOf(ctx).Tenant,
		WeightGrams: in.WeightGrams, Items: in.Items,
	}
	if in.Carrier != "" && s.carriers.Carrier(in.Carrier) == nil && in.Carrier != tracker.FleetCarrier {
		p := invalid(field+"carrier", fmt.Sprintf("no carrier has the code %.64q", in.Carrier), "dhl")
		p.Near = nearest(in.Carrier, s.carriers.Codes())
		return nil, p
	}
	switch q.Level {
	case "":
		q.Level = tracker.Standard
	case tracker.SameDay, tracker.Express, tracker.Standard, tracker.Economy:
	default:
		return nil, invalid(field+"level", "is none of same_day, express, standard, economy", "standard")
	}
	if !(in.WeightGrams >= 0 && in.WeightGrams < 1e9) || in.Items < 0 {
		return nil, invalid(field+"weight_grams", "weight and items cannot be negative, or heavier than a ship", 800)
	}
	var err error
	if q.Origin, q.OriginZone, err = in.Origin.locate(field + "origin"); err != nil {
		return nil, err
	}
	if q.Destination, q.Zone, err = in.Destination.locate(field + "destination"); err != nil {
		return nil, err
	}
	return q, in.times(q, field, now)
}

// locate finds the place on the map and its zone.
func (p *EstimatePlace) locate(field string) (tracker.Location, string, error) {
	if p == nil || len(p.Country) != 2 {
		return tracker.Location{}, "", invalid(field+".country", "is no ISO 3166-1 code of two letters", "DE")
	}
	if len(p.City) > 128 || len(p.State) > 64 || len(p.PostalCode) > 16 {
		return tracker.Location{}, "", invalid(field, "has a name that is too long", "")
	}
	l := tracker.Location{City: p.City, State: p.State, PostalCode: p.PostalCode, Country: p.Country}
	zone := mapping.Locate(&l)
	return l, zone, nil
}

// timeMost is how far ahead or back a parcel may be asked for.
const timeMost = 366 * 24 * time.Hour

func (in *EstimateInput) times(q *eta.Question, field string, now time.Time) (err error) {
	if q.HandOver, err = parseTime(field+"hand_over_at", in.HandOverAt); err != nil {
		return err
	}
	if q.Purchase, err = parseTime(field+"purchased_at", in.PurchasedAt); err != nil {
		return err
	}
	if q.Purchase.IsZero() && q.HandOver.IsZero() {
		q.Purchase = now
	}
	for name, at := range map[string]time.Time{"hand_over_at": q.HandOver, "purchased_at": q.Purchase} {
		if !at.IsZero() && at.Sub(now).Abs() > timeMost {
			return invalid(field+name, "lies more than a year away", now.UTC().Format(time.RFC3339))
		}
	}
	if in.HandlingDays < 0 || in.HandlingDays > 60 || in.HandlingDays > 0 && in.CutOff == "" {
		return invalid(field+"handling_days", "is not within 0 to 60, or lacks cut_off beside it", 1)
	}
	if in.CutOff == "" {
		return nil
	}
	cutOff, err := time.Parse("15:04", in.CutOff)
	if err != nil {
		return invalid(field+"cut_off", "is no time of day", "16:00")
	}
	q.Handling = &eta.Handling{
		CutOff: time.Duration(cutOff.Hour())*time.Hour + time.Duration(cutOff.Minute())*time.Minute, WorkingDays: in.HandlingDays,
	}
	return nil
}

func preEstimateOf(a *eta.Answer) *PreEstimate {
	e := a.Estimate
	zone := a.ArrivesBy.Location()
	out := &PreEstimate{
		P10: e.P10.In(zone).Format(time.RFC3339), P50: e.P50.In(zone).Format(time.RFC3339), P90: e.P90.In(zone).Format(time.RFC3339),
		ArrivesBy: a.ArrivesBy.Format(time.DateOnly), Days: []DayChance{}, Zone: e.Zone, Reason: words.For("en").Why(e.Why, true),
		Confidence: e.Confidence, Source: e.Source,
	}
	if !a.HandOver.IsZero() {
		out.HandOverAt = a.HandOver.Format(time.RFC3339)
	}
	for _, day := range a.Days {
		out.Days = append(out.Days, DayChance{Date: day.Day.Format(time.DateOnly), Chance: chanceOf(day.Chance)})
	}
	return out
}

// chanceOf is a probability to the part in a thousand: more would promise more than anybody knows.
func chanceOf(chance float64) float64 { return float64(int(chance*1000+0.5)) / 1000 }
