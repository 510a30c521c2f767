package api

import (
	"context"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp/fasthttpadaptor"
)

// Check is a dependency that /readyz looks at.
type Check struct {
	Name string
	// Needed: without it the server is not ready. Without the others it is, and says what is missing.
	Needed bool
	Ping   func(context.Context) error
}

// probeTime is how long a dependency may take to answer a probe.
const probeTime = 2 * time.Second

// operatorRoutes are what the machines around us ask; what people ask is in operators.go.
func (s *Server) operatorRoutes(r fiber.Router) {
	figures := fasthttpadaptor.NewFastHTTPHandler(s.metrics.Handler())
	r.Add(fiber.MethodGet, "/healthz", func(c *fiber.Ctx) error { return c.JSON(fiber.Map{"status": "ok"}) })
	r.Add(fiber.MethodGet, "/readyz", s.getReady)
	r.Add(fiber.MethodGet, "/metrics", func(c *fiber.Ctx) error {
		address, ok := netip.AddrFromSlice(c.Context().RemoteIP())
		if s.metricsFor != nil && (!ok || !contains(s.metricsFor, address.Unmap())) {
			return problem("forbidden", "The metrics are not open to this address; see the setting metrics.allow.")
		}
		figures(c.Context())
		return nil
	})
}

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready bool `json:"ready"`
	// Dependencies say "ok" or what is wrong, by name.
	Dependencies map[string]string `json:"dependencies"`
	// Note says what the server does without what is missing.
	Note string `json:"note,omitempty"`
}

func (s *Server) getReady(c *fiber.Ctx) error {
	checks := append([]Check{{Name: "store", Needed: true, Ping: s.store.Ping}}, s.checks...)
	answer := Readiness{Ready: true, Dependencies: map[string]string{}}
	ctx, cancel := context.WithTimeout(c.UserContext(), probeTime)
	defer cancel()
	for _, check := range checks {
		err := check.Ping(ctx)
		answer.Dependencies[check.Name] = "ok"
		if err == nil {
			continue
		}
		answer.Dependencies[check.Name] = "does not answer; the log has the cause"
		s.log.Warn("a dependency does not answer", "dependency", check.Name, "error", err)
		if check.Needed {
			answer.Ready = false
		} else {
			answer.Note = "Ready without " + check.Name + ": slower, and each process counts limits for itself."
		}
	}
	select {
	case <-s.closing:
		answer.Ready, answer.Note = false, "Shutting down."
	default:
	}
	status := fiber.StatusOK
	if !answer.Ready {
		status = fiber.StatusServiceUnavailable
	}
	return c.Status(status).JSON(answer)
}
