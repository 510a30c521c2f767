package api

import (
	"context"
	"math"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
	"waybill/tracker/eta/score"
)

// scoreOperations are how carriers fared, and how long parcels lie at facilities.
func (s *Server) scoreOperations() {
	operation(s, huma.Operation{
		OperationID: "list-scorecards", Method: http.MethodGet, Path: "/v1/scorecards", Tags: []string{"Scorecards"},
		Summary: "How carriers, their services and lanes fared",
		Description: "Sellers see their own shipments, operators those of all. Under 20 shipments only the counts are given: nothing can be " +
			"said of so few.",
	}, s.listScorecards)
	operation(s, huma.Operation{
		OperationID: "list-dwell", Method: http.MethodGet, Path: "/v1/facilities/dwell", Tags: []string{"Scorecards"},
		Summary: "How long parcels lie at facilities, by hour and weekday",
	}, s.listDwell)
}

// ScorecardsInput chooses scorecards.
type ScorecardsInput struct {
	By      string `query:"by" enum:"carrier,service,lane" default:"carrier" doc:"What each card is of."`
	Days    string `query:"days" enum:"7,30,90" default:"30" doc:"The window, by the day of delivery."`
	Carrier string `query:"carrier" maxLength:"64" doc:"Only those of a carrier." example:"ups"`
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The busiest so many."`
}

// Scorecards are the busiest cards.
type Scorecards struct {
	Days  int         `json:"days"`
	Items []Scorecard `json:"items"`
	More  bool        `json:"more" doc:"There are more than were asked for."`
}

// Scorecard is how a carrier, a service or a lane fared.
type Scorecard struct {
	Carrier      string         `json:"carrier" example:"ups"`
	Service      string         `json:"service,omitempty"`
	Origin       string         `json:"origin,omitempty" example:"DE"`
	Destination  string         `json:"destination,omitempty" example:"FR"`
	Delivered    int64          `json:"delivered"`
	Returned     int64          `json:"returned"`
	Confidence   string         `json:"confidence" enum:"thin,low,medium,high" doc:"How much the counts tell; with thin nothing else is given."`
	Transit      *HoursOutput   `json:"transit_hours,omitempty" doc:"From the first hand that had it to the door."`
	OnTime       *ShareOutput   `json:"on_time,omitempty" doc:"Of those that were promised."`
	Verdict      string         `json:"verdict,omitempty" enum:"keeps,breaks" doc:"Whether promises are kept (surely nine in ten) or broken (surely under eight); absent where neither is sure."`
	FirstAttempt *ShareOutput   `json:"first_attempt,omitempty"`
	Exceptions   *ShareOutput   `json:"exceptions,omitempty"`
	Estimates    *EstimateScore `json:"estimates,omitempty" doc:"The first estimate shown against what came."`
}

// HoursOutput are quantiles in hours.
type HoursOutput struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
}

