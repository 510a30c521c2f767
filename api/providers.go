package api

import (
	"context"
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"
)

// Twilio takes what Twilio calls back with; sms.Callbacks is one. address is the exact public URL that was called,
// on which the signature rests.
type Twilio interface {
	// Status takes what became of a message.
	Status(ctx context.Context, address string, form url.Values, signature string) error
	// Inbound takes a message that somebody sent: STOP and its like.
	Inbound(ctx context.Context, address string, form url.Values, signature string) error
}

// ErrSignature is returned by a Twilio whose caller did not prove to be Twilio.
var ErrSignature = errors.New("the signature does not fit")

// providerRoutes are what the providers of channels call back.
func (s *Server) providerRoutes(r fiber.Router) {
	r.Add(fiber.MethodPost, "/v1/providers/twilio/status", func(c *fiber.Ctx) error {
		return s.callback(c, func(t Twilio) twilioCall { return t.Status })
	})
	r.Add(fiber.MethodPost, "/v1/providers/twilio/inbound", func(c *fiber.Ctx) error {
		return s.callback(c, func(t Twilio) twilioCall { return t.Inbound })
	})
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
