package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/notify/webhook"
	"waybill/notify/webhook/easypost"
	"waybill/tracker"
)

// newEasyPostTracker is what a client asks for. What else it may send (amount, carrier_account) has no meaning here.
type newEasyPostTracker struct {
	Tracker struct {
		TrackingCode string `json:"tracking_code"`
		Carrier      string `json:"carrier"`
	} `json:"tracker"`
	Options struct {
		IsReturn bool `json:"is_return"`
	} `json:"options"`
}

// sameWithin is for how long a number and carrier stand for the tracker that was made first, as with EasyPost: numbers are
// used again later.
const sameWithin = 90 * 24 * time.Hour

func (s *Server) easyPostCreateTracker(c *fiber.Ctx) error {
	var in newEasyPostTracker
	if err := readEasyPost(c, &in); err != nil {
		return err
	}
	shipment, err := s.trackAsEasyPost(c.UserContext(), &in, "tracker.")
	if err != nil {
		return err
	}
	return s.sendTracker(c, http.StatusCreated, shipment)
}

// trackAsEasyPost registers a number, or gives the shipment that it was registered as before.
func (s *Server) trackAsEasyPost(ctx context.Context, in *newEasyPostTracker, field string) (*tracker.Shipment, error) {
	t := &in.Tracker
	if t.TrackingCode == "" {
		return nil, easyPostMissing(field+"tracking_code", "EZ1000000001")
	}
	if len(t.TrackingCode) > 64 || len(t.Carrier) > 64 {
		return nil, invalid(field+"tracking_code", "is longer than 64 characters", "EZ1000000001")
	}
	input := ShipmentInput{TrackingNumber: t.TrackingCode, Return: in.Options.IsReturn}
	if t.Carrier != "" {
		input.Carrier = easypost.CarrierCode(t.Carrier)
	}
	n, _, err := s.newShipment(ctx, &input, "")
	if err != nil {
		return nil, easyPostFields(err, field)
	}
	known, err := s.ofNumbers(ctx, n.Tenant, []string{n.Number}, n.Carrier)
	if err != nil {
		return nil, err
	}
	if len(known) > 0 && s.now().Sub(known[0].CreatedAt) < sameWithin && !n.Test {
		return known[0], nil
	}
	shipments, errs := s.registerShipments(ctx, []tracker.NewShipment{n})
	return shipments[0], errs[0]
}

// easyPostFields says a mistake in the words of EasyPost's fields.
func easyPostFields(err error, field string) error {
	p := problemOf(err)
	for i := range p.Errors {
		if p.Errors[i].Field == "tracking_number" {
			p.Errors[i].Field = "tracking_code"
		}
		p.Errors[i].Field = field + p.Errors[i].Field
	}
	return p
}

// sendTracker answers with a shipment as its tracker.
func (s *Server) sendTracker(c *fiber.Ctx, status int, shipment *tracker.Shipment) error {
	t, err := s.trackerOf(c.UserContext(), shipment)
	if err != nil {
		return err
	}
	return c.Status(status).JSON(t)
}

// trackerOf says a shipment as EasyPost would, with what its seller may know of who signed for it.
func (s *Server) trackerOf(ctx context.Context, shipment *tracker.Shipment) (*easypost.Tracker, error) {
	found, err := s.finder.Shipment(ctx, shipment)
	if err != nil {
		return nil, err
	}
	t := s.easyPost.Tracker(webhook.StateOf(&found, shipment.UpdatedAt))
	details, err := s.opener.Details(ctx, &found)
	if err != nil {
		return nil, err
	}
	for _, proof := range details.Proofs {
		if proof.SignedBy != "" {
			t.SignedBy = &proof.SignedBy
		}
	}
	for i := range found.Carriages {
		if grams := found.Carriages[i].Generation.Facts.WeightGrams; grams > 0 {
			const gramsOfOunce = 28.349523125
			ounces := float64(int64(float64(grams)/gramsOfOunce*10+0.5)) / 10
			t.Weight = &ounces
		}
	}
	t.CarrierDetail.Way(shipment.Origin, shipment.Destination)
	return t, nil
}

// ownTracker is the shipment of an id in the path.
func (s *Server) ownTracker(c *fiber.Ctx, id string) (*tracker.Shipment, error) {
	shipment, ok := easypost.ParseTrackerID(id)
	if !ok {
		return nil, tracker.ErrNotFound
	}
	return s.ownShipment(c.UserContext(), shipment)
}

