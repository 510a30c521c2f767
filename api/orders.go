package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// orderOperations are the steps before any carrier has the parcel.
func (s *Server) orderOperations() {
	operation(s, huma.Operation{
		OperationID: "create-order", Method: http.MethodPost, Path: "/v1/orders", Tags: []string{"Orders"},
		Summary: "Make an order", DefaultStatus: http.StatusCreated,
		Description: "An order that is there already is given back as it is.",
	}, s.postOrder)
	operation(s, huma.Operation{
		OperationID: "get-order", Method: http.MethodGet, Path: "/v1/orders/{id}", Tags: []string{"Orders"},
		Summary: "An order with its steps and shipments",
	}, s.getOrder)
	operation(s, huma.Operation{
		OperationID: "post-order-events", Method: http.MethodPost, Path: "/v1/orders/{id}/events", Tags: []string{"Orders"},
		Summary:     "Tell a step of an order",
		Description: "confirmed, back_ordered (with the new date in expected), picked, packed, cancelled. A new order is made where there is none.",
	}, s.postOrderEvents)
}

// OrderInput is an order to make.
type OrderInput struct {
	Body struct {
		Number string      `json:"number" minLength:"1" maxLength:"128" doc:"Your order number." example:"1001"`
		Items  []ItemInput `json:"items,omitempty" maxItems:"1000"`
	}
}

// ByOrder names an order in the path.
type ByOrder struct {
	ID string `path:"id" maxLength:"384" doc:"Your order number." example:"1001"`
}

// number is the order number as it was before it was put into a path.
func (o *ByOrder) number() (string, error) {
	number, err := url.PathUnescape(o.ID)
	if err != nil || number == "" || len(number) > 128 {
		return "", tracker.ErrNotFound
	}
	return number, nil
}

// StepsInput are steps of an order.
type StepsInput struct {
	ByOrder
	Body struct {
		Events []StepInput `json:"events" minItems:"1" maxItems:"100"`
	}
}

// StepInput is one step.
type StepInput struct {
	Step     string `json:"step" enum:"confirmed,back_ordered,picked,packed,cancelled" example:"packed"`
	At       string `json:"at,omitempty" doc:"When; now where it is absent." example:"2026-11-23T14:05:00+01:00"`
	Expected string `json:"expected,omitempty" doc:"The new date of a back-ordered order: a day or a time." example:"2026-12-01"`
	Note     string `json:"note,omitempty" maxLength:"500"`
}

// Order is an order as its seller sees it.
type Order struct {
	Number    string         `json:"number"`
	Items     []tracker.Item `json:"items,omitempty"`
	Steps     []OrderStep    `json:"steps"`
	Shipments []Shipment     `json:"shipments" doc:"Without their events."`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
}

// OrderStep is a step that was taken.
type OrderStep struct {
	Step     string `json:"step"`
	At       string `json:"at"`
	Expected string `json:"expected,omitempty"`
	Note     string `json:"note,omitempty"`
}

func (s *Server) postOrder(ctx context.Context, in *OrderInput) (*Body[Order], error) {
	order, err := s.ordering.Create(ctx, callerOf(ctx).Tenant, in.Body.Number, itemsOf(in.Body.Items))
	if err != nil {
		return nil, err
	}
	return s.orderBody(ctx, order)
}

func (s *Server) getOrder(ctx context.Context, in *ByOrder) (*Body[Order], error) {
	number, err := in.number()
	if err != nil {
		return nil, err
	}
	order, err := tracker.Load[tracker.Order](ctx, s.store, callerOf(ctx).Tenant+"/"+number)
	if err != nil {
		return nil, err
	}
	return s.orderBody(ctx, order)
}

func (s *Server) postOrderEvents(ctx context.Context, in *StepsInput) (*Body[Order], error) {
	number, err := in.number()
	if err != nil {
		return nil, err
	}
	steps := make([]tracker.OrderStep, len(in.Body.Events))
	for i := range in.Body.Events {
		if steps[i], err = in.Body.Events[i].step(fmt.Sprintf("events[%d].", i), s.now()); err != nil {
			return nil, err
		}
	}
	order, err := s.ordering.AddSteps(ctx, callerOf(ctx).Tenant, number, steps...)
	if err != nil {
		return nil, err
	}
	return s.orderBody(ctx, order)
}

func (in *StepInput) step(field string, now time.Time) (tracker.OrderStep, error) {
	substatus, err := tracker.ParseStep(in.Step)
	if err != nil {
		return tracker.OrderStep{}, invalid(field+"step", err.Error(), "packed")
	}
	step := tracker.OrderStep{Substatus: substatus, At: tracker.StampAt(now.UTC()), Note: in.Note}
	if in.At != "" {
		at, err := parseTime(field+"at", in.At)
		if err != nil {
			return step, err
		}
		step.At = tracker.StampAt(at)
	}
	if in.Expected != "" {
		if step.Expected, err = tracker.ParseStamp(in.Expected); err != nil {
			return step, invalid(field+"expected", "is neither a day nor a time", "2026-12-01")
		}
	}
	if in.Step == "back_ordered" && !step.Expected.Known() {
		return step, invalid(field+"expected", "is absent, but the order is back-ordered", "2026-12-01")
	}
	return step, nil
}

// mostOfOrder is how many shipments of an order are shown.
const mostOfOrder = 200

func (s *Server) orderBody(ctx context.Context, r *tracker.Order) (*Body[Order], error) {
	out := Order{
		Number: r.Number, Items: r.Items, Steps: []OrderStep{}, Shipments: []Shipment{}, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	for i := range r.Steps {
		step := &r.Steps[i]
		out.Steps = append(out.Steps, OrderStep{
			Step: step.Word(), At: step.At.String(), Expected: step.Expected.String(), Note: step.Note,
		})
	}
	shipments, err := tracker.LoadList[tracker.Shipment](ctx, s.store, tracker.ListOfOrder(r.Tenant, r.Number), tracker.Page{Limit: mostOfOrder})
	if err != nil {
		return nil, err
	}
	for _, shipment := range shipments {
		out.Shipments = append(out.Shipments, s.listedShipment(shipment))
	}
	return &Body[Order]{Body: out}, nil
}
