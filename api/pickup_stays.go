package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
	"waybill/tracker/pickup"
)

// pickupStayOperations are the life of a parcel at a pickup point.
func (s *Server) pickupStayOperations() {
	tags := []string{"Pickup points"}
	operation(s, huma.Operation{
		OperationID: "reserve-pickup", Method: http.MethodPost, Path: "/v1/pickup-reservations", Tags: tags,
		Summary: "Reserve a place at a pickup point", DefaultStatus: http.StatusCreated,
		Description: "It holds for 30 minutes, and from when a shipment is named for 30 days.",
	}, s.reservePickup)
	operation(s, huma.Operation{
		OperationID: "bind-pickup", Method: http.MethodPost, Path: "/v1/pickup-reservations/{id}/shipment", Tags: tags,
		Summary: "Name the shipment that a reservation is for",
	}, s.bindPickup)
	operation(s, huma.Operation{
		OperationID: "release-pickup", Method: http.MethodDelete, Path: "/v1/pickup-reservations/{id}", Tags: tags, Summary: "Give a reserved place back",
	}, s.releasePickup)
	operation(s, huma.Operation{
		OperationID: "deposit", Method: http.MethodPost, Path: "/v1/pickup-points/{id}/deposits", Tags: tags,
		Summary: "Put a parcel in", DefaultStatus: http.StatusCreated,
		Description: "Answers which compartment. The recipient is told the code that opens it; nobody else is. A repeat changes nothing. " +
			"Where nothing was reserved it takes what is free; where nothing is, the answer names the nearest points with room.",
	}, s.deposit)
	operation(s, huma.Operation{
		OperationID: "open-pickup", Method: http.MethodPost, Path: "/v1/pickup-points/{id}/open", Tags: tags,
		Summary:     "Ask what a code opens",
		Description: "For the locker, or whoever stands at the counter. Tell `collected` when the parcel is out. Five wrong codes within 15 minutes lock the point for 15 minutes.",
	}, s.openPickup)
	for _, end := range []struct {
		name, summary string
		do            func(context.Context, string) (*tracker.PickupStay, error)
	}{
		{"collected", "The recipient has the parcel", s.pickups.Collected},
		{"taken-out", "A courier took the parcel out again", s.pickups.TakenOut},
		{"extension", "Give the recipient as many days again, once", s.pickups.Extend},
	} {
		operation(s, huma.Operation{
			OperationID: "pickup-" + end.name, Method: http.MethodPost, Path: "/v1/pickup-stays/{id}/" + end.name, Tags: tags, Summary: end.summary,
		}, func(ctx context.Context, in *ByStay) (*Body[PickupStay], error) {
			stay, err := s.ownStay(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return stayBody(end.do(ctx, stay.ID))
		})
	}
	operation(s, huma.Operation{
		OperationID: "get-pickup-stay", Method: http.MethodGet, Path: "/v1/pickup-stays/{id}", Tags: tags,
		Summary: "A parcel's stay at a pickup point", Description: "By its id, or by the shipment's.",
	}, func(ctx context.Context, in *ByStay) (*Body[PickupStay], error) {
		return stayBody(s.ownStay(ctx, in.ID))
	})
}

// ByStay names a stay in the path.
type ByStay struct {
	ID string `path:"id" maxLength:"64" doc:"The stay's id, or the shipment's." example:"stay_019dbd1a2b0e0001f2c49a7d"`
}

// PickupStay is a parcel's stay at a pickup point.
type PickupStay struct {
	ID          string    `json:"id"`
	Reference   string    `json:"reference,omitempty"`
	Shipment    string    `json:"shipment,omitempty"`
	Point       string    `json:"point"`
	Size        string    `json:"size"`
	State       string    `json:"state" enum:"reserved,waiting,collected,overdue,taken_out,released" doc:"overdue: nobody collected it; it is to go back and still there."`
	Compartment string    `json:"compartment,omitempty"`
	Until       time.Time `json:"until" doc:"When the reservation ends, or when the parcel goes back."`
	Extended    bool      `json:"extended,omitempty"`
	Before      []string  `json:"redirected_from,omitempty"`
}

func stayBody(r *tracker.PickupStay, err error) (*Body[PickupStay], error) {
	if err != nil {
		return nil, pickupProblem(err)
	}
	return &Body[PickupStay]{Body: PickupStay{
		ID: r.ID, Reference: r.Reference, Shipment: r.Shipment, Point: r.Point, Size: string(r.Size), State: string(r.State),
		Compartment: r.Compartment, Until: r.Until, Extended: r.Extended, Before: r.Before,
	}}, nil
}

// pickupProblem puts what the desk refuses into the form of the API.
func pickupProblem(err error) error {
	switch {
	case errors.Is(err, pickup.ErrCode):
		return problem("proof_wrong", "No parcel waits under this code here. Ask the recipient to read it again.")
	case errors.Is(err, pickup.ErrLocked):
		return problem("rate_limited", "Too many wrong codes were tried here. Wait, or have an operator unlock the point.").later(pickup.LockFor)
	}
	for _, known := range []error{pickup.ErrFull, pickup.ErrClosed, pickup.ErrEnded, pickup.ErrElse, pickup.ErrState, pickup.ErrExtended} {
		if errors.Is(err, known) {
			return problem("conflict", sentence(err.Error()))
		}
	}
	return err
}

// sentence is an error's text as a sentence.
func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] + "." }

