package api

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
	"waybill/tracker/signin"
)

// person finds who is signed in by the cookie of the request, and whether the route is open to them.
func (s *Server) person(c *fiber.Ctx, r *rule) (caller, error) {
	v, err := s.visit(c)
	if errors.Is(err, signin.ErrNoSession) {
		return caller{}, problem("unauthorized", "Sign in at /signin, or send an API key as: Authorization: Bearer wb_…")
	}
	if err != nil {
		return caller{}, err
	}
	seat := v.Seat()
	if !r.allows(seat.Role) {
		return caller{}, problem("forbidden", "Whoever is "+string(seat.Role)+" may not call this; see /docs for the roles.")
	}
	who := caller{
		Tenant: seat.Tenant, Role: seat.Role, ReadOnly: seat.Level == tracker.LevelViewer, Visit: v, Seat: seat,
		hash: v.User.ID, hint: v.User.ID,
	}
	if r.owners && seat.Role == tracker.RoleSeller && seat.Level != tracker.LevelOwner {
		return caller{}, problem("forbidden", "Only the seller's owners may do that.")
	}
	if r.writes && who.ReadOnly {
		return caller{}, problem("forbidden", "Viewers only look.")
	}
	return who, s.checkForm(c, v.Session.ID)
}

// visit gives who is signed in. Only found sessions are remembered, so that guesses fill no memory; a token that has been
// in use for a while is exchanged.
func (s *Server) visit(c *fiber.Ctx) (*signin.Visit, error) {
	token := c.Cookies(s.cookieName(sessionCookie))
	if token == "" || s.people == nil {
		return nil, signin.ErrNoSession
	}
	now, hash := s.now(), tracker.HashKey(token)
	v, ok := s.visits.get(hash, now)
	if !ok || !s.people.Holds(v) {
		if err := s.countGuess(c); err != nil {
			return nil, err
		}
		var err error
		if v, err = s.people.Open(c.UserContext(), token); err != nil {
			return nil, err
		}
		if v.Session.Stage != tracker.StageFull {
			return nil, signin.ErrNoSession
		}
		s.visits.put(hash, v, now)
	}
	next, newer, err := s.people.Exchange(c.UserContext(), v)
	if err != nil {
		s.log.Warn("a session's token could not be exchanged; it holds on", "user", v.User.ID, "error", err)
		return v, nil
	}
	if next != "" {
		s.visits.drop(hash)
		s.setCookie(c, sessionCookie, next, s.people.Life)
	}
	return newer, nil
}

// The cookies: who is signed in; the mark of a browser in which somebody was; what a form without a session is bound to.
const (
	sessionCookie = "waybill"
	deviceCookie  = "waybill_device"
	formCookie    = "waybill_form"
)

// deviceLife is how long a browser stays known.
const deviceLife = 365 * 24 * time.Hour

// cookieName is the cookie's name: with TLS its prefix has browsers hold it to this host (RFC 6265bis).
func (s *Server) cookieName(name string) string {
	if s.overTLS() {
		return "__Host-" + name
	}
	return name
}

func (s *Server) overTLS() bool { return strings.HasPrefix(s.publicURL, "https://") }

// setCookie sets a cookie that scripts and other sites' posts do not have. A life of 0 removes it.
func (s *Server) setCookie(c *fiber.Ctx, name, value string, life time.Duration) {
	cookie := &fiber.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", HTTPOnly: true, Secure: s.overTLS(), SameSite: fiber.CookieSameSiteLaxMode,
		MaxAge: int(life / time.Second),
	}
	if life <= 0 {
		cookie.MaxAge, cookie.Expires = 0, time.Unix(1, 0)
	}
	c.Cookie(cookie)
}

// formPurpose names the signature that forms carry.
const formPurpose = "form"

// formToken is what a form carries, bound to a session or to the cookie of a form without one.
func (s *Server) formToken(bound string) string { return s.keys.Sign(formPurpose, bound) }

// openFormToken is formToken for who is not signed in.
func (s *Server) openFormToken(c *fiber.Ctx) string {
	bound := c.Cookies(s.cookieName(formCookie))
	if bound == "" {
		random := make([]byte, 16)
		_, _ = rand.Read(random)
		bound = base64.RawURLEncoding.EncodeToString(random)
		s.setCookie(c, formCookie, bound, time.Hour)
	}
	return s.formToken("open/" + bound)
}

// checkOpenForm is checkForm for who is not signed in.
func (s *Server) checkOpenForm(c *fiber.Ctx) error {
	return s.checkForm(c, "open/"+c.Cookies(s.cookieName(formCookie)))
}

// checkForm refuses a write that another site had the browser make: it comes from here by the browser's own word, and
// carries the token that only our pages have.
func (s *Server) checkForm(c *fiber.Ctx, bound string) error {
	if slices.Contains([]string{fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions}, c.Method()) {
		return nil
	}
	if !s.fromHere(c) {
		return problem("form_expired", "The request came from another site.")
	}
	token := c.Get("X-CSRF-Token")
	if token == "" {
		token = c.FormValue("csrf")
	}
	if !s.keys.Verify(formPurpose, bound, token) {
		return problem("form_expired", "Load the page again and send the form anew; calls without a form carry X-CSRF-Token.")
	}
	return nil
}

// fromHere goes by what the browser says of where a write comes from. Our pages send no referrer, so browsers name their
// forms' origin "null": where one says nothing else, the token alone decides.
func (s *Server) fromHere(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin := c.Get(fiber.HeaderOrigin)
	return origin == "" || origin == "null" || s.isOwnOrigin(c, origin)
}

// isOwnOrigin compares with the public address, and with the one that was asked: a proxy may name another host.
func (s *Server) isOwnOrigin(c *fiber.Ctx, origin string) bool {
	parsed, err := url.Parse(origin)
	return err == nil && (origin == s.publicURL || parsed.Host == string(c.Request().Host()))
}

// wantsSignIn reports whether a browser asked for a page without being signed in.
func wantsSignIn(c *fiber.Ctx, err error) bool {
	return c.Method() == fiber.MethodGet && forPerson(c) && problemOf(err).Code == "unauthorized"
}

// leadToSignIn has the person sign in, and come back.
func (s *Server) leadToSignIn(c *fiber.Ctx) error {
	return c.Redirect("/signin?next="+url.QueryEscape(c.OriginalURL()), fiber.StatusSeeOther)
}

// localPath is a path on this server that a form or link names; /home for everything else.
func localPath(path string) string {
	parsed, err := url.Parse(path)
	if err != nil || parsed.IsAbs() || parsed.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n\t") {
		return "/home"
	}
	return path
}
