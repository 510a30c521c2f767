package api

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
	"waybill/tracker/limit"
	"waybill/tracker/signin"
)

// caller is who makes a request: the bearer of a key, or a person who is signed in. What either may do is said by the
// same fields.
type caller struct {
	// Tenant is the seller, or its sandbox where the key is one for tests.
	Tenant   string
	Role     tracker.Role
	ReadOnly bool
	// Visit is the person's sign-in, nil for the bearer of a key; Seat is what the person is here.
	Visit *signin.Visit
	Seat  tracker.Seat
	// key is nil where a person is signed in, and on public routes.
	key *tracker.Key
	// hash names the key or the person in limits; hint is what the log shows of it: a key's last characters, or a user's id.
	hash, hint string
}

type callerKey struct{}

// callerOf is who made the request; the zero caller on public routes.
func callerOf(ctx context.Context) caller {
	who, _ := ctx.Value(callerKey{}).(caller)
	return who
}

// name says who it is, for records of what was done: never a whole key.
func (w caller) name() string {
	if w.Visit != nil {
		return "user " + w.Visit.User.ID
	}
	return "the key that ends in " + w.hint
}

// keyLife is how long a key that was found is trusted without looking again: so long does a revoked one go on.
const keyLife = 5 * time.Second

// authenticate finds who bears the key of the request and whether the route is open to it.
func (s *Server) authenticate(c *fiber.Ctx, r *rule) (caller, error) {
	secret := bearer(c.Get(fiber.HeaderAuthorization))
	if r.by != byKey && secret == "" || r.by == bySession {
		return s.person(c, r)
	}
	if secret == "" {
		return caller{}, problem("unauthorized", "Send your API key as: Authorization: Bearer wb_…")
	}
	key, err := s.findKey(c, secret)
	if errors.Is(err, tracker.ErrNotFound) {
		return caller{}, problem("unauthorized", "The API key is not known, or it has expired.")
	}
	if err != nil {
		return caller{}, err
	}
	if !r.allows(key.Role) {
		return caller{}, problem("forbidden", "A key of the role "+string(key.Role)+" may not call this; see /docs for the roles.")
	}
	if scope := r.needs(); !key.Allows(scope) {
		return caller{}, problem("forbidden", "The key lacks the scope "+string(scope)+"; make one that has it.")
	}
	return caller{Tenant: key.Environment(), Role: key.Role, key: key, hash: key.Hash, hint: key.Hint}, nil
}

// findKey looks a key up. Only found keys are remembered, so that guesses fill no memory.
func (s *Server) findKey(c *fiber.Ctx, secret string) (*tracker.Key, error) {
	now, hash := s.now(), tracker.HashKey(secret)
	if key, ok := s.knownKeys.get(hash, now); ok && (key.Expires.IsZero() || now.Before(key.Expires)) {
		return key, nil
	}
	if err := s.countGuess(c); err != nil {
		return nil, err
	}
	key, err := tracker.FindKey(c.UserContext(), s.store, secret, now)
	if err == nil {
		s.knownKeys.put(hash, key, now)
		s.noteUse(key, now)
	}
	return key, err
}

// useNoted is how exactly the latest use of a key is known.
const useNoted = 10 * time.Minute

// noteUse notes that a key is used, behind the request: nobody waits for it. Where two note it at a time, or somebody
// changed the key, one of them is lost, and made good by the next use.
func (s *Server) noteUse(key *tracker.Key, now time.Time) {
	if now.Sub(key.UsedAt) < useNoted {
		return
	}
	used := *key
	used.UsedAt = now.UTC()
	s.behind.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), requestTime)
		defer cancel()
		if err := tracker.Save(ctx, s.store, &used); err != nil && !errors.Is(err, tracker.ErrConflict) {
			s.log.Warn("the use of a key could not be noted", "key", used.Hint, "error", err)
		}
	})
}

// guessesPerMinute is how many keys and accounts that are not in memory one address may name: a client looks its own up
// every keyLife, a thief a new one each time.
const guessesPerMinute = 600

// countGuess counts what may be a guess, before it costs the store a read.
func (s *Server) countGuess(c *fiber.Ctx) error {
	result, err := s.local.Allow(c.UserContext(), "guess:"+s.addressOf(c), limit.PerMinute(guessesPerMinute))
	if err == nil && !result.Allowed {
		return problem("rate_limited", "Too many keys or accounts were named from this address.").later(result.Retry)
	}
	return err
}

// bearer reads a key from Authorization: as bearer token, or as the user name of Basic (curl -u key:).
func bearer(header string) string {
	scheme, value, ok := strings.Cut(header, " ")
	if !ok {
		return ""
	}
	value = strings.TrimSpace(value)
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		return value
	case strings.EqualFold(scheme, "Basic"):
		decoded, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return ""
		}
		user, _, _ := strings.Cut(string(decoded), ":")
		return user
	}
	return ""
}
