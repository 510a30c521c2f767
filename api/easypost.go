package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
)

// easyPostPath is where the API stands that takes the place of EasyPost's: who moves changes this one address. Requests
// and answers are those of docs.easypost.com (Trackers, Webhooks, Events), so that its client libraries need no change.
const easyPostPath = "/easypost/v2"

func (s *Server) easyPostRoutes(r fiber.Router) {
	r.Add(fiber.MethodPost, easyPostPath+"/trackers", s.easyPostCreateTracker)
	r.Add(fiber.MethodPost, easyPostPath+"/trackers/batch", s.easyPostTrackerBatch)
	r.Add(fiber.MethodPost, easyPostPath+"/trackers/create_list", s.easyPostCreateList)
	r.Add(fiber.MethodGet, easyPostPath+"/trackers", s.easyPostTrackers)
	r.Add(fiber.MethodGet, easyPostPath+"/trackers/:id", s.easyPostTracker)
	r.Add(fiber.MethodDelete, easyPostPath+"/trackers/:id", s.easyPostDeleteTracker)
	r.Add(fiber.MethodPost, easyPostPath+"/webhooks", s.easyPostCreateWebhook)
	r.Add(fiber.MethodGet, easyPostPath+"/webhooks", s.easyPostWebhooks)
	r.Add(fiber.MethodGet, easyPostPath+"/webhooks/:id", s.easyPostWebhook)
	r.Add(fiber.MethodPatch, easyPostPath+"/webhooks/:id", s.easyPostUpdateWebhook)
	r.Add(fiber.MethodDelete, easyPostPath+"/webhooks/:id", s.easyPostDeleteWebhook)
	r.Add(fiber.MethodGet, easyPostPath+"/events", s.easyPostEvents)
	r.Add(fiber.MethodGet, easyPostPath+"/events/:id", s.easyPostEvent)
	r.Add(fiber.MethodGet, easyPostPath+"/events/:id/payloads", s.easyPostPayloads)
	r.Add(fiber.MethodGet, easyPostPath+"/events/:id/payloads/:payload", s.easyPostPayload)
}

// easyPostError is an error as EasyPost's libraries read it.
type easyPostError struct {
	Code    string               `json:"code"`
	Message string               `json:"message"`
	Errors  []easyPostFieldError `json:"errors"`
}

type easyPostFieldError struct {
	Field      string `json:"field"`
	Message    string `json:"message"`
	Suggestion any    `json:"suggestion"`
}

// easyPostCodes are EasyPost's words for our codes. Others are ours in capitals.
var easyPostCodes = map[string]string{
	"unauthorized": "APIKEY.INACTIVE", "forbidden": "FORBIDDEN", "not_found": "NOT_FOUND", "malformed": "BAD_REQUEST",
	"invalid": "PARAMETER.INVALID", "unknown_carrier": "PARAMETER.INVALID", "rate_limited": "RATE_LIMITED",
	"internal": "INTERNAL_SERVER_ERROR", "unavailable": "SERVICE_UNAVAILABLE", "overloaded": "SERVICE_UNAVAILABLE",
}

// isEasyPosts reports whether a request is one of EasyPost's API.
func isEasyPosts(c *fiber.Ctx) bool { return strings.HasPrefix(c.Path(), easyPostPath+"/") }

// sendAsEasyPost writes the problem as EasyPost would.
func (p *Problem) sendAsEasyPost(c *fiber.Ctx) error {
	if p.retry > 0 {
		c.Set(fiber.HeaderRetryAfter, retryAfter(p.retry))
	}
	code, known := easyPostCodes[p.Code]
	if !known {
		code = strings.ToUpper(p.Code)
	}
	e := easyPostError{Code: code, Message: p.Title + ". " + p.Detail, Errors: []easyPostFieldError{}}
	for _, field := range p.Errors {
		e.Errors = append(e.Errors, easyPostFieldError{Field: field.Field, Message: field.Problem, Suggestion: field.Example})
	}
	return c.Status(p.Status).JSON(fiber.Map{"error": e})
}

// readEasyPost reads a body as EasyPost does: what it does not know it leaves alone.
func readEasyPost(c *fiber.Ctx, into any) error {
	body := c.BodyRaw()
	if len(body) > maxJSON {
		return tooLarge(maxJSON)
	}
	if len(body) == 0 {
		return nil
	}
	err := json.Unmarshal(body, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return invalid(wrong.Field, "is no "+wrong.Type.String()+" but a "+wrong.Value, nil)
	}
	if err != nil {
		return problem("malformed", "The body is no JSON.")
	}
	return nil
}

// easyPostTime reads a time of a query: clients write RFC 3339, people also days.
func easyPostTime(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil && t.Year() >= 1970 && t.Year() < 2200 {
			return t, nil
		}
	}
	return time.Time{}, invalid(field, "is no RFC 3339 time", "2026-11-23T00:00:00Z")
}

// easyPostMissing names a field that is absent.
func easyPostMissing(field string, example any) error { return invalid(field, "is required", example) }

// easyPostDeleted is what EasyPost answers where something was deleted.
func easyPostDeleted(c *fiber.Ctx, err error) error {
	if err != nil {
		return err
	}
	return c.Status(http.StatusOK).JSON(fiber.Map{})
}

// easyPostCaller is the seller, or its sandbox.
func easyPostCaller(c *fiber.Ctx) string { return callerOf(c.UserContext()).Tenant }

// easyPostPage is a part of a list that EasyPost's clients ask for: before_id for what is older, after_id for what is newer.
type easyPostPage struct {
	before, after *tracker.Cursor
	start, end    time.Time
	size          int
}

const easyPostMostPerPage, easyPostPerPage = 100, 20

// easyPostPageOf reads what part is asked for. cursor finds the place of an id.
func easyPostPageOf(c *fiber.Ctx, cursor func(id string) (*tracker.Cursor, error)) (page easyPostPage, err error) {
	page.size = c.QueryInt("page_size", easyPostPerPage)
	if page.size < 1 || page.size > easyPostMostPerPage {
		return page, invalid("page_size", "is not between 1 and 100", easyPostPerPage)
	}
	if page.start, err = easyPostTime("start_datetime", c.Query("start_datetime")); err != nil {
		return page, err
	}
	if page.end, err = easyPostTime("end_datetime", c.Query("end_datetime")); err != nil {
		return page, err
	}
	before, after := c.Query("before_id"), c.Query("after_id")
	switch {
	case before != "" && after != "":
		return page, invalid("before_id", "cannot be used together with after_id", nil)
	case before != "":
		page.before, err = cursor(before)
	case after != "":
		page.after, err = cursor(after)
	}
	return page, err
}
