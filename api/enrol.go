package api

import (
	"bytes"
	"encoding/base64"
	"errors"
	"html/template"
	"image/png"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"
	"github.com/pquerna/otp"

	"waybill/api/web"
	"waybill/tracker"
	"waybill/tracker/audit"
	"waybill/tracker/signin"
)

// getEnrol shows a secret to be read into an authenticator app: to who must set up the second factor, and to who is
// signed in and wants one.
func (s *Server) getEnrol(c *fiber.Ctx) error {
	v, err := s.half(c)
	if err != nil || v.Session.Stage == tracker.StageCode {
		return s.backToSignIn(c, err)
	}
	return s.sendEnrol(c, v, http.StatusOK, "", c.Query("next"))
}

func (s *Server) sendEnrol(c *fiber.Ctx, v *signin.Visit, status int, problem, next string) error {
	key, err := s.people.Offer(c.UserContext(), v.User)
	if err != nil {
		return err
	}
	picture, err := qrOf(key)
	if err != nil {
		return err
	}
	body, err := s.pages.Enrol(web.Enrol{
		SignIn: web.SignIn{
			Words: s.tongue(c), CSRF: s.formToken(v.Session.ID), Problem: problem, Next: next,
			Path: "/signin/enrol?next=" + url.QueryEscape(next),
		},
		QR: picture, Secret: spaced(key.Secret()),
	})
	return s.sendOwn(c, status, body, err)
}

// qrPixels is the size of the QR code's picture.
const qrPixels = 240

// qrOf draws what the app scans, as an address that holds the picture itself.
func qrOf(key *otp.Key) (template.URL, error) {
	picture, err := key.Image(qrPixels, qrPixels)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return "", err
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes())), nil //nolint:gosec // base64 of our own picture
}

// spaced writes a secret in groups of four, to be typed.
func spaced(text string) string {
	var out []byte
	for i := range len(text) {
		if i > 0 && i%4 == 0 {
			out = append(out, ' ')
		}
		out = append(out, text[i])
	}
	return string(out)
}

func (s *Server) postEnrol(c *fiber.Ctx) error {
	v, err := s.half(c)
	if err != nil {
		return s.backToSignIn(c, err)
	}
	if err := s.checkForm(c, v.Session.ID); err != nil {
		return err
	}
	codes, token, full, err := s.people.Enrol(c.UserContext(), v, c.FormValue("code"))
	if errors.Is(err, signin.ErrNoSession) {
		return s.backToSignIn(c, err)
	}
	if err != nil {
		problem, status := s.refusal(c, err)
		if problem == "" {
			return err
		}
		return s.sendEnrol(c, v, status, problem, c.FormValue("next"))
	}
	s.setCookie(c, sessionCookie, token, full.Session.Until.Sub(s.now()))
	s.setCookie(c, deviceCookie, s.people.Mark(full.User.ID), deviceLife)
	act := audit.Act{Actor: full.User.ID, Role: full.Seat().Role, Action: "user.second_factor_set_up", Subjects: []string{full.User.ID}}
	if err := s.audit.Append(c.UserContext(), act); err != nil {
		return err
	}
	return s.sendRecovery(c, codes, localPath(c.FormValue("next")))
}

// sendRecovery shows recovery codes, this once.
func (s *Server) sendRecovery(c *fiber.Ctx, codes []string, next string) error {
	body, err := s.pages.Recovery(web.Recovery{Words: s.tongue(c), Codes: codes, Next: next})
	return s.sendOwn(c, http.StatusOK, body, err)
}
