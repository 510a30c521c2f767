package api

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/notify/webhook"
	"waybill/tracker"
	"waybill/tracker/words"
)

// webhookPages are a seller's endpoints on pages: what the routes under /v1/webhooks do, for people.
func (s *Server) webhookPages(r fiber.Router) {
	r.Add(fiber.MethodGet, "/webhooks", s.page(s.getHooks))
	r.Add(fiber.MethodPost, "/webhooks", s.page(s.postHook))
	r.Add(fiber.MethodGet, "/webhooks/:id", s.page(s.getHook))
	r.Add(fiber.MethodPost, "/webhooks/:id/test", s.page(s.onHook("tested", func(c *fiber.Ctx, e *tracker.Endpoint) error {
		_, err := s.webhooks.Test(c.UserContext(), e)
		return err
	})))
	r.Add(fiber.MethodPost, "/webhooks/:id/enable", s.page(s.onHook("enabled", func(c *fiber.Ctx, e *tracker.Endpoint) error {
		_, err := s.webhooks.Enable(c.UserContext(), e.ID)
		return err
	})))
	r.Add(fiber.MethodPost, "/webhooks/:id/disable", s.page(s.onHook("disabled", func(c *fiber.Ctx, e *tracker.Endpoint) error {
		_, err := s.webhooks.Disable(c.UserContext(), e.ID)
		return err
	})))
	r.Add(fiber.MethodPost, "/webhooks/:id/replay", s.page(s.onHook("replayed", s.replayHook)))
	r.Add(fiber.MethodGet, "/webhooks/:id/deliveries/:event", s.page(s.getHookDelivery))
	r.Add(fiber.MethodPost, "/webhooks/:id/deliveries/:event/resend", s.page(s.onHook("resent", func(c *fiber.Ctx, e *tracker.Endpoint) error {
		_, err := s.webhooks.Resend(c.UserContext(), e, c.Params("event"))
		return err
	})))
}

// hooksPage is the data of "webhooks.html".
type hooksPage struct {
	web.Desk

	Hooks []hookRow
	// Problem is why the last try to make one failed; URL and Contact are what it said.
	Problem, URL, Contact string
	// Secret of an endpoint that was just made, shown this once.
	Secret string
}

// hookRow is an endpoint. Standing says in words how it is, Bad that this is trouble, Disabled why nothing is sent to it.
type hookRow struct {
	ID, Address, Description, Standing, Disabled, Succeeded string
	Bad                                                     bool
}

func hookRowOf(e *tracker.Endpoint, w *words.Words) hookRow {
	row := hookRow{
		ID: e.ID, Address: e.URL, Description: e.Description, Disabled: e.Disabled, Succeeded: utcText(e.SucceededAt),
		Standing: w.Say("desk.hooks_on"),
	}
	switch {
	case e.Disabled != "":
		row.Standing, row.Bad = w.Say("desk.hooks_off"), true
	case !e.FailingSince.IsZero():
		row.Standing, row.Bad = w.Say("desk.hooks_failing", "At", utcText(e.FailingSince)), true
	}
	return row
}

// utcText is a moment as tables show it; "" for none.
func utcText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

func (s *Server) getHooks(c *fiber.Ctx) error { return s.sendHooks(c, http.StatusOK, hooksPage{}) }

func (s *Server) sendHooks(c *fiber.Ctx, status int, page hooksPage) error {
	list := tracker.ListOfTenant(callerOf(c.UserContext()).Tenant)
	endpoints, err := tracker.LoadList[tracker.Endpoint](c.UserContext(), s.store, list, tracker.Page{Limit: 1000})
	if err != nil {
		return err
	}
	for _, e := range endpoints {
		page.Hooks = append(page.Hooks, hookRowOf(e, s.tongue(c)))
	}
	page.Desk = s.desktop(c, s.tongue(c).Say("desk.nav_webhooks"))
	body, err := s.pages.Desk("webhooks.html", page)
	return s.sendOwn(c, status, body, err)
}

// postHook makes an endpoint that is told everything; what it is told of is narrowed by the API.
func (s *Server) postHook(c *fiber.Ctx) error {
	wishes := webhook.Wishes{URL: c.FormValue("url"), Contact: c.FormValue("contact"), Form: tracker.WebhookStandard}
	_, secret, err := s.webhooks.Create(c.UserContext(), callerOf(c.UserContext()).Tenant, wishes, "")
	if known := webhookProblem(err); err != nil && known != err { //nolint:errorlint // whether it was translated
		p := problemOf(known)
		return s.sendHooks(c, p.Status, hooksPage{Problem: err.Error(), URL: wishes.URL, Contact: wishes.Contact})
	}
	if err != nil {
		return err
	}
	return s.sendHooks(c, http.StatusCreated, hooksPage{Secret: secret})
}

// onHook is a form's handler that does something about an endpoint of the caller's, and leads back to its page.
func (s *Server) onHook(said string, do func(*fiber.Ctx, *tracker.Endpoint) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		e, err := s.ownWebhook(c.UserContext(), c.Params("id"))
		if err != nil {
			return err
		}
		switch err := do(c, e); {
		case errors.Is(err, webhook.ErrBusy), errors.Is(err, webhook.ErrTooMany):
			said = "busy"
		case errors.Is(err, errReplayTime):
			said = "replay_time"
		case err != nil:
			return err
		}
		return c.Redirect("/webhooks/"+url.PathEscape(e.ID)+"?said="+said, http.StatusSeeOther)
	}
}

var errReplayTime = errors.New("the time to be replayed has no beginning before its end")

// formTime is how browsers send a date and time.
const formTime = "2006-01-02T15:04"

// replayHook has the events of a time sent again; the form's times are UTC.
func (s *Server) replayHook(c *fiber.Ctx, e *tracker.Endpoint) error {
	from, err := time.Parse(formTime, c.FormValue("from"))
	if err != nil {
		return errReplayTime
	}
	to := s.now()
	if text := c.FormValue("to"); text != "" {
		if to, err = time.Parse(formTime, text); err != nil {
			return errReplayTime
		}
	}
	if !from.Before(to) {
		return errReplayTime
	}
	_, err = s.webhooks.Replay(c.UserContext(), e.ID, from, to, c.FormValue("only") == "failed")
	return err
}
