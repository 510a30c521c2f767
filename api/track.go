package api

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
	"waybill/tracker/limit"
	"waybill/tracker/words"
)

// trackRoutes are the look-ups that need no key: for customers, and for other tools by CORS.
func (s *Server) trackRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/v1/track/:number", s.getTracking)
	r.Add(fiber.MethodGet, "/v1/track/:number/live", s.getTrackingLive)
	r.Add(fiber.MethodPost, "/v1/track/:number/proof", s.postProof)
	r.Add(fiber.MethodPost, "/v1/track/:number/subscriptions", s.postTrackSubscription)
	r.Add(fiber.MethodOptions, "/v1/track/*", preflight)
}

// getTracking gives the public view; with a signed link's ?s= the details too.
func (s *Server) getTracking(c *fiber.Ctx) error {
	allowOrigins(c)
	q, err := s.ask(c, asJSON)
	if err != nil {
		return err
	}
	if err = s.answerLook(c, q, fiber.MIMEApplicationJSONCharsetUTF8); errors.Is(err, tracker.ErrNotFound) {
		return problem("not_found", unknownNumber(q.number))
	}
	return err
}

// unknownNumber says what may be the matter with a number of which nothing is known.
func unknownNumber(number string) string {
	if _, ours := tracker.ParseTrackingID(number); !ours && strings.HasPrefix(number, "WB") && len(number) >= 15 {
		return "The number looks like one of ours, but its check character does not fit: it is mistyped."
	}
	return "Nothing is known of this number yet. Check it for typing mistakes; a new parcel shows with its first scan."
}

// answerLook looks up and sends, or says that nothing has changed (304).
func (s *Server) answerLook(c *fiber.Ctx, q question, contentType string) error {
	var l *look
	if !q.personal() {
		l = s.remembered(q.key(), 0)
	}
	limiter, kind := limit.Limiter(s.local), "seen:"
	if l == nil {
		// What is not in memory costs the store a read, and may be a thief trying numbers: all processes count it.
		limiter, kind = s.limiter, "address:"
	}
	if err := s.count(c, limiter, kind+s.addressOf(c), limit.PerMinute(s.limits.LookupsPerMinute)); err != nil {
		return err
	}
	if l == nil {
		var err error
		if l, err = s.look(c.UserContext(), q, 0); err != nil {
			return err
		}
	}
	header := &c.Response().Header
	header.Set(fiber.HeaderETag, l.etag)
	header.Set(fiber.HeaderVary, fiber.HeaderAcceptLanguage)
	if q.personal() {
		header.Set(fiber.HeaderCacheControl, "private, no-store")
	} else {
		header.Set(fiber.HeaderCacheControl, "public, max-age=2")
	}
	if fits(c.Get(fiber.HeaderIfNoneMatch), l.etag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	header.SetContentType(contentType)
	c.Response().SetBodyRaw(l.body)
	return nil
}

// ask makes the question of a request.
func (s *Server) ask(c *fiber.Ctx, as form) (question, error) {
	number, err := numberOf(c)
	if err != nil {
		return question{}, err
	}
	q := question{number: number, carrier: c.Query("carrier"), words: s.wordsFor(c), form: as}
	if len(q.carrier) > 64 {
		return q, tracker.ErrNotFound
	}
	if signature := c.Query("s"); signature != "" {
		if q.proved = s.keys.Verify(linkPurpose, number, signature); !q.proved {
			return q, problem("proof_wrong", "The link's signature does not fit the number; open the page without it.")
		}
	}
	return q, nil
}

// linkPurpose marks signatures of links to the full view.
const linkPurpose = "track"

// numberOf is the tracking number in the path.
func numberOf(c *fiber.Ctx) (string, error) {
	text := c.Params("number")
	if strings.ContainsRune(text, '%') {
		unescaped, err := url.PathUnescape(text)
		if err != nil {
			return "", tracker.ErrNotFound
		}
		text = unescaped
	}
	number := tracker.NormaliseNumber(text)
	if number == "" || len(text) > 128 || len(number) > 64 {
		return "", tracker.ErrNotFound
	}
	return number, nil
}

// wordsFor finds the visitor's language: ?lang=, else what the browser asks for. Finding it takes longer than a look-up
// from memory, so that is remembered.
func (s *Server) wordsFor(c *fiber.Ctx) *words.Words {
	return s.wordsIn(c.Query("lang"), c.Get(fiber.HeaderAcceptLanguage))
}

// wordsIn are the words of a language that somebody chose, else of those that the browser wants.
func (s *Server) wordsIn(lang, accept string) *words.Words {
	if len(lang) > 32 || len(accept) > 256 {
		lang, accept = "", ""
	}
	key, now := lang+"|"+accept, s.now()
	if w, ok := s.tongues.get(key, now); ok {
		return w
	}
	w := words.For(lang, accept)
	s.tongues.put(key, w, now)
	return w
}

// fits reports whether If-None-Match names the tag.
func fits(header, etag string) bool {
	if header == "" {
		return false
	}
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == etag || candidate == "*" {
			return true
		}
	}
	return false
}

// allowOrigins lets pages of other sites look up: the public view has no cookie to steal and nothing personal.
func allowOrigins(c *fiber.Ctx) {
	c.Response().Header.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Response().Header.Set(fiber.HeaderAccessControlExposeHeaders, "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id")
}

func preflight(c *fiber.Ctx) error {
	allowOrigins(c)
	c.Set(fiber.HeaderAccessControlAllowMethods, "GET, POST")
	c.Set(fiber.HeaderAccessControlAllowHeaders, "Content-Type, Last-Event-ID, If-None-Match")
	c.Set(fiber.HeaderAccessControlMaxAge, strconv.Itoa(24*60*60))
	return c.SendStatus(fiber.StatusNoContent)
}
