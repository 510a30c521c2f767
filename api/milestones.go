package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"waybill/adapters/fleet"
	"waybill/tracker"
)

// milestoneOperations are what sellers tell of their own parcels.
func (s *Server) milestoneOperations() {
	operation(s, huma.Operation{
		OperationID: "post-shipment-events", Method: http.MethodPost, Path: "/v1/shipments/{id}/events", Tags: []string{"Shipments"},
		Summary: "Tell what you did with a shipment", DefaultStatus: http.StatusAccepted,
		Description: "For parcels without a carrier, and for what happens before and after one. The actions are those of the fleet's scans.",
	}, s.postMilestones)
}

// MilestonesInput are milestones that a seller posts.
type MilestonesInput struct {
	ByID
	Body struct {
		Events []MilestoneInput `json:"events" minItems:"1" maxItems:"100"`
	}
}

// MilestoneInput is one milestone.
type MilestoneInput struct {
	Action   string         `json:"action" maxLength:"64" doc:"What was done, as label_created, picked_up, departed, out_for_delivery, delivered." example:"picked_up"`
	At       string         `json:"at" maxLength:"40" doc:"When, with the offset of the place." example:"2026-11-23T14:05:00+01:00"`
	Location *LocationInput `json:"location,omitempty"`
	Reason   string         `json:"reason,omitempty" maxLength:"64" doc:"A substatus that says why." example:"recipient_unavailable"`
	Note     string         `json:"note,omitempty" maxLength:"500" doc:"Shown as the event's text."`
	SignedBy string         `json:"signed_by,omitempty" maxLength:"128" doc:"Kept sealed."`
	Pickup   *PickupInput   `json:"pickup,omitempty" doc:"Where it waits to be collected, with at_pickup_point or in_locker."`
}

// PickupInput is a pickup point or locker.
type PickupInput struct {
	Name  string `json:"name,omitempty" maxLength:"200" example:"Corner shop, 5 High Street"`
	Hours string `json:"hours,omitempty" maxLength:"200" doc:"Opening hours, as customers are shown them." example:"Mon–Sat 8–20"`
	Code  string `json:"code,omitempty" maxLength:"40" doc:"What opens the locker, or is asked for. Kept sealed, and told to the recipient alone: by e-mail and push, by SMS where you or the customer chose that." example:"4711"`
}

// postMilestones keeps them as a receipt like any carrier's: they travel on the shipment's own leg.
func (s *Server) postMilestones(ctx context.Context, in *MilestonesInput) (*Body[Accepted], error) {
	shipment, err := s.ownShipment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	scans := make([]fleet.Scan, len(in.Body.Events))
	for i := range in.Body.Events {
		if scans[i], err = in.Body.Events[i].scan(shipment.ID, fmt.Sprintf("events[%d].", i)); err != nil {
			return nil, err
		}
	}
	body, err := json.Marshal(scans)
	if err != nil {
		return nil, fmt.Errorf("write the milestones of shipment %s: %w", shipment.ID, err)
	}
	outcome, err := s.ingest.Accept(ctx, &tracker.Receipt{
		Source: tracker.FromSeller, Carrier: tracker.FleetCarrier, Account: shipment.Tenant, ContentType: "application/json", Body: body,
	})
	if err != nil {
		return nil, notKept(err)
	}
	return &Body[Accepted]{Body: *acceptedOf(&outcome)}, nil
}

// scan is the milestone as the fleet would scan it. Unlike a device's, a seller's mistake is told at once.
func (m *MilestoneInput) scan(code, field string) (fleet.Scan, error) {
	known := false
	for _, action := range fleet.Actions() {
		known = known || action.Name == m.Action
	}
	if !known {
		return fleet.Scan{}, invalid(field+"action", fmt.Sprintf("%q is no action; the actions are %s", m.Action, actionNames()), "picked_up")
	}
	stamp, err := tracker.ParseStamp(m.At)
	if year := stamp.Civil().Year(); err != nil || year < 2000 || year > 2200 {
		return fleet.Scan{}, invalid(field+"at", "is not a time with the offset of its place", "2026-11-23T14:05:00+01:00")
	}
	if m.Reason != "" {
		if _, _, err := tracker.ParseStatus(m.Reason); err != nil {
			return fleet.Scan{}, invalid(field+"reason", "is no substatus of the status model", "recipient_unavailable")
		}
	}
	scan := fleet.Scan{Code: code, Action: m.Action, At: m.At, Reason: m.Reason, Note: m.Note}
	if l := m.Location; l != nil {
		scan.Location = &fleet.Location{City: l.City, State: l.State, PostalCode: l.PostalCode, Country: l.Country}
	}
	if p := m.Pickup; p != nil {
		scan.Pickup = &fleet.Pickup{Name: p.Name, Hours: p.Hours, Code: p.Code}
	}
	if m.SignedBy != "" {
		scan.Proof = &fleet.Proof{SignedBy: m.SignedBy}
	}
	return scan, nil
}

// actionNames lists what can be done to a parcel, for who mistook one.
func actionNames() string {
	var names []string
	for _, action := range fleet.Actions() {
		names = append(names, action.Name)
	}
	return strings.Join(names, ", ")
}
