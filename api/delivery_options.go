package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
	"waybill/tracker/pickup"
)

// deliveryOptionOperations are what a shop's check-out asks.
func (s *Server) deliveryOptionOperations() {
	operation(s, huma.Operation{
		OperationID: "delivery-options", Method: http.MethodPost, Path: "/v1/delivery-options", Tags: []string{"Pickup points"},
		Summary: "How a parcel may be delivered, and when",
		Description: "For the check-out: each service with its window, and the pickup points near the destination that have room, the " +
			"nearest first. Many at once; a mistake in one spoils no other.",
	}, s.postDeliveryOptions)
}

// DeliveryOptionsInput asks for the options of many parcels.
type DeliveryOptionsInput struct {
	Body struct {
		Options []OptionInput `json:"options" minItems:"1" maxItems:"100"`
	}
}

// OptionInput is one parcel that may be bought.
type OptionInput struct {
	EstimateInput
	Services []ServiceInput `json:"services,omitempty" maxItems:"20" doc:"What you offer; what stands beside it (carrier, service, level) where absent."`
	Size     string         `json:"size,omitempty" doc:"S, M, L or XL: what compartment it needs; M where absent." example:"M"`
	Lat      *float32       `json:"lat,omitempty" doc:"Of the destination where you know it; else its city's is taken." example:"52.5163"`
	Lon      *float32       `json:"lon,omitempty" example:"13.3777"`
	Within   float64        `json:"within_km,omitempty" doc:"How far off pickup points may be, at most 50; 5 where absent." example:"5"`
	Points   int            `json:"points,omitempty" doc:"How many at most, up to 50; 10 where absent." example:"10"`
}

// ServiceInput is a service that a shop offers.
type ServiceInput struct {
	Carrier string `json:"carrier,omitempty" example:"dhl"`
	Service string `json:"service,omitempty" example:"DHL Paket"`
	Level   string `json:"level,omitempty" example:"express"`
}

// DeliveryOptions are the results in the order of the request.
type DeliveryOptions struct {
	Options []DeliveryOption `json:"options"`
}

// DeliveryOption is how one parcel may be delivered.
type DeliveryOption struct {
	Reference string          `json:"reference,omitempty"`
	Status    int             `json:"status" example:"200"`
	Services  []ServiceOption `json:"services,omitempty"`
	Points    []NearPoint     `json:"pickup_points,omitempty"`
	Error     *Problem        `json:"error,omitempty"`
}

// ServiceOption is one service with when it arrives.
type ServiceOption struct {
	ServiceInput
	Estimate *PreEstimate `json:"estimate"`
}

// NearPoint is a pickup point as a shop shows it.
type NearPoint struct {
	ID      string          `json:"id" example:"BER-L12"`
	Kind    string          `json:"kind" enum:"locker,counter"`
	Name    string          `json:"name"`
	Address tracker.Address `json:"address"`
	Lat     float32         `json:"lat"`
	Lon     float32         `json:"lon"`
	Hours   string          `json:"hours"`
	Metres  int             `json:"metres" doc:"From the destination, as the crow flies."`
	Space   int             `json:"space" doc:"How many more parcels of this size it can take."`
}

func (s *Server) postDeliveryOptions(ctx context.Context, in *DeliveryOptionsInput) (*Body[DeliveryOptions], error) {
	if s.estimator == nil {
		return nil, problem("not_set_up", "This process has no estimator.")
	}
	out := DeliveryOptions{Options: make([]DeliveryOption, len(in.Body.Options))}
	for i := range in.Body.Options {
		one, result := &in.Body.Options[i], &out.Options[i]
		result.Reference, result.Status = one.Reference, http.StatusOK
		if err := s.option(ctx, one, fmt.Sprintf("options[%d].", i), result); err != nil {
			result.Services, result.Points, result.Error = nil, nil, problemOf(err)
			result.Status = result.Error.Status
		}
	}
	return &Body[DeliveryOptions]{Body: out}, nil
}

func (s *Server) option(ctx context.Context, in *OptionInput, field string, out *DeliveryOption) error {
	services := in.Services
	if len(services) == 0 {
		services = []ServiceInput{{Carrier: in.Carrier, Service: in.Service, Level: in.Level}}
	}
	for i, service := range services {
		question := in.EstimateInput
		question.Carrier, question.Service, question.Level = service.Carrier, service.Service, service.Level
		where := field
		if len(in.Services) > 0 {
			where = fmt.Sprintf("%sservices[%d].", field, i)
		}
		q, err := s.questionOf(ctx, &question, where, s.now())
		if err != nil {
			return err
		}
		answer, err := s.estimator.Ask(ctx, q, s.now())
		if err != nil {
			return err
		}
		out.Services = append(out.Services, ServiceOption{ServiceInput: service, Estimate: preEstimateOf(answer)})
	}
	return s.pointsNear(ctx, in, field, out)
}

// pointsNear finds the pickup points. A destination whose place on the map is unknown has none.
func (s *Server) pointsNear(ctx context.Context, in *OptionInput, field string, out *DeliveryOption) error {
	const within, most, metres = 50, 50, 1000
	size := sizeOr(in.Size)
	switch {
	case size.Rank() < 0:
		return invalid(field+"size", "is none of S, M, L, XL", "M")
	case !(in.Within >= 0 && in.Within <= within):
		return invalid(field+"within_km", "is not within 0 to 50", 5)
	case in.Points < 0 || in.Points > most:
		return invalid(field+"points", "is not within 0 to 50", 10)
	case (in.Lat == nil) != (in.Lon == nil):
		return invalid(field+"lat", "lat and lon go together", 52.5163)
	case in.Lat != nil && (!(*in.Lat >= -90 && *in.Lat <= 90) || !(*in.Lon >= -180 && *in.Lon <= 180)):
		return invalid(field+"lat", "lies not on the earth", 52.5163)
	}
	var at *tracker.Point
	if in.Lat != nil {
		at = &tracker.Point{Lat: *in.Lat, Lon: *in.Lon}
	} else if place, _, err := in.Destination.locate(field + "destination"); err != nil {
		return err
	} else {
		at = place.Point
	}
	if at == nil {
		return nil
	}
	near, err := s.pickups.Around(ctx, *at, cmp.Or(in.Within, 5)*metres, size, cmp.Or(in.Points, 10))
	if err != nil {
		return err
	}
	for _, n := range near {
		out.Points = append(out.Points, nearPoint(&n))
	}
	return nil
}

func nearPoint(n *pickup.Near) NearPoint {
	return NearPoint{
		ID: n.ID, Kind: string(n.Kind), Name: n.Name, Address: n.Address, Lat: n.Point.Lat, Lon: n.Point.Lon, Hours: n.Hours,
		Metres: int(n.Metres + 0.5), Space: n.Space,
	}
}
