package api

import (
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"waybill/api/table"
	"waybill/api/web"
	"waybill/tracker"
)

// sellerPageRoutes are the pages of sellers' members, in English.
func (s *Server) sellerPageRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/shipments", s.page(s.getShipmentsPage))
	r.Add(fiber.MethodGet, "/shipments/export.csv", s.getExport)
	r.Add(fiber.MethodGet, "/shipments/import", s.page(s.getImportPage))
	r.Add(fiber.MethodPost, "/shipments/import", s.page(s.postImportPage))
	r.Add(fiber.MethodGet, "/shipments/:id", s.page(s.getShipmentPage))
	r.Add(fiber.MethodGet, "/attention", s.page(s.getAttentionPage))
	r.Add(fiber.MethodGet, "/scorecards", s.page(s.getScorecardsPage))
	r.Add(fiber.MethodGet, "/choose", s.page(s.getChoosePage))
	r.Add(fiber.MethodGet, "/keys", s.page(s.getKeysPage))
	r.Add(fiber.MethodPost, "/keys", s.page(s.postKeysPage))
	r.Add(fiber.MethodPost, "/keys/:id/rotate", s.page(s.postRotatePage))
	r.Add(fiber.MethodPost, "/keys/:id/revoke", s.page(s.postRevokePage))
	s.memberRoutes(r)
	s.returnPageRoutes(r)
	s.brandingRoutes(r)
}

// shipmentsPage is the list of a seller's shipments, with what it is narrowed to.
type shipmentsPage struct {
	web.Desk
	Page[Shipment]

	In         ListInput
	Milestones []string
	// Query is what the list is narrowed to, for the link to the next page and to the export.
	Query string
}

// listInput is what the query narrows the list to.
func listInput(c *fiber.Ctx) *ListInput {
	return &ListInput{
		PageInput: pageInput(c), Milestone: c.Query("milestone"), Attention: c.Query("attention"), Order: c.Query("order"),
		Reference: c.Query("reference"), Tag: c.Query("tag"), Carrier: c.Query("carrier"), Number: c.Query("tracking_number"),
		Late: c.Query("late"), From: c.Query("created_from"), To: c.Query("created_to"),
	}
}

func (s *Server) getShipmentsPage(c *fiber.Ctx) error {
	in := listInput(c)
	if id, ok := tracker.ParseTrackingID(in.Order); ok { // the box takes our own numbers, too
		return c.Redirect("/shipments/"+id, http.StatusSeeOther)
	}
	list, err := s.listShipments(c.UserContext(), in)
	if err != nil {
		return err
	}
	page := shipmentsPage{Desk: s.desktop(c, "Shipments"), Page: list.Body, In: *in, Query: narrowed(c)}
	for m := tracker.Pending; int(m) < tracker.MilestoneCount; m++ {
		page.Milestones = append(page.Milestones, m.String())
	}
	return s.sendDesk(c, "shipments.html", page)
}

// narrowed is the query without the place in the list.
func narrowed(c *fiber.Ctx) string {
	query := url.Values{}
	for name, value := range c.Queries() {
		if name != "cursor" && name != "lang" && name != "said" && value != "" {
			query.Set(name, value)
		}
	}
	return query.Encode()
}

// shipmentPage is a seller's shipment with everything.
type shipmentPage struct {
	web.Desk

	One      *Shipment
	Messages []Message
	Cases    []Case
}

func (s *Server) getShipmentPage(c *fiber.Ctx) error {
	ctx := c.UserContext()
	one, err := s.getShipment(ctx, &GetInput{ByID: ByID{ID: c.Params("id")}})
	if err != nil {
		return err
	}
	list := tracker.ListOfShipment(one.Body.ID)
	messages, err := pageOf(ctx, s.store, list, PageInput{Limit: searchShown}, messageOf)
	if err != nil {
		return err
	}
	cases, err := pageOf(ctx, s.store, list, PageInput{Limit: searchShown}, s.listedCase)
	if err != nil {
		return err
	}
	return s.sendDesk(c, "shipment.html", shipmentPage{
		Desk: s.desktop(c, "Shipment "+one.Body.ID), One: &one.Body, Messages: messages.Body.Items, Cases: cases.Body.Items,
	})
}

// attentionGroup is a reason why shipments need a person's eye, with the newest of them.
type attentionGroup struct {
	Name, Query string
	Count       int
	More        bool
	Items       []Shipment
}

// attentionShown is how many shipments of a group are shown, attentionCounted up to where they are counted.
const (
	attentionShown   = 10
	attentionCounted = 1000
)

