package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"waybill/api/view"
	"waybill/api/web"
	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/cases"
	"waybill/tracker/limit"
)

// Customers report problems, and read and write on, where they have proved that the parcel is theirs: by the signed link, or
// by the postal code, which leads to one.

// caseRoutes are the customers' side of cases.
func (s *Server) caseRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/v1/track/:number/cases", s.getTrackCases)
	r.Add(fiber.MethodPost, "/v1/track/:number/cases", s.postTrackCase)
	r.Add(fiber.MethodPost, "/v1/track/:number/cases/:id/messages", s.postTrackCaseMessage)
	r.Add(fiber.MethodPost, "/t/:number/cases", s.page(s.postCasePage))
	r.Add(fiber.MethodPost, "/t/:number/cases/:id", s.page(s.postCaseMessagePage))
}

// writingsPerHour is how often one parcel's customer may write, over all addresses.
const writingsPerHour = 20

// TrackCase is a case as its customer sees it.
type TrackCase struct {
	ID          string      `json:"id"`
	Kind        string      `json:"kind" example:"missing"`
	State       string      `json:"state" example:"waiting_for_carrier"`
	Status      string      `json:"status" doc:"The state in the reader's language." example:"We asked the carrier"`
	Decision    string      `json:"decision,omitempty" example:"refund"`
	Replacement string      `json:"replacement,omitempty" doc:"The parcel that is sent in place of this one; look it up."`
	Entries     []CaseEntry `json:"entries"`
}

// TrackCases are the cases of a parcel.
type TrackCases struct {
	Items []TrackCase `json:"items"`
}

// provedShipment is the shipment in the path, for who has its signed link.
func (s *Server) provedShipment(c *fiber.Ctx) (*tracker.Shipment, error) {
	shipment, err := s.shipmentInPath(c)
	if err != nil {
		return nil, err
	}
	if !s.keys.Verify(linkPurpose, shipment.ID, c.Query("s")) {
		return nil, problem("proof_wrong", "Only the recipient can do this: open the link that you were sent, or give the postal code first.")
	}
	return shipment, nil
}

// openShipment is a provedShipment that did not end so long ago that its links have closed.
func (s *Server) openShipment(c *fiber.Ctx) (*tracker.Shipment, error) {
	shipment, err := s.provedShipment(c)
	if err != nil {
		return nil, err
	}
	if closes := view.ClosesAt(&shipment.View, s.openFor); !closes.IsZero() && !s.now().Before(closes) {
		return nil, problem("closed", "The parcel's journey ended so long ago that this is closed. A problem can still be reported.")
	}
	return shipment, nil
}

// customerCases are the cases of a shipment as the customer sees them, the newest first.
func (s *Server) customerCases(ctx context.Context, shipment string, say func(key string, args ...any) string) ([]TrackCase, error) {
	list, err := s.cases.Of(ctx, shipment)
	if err != nil {
		return nil, err
	}
	out := make([]TrackCase, len(list))
	for i, c := range list {
		said, err := s.cases.Read(ctx, c)
		if err != nil {
			return nil, err
		}
		out[i] = TrackCase{
			ID: c.ID, Kind: string(c.Kind), State: string(c.State), Status: say("case.state." + string(c.State)),
			Decision: string(c.Decision), Replacement: c.Replacement, Entries: []CaseEntry{},
		}
		for _, e := range cases.Public(said) {
			out[i].Entries = append(out[i].Entries, CaseEntry{At: e.At, From: from(&e.CaseEntry), What: string(e.What), To: e.To, Text: e.Text})
		}
	}
	return out, nil
}

func (s *Server) getTrackCases(c *fiber.Ctx) error {
	allowOrigins(c)
	shipment, err := s.provedShipment(c)
	if err != nil {
		return err
	}
	return s.sendTrackCases(c, http.StatusOK, shipment.ID)
}

func (s *Server) sendTrackCases(c *fiber.Ctx, status int, shipment string) error {
	list, err := s.customerCases(c.UserContext(), shipment, s.wordsFor(c).Say)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.Status(status).JSON(TrackCases{list})
}

func (s *Server) postTrackCase(c *fiber.Ctx) error {
	allowOrigins(c)
	var in NewCase
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	shipment, err := s.report(c, in)
	if err != nil {
		return err
	}
	return s.sendTrackCases(c, http.StatusCreated, shipment.ID)
}

// TrackCaseMessage is what a customer writes.
type TrackCaseMessage struct {
	Text string `json:"text" minLength:"1" maxLength:"4000" example:"I asked all neighbours."`
}