// ownStay is a stay by its id or its shipment's; another seller's is not there at all.
func (s *Server) ownStay(ctx context.Context, id string) (*tracker.PickupStay, error) {
	var stay *tracker.PickupStay
	var err error
	if shipment, ok := tracker.ParseTrackingID(id); ok {
		stay, err = s.pickups.StayOf(ctx, shipment)
	} else {
		stay, err = tracker.Load[tracker.PickupStay](ctx, s.store, id)
	}
	if err != nil {
		return nil, err
	}
	if who := callerOf(ctx); who.Role == tracker.RoleSeller && who.Tenant != stay.Tenant {
		return nil, tracker.ErrNotFound
	}
	return stay, nil
}

// namedShipment is a shipment of the caller's that a field of the body names.
func (s *Server) namedShipment(ctx context.Context, field, id string) (*tracker.Shipment, error) {
	shipment, err := s.ownShipment(ctx, id)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, invalid(field, "there is no shipment with this ID; register it first", "WB2345679ABCDEFGJ")
	}
	return shipment, err
}

// ReservationInput asks for a place.
type ReservationInput struct {
	Body struct {
		Point     string `json:"point" minLength:"1" maxLength:"64" example:"BER-L12"`
		Size      string `json:"size,omitempty" enum:"S,M,L,XL" doc:"M where absent." example:"M"`
		Reference string `json:"reference,omitempty" maxLength:"128" doc:"Your word for what is bought." example:"cart-17"`
		Shipment  string `json:"shipment,omitempty" maxLength:"64" doc:"Where it is registered already; else name it later." example:"WB2345679ABCDEFGJ"`
	}
}

func sizeOr(size string) tracker.PickupSize {
	if size == "" {
		return "M"
	}
	return tracker.PickupSize(size)
}

func (s *Server) reservePickup(ctx context.Context, in *ReservationInput) (*Body[PickupStay], error) {
	wish := pickup.Wish{Tenant: callerOf(ctx).Tenant, Reference: in.Body.Reference, Point: in.Body.Point, Size: sizeOr(in.Body.Size)}
	if in.Body.Shipment != "" {
		shipment, err := s.namedShipment(ctx, "shipment", in.Body.Shipment)
		if err != nil {
			return nil, err
		}
		wish.Shipment = shipment.ID
	}
	stay, err := s.pickups.Reserve(ctx, wish)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, invalid("point", "there is no such pickup point; POST /v1/delivery-options lists those near an address", nil)
	}
	return stayBody(stay, err)
}

// BindInput names a shipment for a reservation.
type BindInput struct {
	ByStay
	Body struct {
		Shipment string `json:"shipment" maxLength:"64" example:"WB2345679ABCDEFGJ"`
	}
}

func (s *Server) bindPickup(ctx context.Context, in *BindInput) (*Body[PickupStay], error) {
	stay, err := s.ownStay(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	shipment, err := s.namedShipment(ctx, "shipment", in.Body.Shipment)
	if err != nil {
		return nil, err
	}
	return stayBody(s.pickups.Bind(ctx, stay.ID, shipment.ID))
}

func (s *Server) releasePickup(ctx context.Context, in *ByStay) (*Body[PickupStay], error) {
	stay, err := s.ownStay(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return stayBody(s.pickups.Release(ctx, stay.ID))
}

// DepositInput is a parcel that is put in.
type DepositInput struct {
	ByPoint
	Body struct {
		Shipment    string `json:"shipment" maxLength:"64" example:"WB2345679ABCDEFGJ"`
		Size        string `json:"size,omitempty" enum:"S,M,L,XL" doc:"Where nothing was reserved; M where absent." example:"M"`
		Compartment string `json:"compartment,omitempty" maxLength:"20" doc:"Where you put it; the smallest free one where absent." example:"7"`
	}
}

func (s *Server) deposit(ctx context.Context, in *DepositInput) (*Body[PickupStay], error) {
	shipment, err := s.namedShipment(ctx, "shipment", in.Body.Shipment)
	if err != nil {
		return nil, err
	}
	stay, err := s.pickups.Put(ctx, pickup.Deposit{
		Shipment: shipment, Point: in.ID, Size: sizeOr(in.Body.Size), Compartment: in.Body.Compartment,
	})
	if errors.Is(err, pickup.ErrFull) || errors.Is(err, pickup.ErrClosed) {
		return nil, s.elsewhere(ctx, in.ID, sizeOr(in.Body.Size), err)
	}
	return stayBody(stay, err)
}

// elsewhere names the nearest points with room to whoever stands before a full one.
func (s *Server) elsewhere(ctx context.Context, point string, size tracker.PickupSize, cause error) error {
	const within, most = 10_000, 3
	p := problem("conflict", sentence(cause.Error()))
	at, err := tracker.Load[tracker.PickupPoint](ctx, s.store, point)
	if err != nil {
		return err
	}
	near, err := s.pickups.Around(ctx, at.Point, within, size, most+1)
	if err != nil {
		return err
	}
	for _, n := range near {
		if n.ID != point && len(p.Near) < most {
			p.Near = append(p.Near, n.ID)
		}
	}
	return p
}

// OpenInput is a code that somebody typed.
type OpenInput struct {
	ByPoint
	Body struct {
		Code string `json:"code" minLength:"4" maxLength:"20" example:"48213907"`
	}
}

func (s *Server) openPickup(ctx context.Context, in *OpenInput) (*Body[PickupStay], error) {
	return stayBody(s.pickups.Open(ctx, in.ID, strings.ReplaceAll(in.Body.Code, " ", "")))
}
