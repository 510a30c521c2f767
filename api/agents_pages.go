package api

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"waybill/adapters/fleet"
	"waybill/api/view"
	"waybill/api/web"
	"waybill/notify"
	"waybill/tracker"
)

// agentPageRoutes are the console of support: one search box, a parcel with everything, and the cases. In English; each look
// at a parcel or a person is written to the audit log.
func (s *Server) agentPageRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/agents", s.page(s.getAgents))
	r.Add(fiber.MethodGet, "/agents/shipments/:id", s.page(s.getAgentShipment))
	r.Add(fiber.MethodPost, "/agents/shipments/:id/show", s.page(s.postAgentShow))
	r.Add(fiber.MethodPost, "/agents/shipments/:id/events", s.page(s.postAgentEvent))
	r.Add(fiber.MethodPost, "/agents/shipments/:id/cases", s.page(s.postAgentCase))
	r.Add(fiber.MethodPost, "/agents/messages/resend", s.page(s.postAgentResend))
	r.Add(fiber.MethodGet, "/agents/receipts/:id", s.page(s.getAgentPayload))
	r.Add(fiber.MethodGet, "/agents/cases", s.page(s.getAgentCases))
	r.Add(fiber.MethodGet, "/agents/cases/:id", s.page(s.getAgentCase))
	r.Add(fiber.MethodPost, "/agents/cases/:id", s.page(s.postAgentCaseChange))
	r.Add(fiber.MethodPost, "/agents/cases/:id/messages", s.page(s.postAgentCaseMessage))
}

// agentsPage is the search box and what it found.
type agentsPage struct {
	web.Desk

	Query string
	// Found is nil before anything was looked for.
	Found   *FoundList
	Overdue int
}

// searchShown is how many parcels a search shows.
const searchShown = 50

func (s *Server) getAgents(c *fiber.Ctx) error {
	page := agentsPage{Desk: s.desktop(c, "Find a parcel"), Query: c.Query("q")}
	if page.Query != "" {
		found, err := s.search(c.UserContext(), &SearchInput{Query: page.Query, Limit: searchShown})
		if err != nil {
			return err
		}
		if len(found.Body.Items) == 1 {
			return c.Redirect("/agents/shipments/"+found.Body.Items[0].ID, http.StatusSeeOther)
		}
		page.Found = &found.Body
	}
	return s.sendDesk(c, "agents.html", page)
}

// agentShipmentPage is a parcel with everything that is known of it.
type agentShipmentPage struct {
	web.Desk

	One      *tracker.Shipment
	View     *tracker.View
	Headline string
	// Recipient is masked unless Shown.
	Recipient tracker.Recipient
	Shown     bool
	Events    []agentEvent
	Messages  []Message
	Cases     []Case
	Kinds     []tracker.CaseKind
	// Actions are what can be corrected.
	Actions []string
	PageURL string
}

// agentEvent is an event with who told it, and the payload behind it.
type agentEvent struct {
	When, Status, Code, Text, Place, Carrier, Source, Receipt string
	Voided                                                    bool
}

func (s *Server) getAgentShipment(c *fiber.Ctx) error { return s.sendAgentShipment(c, false) }

// postAgentShow shows who the parcel goes to; nobody comes back to it by a link.
func (s *Server) postAgentShow(c *fiber.Ctx) error { return s.sendAgentShipment(c, true) }

func (s *Server) sendAgentShipment(c *fiber.Ctx, shown bool) error {
	ctx := c.UserContext()
	shipment, err := s.ownShipment(ctx, c.Params("id"))
	if err != nil {
		return err
	}
	action := "shipment.read"
	if shown {
		action = "person.shown"
	}
	if err := s.audited(ctx, action, shipment.ID); err != nil {
		return err
	}
	t, err := s.finder.Shipment(ctx, shipment)
	if err != nil {
		return err
	}
	page := agentShipmentPage{
		Desk: s.desktop(c, "Parcel "+shipment.ID), One: shipment, View: &t.View, Shown: shown, Kinds: tracker.CaseKinds(),
		Events: s.agentEvents(&t), PageURL: s.publicURL + "/t/" + shipment.ID, Actions: correctable(),
	}
	page.Headline = page.Head.Words.Headline(tracker.HeadlineOf(&t.View, notify.ZoneOf(shipment, &t.View), s.now()))
	recipient, err := tracker.OpenRecipient(ctx, s.store, s.keys, shipment)
	if err != nil {
		return err
	}
	if page.Recipient = recipient; !shown {
		page.Recipient = view.Masked(recipient)
	}
	list := tracker.ListOfShipment(shipment.ID)
	messages, err := pageOf(ctx, s.store, list, PageInput{Limit: searchShown}, messageOf)
	if err != nil {
		return err
	}
	cases, err := pageOf(ctx, s.store, list, PageInput{Limit: searchShown}, s.listedCase)
	if err != nil {
		return err
	}
	page.Messages, page.Cases = messages.Body.Items, cases.Body.Items
	return s.sendDesk(c, "agent-shipment.html", page)
}

// agentEvents are all events, the newest first, also those that were declared void.
func (s *Server) agentEvents(t *tracker.Tracking) []agentEvent {
	type dated struct {
		event *tracker.Event
		leg   tracker.LegKey
	}
	var all []dated
	voided := map[string]bool{}
	for _, c := range t.Carriages {
		for i := range c.Generation.Events {
			e := &c.Generation.Events[i]
			all = append(all, dated{e, c.LegKey})
			voided[e.Voids] = true
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return b.event.Time.Instant().Compare(a.event.Time.Instant()) })
	events := make([]agentEvent, len(all))
	for i, d := range all {
		e := d.event
		events[i] = agentEvent{
			When: e.Time.LocalText(), Status: string(e.Substatus), Code: e.Code, Text: e.Text, Place: placeText(&e.Location),
			Carrier: s.carriers.Name(d.leg.Carrier), Source: string(e.Source), Receipt: e.Receipt,
			Voided: e.Voids == "" && (voided[e.ID()] || e.Ref != "" && voided[e.Ref]),
		}
	}
	return events
}

func placeText(l *tracker.Location) string {
	text := l.City
	if text == "" {
		text = l.Text
	}
	if l.Country != "" && text != "" {
		text += ", "
	}
	return text + l.Country
}

// correctable are the actions by which an agent puts a status right.
func correctable() []string {
	var names []string
	for _, action := range fleet.Actions() {
		names = append(names, action.Name)
	}
	return names
}

// agentPayloadPage is the payload behind an event.
type agentPayloadPage struct {
	web.Desk

	One   Quarantined
	Shown string
}

func (s *Server) getAgentPayload(c *fiber.Ctx) error {
	one, err := s.getQuarantined(c.UserContext(), &ByRecord{ID: c.Params("id")})
	if err != nil {
		return err
	}
	return s.sendDesk(c, "agent-payload.html", agentPayloadPage{
		Desk: s.desktop(c, "Payload "+one.Body.ID), One: one.Body, Shown: indented(one.Body.Text),
	})
}

// backToShipment leads back to a parcel after a form.
func backToShipment(c *fiber.Ctx, id, said string) error {
	return c.Redirect("/agents/shipments/"+url.PathEscape(id)+"?said="+said, http.StatusSeeOther)
}
