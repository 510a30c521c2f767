package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"waybill/adapters/fleet"
	"waybill/tracker"
)

// The sandbox: keys for tests see made-up parcels alone, which stand under a tenant of their own (tracker.SandboxOf). A
// real number says nothing there; these numbers play a parcel's way up to a status. EasyPost's test numbers are among them,
// so that tests that were written for it go on.

// sandboxNumbers are EasyPost's test numbers by what they stand for. EZ7000000007 stays unknown.
var sandboxNumbers = map[string]tracker.Substatus{
	"EZ1000000001": "label_created",
	"EZ2000000002": "arrived_at_facility",
	"EZ3000000003": "out_for_delivery",
	"EZ4000000004": "delivered",
	"EZ5000000005": "returning",
	"EZ6000000006": "undeliverable",
	"EZ7000000007": "awaiting_information",
}

// sandboxPrefix begins numbers that name a milestone or substatus themselves: TEST_AVAILABLE_FOR_PICKUP.
const sandboxPrefix = "TEST_"

// sandboxCarrier is whose parcels they are where nobody says, as with EasyPost.
const sandboxCarrier = "usps"

// sandboxGoal is how far a number's parcel goes; ok is false for a number that plays nothing.
func sandboxGoal(number string) (goal tracker.Substatus, ok bool) {
	if goal, ok = sandboxNumbers[number]; ok {
		return goal, true
	}
	name, ok := strings.CutPrefix(number, sandboxPrefix)
	if !ok {
		return "", false
	}
	if milestone, err := tracker.ParseMilestone(strings.ToLower(name)); err == nil {
		return milestone.Plain(), true
	}
	_, goal, err := tracker.ParseStatus(strings.ToLower(name))
	return goal, err == nil
}

// sandboxWays are the scans that lead to a milestone, the last of which tells the substatus.
var sandboxWays = map[tracker.Milestone][]string{
	tracker.InfoReceived:       {"label_created"},
	tracker.InTransit:          {"label_created", "picked_up", "in_transit"},
	tracker.OutForDelivery:     {"label_created", "picked_up", "arrived", "out_for_delivery"},
	tracker.AttemptFailed:      {"label_created", "picked_up", "arrived", "out_for_delivery", "attempt_failed"},
	tracker.AvailableForPickup: {"label_created", "picked_up", "arrived", "at_pickup_point"},
	tracker.Delivered:          {"label_created", "picked_up", "arrived", "out_for_delivery", "delivered"},
	tracker.Exception:          {"label_created", "picked_up", "arrived", "exception"},
	tracker.Returning:          {"label_created", "picked_up", "out_for_delivery", "attempt_failed", "returning"},
	tracker.Returned:           {"label_created", "picked_up", "out_for_delivery", "attempt_failed", "returning", "returned"},
	tracker.Cancelled:          {"label_created", "cancelled"},
}

// sandboxAgo is how long ago the scans were, the last first.
var sandboxAgo = []time.Duration{
	time.Minute, 4 * time.Hour, 9 * time.Hour, 27 * time.Hour, 51 * time.Hour, 75 * time.Hour,
}

// sandboxScans are the scans of a made-up parcel up to a goal.
func sandboxScans(id string, goal tracker.Substatus, now time.Time) []fleet.Scan {
	way := sandboxWays[goal.Milestone()]
	scans := make([]fleet.Scan, len(way))
	for i, action := range way {
		scans[i] = fleet.Scan{
			Code: id, Action: action, At: now.Add(-sandboxAgo[len(way)-1-i]).UTC().Format(time.RFC3339),
			Location: &fleet.Location{City: "San Francisco", State: "CA", Country: "US"},
		}
		if i == len(way)-1 {
			scans[i].Reason = string(goal)
		}
	}
	return scans
}

// registerShipments makes shipments, and has those of the sandbox play what their numbers stand for.
func (s *Server) registerShipments(ctx context.Context, list []tracker.NewShipment) ([]*tracker.Shipment, []error) {
	shipments, errs := s.ingest.Register(ctx, list)
	for i, shipment := range shipments {
		if shipment == nil || !shipment.Test {
			continue
		}
		if goal, ok := sandboxGoal(tracker.NormaliseNumber(list[i].Number)); ok {
			if err := s.play(ctx, shipment, goal); err != nil {
				s.log.Warn("the sandbox could not play a parcel", "shipment", shipment.ID, "error", err)
			}
		}
	}
	return shipments, errs
}

// play posts the scans of a made-up parcel, as a seller posts its own milestones.
func (s *Server) play(ctx context.Context, shipment *tracker.Shipment, goal tracker.Substatus) error {
	scans := sandboxScans(shipment.ID, goal, s.now())
	if len(scans) == 0 {
		return nil
	}
	body, err := json.Marshal(scans)
	if err != nil {
		return fmt.Errorf("write the scans of a made-up parcel: %w", err)
	}
	_, err = s.ingest.Accept(ctx, &tracker.Receipt{
		Source: tracker.FromSeller, Carrier: tracker.FleetCarrier, Account: shipment.Tenant, ContentType: "application/json", Body: body,
	})
	return err
}
