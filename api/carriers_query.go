package api

import (
	"encoding/json"
	"encoding/xml"
	"strings"

	"github.com/gofiber/fiber/v2"

	"waybill/api/verify"
	"waybill/tracker"
)

// getCarrierEvent takes in a scan that a carrier tells by the query of a GET (DPD's tracking push). Its names and values are
// kept as a JSON object, without the secret, and are answered in the carrier's own form. To other carriers there is no such
// route.
func (s *Server) getCarrierEvent(c *fiber.Ctx) error {
	code, name := c.Params("carrier"), c.Params("account")
	carrier := s.carriers.Carrier(code)
	if carrier == nil {
		return s.unknownCarrier(code)
	}
	if carrier.Webhooks.QueryAnswer == "" {
		c.Set(fiber.HeaderAllow, fiber.MethodPost)
		return problem("method_not_allowed", "Scans of "+code+" are sent by POST.")
	}
	if err := s.verify(c, carrier, name, nil); err != nil {
		return err
	}
	told := map[string]string{}
	for name, value := range c.Context().QueryArgs().All() {
		if string(name) != verify.TokenParameter {
			told[string(name)] = string(value)
		}
	}
	body, err := json.Marshal(told)
	if err != nil {
		return err
	}
	if len(body) > s.maxBody {
		return tooLarge(s.maxBody)
	}
	_, err = s.ingest.Accept(c.UserContext(), &tracker.Receipt{
		Source: tracker.FromWebhook, Carrier: code, Account: name, ContentType: fiber.MIMEApplicationJSON, Body: body, Request: requestID(c),
	})
	if err != nil {
		return notKept(err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationXMLCharsetUTF8)
	return c.SendString(answerOf(carrier.Webhooks.QueryAnswer, told))
}

// answerOf fills the carrier's form of answer, in which {name} stands for what was told under that name.
func answerOf(form string, told map[string]string) string {
	var pairs []string
	for name, value := range told {
		var escaped strings.Builder
		_ = xml.EscapeText(&escaped, []byte(value)) // a Builder takes all
		pairs = append(pairs, "{"+name+"}", escaped.String())
	}
	return strings.NewReplacer(pairs...).Replace(form)
}
