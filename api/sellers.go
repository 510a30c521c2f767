package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// sellerOperations are what sellers call about shipments. Shapes are in shipment_input.go and shipment_output.go.
func (s *Server) sellerOperations() {
	operation(s, huma.Operation{
		OperationID: "register-shipments", Method: http.MethodPost, Path: "/v1/shipments", Tags: []string{"Shipments"},
		Summary: "Register a shipment, or many", DefaultStatus: http.StatusCreated,
		Description: "One shipment as the body itself, or many as {\"shipments\": […]}: then each has its own result and one mistake " +
			"spoils no other. Without a carrier it is found from the number, and the candidates are in the answer.",
		Responses: map[string]*huma.Response{
			"201": s.jsonAnswer("The shipment, of one as the body itself.", reflect.TypeFor[Shipment]()),
			"200": s.jsonAnswer("The results, of many.", reflect.TypeFor[Results]()),
		},
	}, s.postShipments)
	operation(s, huma.Operation{
		OperationID: "list-shipments", Method: http.MethodGet, Path: "/v1/shipments", Tags: []string{"Shipments"},
		Summary: "List shipments, the newest first", Description: "Events stand in the single shipment alone.",
	}, s.listShipments)
	operation(s, huma.Operation{
		OperationID: "get-shipment", Method: http.MethodGet, Path: "/v1/shipments/{id}", Tags: []string{"Shipments"},
		Summary: "A shipment with everything",
	}, s.getShipment)
	operation(s, huma.Operation{
		OperationID: "delete-shipment", Method: http.MethodDelete, Path: "/v1/shipments/{id}", Tags: []string{"Shipments"},
		Summary: "Remove a shipment", DefaultStatus: http.StatusNoContent,
		Description: "Its recipient's data can never be read again, its page is gone, nobody is told of it any more.",
	}, s.deleteShipment)
	operation(s, huma.Operation{
		OperationID: "get-shipment-events", Method: http.MethodGet, Path: "/v1/shipments/{id}/events", Tags: []string{"Shipments"},
		Summary: "What happened to a shipment, the newest first",
	}, s.getShipmentEvents)
	operation(s, huma.Operation{
		OperationID: "add-leg", Method: http.MethodPost, Path: "/v1/shipments/{id}/legs", Tags: []string{"Shipments"},
		Summary: "Add a carrier's number that came later", DefaultStatus: http.StatusCreated,
	}, s.postLeg)
	operation(s, huma.Operation{
		OperationID: "detect-carrier", Method: http.MethodPost, Path: "/v1/detect", Tags: []string{"Shipments"},
		Summary: "Which carriers a tracking number may belong to",
	}, s.postDetect)
	s.milestoneOperations()
}

// ByID names a shipment in the path.
type ByID struct {
	ID string `path:"id" maxLength:"64" doc:"The shipment's own tracking ID." example:"WB2345679ABCDEFGJ"`
}

// ownShipment is a shipment of the caller's; another's is not there at all.
func (s *Server) ownShipment(ctx context.Context, id string) (*tracker.Shipment, error) {
	canonical, ok := tracker.ParseTrackingID(id)
	if !ok {
		return nil, tracker.ErrNotFound
	}
	shipment, err := tracker.Load[tracker.Shipment](ctx, s.store, canonical)
	if err != nil {
		return nil, err
	}
	who := callerOf(ctx)
	if who.Role == tracker.RoleSeller && shipment.Tenant != who.Tenant {
		return nil, tracker.ErrNotFound
	}
	return shipment, nil
}

// GetInput asks for a shipment.
type GetInput struct {
	ByID
	FieldsInput
}

func (s *Server) getShipment(ctx context.Context, in *GetInput) (*Body[Shipment], error) {
	if err := in.check(reflect.TypeFor[Shipment]()); err != nil {
		return nil, err
	}
	shipment, err := s.ownShipment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out, err := s.wholeShipment(ctx, shipment)
	return &Body[Shipment]{Body: out}, err
}

func (s *Server) deleteShipment(ctx context.Context, in *ByID) (*struct{}, error) {
	shipment, err := s.ownShipment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, tracker.Withdraw(ctx, s.store, shipment.ID)
}

// Body is an answer that is nothing but its body.
type Body[T any] struct{ Body T }

func (s *Server) getShipmentEvents(ctx context.Context, in *ByID) (*Body[EventList], error) {
	shipment, err := s.ownShipment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out, err := s.wholeShipment(ctx, shipment)
	return &Body[EventList]{Body: EventList{Events: out.Tracking.Events}}, err
}

// LegInput is a carrier's number for a shipment.
type LegInput struct {
	ByID
	Body struct {
		Carrier        string `json:"carrier,omitempty" maxLength:"64" doc:"Found from the number where it is absent." example:"ups"`
		TrackingNumber string `json:"tracking_number" minLength:"1" maxLength:"64" example:"1Z999AA10123456784"`
	}
}

func (s *Server) postLeg(ctx context.Context, in *LegInput) (*Body[Shipment], error) {
	shipment, err := s.ownShipment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	carrier, candidates, err := s.carrierOf(ctx, "", in.Body.Carrier, in.Body.TrackingNumber)
	if err != nil {
		return nil, err
	}
	key := tracker.LegKey{Carrier: carrier, Number: tracker.NormaliseNumber(in.Body.TrackingNumber)}
	if err := s.ingest.AddLeg(ctx, shipment, key, "registered"); err != nil {
		return nil, err
	}
	out, err := s.wholeShipment(ctx, shipment)
	out.Candidates = candidates
	return &Body[Shipment]{Body: out}, err
}

// carrierOf finds the carrier of a number: the one that is named, else the one that has scanned the number already,
// else the likeliest. field is where the number stands in the request, for messages.
func (s *Server) carrierOf(ctx context.Context, field, carrier, number string) (string, []CarrierCandidate, error) {
	normal := tracker.NormaliseNumber(number)
	if normal == "" {
		return "", nil, invalid(field+"tracking_number", "holds no letter or digit", "1Z999AA10123456784")
	}
	if carrier != "" {
		if s.carriers.Carrier(carrier) == nil && carrier != tracker.FleetCarrier {
			p := invalid(field+"carrier", fmt.Sprintf("no carrier has the code %q", carrier), "ups")
			p.Near = nearest(carrier, s.carriers.Codes())
			return "", nil, p
		}
		return carrier, nil, nil
	}
	candidates := candidatesOf(number)
	legs, err := tracker.LoadList[tracker.Leg](ctx, s.store, tracker.ListOfNumber(normal), tracker.Page{})
	if err != nil {
		return "", nil, err
	}
	legs = slices.DeleteFunc(legs, func(l *tracker.Leg) bool { return len(l.Events) == 0 })
	switch {
	case len(legs) == 1:
		return legs[0].Carrier, candidates, nil
	case len(candidates) == 0:
		return "", nil, invalid(field+"carrier", "the number has the form of no known carrier's; name the carrier", "ups")
	}
	return candidates[0].Carrier, candidates, nil
}

// parseTime reads a time of a request.
func parseTime(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 2000 || t.Year() > 2200 {
		return time.Time{}, invalid(field, "is not an RFC 3339 time of this century", "2026-11-24T18:00:00+01:00")
	}
	return t, nil
}
