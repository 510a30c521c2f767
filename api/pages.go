package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"waybill/api/view"
	"waybill/api/web"
	"waybill/tracker"
)

// pageRoutes are the pages: for customers, without a key.
func (s *Server) pageRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/", s.page(s.getHome))
	r.Add(fiber.MethodGet, "/find", s.page(s.getFind))
	r.Add(fiber.MethodGet, "/t/:number", s.page(s.getTrackingPage))
	r.Add(fiber.MethodGet, "/t/:number/live", func(c *fiber.Ctx) error { return s.stream(c, asFragment, "page") })
	r.Add(fiber.MethodGet, "/t/:number/calendar.ics", s.page(s.getCalendar))
	r.Add(fiber.MethodPost, "/t/:number/proof", s.page(s.postProofPage))
	r.Add(fiber.MethodPost, "/t/:number/subscriptions", s.page(s.postSubscriptionPage))
	r.Add(fiber.MethodGet, "/subscriptions/:id/confirm", s.page(s.askConfirm))
	r.Add(fiber.MethodPost, "/subscriptions/:id/confirm", s.page(s.postConfirm))
	r.Add(fiber.MethodGet, "/subscriptions/:id/unsubscribe", s.page(s.askUnsubscribe))
	r.Add(fiber.MethodPost, "/subscriptions/:id/unsubscribe", s.page(s.postUnsubscribe))
	r.Add(fiber.MethodGet, "/subscriptions/:id/preferences", s.page(s.getPreferences))
	r.Add(fiber.MethodPost, "/subscriptions/:id/preferences", s.page(s.postPreferences))
	r.Add(fiber.MethodGet, "/static/:name", s.getStatic)
	r.Add(fiber.MethodGet, "/sw.js", s.getServiceWorker)
	r.Add(fiber.MethodGet, "/manifest.webmanifest", s.getManifest)
	s.outboxRoutes(r)
}

// page gives a handler's answer the headers of a page.
func (s *Server) page(handle fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		header := &c.Response().Header
		header.Set(fiber.HeaderContentSecurityPolicy, web.Policy)
		header.Set(fiber.HeaderReferrerPolicy, "no-referrer")
		header.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		return handle(c)
	}
}

// problemPage says on a page what is wrong.
func (s *Server) problemPage(c *fiber.Ctx, p *Problem) error {
	key := "page.problem_" + p.Code
	w := s.wordsFor(c)
	if !w.Has(key) {
		key = "page.problem_other"
	}
	body, err := s.pages.Message(web.Message{
		Words: w, Heading: w.Say(key), Lines: []string{w.Say(key + "_advice")}, Search: true, Path: "/",
	})
	if err != nil {
		return errors.Join(p, err, p.send(c))
	}
	if p.retry > 0 {
		c.Set(fiber.HeaderRetryAfter, retryAfter(p.retry))
	}
	return s.sendPage(c, p.Status, body, nil)
}

// sendPage sends a page, unless it could not be made.
func (s *Server) sendPage(c *fiber.Ctx, status int, body []byte, err error) error {
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentSecurityPolicy, web.Policy)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Status(status).Send(body)
}

func (s *Server) getHome(c *fiber.Ctx) error {
	body, err := s.pages.Home(s.wordsFor(c))
	return s.sendPage(c, http.StatusOK, body, err)
}

// getFind leads from the search box to the page of the number.
func (s *Server) getFind(c *fiber.Ctx) error {
	number := tracker.NormaliseNumber(c.Query("number"))
	if number == "" || len(number) > 64 {
		return tracker.ErrNotFound
	}
	return c.Redirect("/t/"+url.PathEscape(number)+"?lang="+s.wordsFor(c).Tag(), http.StatusSeeOther)
}

func (s *Server) getTrackingPage(c *fiber.Ctx) error {
	q, err := s.ask(c, asPage)
	if err != nil {
		return err
	}
	if notice := c.Query("notice"); notice != "" && q.words.Has("page.notice."+notice) {
		// What a form led to is shown once: such an answer is not remembered.
		q.notice = notice
	}
	return s.answerLook(c, q, fiber.MIMETextHTMLCharsetUTF8)
}

// pageOf is what the tracking page of a question is made of.
func (s *Server) pageOf(q question, found []tracker.Tracking, v *view.Tracking) web.Tracking {
	in := web.Tracking{Words: q.words, View: v, PushKey: s.pushKey, Notice: q.notice, Carrier: q.carrier}
	in.Own = len(found) == 1 && found[0].Shipment != nil
	if q.proved {
		in.Signature = s.keys.Sign(linkPurpose, v.Number)
	}
	return in
}

// postProofPage leads who knows the postal code to the page with everything.
func (s *Server) postProofPage(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	shipment, err := s.proved(c, form.Get("postal_code"))
	if err != nil {
		return err
	}
	return c.Redirect("/t/"+shipment.ID+"?s="+s.keys.Sign(linkPurpose, shipment.ID)+"&lang="+s.wordsFor(c).Tag(), http.StatusSeeOther)
}

func readForm(c *fiber.Ctx) (url.Values, error) {
	body := c.BodyRaw()
	if len(body) > maxForm {
		return nil, tooLarge(maxForm)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, problem("malformed", "The body is no form.")
	}
	return form, nil
}

// forever is how long browsers keep what is served under a name with its hash.
const forever = "public, max-age=31536000, immutable"

func (s *Server) getStatic(c *fiber.Ctx) error {
	asset, ok := s.pages.Static(c.Params("name"))
	if !ok {
		return tracker.ErrNotFound
	}
	c.Set(fiber.HeaderCacheControl, forever)
	c.Set(fiber.HeaderContentType, asset.Type)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.Send(asset.Body)
}

func (s *Server) getServiceWorker(c *fiber.Ctx) error {
	asset := s.pages.ServiceWorker()
	c.Set(fiber.HeaderContentType, asset.Type)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Send(asset.Body)
}

func (s *Server) getManifest(c *fiber.Ctx) error {
	icon := s.pages.Name("icon.svg")
	body, err := json.Marshal(map[string]any{
		"name": "Waybill", "short_name": "Waybill", "start_url": "/", "display": "standalone",
		"background_color": "#f6f5f1", "theme_color": "#0f5e5a",
		"icons": []map[string]string{{"src": icon, "sizes": "any", "type": "image/svg+xml"}},
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/manifest+json")
	return c.Send(body)
}