// ShareOutput is a share with the bounds of its 95 % interval.
type ShareOutput struct {
	Share float64 `json:"share"`
	Of    int64   `json:"of"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// EstimateScore is how right estimates were.
type EstimateScore struct {
	Error    HoursOutput `json:"error_hours" doc:"By how much the middle was off."`
	Coverage ShareOutput `json:"coverage" doc:"Between p10 and p90; 0.8 is meant."`
}

func (s *Server) listScorecards(ctx context.Context, in *ScorecardsInput) (*Body[Scorecards], error) {
	who := callerOf(ctx)
	tenant := who.Tenant
	if who.Role == tracker.RoleOperator {
		tenant = ""
	} else if tenant == "" {
		return nil, problem("forbidden", "The key belongs to no seller.")
	}
	days, err := strconv.Atoi(in.Days)
	if err != nil {
		return nil, invalid("days", "is none of 7, 30 and 90", "30")
	}
	cards, err := s.scores.Cards(ctx, tenant, score.Level(in.By), days, s.now())
	if err != nil {
		return nil, err
	}
	out := Scorecards{Days: days, Items: []Scorecard{}}
	for _, c := range cards {
		if in.Carrier != "" && c.Carrier != in.Carrier {
			continue
		}
		if len(out.Items) == in.Limit {
			out.More = true
			break
		}
		out.Items = append(out.Items, scorecardOf(c))
	}
	return &Body[Scorecards]{Body: out}, nil
}

func scorecardOf(c *score.Scored) Scorecard {
	out := Scorecard{
		Carrier: c.Carrier, Service: c.Service, Origin: c.Origin, Destination: c.Destination, Delivered: c.Delivered, Returned: c.Returned,
		Confidence: score.Confidence(c.Ended()),
	}
	if c.Ended() < score.Thin {
		return out
	}
	out.Verdict = c.Verdict()
	out.OnTime, out.FirstAttempt = shareOf(c.OnTime, c.Promised), shareOf(c.FirstAttempt, c.Delivered)
	out.Exceptions = shareOf(c.Exceptions, c.Ended())
	if c.Transit.Count() >= score.Thin {
		hours := hoursOf(&c.Transit)
		out.Transit = &hours
	}
	if coverage := shareOf(c.Inside(), c.Estimated()); coverage != nil {
		out.Estimates = &EstimateScore{Error: hoursOf(&c.Error), Coverage: *coverage}
	}
	return out
}

func hoursOf(s *score.Sketch) HoursOutput {
	return HoursOutput{P50: round(s.Quantile(0.5)), P90: round(s.Quantile(0.9))}
}

// shareOf is nil where the whole is too small to say anything.
func shareOf(is, of int64) *ShareOutput {
	if of < score.Thin {
		return nil
	}
	s := score.ShareOf(is, of)
	return &ShareOutput{Share: round(s.Value()), Of: of, Low: round(s.Low), High: round(s.High)}
}

// round leaves three digits: more would say more than is known.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// DwellInput chooses facilities.
type DwellInput struct {
	Carrier  string `query:"carrier" maxLength:"64" example:"fleet"`
	Facility string `query:"facility" maxLength:"64" doc:"Its code, or its town; with it the hours of the week are given." example:"BER-1"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The busiest so many."`
}

// DwellList are the busiest facilities.
type DwellList struct {
	Items []DwellOutput `json:"items"`
}

// DwellOutput is how long parcels lie at a facility.
type DwellOutput struct {
	Carrier  string      `json:"carrier"`
	Facility string      `json:"facility"`
	Count    int         `json:"count" doc:"Stays of the last three months."`
	P50      float64     `json:"p50_hours,omitempty" doc:"Absent under 20 stays."`
	P95      float64     `json:"p95_hours,omitempty"`
	Hours    []DwellHour `json:"hours,omitempty" doc:"By when they came, in the time of the place; hours without stays are left out."`
}

// DwellHour is one hour of the week.
type DwellHour struct {
	Weekday int     `json:"weekday" doc:"1 is Monday."`
	Hour    int     `json:"hour"`
	Count   int     `json:"count"`
	P50     float64 `json:"p50_hours,omitempty" doc:"Absent under 20 stays."`
	P95     float64 `json:"p95_hours,omitempty"`
}

func (s *Server) listDwell(ctx context.Context, in *DwellInput) (*Body[DwellList], error) {
	facilities, err := s.scores.Facilities(ctx, in.Carrier, in.Facility)
	if err != nil {
		return nil, err
	}
	out := DwellList{Items: []DwellOutput{}}
	for _, f := range facilities[:min(len(facilities), in.Limit)] {
		item := DwellOutput{Carrier: f.Carrier, Facility: f.Place, Count: f.All.Count()}
		item.P50, item.P95 = stays(&f.All)
		const hoursAWeek = 7 * 24
		for hour := range hoursAWeek {
			if sketch := f.Dwell[hour]; in.Facility != "" && sketch != nil {
				h := DwellHour{Weekday: hour/24 + 1, Hour: hour % 24, Count: sketch.Count()}
				h.P50, h.P95 = stays(sketch)
				item.Hours = append(item.Hours, h)
			}
		}
		out.Items = append(out.Items, item)
	}
	return &Body[DwellList]{Body: out}, nil
}

func stays(s *score.Sketch) (p50, p95 float64) {
	if s.Count() < score.Thin {
		return 0, 0
	}
	return round(s.Quantile(0.5)), round(s.Quantile(0.95))
}
