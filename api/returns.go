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
	"waybill/tracker/returns"
)

// returnOperations are how sellers decide on returns and receive them. What customers call is in returns_track.go.
func (s *Server) returnOperations() {
	tags := []string{"Returns"}
	operation(s, huma.Operation{
		OperationID: "put-return-rules", Method: http.MethodPut, Path: "/v1/settings/returns", Tags: tags,
		Summary: "What you take back", Description: "Without rules, or with `days` of 0, customers are offered no returns.",
	}, s.putReturnRules)
	operation(s, huma.Operation{
		OperationID: "get-return-rules", Method: http.MethodGet, Path: "/v1/settings/returns", Tags: tags, Summary: "Your rules for returns",
	}, func(ctx context.Context, _ *struct{}) (*Body[tracker.ReturnRules], error) {
		tenant, err := s.ownTenant(ctx)
		if err != nil {
			return nil, err
		}
		return rulesBody(tenant), nil
	})
	operation(s, huma.Operation{
		OperationID: "list-returns", Method: http.MethodGet, Path: "/v1/returns", Tags: tags, Summary: "List returns, the newest first",
	}, s.listReturns)
	operation(s, huma.Operation{
		OperationID: "ask-return", Method: http.MethodPost, Path: "/v1/returns", Tags: tags, Summary: "Ask for a return in the customer's name",
		DefaultStatus: http.StatusCreated, Description: "Your own wish may come after the days are over.",
	}, s.postReturn)
	operation(s, huma.Operation{
		OperationID: "get-return", Method: http.MethodGet, Path: "/v1/returns/{id}", Tags: tags, Summary: "A return",
	}, func(ctx context.Context, in *ByReturn) (*Body[Return], error) {
		return returnBody(s.ownReturn(ctx, in.ID))
	})
	operation(s, huma.Operation{
		OperationID: "approve-return", Method: http.MethodPost, Path: "/v1/returns/{id}/approve", Tags: tags,
		Summary: "Approve a return", Description: "Makes the parcel that goes back, with a code for the customer's phone. A repeat changes nothing.",
	}, func(ctx context.Context, in *ByReturn) (*Body[Return], error) {
		return s.decideReturn(ctx, in.ID, func(by string) (*tracker.Return, error) { return s.returns.Approve(ctx, in.ID, by) })
	})
	operation(s, huma.Operation{
		OperationID: "refuse-return", Method: http.MethodPost, Path: "/v1/returns/{id}/refuse", Tags: tags, Summary: "Refuse a return, and say why",
	}, func(ctx context.Context, in *RefusalInput) (*Body[Return], error) {
		return s.decideReturn(ctx, in.ID, func(by string) (*tracker.Return, error) { return s.returns.Refuse(ctx, in.ID, by, in.Body.Reason) })
	})
	operation(s, huma.Operation{
		OperationID: "receive-return", Method: http.MethodPost, Path: "/v1/returns/{id}/receive", Tags: tags,
		Summary: "Say what came back", Description: "Endpoints are told as return.received, with the items: yours to refund and restock.",
	}, func(ctx context.Context, in *ReceiptInput) (*Body[Return], error) {
		return s.decideReturn(ctx, in.ID, func(by string) (*tracker.Return, error) {
			return s.returns.Receive(ctx, in.ID, by, receivedOf(in.Body.Items))
		})
	})
}

// ByReturn names a return in the path.
type ByReturn struct {
	ID string `path:"id" maxLength:"64" example:"WB2345679ABCDEFGJ-R1"`
}

// Return is a return as its seller sees it.
type Return struct {
	ID       string                 `json:"id" example:"WB2345679ABCDEFGJ-R1"`
	Outbound string                 `json:"outbound" doc:"The shipment with which it came."`
	Order    string                 `json:"order,omitempty"`
	Shipment string                 `json:"shipment,omitempty" doc:"The parcel that goes back; follow it as any other."`
	State    string                 `json:"state" enum:"requested,approved,refused,received,withdrawn"`
	Items    []tracker.ReturnItem   `json:"items"`
	Method   string                 `json:"method" enum:"drop_off,pick_up"`
	PaidBy   string                 `json:"paid_by" enum:"seller,customer"`
	Reason   string                 `json:"refused_because,omitempty"`
	Received []tracker.ReceivedItem `json:"received,omitempty"`
	Steps    []ReturnStep           `json:"steps"`
}

// ReturnStep is a state that was reached.
type ReturnStep struct {
	State string    `json:"state"`
	At    time.Time `json:"at"`
	By    string    `json:"by" doc:"customer, rule, or who of you."`
}

func returnOf(r *tracker.Return) Return {
	out := Return{
		ID: r.ID, Outbound: r.Outbound, Order: r.Order, Shipment: r.Shipment, State: string(r.State), Items: r.Items, Method: string(r.Method),
		PaidBy: r.PaidBy, Reason: r.Why, Received: r.Received,
	}
	for _, step := range r.Steps {
		out.Steps = append(out.Steps, ReturnStep{string(step.State), step.At, step.By})
	}
	return out
}

func returnBody(r *tracker.Return, err error) (*Body[Return], error) {
	if err != nil {
		return nil, returnProblem(err)
	}
	return &Body[Return]{Body: returnOf(r)}, nil
}

// returnProblem puts what the desk refuses into the form of the API.
func returnProblem(err error) error {
	switch {
	case errors.Is(err, returns.ErrInput):
		return invalid("items", err.Error(), nil)
	case errors.Is(err, returns.ErrState):
		return problem("conflict", sentence(err.Error()))
	}
	return err
}

