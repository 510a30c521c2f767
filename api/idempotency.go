package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
)

const (
	idempotencyHeader = "Idempotency-Key"
	// abandonedAfter is when a request that was begun and never answered counts as dead, so that it may be made again.
	abandonedAfter = 2 * requestTime
)

// once has a request handled once: the same key with the same request gets the same answer again, with another request
// it is refused. The key is claimed in the store before anything is done, so that of two at a time one waits.
func (s *Server) once(c *fiber.Ctx, who caller) error {
	key := c.Get(idempotencyHeader)
	if len(key) > 255 {
		return invalid("header.Idempotency-Key", "is longer than 255 characters", "order-1001-attempt-1")
	}
	sum := sha256.Sum256([]byte(key))
	request := sha256.New()
	_, _ = request.Write([]byte(c.Method() + " " + c.Path() + "\n"))
	_, _ = request.Write(c.BodyRaw())
	answer := &tracker.Answer{
		Key: who.Tenant + "/" + hex.EncodeToString(sum[:]), Request: request.Sum(nil), CreatedAt: s.now().UTC(),
	}
	err := tracker.Save(c.UserContext(), s.store, answer)
	if errors.Is(err, tracker.ErrConflict) {
		if answer, err = s.earlier(c, answer); answer == nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return s.remember(c, answer)
}

// earlier deals with a key that was used before: it sends the answer that was given, or gives the record back where
// the first request died on the way.
func (s *Server) earlier(c *fiber.Ctx, mine *tracker.Answer) (*tracker.Answer, error) {
	first, err := tracker.Load[tracker.Answer](c.UserContext(), s.store, mine.Key)
	switch {
	case err != nil:
		return nil, err
	case !bytes.Equal(first.Request, mine.Request):
		return nil, problem("key_reused", "Use a new Idempotency-Key for another request.")
	case first.Status != 0:
		c.Set("Idempotent-Replayed", "true")
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		if first.Status >= fiber.StatusBadRequest {
			c.Set(fiber.HeaderContentType, problemType)
		}
		return nil, c.Status(first.Status).Send(first.Body)
	case s.now().Sub(first.CreatedAt) < abandonedAfter:
		return nil, problem("in_progress", "Ask again in a moment for its answer.").later(time.Second)
	}
	first.CreatedAt = mine.CreatedAt
	return first, tracker.Save(c.UserContext(), s.store, first)
}

// remember has the request handled and keeps its answer. What failed by our fault is forgotten: it may be tried again.
func (s *Server) remember(c *fiber.Ctx, answer *tracker.Answer) error {
	err := c.Next()
	status := c.Response().StatusCode()
	if err != nil || status >= fiber.StatusInternalServerError {
		write, encodeErr := tracker.Encode(answer)
		if encodeErr == nil {
			write.Delete = true
			encodeErr = tracker.ErrorOf(s.store.Apply(c.UserContext(), []tracker.Write{write}))
		}
		if encodeErr != nil {
			s.log.Warn("an idempotency key stays claimed for a while", "request", requestID(c), "error", encodeErr)
		}
		return err
	}
	answer.Status, answer.Body = status, bytes.Clone(c.Response().Body())
	if err := tracker.Save(c.UserContext(), s.store, answer); err != nil {
		s.log.Warn("an answer could not be kept under its idempotency key", "request", requestID(c), "error", err)
	}
	return nil
}
