package api

import (
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
	"waybill/tracker/words"
)

// agentCasesPage is the work list.
type agentCasesPage struct {
	web.Desk
	Page[Case]

	// State and Owner are what the list is narrowed to; Me is who looks.
	State, Owner, Me string
	States           []tracker.CaseState
}

func (s *Server) getAgentCases(c *fiber.Ctx) error {
	in := &CasesInput{PageInput: pageInput(c), State: c.Query("state"), Owner: c.Query("owner")}
	list, err := s.listCases(c.UserContext(), in)
	if err != nil {
		return err
	}
	who := callerOf(c.UserContext())
	return s.sendDesk(c, "agent-cases.html", agentCasesPage{
		Desk: s.desktop(c, "Cases"), Page: list.Body, State: c.Query("state"), Owner: c.Query("owner"), Me: who.actor(),
		States: tracker.CaseStates(),
	})
}

// agentCasePage is a case with everything that was written, and the forms to go on with it.
type agentCasePage struct {
	web.Desk

	One Case
	// Mine: whoever looks works on it.
	Mine bool
	// Ready are the template replies in the customer's language, Draft the one that was chosen.
	Ready []string
	Draft string
	// Language is the customer's.
	Language, Carrier string
	Decisions         []tracker.CaseDecision
}

// readyReplies are the template replies, each a text case.ready.<name> in six languages.
var readyReplies = []string{"neighbours", "photo", "searching", "late", "done"}

// carrierAnswers is how many days a carrier is said to have for its answer.
const carrierAnswers = 10

func (s *Server) getAgentCase(c *fiber.Ctx) error {
	ctx := c.UserContext()
	one, err := s.getCase(ctx, &ByCase{ID: c.Params("id")})
	if err != nil {
		return err
	}
	shipment, err := s.ownShipment(ctx, one.Body.Shipment)
	if err != nil {
		return err
	}
	customers := words.For(shipment.Locale)
	page := agentCasePage{
		Desk: s.desktop(c, "Case of "+one.Body.Shipment), One: one.Body, Mine: one.Body.Owner == callerOf(ctx).onCase().By,
		Ready: readyReplies, Language: customers.Tag(), Decisions: tracker.CaseDecisions(),
		Carrier: shipment.Legs[len(shipment.Legs)-1].Carrier,
	}
	if key := "case.ready." + c.Query("reply"); c.Query("reply") != "" && customers.Has(key) {
		page.Draft = customers.Say(key, "Days", carrierAnswers)
	}
	return s.sendDesk(c, "agent-case.html", page)
}

// backToCase leads back to a case after a form.
func backToCase(c *fiber.Ctx, id, said string) error {
	return c.Redirect("/agents/cases/"+url.PathEscape(id)+"?said="+said, http.StatusSeeOther)
}