// RulesInput are a seller's rules.
type RulesInput struct{ Body tracker.ReturnRules }

func rulesBody(t *tracker.Tenant) *Body[tracker.ReturnRules] {
	if t.Returns == nil {
		return &Body[tracker.ReturnRules]{}
	}
	return &Body[tracker.ReturnRules]{Body: *t.Returns}
}

func (s *Server) putReturnRules(ctx context.Context, in *RulesInput) (*Body[tracker.ReturnRules], error) {
	for i, reason := range in.Body.Reasons {
		if !slices.Contains(tracker.ReturnReasons(), reason) {
			return nil, invalid(fmt.Sprintf("reasons[%d]", i), fmt.Sprintf("is none of %v", tracker.ReturnReasons()), "does_not_fit")
		}
	}
	if in.Body.Days > 0 && (len(in.Body.Address.Lines) == 0 || in.Body.Address.City == "" || len(in.Body.Address.Country) != 2) {
		return nil, invalid("address", "say where returns go: lines, city and country", nil)
	}
	tenant, err := s.changeTenant(ctx, func(t *tracker.Tenant) error {
		t.Returns = &in.Body
		return nil
	})
	if err != nil {
		return nil, err
	}
	return rulesBody(tenant), nil
}

// ReturnsInput asks for returns.
type ReturnsInput struct {
	PageInput
	State    string `query:"state" enum:"requested,approved,refused,received,withdrawn" doc:"Only those in a state."`
	Shipment string `query:"shipment" maxLength:"64" doc:"Only those of an outbound shipment."`
}

func (s *Server) listReturns(ctx context.Context, in *ReturnsInput) (*Body[Page[Return]], error) {
	tenant := callerOf(ctx).Tenant
	list := tracker.ListOfTenant(tenant)
	switch {
	case in.Shipment != "":
		shipment, err := s.ownShipment(ctx, in.Shipment)
		if err != nil {
			return nil, err
		}
		list = tracker.ListOfShipment(shipment.ID)
	case in.State != "":
		list = tracker.ListOfReturns(tenant, tracker.ReturnState(in.State))
	}
	return pageOf(ctx, s.store, list, in.PageInput, returnOf)
}

// ReturnInput is a return that somebody asks for.
type ReturnInput struct {
	Body struct {
		Shipment string `json:"shipment" maxLength:"64" example:"WB2345679ABCDEFGJ"`
		ReturnWish
	}
}

// ReturnWish is what is to go back.
type ReturnWish struct {
	Items  []ReturnItemInput `json:"items" minItems:"1" maxItems:"100"`
	Method string            `json:"method,omitempty" enum:"drop_off,pick_up" doc:"drop_off where absent."`
}

// ReturnItemInput is one item to send back.
type ReturnItemInput struct {
	SKU      string `json:"sku,omitempty" maxLength:"128" doc:"Absent where the shipment was registered without items: the parcel." example:"TEA-250"`
	Quantity int    `json:"quantity" minimum:"1" example:"1"`
	Reason   string `json:"reason" maxLength:"64" example:"does_not_fit"`
}

func (w *ReturnWish) wish(by string) returns.Wish {
	out := returns.Wish{Method: tracker.ReturnMethod(w.Method), By: by}
	if out.Method == "" {
		out.Method = tracker.ReturnDropOff
	}
	for _, item := range w.Items {
		out.Items = append(out.Items, tracker.ReturnItem{SKU: item.SKU, Quantity: item.Quantity, Reason: item.Reason})
	}
	return out
}

func (s *Server) postReturn(ctx context.Context, in *ReturnInput) (*Body[Return], error) {
	shipment, err := s.ownShipment(ctx, in.Body.Shipment)
	if err != nil {
		return nil, err
	}
	tenant, err := s.ownTenant(ctx)
	if err != nil {
		return nil, err
	}
	who := callerOf(ctx)
	return returnBody(s.returns.Ask(ctx, shipment, tenant.Returns, in.Body.wish(who.actor())))
}

// ownReturn is a return of the caller's; another seller's is not there.
func (s *Server) ownReturn(ctx context.Context, id string) (*tracker.Return, error) {
	r, err := tracker.Load[tracker.Return](ctx, s.store, id)
	if err != nil {
		return nil, err
	}
	if r.Tenant != callerOf(ctx).Tenant {
		return nil, tracker.ErrNotFound
	}
	return r, nil
}

func (s *Server) decideReturn(ctx context.Context, id string, decide func(by string) (*tracker.Return, error)) (*Body[Return], error) {
	if _, err := s.ownReturn(ctx, id); err != nil {
		return nil, err
	}
	who := callerOf(ctx)
	return returnBody(decide(who.actor()))
}

// RefusalInput is a no.
type RefusalInput struct {
	ByReturn
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"As the customer is told." example:"The seal was broken."`
	}
}

// ReceiptInput is what came back.
type ReceiptInput struct {
	ByReturn
	Body struct {
		Items []ReceivedInput `json:"items" minItems:"1" maxItems:"100"`
	}
}

// ReceivedInput is one item that came back.
type ReceivedInput struct {
	SKU       string `json:"sku,omitempty" maxLength:"128" example:"TEA-250"`
	Quantity  int    `json:"quantity" minimum:"1" example:"1"`
	Condition string `json:"condition" enum:"as_new,opened,used,damaged,missing" example:"as_new"`
}

func receivedOf(list []ReceivedInput) []tracker.ReceivedItem {
	items := make([]tracker.ReceivedItem, len(list))
	for i, in := range list {
		items[i] = tracker.ReceivedItem(in)
	}
	return items
}
