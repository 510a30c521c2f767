package api

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// unchanged gives what callers read its ETag, and answers 304 where the caller has it already. The body is made all the
// same: what is saved is the way.
func unchanged(c *fiber.Ctx) {
	response := c.Response()
	read := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if !read || response.StatusCode() != fiber.StatusOK || response.IsBodyStream() || len(response.Header.Peek(fiber.HeaderETag)) > 0 ||
		!strings.HasPrefix(string(response.Header.ContentType()), fiber.MIMEApplicationJSON) {
		return
	}
	etag := etagOf(response.Body())
	response.Header.Set(fiber.HeaderETag, etag)
	response.Header.Set(fiber.HeaderCacheControl, "private, no-cache")
	if fits(c.Get(fiber.HeaderIfNoneMatch), etag) {
		response.SetStatusCode(fiber.StatusNotModified)
		response.ResetBody()
	}
}
