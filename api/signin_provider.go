package api

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/api/oidc"
	"waybill/api/web"
	"waybill/tracker/limit"
	"waybill/tracker/signin"
)

// Staff sign in by the organisation's own OpenID provider, where one is set up. What a sign-in under way needs lies sealed in
// a cookie of the browser that began it.

const (
	flowCookie  = "flow"
	flowPurpose = "sign-in by a provider"
	// flowLife is how long somebody may take at the provider.
	flowLife = 10 * time.Minute
)

// flow is a sign-in under way and when it ends.
type flow struct {
	oidc.Flow

	Until time.Time `json:"until"`
}

// getProvider sends the browser to the provider.
func (s *Server) getProvider(c *fiber.Ctx) error {
	if s.provider == nil || s.people == nil {
		return problem("not_set_up", "This installation signs nobody in by an OpenID provider.")
	}
	if err := s.count(c, s.limiter, "signin:"+s.addressOf(c), limit.PerHour(signInsPerHour)); err != nil {
		return err
	}
	begun, address, err := s.provider.Begin(c.UserContext(), localPath(c.Query("next")))
	if err != nil {
		return s.providerFailed(c, err)
	}
	text, err := json.Marshal(flow{Flow: *begun, Until: s.now().Add(flowLife)})
	if err != nil {
		return err
	}
	s.setCookie(c, flowCookie, base64.RawURLEncoding.EncodeToString(s.keys.Wrap(text, flowPurpose)), flowLife)
	return c.Redirect(address, http.StatusSeeOther)
}

// getProviderAnswer takes who comes back from the provider in.
func (s *Server) getProviderAnswer(c *fiber.Ctx) error {
	if s.provider == nil || s.people == nil {
		return problem("not_set_up", "This installation signs nobody in by an OpenID provider.")
	}
	begun, ok := s.flowOf(c)
	s.setCookie(c, flowCookie, "", -time.Second) // good for one answer
	if refused := c.Query("error"); refused != "" {
		return s.sendSignIn(c, http.StatusUnauthorized, web.SignIn{Problem: s.tongue(c).Say("desk.provider_refused", "Provider", s.providerName)})
	}
	if !ok {
		return s.providerFailed(c, oidc.ErrFlow)
	}
	person, err := s.provider.Finish(c.UserContext(), &begun.Flow, c.Query("state"), c.Query("code"))
	if err != nil {
		return s.providerFailed(c, err)
	}
	token, v, err := s.people.Vouched(c.UserContext(), person.Issuer, person.Subject, person.Email)
	if err != nil {
		return s.providerFailed(c, err)
	}
	return s.enter(c, token, v, begun.Next)
}

// flowOf is the sign-in that the browser began, if it still counts.
func (s *Server) flowOf(c *fiber.Ctx) (f flow, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(c.Cookies(s.cookieName(flowCookie)))
	if err != nil || len(sealed) == 0 {
		return f, false
	}
	text, err := s.keys.Unwrap(sealed, flowPurpose)
	if err != nil || json.Unmarshal(text, &f) != nil {
		return f, false
	}
	return f, s.now().Before(f.Until)
}

// providerFailed says on the form why a provider's word did not let somebody in.
func (s *Server) providerFailed(c *fiber.Ctx, err error) error {
	text, status := "desk.provider_down", http.StatusBadGateway
	switch {
	case errors.Is(err, oidc.ErrFlow):
		text, status = "desk.provider_again", http.StatusBadRequest
	case errors.Is(err, oidc.ErrUnverified):
		text, status = "desk.provider_unverified", http.StatusForbidden
	case errors.Is(err, signin.ErrWrong):
		text, status = "desk.provider_stranger", http.StatusForbidden
	}
	s.log.Warn("a sign-in by the OpenID provider failed", "error", err)
	return s.sendSignIn(c, status, web.SignIn{Problem: s.tongue(c).Say(text, "Provider", s.providerName), Next: c.Query("next")})
}
