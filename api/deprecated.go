package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
)

// deprecation marks a route that will go, or is kept for old clients alone. docs/sellers.md has the policy.
type deprecation struct {
	since time.Time
	// sunset is when it goes, six months after since at the earliest; zero where no date is set.
	sunset time.Time
	// instead says what to call.
	instead string
}

// tell says so in every answer: Deprecation (RFC 9745), Sunset (RFC 8594), and where to read on.
func (d *deprecation) tell(c *fiber.Ctx) {
	c.Set("Deprecation", "@"+strconv.FormatInt(d.since.Unix(), 10))
	if !d.sunset.IsZero() {
		c.Set("Sunset", d.sunset.UTC().Format(http.TimeFormat))
	}
	c.Append(fiber.HeaderLink, `</docs>; rel="deprecation"`)
}
