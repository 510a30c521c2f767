package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/adapters/fleet"
	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/cases"
)

// postAgentEvent puts a status right: what the agent knows better is a receipt like any carrier's, with the reason as its
// text, so that the leg stays a function of its receipts.
func (s *Server) postAgentEvent(c *fiber.Ctx) error {
	ctx := c.UserContext()
	shipment, err := s.ownShipment(ctx, c.Params("id"))
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(c.FormValue("reason"))
	if reason == "" || len(reason) > 500 {
		return invalid("reason", "say in up to 500 characters why; customers see it", "The courier called: it is at the depot")
	}
	input := MilestoneInput{Action: c.FormValue("action"), At: c.FormValue("at"), Note: reason}
	if input.At == "" {
		input.At = s.now().In(notify.ZoneOf(shipment, &shipment.View)).Format(time.RFC3339)
	}
	scan, err := input.scan(shipment.ID, "")
	if err != nil {
		return err
	}
	body, err := json.Marshal([]fleet.Scan{scan})
	if err != nil {
		return fmt.Errorf("write the correction of shipment %s: %w", shipment.ID, err)
	}
	if err := s.audited(ctx, "status.corrected", shipment.ID); err != nil {
		return err
	}
	_, err = s.ingest.Accept(ctx, &tracker.Receipt{
		Source: tracker.FromAgent, Carrier: tracker.FleetCarrier, Account: shipment.Tenant, ContentType: fiber.MIMEApplicationJSON, Body: body,
	})
	if err != nil {
		return notKept(err)
	}
	return backToShipment(c, shipment.ID, "corrected")
}

func (s *Server) postAgentCase(c *fiber.Ctx) error {
	in := &OpenCaseInput{}
	in.Body.Shipment, in.Body.Kind, in.Body.Text = c.Params("id"), c.FormValue("kind"), c.FormValue("text")
	made, err := s.postCase(c.UserContext(), in)
	if err != nil {
		return err
	}
	return backToCase(c, made.Body.ID, "case_opened")
}

func (s *Server) postAgentResend(c *fiber.Ctx) error {
	sent, err := s.resendMessage(c.UserContext(), &ByMessage{ID: c.FormValue("id")})
	if err != nil {
		return err
	}
	return backToShipment(c, sent.Body.Shipment, "resent")
}

// postAgentCaseMessage writes to the customer, or a note; a message may move the case in the same step.
func (s *Server) postAgentCaseMessage(c *fiber.Ctx) error {
	by, text, state := callerOf(c.UserContext()).onCase(), c.FormValue("text"), c.FormValue("state")
	_, err := s.changeCase(c.UserContext(), c.Params("id"), "case.written", func(t *cases.Turn) error {
		if c.FormValue("note") != "" {
			return t.Note(by, text)
		}
		if err := t.Say(by, text); err != nil || state == "" {
			return err
		}
		return t.Move(by, tracker.CaseState(state))
	})
	if err != nil {
		return err
	}
	return backToCase(c, c.Params("id"), "case_written")
}

// postAgentCaseChange takes the small forms beside a case: each sends the fields that it changes.
func (s *Server) postAgentCaseChange(c *fiber.Ctx) error {
	field := func(name string) *string {
		if !c.Request().PostArgs().Has(name) {
			return nil
		}
		value := c.FormValue(name)
		return &value
	}
	in := &PatchCaseInput{ByCase: ByCase{ID: c.Params("id")}, Body: CaseChange{
		State: field("state"), Owner: field("owner"), Decision: field("decision"), Replacement: field("replacement"),
	}}
	if reference := field("reference"); reference != nil {
		in.Body.Claim = &CaseClaim{
			Carrier: c.FormValue("carrier"), Reference: *reference, Amount: c.FormValue("amount"), Outcome: c.FormValue("outcome"),
		}
	}
	if _, err := s.patchCase(c.UserContext(), in); err != nil {
		return err
	}
	return backToCase(c, in.ID, "case_changed")
}
