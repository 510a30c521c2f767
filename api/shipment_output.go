package api

import (
	"context"
	"time"

	"waybill/api/view"
	"waybill/tracker"
	"waybill/tracker/words"
)

// Shipment is what its seller sees: everything.
type Shipment struct {
	ID          string             `json:"id" doc:"Its own tracking ID." example:"WB2345679ABCDEFGJ"`
	Order       string             `json:"order,omitempty"`
	Consignment string             `json:"consignment,omitempty"`
	Piece       int                `json:"piece,omitempty"`
	Pieces      int                `json:"pieces,omitempty"`
	Reference   string             `json:"reference,omitempty"`
	Items       []tracker.Item     `json:"items,omitempty"`
	Service     string             `json:"service"`
	Recipient   *tracker.Recipient `json:"recipient,omitempty" doc:"Only in the single shipment."`
	Origin      *tracker.Location  `json:"origin,omitempty"`
	Destination *tracker.Location  `json:"destination,omitempty"`
	Zone        string             `json:"zone,omitempty"`
	Locale      string             `json:"locale,omitempty"`
	Tags        []string           `json:"tags,omitempty"`
	Return      bool               `json:"return,omitempty"`
	Outbound    string             `json:"outbound,omitempty"`
	Test        bool               `json:"test,omitempty" doc:"A made-up parcel of the sandbox: made by a key for tests."`
	CreatedAt   time.Time          `json:"created_at"`
	UpdatedAt   time.Time          `json:"updated_at"`
	// Seq counts the changes of the state; webhooks carry it too.
	Seq int64 `json:"seq"`
	// PageURL is the public page; RecipientURL opens the full view and belongs to nobody but the recipient.
	PageURL      string `json:"page_url"`
	RecipientURL string `json:"recipient_url,omitempty" doc:"Opens the full view without asking: for the recipient alone. Only in the single shipment."`
	// Tracking is its state. In lists it has no events.
	Tracking *view.Tracking `json:"tracking"`
	// FirstEstimate is what was foreseen at first, Estimates what was shown since; the promise and the present estimate
	// are in Tracking.
	FirstEstimate *tracker.EstimateNote  `json:"first_estimate,omitempty" doc:"To compare with tracking.promise and tracking.estimate."`
	Estimates     []tracker.EstimateNote `json:"estimates,omitempty" doc:"Windows that were shown, the first first, at most 12; only in the single shipment."`
	Concern       *tracker.Concern       `json:"concern,omitempty" doc:"Why it needs attention: delayed, stuck or probably_lost."`
	Proofs        []view.Proof           `json:"proofs,omitempty" doc:"Proofs of delivery; only in the single shipment."`
	Candidates    []CarrierCandidate     `json:"candidates,omitempty" doc:"The carriers that the number fits, where none was named."`
}

// EventList is what happened to a shipment.
type EventList struct {
	Events []view.Event `json:"events" doc:"The newest first."`
}

// shipmentOf is the part that needs nothing but the record.
func (s *Server) shipmentOf(r *tracker.Shipment) Shipment {
	out := Shipment{
		ID: r.ID, Order: r.Order, Consignment: r.Consignment, Piece: r.Piece, Pieces: r.Pieces, Reference: r.Reference,
		Items: r.Items, Service: string(r.Service), Origin: placeOrNone(r.Origin), Destination: placeOrNone(r.Destination),
		Zone: r.Zone, Locale: r.Locale, Tags: r.Tags, Return: r.Return, Outbound: r.Outbound, Test: r.Test,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Seq: r.View.Seq,
		PageURL: s.publicURL + "/t/" + r.ID,
	}
	if len(r.Estimates) > 0 {
		out.FirstEstimate = &r.Estimates[0]
	}
	if concern := r.View.Concern; concern.Substatus != "" {
		out.Concern = &concern
	}
	return out
}

func placeOrNone(l tracker.Location) *tracker.Location {
	if l.IsZero() {
		return nil
	}
	return &l
}

// wholeShipment gathers everything about a shipment.
func (s *Server) wholeShipment(ctx context.Context, r *tracker.Shipment) (Shipment, error) {
	out := s.shipmentOf(r)
	t, err := s.finder.Shipment(ctx, r)
	if err != nil {
		return out, err
	}
	out.Tracking = s.sellersView(&t)
	details, err := s.opener.Details(ctx, &t)
	if err != nil {
		return out, err
	}
	if e := r.View.Estimate; e != nil && out.Tracking.Estimate != nil && e.Why.Kind != "" {
		out.Tracking.Estimate.Reason = words.For("en").Why(e.Why, true)
	}
	out.Estimates = r.Estimates
	out.Recipient, out.Proofs = details.Recipient, details.Proofs
	out.RecipientURL = out.PageURL + "?s=" + s.keys.Sign(linkPurpose, r.ID)
	return out, nil
}

// listedShipment is a shipment in a list, by the state that was stored with it.
func (s *Server) listedShipment(r *tracker.Shipment) Shipment {
	out := s.shipmentOf(r)
	t := tracker.Tracking{Number: r.ID, Shipment: r, Carriages: tracker.Carriages(r, nil), View: r.View}
	out.Tracking = s.sellersView(&t)
	for i := range out.Tracking.Legs { // which others have begun is told by the single shipment
		out.Tracking.Legs[i].Started = out.Tracking.Legs[i].Current && r.View.Milestone.Physical()
	}
	return out
}

// sellersView is the public view with nothing hidden. What was estimated before stands beside it.
func (s *Server) sellersView(t *tracker.Tracking) *view.Tracking {
	v, _ := view.Public(t, s.carriers, words.For("en"), asItIs, s.now())
	v.FirstEstimate, v.Estimates = nil, nil
	return v
}

func asItIs(text string) string { return text }
