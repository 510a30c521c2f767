package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
	"waybill/tracker/erase"
)

// operatorPageRoutes are the operators' pages, in English; they do what /v1/operator does.
func (s *Server) operatorPageRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/operators/quarantine", s.page(s.getQuarantinePage))
	r.Add(fiber.MethodGet, "/operators/quarantine/:id", s.page(s.getQuarantinedPage))
	r.Add(fiber.MethodPost, "/operators/quarantine/:id/replay", s.page(s.postReplayPage))
	r.Add(fiber.MethodGet, "/operators/tasks", s.page(s.getTasksPage))
	r.Add(fiber.MethodPost, "/operators/tasks/retry", s.page(s.postRetryPage))
	r.Add(fiber.MethodGet, "/operators/persons", s.page(s.getPersonsPage))
	r.Add(fiber.MethodPost, "/operators/persons", s.page(s.postPersonsPage))
	r.Add(fiber.MethodPost, "/operators/persons/export", s.page(s.postExportPage))
	r.Add(fiber.MethodPost, "/operators/persons/erase", s.page(s.postErasePage))
	r.Add(fiber.MethodGet, "/operators/audit", s.page(s.getAuditPage))
	s.operatorSellerRoutes(r)
}

// listPage is the data of a page that shows a list.
type listPage[T any] struct {
	web.Desk
	Page[T]

	// Queues stand beside the dead tasks.
	Queues []Queue
}

// pageInput is where in a list the page begins.
func pageInput(c *fiber.Ctx) PageInput { return PageInput{Cursor: c.Query("cursor"), Limit: 50} }

func (s *Server) getQuarantinePage(c *fiber.Ctx) error {
	list, err := pageOf(c.UserContext(), s.store, tracker.ListQuarantine, pageInput(c), quarantinedOf)
	if err != nil {
		return err
	}
	return s.sendDesk(c, "quarantine.html", listPage[Quarantined]{Desk: s.desktop(c, "Quarantine"), Page: list.Body})
}

func (s *Server) getQuarantinedPage(c *fiber.Ctx) error {
	one, err := s.getQuarantined(c.UserContext(), &ByRecord{ID: c.Params("id")})
	if err != nil {
		return err
	}
	page := struct {
		web.Desk

		// One is no part of the frame: both have an Account.
		One   Quarantined
		Shown string
	}{s.desktop(c, "Payload "+one.Body.ID), one.Body, indented(one.Body.Text)}
	return s.sendDesk(c, "quarantined.html", page)
}

// indented lays JSON out for reading; other texts stay as they are.
func indented(text string) string {
	if pretty := (&bytes.Buffer{}); json.Indent(pretty, []byte(text), "", "  ") == nil {
		return pretty.String()
	}
	return text
}

func (s *Server) postReplayPage(c *fiber.Ctx) error {
	answer, err := s.replayQuarantined(c.UserContext(), &ByRecord{ID: c.Params("id")})
	if err != nil {
		return err
	}
	if !answer.Body.Read {
		return c.Redirect("/operators/quarantine/"+url.PathEscape(c.Params("id"))+"?said=unread", http.StatusSeeOther)
	}
	return c.Redirect("/operators/quarantine?said=reread", http.StatusSeeOther)
}

func (s *Server) getTasksPage(c *fiber.Ctx) error {
	list, err := pageOf(c.UserContext(), s.store, tracker.ListAll, pageInput(c), deadTaskOf)
	if err != nil {
		return err
	}
	page := listPage[DeadTask]{Desk: s.desktop(c, "Work"), Page: list.Body}
	if queues, err := s.listQueues(c.UserContext(), nil); err == nil {
		page.Queues = queues.Body.Items
	}
	return s.sendDesk(c, "tasks.html", page)
}

func (s *Server) postRetryPage(c *fiber.Ctx) error {
	if _, err := s.retryDeadTask(c.UserContext(), &ByRecord{ID: c.FormValue("id")}); err != nil {
		return err
	}
	return c.Redirect("/operators/tasks?said=retried", http.StatusSeeOther)
}

// personsPage is the data of the page on which persons are found, given out and erased. Addresses travel in bodies alone.
type personsPage struct {
	web.Desk

	Email, Phone, Problem string
	// Found is nil before anybody was looked for.
	Found *FoundPerson
	// Erased: what was found is no more.
	Erased bool
}

func (s *Server) getPersonsPage(c *fiber.Ctx) error {
	return s.sendDesk(c, "persons.html", personsPage{Desk: s.desktop(c, "People's data")})
}

func (s *Server) postPersonsPage(c *fiber.Ctx) error { return s.sendPersons(c, s.findPerson, false) }

func (s *Server) postErasePage(c *fiber.Ctx) error {
	if c.FormValue("sure") == "" {
		return s.sendPersons(c, s.findPerson, false)
	}
	return s.sendPersons(c, s.erasePerson, true)
}

func (s *Server) postExportPage(c *fiber.Ctx) error {
	export, err := s.exportPerson(c.UserContext(), personInput(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="person.json"`)
	return c.JSON(export.Body)
}

func personInput(c *fiber.Ctx) *PersonInput {
	return &PersonInput{Body: erase.Person{Email: c.FormValue("email"), Phone: c.FormValue("phone")}}
}

func (s *Server) sendPersons(c *fiber.Ctx, do personCall, erased bool) error {
	in := personInput(c)
	page := personsPage{Desk: s.desktop(c, "People's data"), Email: in.Body.Email, Phone: in.Body.Phone, Erased: erased}
	page.Path = "/operators/persons"
	found, err := do(c.UserContext(), in)
	if p, ok := errors.AsType[*Problem](err); ok && len(p.Errors) > 0 {
		page.Problem = p.Errors[0].Problem
		return s.sendDesk(c, "persons.html", page)
	}
	if err != nil {
		return err
	}
	page.Found = &found.Body
	return s.sendDesk(c, "persons.html", page)
}

func (s *Server) getAuditPage(c *fiber.Ctx) error {
	list, err := pageOf(c.UserContext(), s.store, tracker.ListAll, pageInput(c), auditEntryOf)
	if err != nil {
		return err
	}
	return s.sendDesk(c, "audit.html", listPage[AuditEntry]{Desk: s.desktop(c, "Audit log"), Page: list.Body})
}
