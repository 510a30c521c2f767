package api

// How to add a page for people who are signed in:
//
//  1. access.go: "GET /operators/carriers": {class: sellers, roles: operatorRoles, by: bySession, quiet: true},
//     and "POST …" with writes: true for each form. A JSON route that pages call too gets by: byEither.
//  2. navigation, below: one line, with a text "desk.nav_…" in all six tracker/words/locales/desk.*.yaml. Who may call the
//     route sees the link.
//  3. web/templates: a file that defines "carriers.html" as {{template "desk-top" .}} … {{template "desk-bottom" .}}.
//     Every form has {{template "csrf" .}} in it. Its data embeds web.Desk.
//  4. A handler: func (s *Server) getX(c *fiber.Ctx) error {
//     return s.sendDesk(c, "carriers.html", carriersPage{s.desktop(c, "Carriers"), …}) }
//     callerOf(c.UserContext()) is who asks: Tenant, Role, Seat, Visit.User.ID. Reads of another tenant's records give
//     tracker.ErrNotFound, as with keys.
//  5. Register it: r.Add(fiber.MethodGet, "/operators/carriers", s.page(s.getX)) in a …Routes(r) of the audience's file,
//     which server.go's routes calls.
//
// A form's handler ends in c.Redirect(path, http.StatusSeeOther); to say what came of it, add ?said=KEY, which the shell
// shows as the text "desk.said_KEY". The guard has checked session, role, level and the form's token before it runs.

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
	"waybill/tracker/words"
)

// navigation are the pages in the bar, in its order. The text of each is "desk.nav_" + name, what it is for
// "desk.about_" + name.
var navigation = []struct{ path, name string }{
	{"/home", "home"},
	{"/attention", "attention"},
	{"/shipments", "shipments"},
	{"/returns", "returns"},
	{"/scorecards", "scorecards"},
	{"/choose", "choose"},
	{"/webhooks", "webhooks"},
	{"/branding", "branding"},
	{"/keys", "keys"},
	{"/members", "members"},
	{"/carrier", "carrier"},
	{"/carrier/try", "try"},
	{"/agents", "agents"},
	{"/agents/cases", "cases"},
	{"/operators/carriers", "carriers"},
	{"/operators/quarantine", "quarantine"},
	{"/operators/tasks", "tasks"},
	{"/operators/sellers", "sellers"},
	{"/operators/persons", "persons"},
	{"/operators/audit", "audit"},
	{"/account", "account"},
}

// desktop is the frame of a page for who is signed in.
func (s *Server) desktop(c *fiber.Ctx, title string) web.Desk {
	who, w := callerOf(c.UserContext()), s.tongue(c)
	d := web.Desk{
		Head: web.Head{Words: w, Title: title + " · Waybill", Path: c.Path()}, Heading: title,
		CSRF: s.formToken(who.Visit.Session.ID), Role: string(who.Role), Tenant: who.Tenant, Account: who.Seat.Account,
	}
	if said := "desk.said_" + c.Query("said"); c.Query("said") != "" && w.Has(said) {
		d.Said = w.Say(said)
	}
	if person, err := who.Visit.User.Open(s.keys); err == nil {
		d.Person = person.Name
		if d.Person == "" {
			d.Person = person.Email
		}
	}
	for _, item := range navigation {
		if r := rules[fiber.MethodGet+" "+item.path]; slices.Contains(r.roles, who.Role) && (!r.owners || who.Seat.Level == tracker.LevelOwner) {
			d.Nav = append(d.Nav, web.NavItem{Path: item.path, Name: item.name, Current: item.path == pageOfPath(c.Path())})
		}
	}
	for _, seat := range who.Visit.User.Seats {
		d.Seats = append(d.Seats, web.SeatItem{
			Key: seat.Key(), Role: string(seat.Role), Of: seat.Tenant + seat.Account, Current: seat.Key() == who.Seat.Key(),
		})
	}
	return d
}

// pageOfPath is the page in the bar that a path is or lies below: the nearest one.
func pageOfPath(path string) (page string) {
	for _, item := range navigation {
		if (path == item.path || strings.HasPrefix(path, item.path+"/")) && len(item.path) > len(page) {
			page = item.path
		}
	}
	return page
}

// sendDesk sends a page for who is signed in. The data embeds what desktop gave.
func (s *Server) sendDesk(c *fiber.Ctx, template string, data any) error {
	body, err := s.pages.Desk(template, data)
	return s.sendOwn(c, http.StatusOK, body, err)
}

// languageCookie keeps the language that somebody chose on a page of theirs.
const languageCookie = "waybill_lang"

// tongue is wordsFor for people who sign in: their choice of language lasts.
func (s *Server) tongue(c *fiber.Ctx) *words.Words {
	lang, kept := c.Query("lang"), c.Cookies(s.cookieName(languageCookie))
	if lang == "" {
		return s.wordsIn(kept, c.Get(fiber.HeaderAcceptLanguage))
	}
	w := s.wordsIn(lang, c.Get(fiber.HeaderAcceptLanguage))
	s.setCookie(c, languageCookie, w.Tag(), deviceLife)
	return w
}
