package api

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
	"waybill/tracker/limit"
	"waybill/tracker/signin"
)

// signInRoutes are the way in and out.
func (s *Server) signInRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/signin", s.page(s.getSignIn))
	r.Add(fiber.MethodPost, "/signin", s.page(s.postSignIn))
	r.Add(fiber.MethodGet, "/signin/code", s.page(s.getCode))
	r.Add(fiber.MethodPost, "/signin/code", s.page(s.postCode))
	r.Add(fiber.MethodGet, "/signin/enrol", s.page(s.getEnrol))
	r.Add(fiber.MethodPost, "/signin/enrol", s.page(s.postEnrol))
	r.Add(fiber.MethodGet, "/signin/oidc", s.page(s.getProvider))
	r.Add(fiber.MethodGet, "/signin/oidc/callback", s.page(s.getProviderAnswer))
	r.Add(fiber.MethodPost, "/signout", s.page(s.postSignOut))
}

// signInsPerHour is how many sign-ins one network may try, over all accounts.
const signInsPerHour = 300

func (s *Server) getSignIn(c *fiber.Ctx) error {
	if _, err := s.visit(c); err == nil {
		return c.Redirect(localPath(c.Query("next")), http.StatusSeeOther)
	}
	return s.sendSignIn(c, http.StatusOK, web.SignIn{Next: c.Query("next")})
}

// sendSignIn sends the page with the form.
func (s *Server) sendSignIn(c *fiber.Ctx, status int, in web.SignIn) error {
	in.Provider = s.providerName
	in.Words, in.CSRF, in.Path = s.tongue(c), s.openFormToken(c), "/signin?next="+url.QueryEscape(in.Next)
	body, err := s.pages.SignIn(in)
	return s.sendOwn(c, status, body, err)
}

// sendOwn sends a page that is one person's: no cache keeps it.
func (s *Server) sendOwn(c *fiber.Ctx, status int, body []byte, err error) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.sendPage(c, status, body, err)
}

func (s *Server) postSignIn(c *fiber.Ctx) error {
	if err := s.mayTry(c); err != nil {
		return err
	}
	token, v, err := s.people.Password(c.UserContext(), signin.Try{
		Email: c.FormValue("email"), Password: c.FormValue("password"), Place: s.addressOf(c), Mark: c.Cookies(s.cookieName(deviceCookie)),
	})
	if err != nil {
		problem, status := s.refusal(c, err)
		if problem == "" {
			return err
		}
		return s.sendSignIn(c, status, web.SignIn{Problem: problem, Email: c.FormValue("email"), Next: c.FormValue("next")})
	}
	return s.enter(c, token, v, c.FormValue("next"))
}

// mayTry holds back who tries without end, and posts from elsewhere.
func (s *Server) mayTry(c *fiber.Ctx) error {
	if s.people == nil {
		return problem("not_set_up", "Nobody can sign in at this process.")
	}
	if err := s.checkOpenForm(c); err != nil {
		return err
	}
	return s.count(c, s.limiter, "signin:"+s.addressOf(c), limit.PerHour(signInsPerHour))
}

// refusal says on the form why somebody is not let in; it is empty for an error of ours.
func (s *Server) refusal(c *fiber.Ctx, err error) (text string, status int) {
	w := s.tongue(c)
	if wait, ok := errors.AsType[*signin.WaitError](err); ok {
		c.Set(fiber.HeaderRetryAfter, retryAfter(wait.For))
		return w.Say("desk.wait", "Count", int(math.Ceil(wait.For.Minutes()))), http.StatusTooManyRequests
	}
	if errors.Is(err, signin.ErrWrong) {
		return w.Say("desk.wrong"), http.StatusUnauthorized
	}
	return "", 0
}

// enter gives the browser its session and leads on: to the second factor, to its set-up, or to where the person wanted.
func (s *Server) enter(c *fiber.Ctx, token string, v *signin.Visit, next string) error {
	s.setCookie(c, sessionCookie, token, v.Session.Until.Sub(s.now()))
	to := localPath(next)
	switch v.Session.Stage {
	case tracker.StageCode:
		to = "/signin/code?next=" + url.QueryEscape(to)
	case tracker.StageEnrol:
		to = "/signin/enrol?next=" + url.QueryEscape(to)
	case tracker.StageFull:
		s.setCookie(c, deviceCookie, s.people.Mark(v.User.ID), deviceLife)
		s.log.Info("somebody signed in", "user", v.User.ID, "role", string(v.Seat().Role))
	}
	return c.Redirect(to, http.StatusSeeOther)
}

// half is who gave the right password, come further or not. The store is asked: what is in memory may be older.
func (s *Server) half(c *fiber.Ctx) (*signin.Visit, error) {
	if s.people == nil {
		return nil, signin.ErrNoSession
	}
	if v := callerOf(c.UserContext()).Visit; v != nil {
		return s.people.Reopen(c.UserContext(), v.Session.Hash) // whose token may just have been exchanged
	}
	return s.people.Open(c.UserContext(), c.Cookies(s.cookieName(sessionCookie)))
}

func (s *Server) getCode(c *fiber.Ctx) error {
	v, err := s.half(c)
	if err != nil || v.Session.Stage != tracker.StageCode {
		return s.backToSignIn(c, err)
	}
	return s.sendCode(c, http.StatusOK, "", c.Query("next"))
}

// backToSignIn begins anew where there is no sign-in under way.
func (s *Server) backToSignIn(c *fiber.Ctx, err error) error {
	if err != nil && !errors.Is(err, signin.ErrNoSession) {
		return err
	}
	return c.Redirect("/signin", http.StatusSeeOther)
}

func (s *Server) sendCode(c *fiber.Ctx, status int, problem, next string) error {
	body, err := s.pages.Code(web.SignIn{
		Words: s.tongue(c), CSRF: s.openFormToken(c), Problem: problem, Next: next, Path: "/signin/code?next=" + url.QueryEscape(next),
	})
	return s.sendOwn(c, status, body, err)
}

func (s *Server) postCode(c *fiber.Ctx) error {
	if err := s.mayTry(c); err != nil {
		return err
	}
	v, err := s.half(c)
	if err != nil {
		return s.backToSignIn(c, err)
	}
	token, full, err := s.people.Code(c.UserContext(), v, c.FormValue("code"), c.Cookies(s.cookieName(deviceCookie)))
	if errors.Is(err, signin.ErrNoSession) {
		return s.backToSignIn(c, err)
	}
	if err != nil {
		problem, status := s.refusal(c, err)
		if problem == "" {
			return err
		}
		return s.sendCode(c, status, problem, c.FormValue("next"))
	}
	return s.enter(c, token, full, c.FormValue("next"))
}

// postSignOut ends the session, here and in the store.
func (s *Server) postSignOut(c *fiber.Ctx) error {
	token := c.Cookies(s.cookieName(sessionCookie))
	v, err := s.half(c)
	if err != nil {
		return s.backToSignIn(c, err)
	}
	if err := s.checkForm(c, v.Session.ID); err != nil {
		return err
	}
	if err := s.people.End(c.UserContext(), v.Session); err != nil {
		return err
	}
	s.visits.drop(tracker.HashKey(token))
	s.setCookie(c, sessionCookie, "", -time.Second)
	return c.Redirect("/signin", http.StatusSeeOther)
}
