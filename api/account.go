package api

import (
	"errors"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
	"waybill/tracker/signin"
)

// accountRoutes are what a person has of their own: the first page, password, second factor, sessions.
func (s *Server) accountRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/home", s.page(s.getDeskHome))
	r.Add(fiber.MethodGet, "/account", s.page(s.getAccount))
	r.Add(fiber.MethodPost, "/account/seat", s.page(s.postSeat))
	r.Add(fiber.MethodPost, "/account/password", s.page(s.postPassword))
	r.Add(fiber.MethodPost, "/account/recovery", s.page(s.postRecovery))
	r.Add(fiber.MethodPost, "/account/sessions", s.page(s.postSessions))
}

func (s *Server) getDeskHome(c *fiber.Ctx) error {
	return s.sendDesk(c, "desk.html", s.desktop(c, s.tongue(c).Say("desk.nav_home")))
}

// accountPage is the data of the page "account.html".
type accountPage struct {
	web.Desk
	// Enrolled: there is a second factor; Codes are the recovery codes left.
	Enrolled, HasPassword bool
	Codes                 int
	Problem               string
}

func (s *Server) getAccount(c *fiber.Ctx) error { return s.sendAccount(c, http.StatusOK, "") }

func (s *Server) sendAccount(c *fiber.Ctx, status int, problem string) error {
	u := callerOf(c.UserContext()).Visit.User
	page := accountPage{
		Desk: s.desktop(c, s.tongue(c).Say("desk.nav_account")), Enrolled: len(u.Secret) > 0, HasPassword: u.Password != "",
		Codes: len(u.Recovery), Problem: problem,
	}
	page.Path = "/account"
	body, err := s.pages.Desk("account.html", page)
	return s.sendOwn(c, status, body, err)
}

// postSeat changes what the person works as.
func (s *Server) postSeat(c *fiber.Ctx) error {
	v, err := s.half(c)
	if err != nil {
		return s.backToSignIn(c, err)
	}
	if err := s.people.Sit(c.UserContext(), v, c.FormValue("seat")); err != nil {
		return err
	}
	s.visits.drop(v.Session.Hash)
	return c.Redirect("/home", http.StatusSeeOther)
}

// postPassword changes the password of who knows the old one. All sessions end, and this browser gets a new one.
func (s *Server) postPassword(c *fiber.Ctx) error {
	v, err := s.half(c)
	if err != nil {
		return s.backToSignIn(c, err)
	}
	token, next, err := s.people.ChangePassword(c.UserContext(), v, c.FormValue("old"), c.FormValue("new"))
	if weak, ok := errors.AsType[*signin.WeakError](err); ok {
		return s.sendAccount(c, http.StatusUnprocessableEntity, s.tongue(c).Say("desk.weak")+" ("+weak.What+")")
	}
	if err != nil {
		text, status := s.refusal(c, err)
		if text == "" {
			return err
		}
		return s.sendAccount(c, status, text)
	}
	s.visits.drop(v.Session.Hash)
	s.setCookie(c, sessionCookie, token, next.Session.Until.Sub(s.now()))
	if err := s.audited(c.UserContext(), "user.password_changed", v.User.ID); err != nil {
		return err
	}
	return c.Redirect("/account?said=password", http.StatusSeeOther)
}

// postRecovery makes new recovery codes.
func (s *Server) postRecovery(c *fiber.Ctx) error {
	v, err := s.half(c)
	if err != nil {
		return s.backToSignIn(c, err)
	}
	if len(v.User.Secret) == 0 {
		return c.Redirect("/signin/enrol?next=/account", http.StatusSeeOther)
	}
	codes, err := s.people.Renew(c.UserContext(), v.User)
	if err != nil {
		return err
	}
	return s.sendRecovery(c, codes, "/account")
}

// postSessions ends all sessions, this one too.
func (s *Server) postSessions(c *fiber.Ctx) error {
	v, err := s.half(c)
	if err != nil {
		return s.backToSignIn(c, err)
	}
	if err := s.people.EndAll(c.UserContext(), v.User); err != nil {
		return err
	}
	s.visits.drop(tracker.HashKey(c.Cookies(s.cookieName(sessionCookie))))
	return c.Redirect("/signin", http.StatusSeeOther)
}