func (s *Server) postTrackCaseMessage(c *fiber.Ctx) error {
	allowOrigins(c)
	var in TrackCaseMessage
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	shipment, err := s.writeOn(c, in.Text)
	if err != nil {
		return err
	}
	return s.sendTrackCases(c, http.StatusCreated, shipment.ID)
}

// report opens a case for the customer.
func (s *Server) report(c *fiber.Ctx, in NewCase) (*tracker.Shipment, error) {
	shipment, err := s.mayWrite(c)
	if err != nil {
		return nil, err
	}
	if _, err = s.cases.Open(c.UserContext(), shipment, tracker.CaseKind(in.Kind), in.Text, cases.Customer); err != nil {
		return nil, customerProblem(err)
	}
	return shipment, s.answerByMail(c.UserContext(), shipment)
}

// answerByMail has answers told to the recipient who asked for them, at the address that the seller gave: of nothing else, where
// nothing else was asked for. Who is told of the parcel already, or stopped that, is left alone.
func (s *Server) answerByMail(ctx context.Context, shipment *tracker.Shipment) error {
	recipient, err := tracker.OpenRecipient(ctx, s.store, s.keys, shipment)
	if err != nil || recipient.Email == "" {
		return err
	}
	_, err = s.desk.Recipient(ctx, shipment, notify.Wish{
		Channel: tracker.Email, Address: recipient.Email, Locale: shipment.Locale, Consent: "asked for an answer on the tracking page",
		Moments: []tracker.Moment{tracker.MomentCaseUpdate, tracker.MomentReturnUpdate},
	})
	if errors.Is(err, notify.ErrAddress) { // the seller's address is none: the page has the answer
		return nil
	}
	return err
}

// writeOn adds to a case of the shipment in the path.
func (s *Server) writeOn(c *fiber.Ctx, text string) (*tracker.Shipment, error) {
	shipment, err := s.mayWrite(c)
	if err != nil {
		return nil, err
	}
	there, err := tracker.Load[tracker.Case](c.UserContext(), s.store, c.Params("id"))
	if err != nil {
		return nil, err
	}
	if there.Shipment != shipment.ID {
		return nil, tracker.ErrNotFound
	}
	_, err = s.cases.Change(c.UserContext(), there.ID, func(t *cases.Turn) error { return t.Say(cases.Customer, text) })
	return shipment, customerProblem(err)
}

// mayWrite is the shipment in the path, of which not too much was written of late.
func (s *Server) mayWrite(c *fiber.Ctx) (*tracker.Shipment, error) {
	shipment, err := s.provedShipment(c)
	if err != nil {
		return nil, err
	}
	return shipment, s.count(c, s.limiter, "case:"+shipment.ID, limit.PerHour(writingsPerHour))
}

// customerProblem names the field that is wrong, where one is.
func customerProblem(err error) error {
	if errors.Is(err, cases.ErrInput) {
		return invalid("text", err.Error(), "The page says delivered, but nothing came.")
	}
	if err != nil {
		return caseProblem(err)
	}
	return nil
}

// postCasePage takes the form of the tracking page.
func (s *Server) postCasePage(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	shipment, err := s.report(c, NewCase{Kind: form.Get("kind"), Text: form.Get("text")})
	if err != nil {
		return err
	}
	return s.backToCases(c, shipment, "case_sent")
}

func (s *Server) postCaseMessagePage(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	shipment, err := s.writeOn(c, form.Get("text"))
	if err != nil {
		return err
	}
	return s.backToCases(c, shipment, "case_answered")
}

func (s *Server) backToCases(c *fiber.Ctx, shipment *tracker.Shipment, notice string) error {
	query := url.Values{"lang": {s.wordsFor(c).Tag()}, "s": {c.Query("s")}, "notice": {notice}}
	return c.Redirect("/t/"+shipment.ID+"?"+query.Encode(), http.StatusSeeOther)
}

// casesOnPage is what the tracking page shows of cases to who has proved to be the recipient.
func (s *Server) casesOnPage(ctx context.Context, q question, shipment *tracker.Shipment) ([]web.CaseItem, error) {
	list, err := s.customerCases(ctx, shipment.ID, q.words.Say)
	if err != nil {
		return nil, err
	}
	zone := notify.ZoneOf(shipment, &shipment.View)
	items := make([]web.CaseItem, len(list))
	for i, c := range list {
		items[i] = web.CaseItem{ID: c.ID, Kind: c.Kind, State: c.State, Decision: c.Decision, Replacement: c.Replacement}
		for _, e := range c.Entries {
			items[i].Entries = append(items[i].Entries, web.CaseLine{At: e.At.In(zone), From: e.From, What: e.What, To: e.To, Text: e.Text})
		}
	}
	return items, nil
}
