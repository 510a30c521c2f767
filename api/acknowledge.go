package api

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/adapters/formats/edifact"
	"waybill/adapters/formats/x12"
	"waybill/tracker"
)

// acknowledgement is the answer that an industry format has for a file: what it is called in ?acknowledge=, its media type
// (RFC 1767), and who writes it.
type acknowledgement struct {
	name, media string
	write       func(body []byte, now time.Time) ([]byte, error)
}

// acknowledgements are those of the carriers' codes.
var acknowledgements = map[string]acknowledgement{
	x12.Carrier: {"997", "application/EDI-X12", func(body []byte, now time.Time) ([]byte, error) {
		return x12.Acknowledge(body, x12.ControlAt(now), now)
	}},
	edifact.Carrier: {"contrl", "application/EDIFACT", func(body []byte, now time.Time) ([]byte, error) {
		return edifact.Acknowledge(body, now.Unix(), now)
	}},
}

// acknowledged answers a file of an industry format that is kept by the format's own acknowledgement, where the sender asks
// so: by ?acknowledge=997 or contrl, or by accepting its media type. A file that names no interchange, to which it could
// go, is answered as any other.
func (s *Server) acknowledged(c *fiber.Ctx, receipt *tracker.Receipt) bool {
	a, known := acknowledgements[receipt.Carrier]
	if !known || !strings.EqualFold(c.Query("acknowledge"), a.name) &&
		!strings.Contains(strings.ToLower(c.Get(fiber.HeaderAccept)), strings.ToLower(a.media)) {
		return false
	}
	answer, err := a.write(receipt.Body, s.now())
	if err != nil { // nothing to acknowledge
		return false
	}
	c.Set(fiber.HeaderContentType, a.media)
	return c.Status(fiber.StatusAccepted).Send(answer) == nil
}
