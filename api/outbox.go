package api

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
)

// Outbox are the messages that the demo keeps instead of sending them.
type Outbox interface {
	// Kept lists the latest messages, the newest first.
	Kept(most int) []web.OutboxMessage
}

// mostKept is how many messages the outbox page shows.
const mostKept = 100

// outboxRoutes show the outbox where there is one: in the demo alone.
func (s *Server) outboxRoutes(r fiber.Router) {
	if s.outbox == nil {
		return
	}
	r.Add(fiber.MethodGet, "/outbox", s.page(func(c *fiber.Ctx) error {
		body, err := s.pages.Outbox(s.wordsFor(c), s.outbox.Kept(mostKept))
		return s.sendPage(c, http.StatusOK, body, err)
	}))
	r.Add(fiber.MethodGet, "/outbox/:id", func(c *fiber.Ctx) error {
		for _, m := range s.outbox.Kept(mostKept) {
			if m.ID != c.Params("id") || m.HTML == "" {
				continue
			}
			// The mail brings its own styles, as it does in a mail program, and nothing else.
			c.Set(fiber.HeaderContentSecurityPolicy, "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
			c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
			return c.SendString(m.HTML)
		}
		return tracker.ErrNotFound
	})
}