func (s *Server) easyPostTracker(c *fiber.Ctx) error {
	shipment, err := s.ownTracker(c, c.Params("id"))
	if err != nil {
		return err
	}
	return s.sendTracker(c, http.StatusOK, shipment)
}

func (s *Server) easyPostDeleteTracker(c *fiber.Ctx) error {
	shipment, err := s.ownTracker(c, c.Params("id"))
	if err == nil {
		err = tracker.Withdraw(c.UserContext(), s.store, shipment.ID)
	}
	return easyPostDeleted(c, err)
}

func (s *Server) easyPostTrackers(c *fiber.Ctx) error {
	page, err := easyPostPageOf(c, func(id string) (*tracker.Cursor, error) {
		shipment, err := s.ownTracker(c, id)
		if err != nil {
			return nil, err
		}
		return tracker.CursorOf(shipment), nil
	})
	if err != nil {
		return err
	}
	carrier := ""
	if name := c.Query("carrier"); name != "" {
		carrier = easypost.CarrierCode(name)
	}
	return s.sendTrackers(c, page, append(queryList(c, "tracking_codes"), queryList(c, "tracking_code")...), carrier)
}

// sendTrackers answers with the part of a seller's trackers that is asked for.
func (s *Server) sendTrackers(c *fiber.Ctx, page easyPostPage, numbers []string, carrier string) error {
	ctx, tenant := c.UserContext(), easyPostCaller(c)
	var shipments []*tracker.Shipment
	var more bool
	var err error
	if len(numbers) > 0 {
		if shipments, err = s.ofNumbers(ctx, tenant, numbers, carrier); err != nil {
			return err
		}
		shipments, more = page.part(shipments)
	} else {
		list := tracker.ListOfTenant(tenant)
		if carrier != "" {
			list = tracker.ListOfTenantCarrier(tenant, carrier)
		}
		all := func(*tracker.Shipment) bool { return true }
		if shipments, more, err = collect(ctx, s.store, list, page, all); err != nil {
			return err
		}
	}
	trackers := make([]*easypost.Tracker, len(shipments))
	for i, shipment := range shipments {
		if trackers[i], err = s.trackerOf(ctx, shipment); err != nil {
			return err
		}
	}
	return c.JSON(fiber.Map{"trackers": trackers, "has_more": more})
}

// easyPostTrackerBatch gives the trackers of many numbers at once.
func (s *Server) easyPostTrackerBatch(c *fiber.Ctx) error {
	var in struct {
		TrackingCodes []string `json:"tracking_codes"`
		Carrier       string   `json:"carrier"`
	}
	if err := readEasyPost(c, &in); err != nil {
		return err
	}
	if n := len(in.TrackingCodes); n == 0 || n > easyPostMostPerPage {
		return invalid("tracking_codes", fmt.Sprintf("has %d numbers; 1 to %d are answered at once", n, easyPostMostPerPage), []string{"EZ1000000001"})
	}
	carrier := ""
	if in.Carrier != "" {
		carrier = easypost.CarrierCode(in.Carrier)
	}
	return s.sendTrackers(c, easyPostPage{size: easyPostMostPerPage}, in.TrackingCodes, carrier)
}

// mostListed is how many trackers create_list makes.
const mostListed = 1000

// easyPostCreateList registers many numbers at once. It answers nothing of them, as EasyPost did: they are listed, and
// told by webhook. One mistake spoils no other.
func (s *Server) easyPostCreateList(c *fiber.Ctx) error {
	var in struct {
		Trackers map[string]struct {
			TrackingCode string `json:"tracking_code"`
			Carrier      string `json:"carrier"`
		} `json:"trackers"`
	}
	if err := readEasyPost(c, &in); err != nil {
		return err
	}
	if len(in.Trackers) == 0 || len(in.Trackers) > mostListed {
		return invalid("trackers", fmt.Sprintf("must have 1 to %d members", mostListed), map[string]any{"0": map[string]string{"tracking_code": "EZ1000000001"}})
	}
	for _, name := range slices.Sorted(maps.Keys(in.Trackers)) {
		var one newEasyPostTracker
		one.Tracker.TrackingCode, one.Tracker.Carrier = in.Trackers[name].TrackingCode, in.Trackers[name].Carrier
		if _, err := s.trackAsEasyPost(c.UserContext(), &one, "trackers."+name+"."); err != nil && problemOf(err).Status >= http.StatusInternalServerError {
			return err
		}
	}
	return c.JSON(fiber.Map{})
}
