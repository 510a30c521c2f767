package api

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
)

// Problem is an error answer (RFC 9457). Code is stable; clients decide by it, never by the texts.
type Problem struct { //nolint:errname // RFC 9457 calls it a problem
	// Type is where the code is explained, relative to this server.
	Type   string `json:"type" doc:"Where the code is explained." example:"/docs#invalid"`
	Title  string `json:"title" example:"The request has a mistake"`
	Status int    `json:"status" example:"422"`
	Code   string `json:"code" doc:"Stable; decide by this, never by the texts." example:"invalid"`
	Detail string `json:"detail,omitempty" doc:"What was tried, on what, and what to do."`
	// Request is the id under which the log has the request.
	Request string `json:"request_id,omitempty" doc:"The id of the request, as in the log and in X-Request-Id."`
	// Errors are the mistakes of a request, one by one.
	Errors []FieldError `json:"errors,omitempty"`
	// Near are names like the one that is not known.
	Near []string `json:"near,omitempty" doc:"Names like the one that is not known."`

	retry time.Duration
	cause error
}

// FieldError is one mistake in a request.
type FieldError struct {
	Field   string `json:"field" doc:"The field, as a path." example:"shipments[2].service"`
	Problem string `json:"problem" doc:"What is wrong with its value."`
	Example any    `json:"example,omitempty" doc:"A value that would do."`
}

// Error is the problem in one line, for logs: it names no value of the request.
func (p *Problem) Error() string {
	if p.cause != nil {
		return p.Code + ": " + p.cause.Error()
	}
	return p.Code + ": " + p.Detail
}

// Unwrap gives what caused the problem.
func (p *Problem) Unwrap() error { return p.cause }

// GetStatus is huma's name for the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type of RFC 9457.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders are the headers that go with the problem.
func (p *Problem) GetHeaders() http.Header {
	if p.retry == 0 {
		return nil
	}
	return http.Header{fiber.HeaderRetryAfter: {retryAfter(p.retry)}}
}

const problemType = "application/problem+json"

// problemCode is a row of the table of problems.
type problemCode struct {
	code   string
	status int
	title  string
	// is are the errors of other packages that become this problem.
	is []error
}

// problemCodes are all problems that this server answers with. The reference page shows the table.
var problemCodes = []problemCode{
	{"unauthorized", 401, "No valid key or proof was given", nil},
	{"forbidden", 403, "The key does not allow this", nil},
	{"form_expired", 403, "The form is too old, or was sent from elsewhere", nil},
	{"proof_wrong", 403, "The proof does not fit", nil},
	{"not_found", 404, "There is no such thing here", []error{tracker.ErrNotFound}},
	{"unknown_carrier", 404, "No such carrier is known", nil},
	{"method_not_allowed", 405, "The method is not allowed here", nil},
	{"conflict", 409, "Somebody else changed it meanwhile", []error{tracker.ErrConflict}},
	{"closed", 410, "Its time is over", nil},
	{"in_progress", 409, "The same request is still under way", nil},
	{"too_large", 413, "The body is too large", nil},
	{"unsupported_encoding", 415, "The content encoding is not supported", nil},
	{"unsupported_media_type", 415, "The media type is not supported", nil},
	{"invalid", 422, "The request has a mistake", nil},
	{"key_reused", 422, "The idempotency key was used for another request", nil},
	{"malformed", 400, "The request cannot be read", nil},
	{"rate_limited", 429, "Too many requests", nil},
	{"internal", 500, "Something went wrong on our side", nil},
	{"not_set_up", 501, "This installation does not offer that", nil},
	{"unavailable", 503, "The store cannot be reached", []error{tracker.ErrUnavailable}},
	{"overloaded", 503, "Too much is going on", nil},
}

// problem makes the problem of a code. A code that is not in the table is a mistake of ours and shows as internal.
func problem(code, detail string) *Problem {
	for i := range problemCodes {
		if row := &problemCodes[i]; row.code == code {
			return &Problem{Type: "/docs#" + code, Title: row.title, Status: row.status, Code: code, Detail: detail}
		}
	}
	return problem("internal", detail)
}

// invalid is a mistake in one field of a request.
func invalid(field, what string, example any) *Problem {
	p := problem("invalid", "Correct the named fields and send the request again.")
	p.Errors = []FieldError{{Field: field, Problem: what, Example: example}}
	return p
}

// later says after how long the request may be sent again.
func (p *Problem) later(after time.Duration) *Problem {
	p.retry = after
	return p
}

// problemOf makes a problem of any error. What is not known by the table shows no detail: it may name what it
// should not.
func problemOf(err error) *Problem {
	if known, ok := errors.AsType[*Problem](err); ok {
		return known
	}
	if framework, ok := errors.AsType[*fiber.Error](err); ok {
		return problemOfStatus(framework.Code)
	}
	for i := range problemCodes {
		for _, is := range problemCodes[i].is {
			if !errors.Is(err, is) {
				continue
			}
			p := problem(problemCodes[i].code, is.Error())
			p.cause = err
			if p.Status == http.StatusServiceUnavailable {
				p.retry = unavailableRetry
			}
			return p
		}
	}
	p := problem("internal", "The log has the cause under the request's id.")
	p.cause = err
	return p
}

// unavailableRetry is when it is worth asking again after the store could not be reached.
const unavailableRetry = 5 * time.Second

// problemOfStatus is for what the framework itself refuses.
func problemOfStatus(status int) *Problem {
	switch status {
	case http.StatusNotFound:
		return problem("not_found", "No route has this path; see /docs.")
	case http.StatusMethodNotAllowed:
		return problem("method_not_allowed", "See /docs for the methods of this path.")
	case http.StatusRequestEntityTooLarge:
		return problem("too_large", "Split the request into smaller ones.")
	case http.StatusUnsupportedMediaType:
		return problem("unsupported_media_type", "Send JSON, with Content-Type: application/json.")
	}
	if status < http.StatusInternalServerError {
		return problem("malformed", "The request is not well-formed.")
	}
	return problem("internal", "The log has the cause under the request's id.")
}

// send writes the problem as the answer.
func (p *Problem) send(c *fiber.Ctx) error {
	answer := *p
	answer.Request = requestID(c)
	if p.retry > 0 {
		c.Set(fiber.HeaderRetryAfter, retryAfter(p.retry))
	}
	if p.Status == http.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="waybill", Basic realm="waybill"`)
	}
	return c.Status(p.Status).JSON(&answer, problemType)
}

// retryAfter is a duration in the whole seconds of Retry-After, at least one.
func retryAfter(d time.Duration) string {
	return strconv.Itoa(max(1, int((d+time.Second-1)/time.Second)))
}

var _ huma.StatusError = (*Problem)(nil)