func (s *Server) getAttentionPage(c *fiber.Ctx) error {
	ctx, tenant := c.UserContext(), callerOf(c.UserContext()).Tenant
	groups := []attentionGroup{}
	for _, in := range []ListInput{
		{Attention: "delayed"},
		{Attention: "stuck"},
		{Attention: "probably_lost"},
		{Milestone: "attempt_failed"},
		{Milestone: "exception"},
		{Milestone: "available_for_pickup"},
		{Milestone: "returning"},
	} {
		group := attentionGroup{Name: in.Attention + in.Milestone, Query: url.Values{"milestone": {in.Milestone}, "attention": {in.Attention}}.Encode()}
		list, err := in.list(tenant)
		if err != nil {
			return err
		}
		if group.Count, err = s.store.Count(ctx, tracker.Shipments, list, attentionCounted); err != nil {
			return err
		}
		if group.Count == 0 {
			continue
		}
		in.Limit = attentionShown
		found, err := s.listShipments(ctx, &in)
		if err != nil {
			return err
		}
		group.Items, group.More = found.Body.Items, group.Count == attentionCounted
		groups = append(groups, group)
	}
	return s.sendDesk(c, "attention.html", struct {
		web.Desk
		Groups []attentionGroup
	}{s.desktop(c, "Attention"), groups})
}

func (s *Server) getScorecardsPage(c *fiber.Ctx) error {
	in := &ScorecardsInput{By: c.Query("by", "carrier"), Days: c.Query("days", "30"), Carrier: c.Query("carrier"), Limit: searchShown}
	cards, err := s.listScorecards(c.UserContext(), in)
	if err != nil {
		return err
	}
	return s.sendDesk(c, "scorecards.html", struct {
		web.Desk
		Scorecards

		By string
	}{s.desktop(c, "How carriers fared"), cards.Body, in.By})
}

// keysPage are a seller's keys; Made is the one that was just made, with its secret.
type keysPage struct {
	web.Desk
	KeyList

	Made   *Key
	Scopes []tracker.Scope
}

func (s *Server) getKeysPage(c *fiber.Ctx) error { return s.sendKeys(c, nil) }

func (s *Server) sendKeys(c *fiber.Ctx, made *Key) error {
	list, err := s.listKeys(c.UserContext(), nil)
	if err != nil {
		return err
	}
	return s.sendDesk(c, "keys.html", keysPage{s.desktop(c, "Keys"), list.Body, made, tracker.Scopes()})
}

func (s *Server) postKeysPage(c *fiber.Ctx) error {
	in := &KeyInput{}
	in.Body.Name, in.Body.Test = c.FormValue("name"), c.FormValue("test") != ""
	for _, scope := range c.Request().PostArgs().PeekMulti("scope") {
		in.Body.Scopes = append(in.Body.Scopes, string(scope))
	}
	if in.Body.Name == "" || len(in.Body.Name) > 100 {
		return invalid("name", "has 1 to 100 characters", "web shop")
	}
	made, err := s.createKey(c.UserContext(), in)
	if err != nil {
		return err
	}
	return s.sendKeys(c, &made.Body)
}

func (s *Server) postRotatePage(c *fiber.Ctx) error {
	in := &RotateKeyInput{ByKeyID: ByKeyID{ID: c.Params("id")}}
	in.Body.OverlapHours = 24
	made, err := s.rotateKey(c.UserContext(), in)
	if err != nil {
		return err
	}
	return s.sendKeys(c, &made.Body)
}

func (s *Server) postRevokePage(c *fiber.Ctx) error {
	if _, err := s.revokeKey(c.UserContext(), &ByKeyID{ID: c.Params("id")}); err != nil {
		return err
	}
	return c.Redirect("/keys?said=revoked", http.StatusSeeOther)
}

// exportColumns are those of the export. Nothing personal goes out this way.
var exportColumns = []string{
	"id", "order", "reference", "carrier", "tracking_number", "milestone", "substatus", "status", "late", "attention", "expected_from",
	"expected_to", "promised_to", "registered", "page",
}

// getExport writes the shipments that the list is narrowed to, page by page.
func (s *Server) getExport(c *fiber.Ctx) error {
	in := listInput(c)
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="shipments.csv"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	var out writer
	rows, err := table.NewWriter(&out, exportColumns...)
	if err != nil {
		return err
	}
	in.Limit = exportPage
	for range exportPages {
		page, err := s.listShipments(c.UserContext(), in)
		if err != nil {
			return err
		}
		for i := range page.Body.Items {
			if err := rows.Write(exported(&page.Body.Items[i])...); err != nil {
				return err
			}
		}
		if in.Cursor = page.Body.Next; in.Cursor == "" {
			break
		}
	}
	if err := rows.Flush(); err != nil {
		return err
	}
	return c.Send(out)
}

// An export has at most so many rows: the newest. Narrow it by dates for more.
const exportPage, exportPages = 200, 250

// writer gathers what is written.
type writer []byte

func (w *writer) Write(p []byte) (int, error) {
	*w = append(*w, p...)
	return len(p), nil
}

func exported(one *Shipment) []string {
	t, late, attention := one.Tracking, "", ""
	if t.Late {
		late = "true"
	}
	if one.Concern != nil {
		attention = string(one.Concern.Substatus)
	}
	var from, to, promised string
	if t.Estimate != nil {
		from, to = t.Estimate.From, t.Estimate.To
	}
	if t.Promise != nil {
		promised = t.Promise.To
	}
	return []string{
		one.ID, one.Order, one.Reference, t.Carrier, t.Number, t.Milestone, t.Substatus, t.Status, late, attention, from, to, promised,
		one.CreatedAt.UTC().Format("2006-01-02T15:04:05Z"), one.PageURL,
	}
}
