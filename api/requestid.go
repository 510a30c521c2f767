package api

import (
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"strconv"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"
)

// requestIDs makes ids that are unique over processes and restarts: a random beginning for each, and a counter.
type requestIDs struct {
	process string
	count   atomic.Uint64
}

func newRequestIDs() *requestIDs {
	random := make([]byte, 6)
	_, _ = rand.Read(random)
	return &requestIDs{process: hex.EncodeToString(random) + "-"}
}

func (r *requestIDs) next() string { return r.process + strconv.FormatUint(r.count.Add(1), 36) }

// foreignID is the form in which the id of a proxy in front of us is taken over.
var foreignID = regexp.MustCompile(`^[A-Za-z0-9_.:-]{8,80}$`)

// identify gives every request its id, in the answer and in the log.
func (s *Server) identify(c *fiber.Ctx) error {
	id := c.Get(fiber.HeaderXRequestID)
	if id == "" || !foreignID.MatchString(id) {
		id = s.ids.next()
	}
	c.Set(fiber.HeaderXRequestID, id)
	return c.Next()
}

// requestID is the id that identify gave.
func requestID(c *fiber.Ctx) string { return string(c.Response().Header.Peek(fiber.HeaderXRequestID)) }
