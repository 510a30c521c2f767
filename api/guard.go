package api

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker/limit"
)

// guarded registers routes with their rule in front of them. huma's operations pass through it like all others.
type guarded struct {
	fiber.Router
	server *Server
}

// Add registers a route. A route without a rule is a mistake of ours that shows at start, in every test.
func (g guarded) Add(method, path string, handlers ...fiber.Handler) fiber.Router {
	r, known := rules[method+" "+path]
	if !known {
		panic("api: no rule for " + method + " " + path + " in access.go")
	}
	guards := append([]fiber.Handler{g.server.guard(method+" "+path, r)}, handlers...)
	if method == fiber.MethodGet && !strings.HasSuffix(path, "/live") {
		g.Router.Add(fiber.MethodHead, path, guards...)
	}
	return g.Router.Add(method, path, guards...)
}

// requestTime is how long a request may take; live streams are not bound by it.
const requestTime = 30 * time.Second

// guard is what stands before every handler: count, identify, check, limit, and afterwards log and measure.
func (s *Server) guard(route string, r rule) fiber.Handler {
	measure := s.metrics.Route(route)
	return func(c *fiber.Ctx) error {
		start := time.Now()
		var who caller
		var err error
		if s.load.enter(r.class) {
			who, err = s.pass(c, &r, route)
		} else {
			s.metrics.Shed(r.class.String())
			err = problem("overloaded", "Scans go first now; try again in a moment.").later(shedRetry)
		}
		s.load.leave()
		if err != nil && r.by == bySession && wantsSignIn(c, err) {
			err = s.leadToSignIn(c)
		}
		if err != nil {
			err = s.fail(c, err)
		}
		took := time.Since(start)
		measure(c.Response().StatusCode(), took)
		s.logRequest(c, &r, route, who, took)
		return err
	}
}

// shedRetry is when to come back after having been turned away.
const shedRetry = 2 * time.Second

// pass checks a request and has it handled. A panic becomes an error: one bad request ends no other.
func (s *Server) pass(c *fiber.Ctx, r *rule, route string) (who caller, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			s.log.Error("a request ended in a panic", "route", route, "request", requestID(c), "panic", fmt.Sprint(cause),
				"stack", string(debug.Stack()))
			err = problem("internal", "The log has the cause under the request's id.")
		}
	}()
	if !r.encoded && c.Request().Header.Peek(fiber.HeaderContentEncoding) != nil {
		return who, problem("unsupported_encoding", "Send the body as it is, without Content-Encoding.")
	}
	if r.own && len(r.roles) == 0 && !s.tracing() {
		return who, c.Next() // nothing below concerns it: this is the way of look-ups from memory
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), requestTime)
	defer cancel()
	ctx, finish := s.trace(ctx, c, route)
	defer func() { finish(c, err) }()
	c.SetUserContext(ctx)
	if len(r.roles) > 0 {
		if who, err = s.authenticate(c, r); err != nil {
			return who, err
		}
		c.SetUserContext(context.WithValue(ctx, callerKey{}, who))
	}
	if !r.own && r.class != operations {
		if err := s.allow(c, who); err != nil {
			return who, err
		}
	}
	if r.deprecated != nil {
		r.deprecated.tell(c)
	}
	if r.idempotent && c.Get(idempotencyHeader) != "" {
		return who, s.once(c, who)
	}
	if err = c.Next(); err == nil && len(r.roles) > 0 {
		unchanged(c)
	}
	return who, err
}

// allow counts a request against the rate of its key or, on public routes, of its address.
func (s *Server) allow(c *fiber.Ctx, who caller) error {
	key, rate := "key:"+who.hash, limit.PerMinute(s.limits.KeyRequestsPerMinute)
	if who.hash == "" {
		key, rate = "address:"+s.addressOf(c), limit.PerMinute(s.limits.LookupsPerMinute)
	}
	return s.count(c, s.limiter, key, rate)
}

// count counts once and shows the standing in the headers (draft-ietf-httpapi-ratelimit-headers).
func (s *Server) count(c *fiber.Ctx, limiter limit.Limiter, key string, rate limit.Rate) error {
	result, err := limiter.Allow(c.UserContext(), key, rate)
	if err != nil {
		return err
	}
	window := int(rate.Period / time.Second)
	c.Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, rate.Count, window))
	c.Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, result.Remaining, int((result.Reset+time.Second-1)/time.Second)))
	if !result.Allowed {
		return problem("rate_limited", fmt.Sprintf("At most %d requests in %s are answered.", rate.Count, rate.Period)).later(result.Retry)
	}
	return nil
}

// fail answers with the problem that an error is. What is our fault is logged with its cause.
func (s *Server) fail(c *fiber.Ctx, err error) error {
	p := problemOf(err)
	if p.Status >= fiber.StatusInternalServerError && p.cause != nil {
		s.log.Error("a request failed", "request", requestID(c), "code", p.Code, "error", p.cause)
	}
	if strings.HasPrefix(c.Path(), "/v1/track/") {
		allowOrigins(c) // also what was refused before its handler
	}
	if isEasyPosts(c) {
		return p.sendAsEasyPost(c)
	}
	if forPerson(c) {
		return s.problemPage(c, p)
	}
	return p.send(c)
}

// forPerson reports whether a browser asks for a page, so that a problem is shown as one.
func forPerson(c *fiber.Ctx) bool {
	return strings.Contains(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML) && !strings.HasPrefix(c.Path(), "/v1/")
}

// logRequest writes the access log: the route, never the path, the query or the address, which may tell of persons.
func (s *Server) logRequest(c *fiber.Ctx, r *rule, route string, who caller, took time.Duration) {
	level, status := slog.LevelInfo, c.Response().StatusCode()
	switch {
	case status >= fiber.StatusInternalServerError:
		level = slog.LevelWarn
	case r.quiet && status < fiber.StatusBadRequest:
		level = slog.LevelDebug
	}
	if !s.log.Enabled(c.Context(), level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("route", route), slog.Int("status", status), slog.Duration("took", took),
		slog.String("request", requestID(c)), slog.Int("bytes_in", len(c.Request().Body())),
	}
	if who.Role != "" {
		attrs = append(attrs, slog.String("role", string(who.Role)), slog.String("tenant", who.Tenant), slog.String("key", who.hint))
	}
	s.log.LogAttrs(c.Context(), level, "request", attrs...)
}

// load counts the requests under way, over all classes: who comes when it is too many depends on the class.
type load struct {
	underWay atomic.Int64
	most     [operations + 1]int64
}

func (l *load) enter(of class) bool {
	n := l.underWay.Add(1)
	return of == operations || n <= l.most[of]
}

func (l *load) leave() { l.underWay.Add(-1) }
