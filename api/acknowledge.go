package api

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"waybill/adapters/formats/x12"
	"waybill/tracker"
)

// ediX12 is the media type of X12 (RFC 1767).
const ediX12 = "application/EDI-X12"

// acknowledged answers a 214 that is kept by its 997, where the sender asks so: by ?acknowledge=997, or by accepting X12.
// A file that names no interchange, to which a 997 could go, is answered as any other.
func (s *Server) acknowledged(c *fiber.Ctx, receipt *tracker.Receipt) bool {
	asked := c.Query("acknowledge") == "997" || strings.Contains(strings.ToLower(c.Get(fiber.HeaderAccept)), strings.ToLower(ediX12))
	if receipt.Carrier != x12.Carrier || !asked {
		return false
	}
	now := s.now()
	answer, err := x12.Acknowledge(receipt.Body, x12.ControlAt(now), now)
	if err != nil { // nothing to acknowledge
		return false
	}
	c.Set(fiber.HeaderContentType, ediX12)
	return c.Status(fiber.StatusAccepted).Send(answer) == nil
}
