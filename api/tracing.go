package api

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// tracing reports whether OpenTelemetry is configured.
func (s *Server) tracing() bool { return s.tracer != nil }

// trace begins a span for a request, as a child of the caller's where it sent one. finish ends it.
func (s *Server) trace(ctx context.Context, c *fiber.Ctx, route string) (_ context.Context, finish func(*fiber.Ctx, error)) {
	if !s.tracing() {
		return ctx, func(*fiber.Ctx, error) {}
	}
	ctx = propagation.TraceContext{}.Extract(ctx, requestHeaders{c})
	ctx, span := s.tracer.Start( //nolint:spancheck // finish ends it, which pass defers
		ctx, route, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("http.route", route), attribute.String("waybill.request", requestID(c))))
	return ctx, func(c *fiber.Ctx, err error) { //nolint:spancheck // the same
		status := c.Response().StatusCode()
		if err != nil {
			status = problemOf(err).Status
		}
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= fiber.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// requestHeaders lets the propagator read the headers of a request.
type requestHeaders struct{ c *fiber.Ctx }

// Get gives a header.
func (h requestHeaders) Get(key string) string { return h.c.Get(key) }

// Set is never called: nothing is written into a request.
func (h requestHeaders) Set(string, string) {}

// Keys lists the headers.
func (h requestHeaders) Keys() []string {
	var keys []string
	for key := range h.c.GetReqHeaders() {
		keys = append(keys, key)
	}
	return keys
}
