package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"waybill/notify"
)

// Twilio takes what Twilio calls back with; sms.Callbacks is one. address is the exact public URL that was called,
// on which the signature rests.
type Twilio interface {
	// Status takes what became of a message.
	Status(ctx context.Context, address string, form url.Values, signature string) error
	// Inbound takes a message that somebody sent: STOP and its like.
	Inbound(ctx context.Context, address string, form url.Values, signature string) error
}

// MailEvents takes what a mail provider calls with: bounces and complaints.
type MailEvents interface {
	// Take takes a call; user and password are those of Basic authentication, where it has them.
	Take(ctx context.Context, user, password string, body []byte) error
}

// The errors of providers' calls.
var (
	// ErrSignature: the caller did not prove to be the provider.
	ErrSignature = errors.New("the signature does not fit")
	// ErrMailEvent: the body is not what the mail provider documents.
	ErrMailEvent = errors.New("the body cannot be read")
)

// providerRoutes are what the providers of channels call back.
func (s *Server) providerRoutes(r fiber.Router) {
	r.Add(fiber.MethodPost, "/v1/providers/twilio/status", func(c *fiber.Ctx) error {
		return s.callback(c, func(t Twilio) twilioCall { return t.Status })
	})
	r.Add(fiber.MethodPost, "/v1/providers/twilio/inbound", func(c *fiber.Ctx) error {
		return s.callback(c, func(t Twilio) twilioCall { return t.Inbound })
	})
	r.Add(fiber.MethodPost, "/v1/providers/email", s.mailCallback)
	r.Add(fiber.MethodPost, "/v1/messages/:id/shown", s.messageShown)
	r.Add(fiber.MethodGet, "/v1/push-key", func(c *fiber.Ctx) error {
		if s.pushKey == "" {
			return problem("not_set_up", "This installation sends no push messages.")
		}
		return c.JSON(fiber.Map{"key": s.pushKey})
	})
}

type twilioCall func(ctx context.Context, address string, form url.Values, signature string) error

func (s *Server) callback(c *fiber.Ctx, choose func(Twilio) twilioCall) error {
	if s.twilio == nil {
		return problem("not_set_up", "This installation sends no SMS.")
	}
	body := c.BodyRaw()
	if len(body) > maxForm {
		return tooLarge(maxForm)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return problem("malformed", "The body is no form.")
	}
	// The address is the one that was given to Twilio, whatever a proxy made of it.
	address := s.publicURL + c.OriginalURL()
	err = choose(s.twilio)(c.UserContext(), address, form, c.Get("X-Twilio-Signature"))
	if errors.Is(err, ErrSignature) {
		return problem("unauthorized", "The signature does not fit; check the auth token and the setting public_url.")
	}
	if err != nil {
		return err
	}
	// TwiML that says nothing: Twilio answers opt-out words itself.
	return c.Type("xml").SendString(`<?xml version="1.0" encoding="UTF-8"?><Response/>`)
}

// mailCallMost bounds a mail provider's call: SES repeats the headers of the mail.
const mailCallMost = 256 << 10

func (s *Server) mailCallback(c *fiber.Ctx) error {
	if s.mailEvents == nil {
		return problem("not_set_up", "This installation learns of no bounces by a provider: bounces.provider is not set.")
	}
	body := c.BodyRaw()
	if len(body) > mailCallMost {
		return tooLarge(mailCallMost)
	}
	carrying := http.Request{Header: http.Header{fiber.HeaderAuthorization: {c.Get(fiber.HeaderAuthorization)}}}
	user, password, _ := carrying.BasicAuth()
	err := s.mailEvents.Take(c.UserContext(), user, password, body)
	switch {
	case errors.Is(err, ErrSignature):
		return problem("unauthorized", "The call does not prove to be the mail provider's; check bounces.provider and bounces.secret.")
	case errors.Is(err, ErrMailEvent):
		return problem("malformed", "The body is not what the mail provider documents.")
	case err != nil:
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// messageShown is a device's word that it showed a push.
func (s *Server) messageShown(c *fiber.Ctx) error {
	if s.shown == nil {
		return problem("not_set_up", "This installation sends no messages.")
	}
	err := s.shown(c.UserContext(), c.Params("id"), c.Query("s"))
	if errors.Is(err, notify.ErrLink) {
		return problem("proof_wrong", "The signature is not that of a push of ours.")
	}
	if err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
