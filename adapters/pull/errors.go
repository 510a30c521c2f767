package pull

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Kind is what went wrong with a call, for whoever decides what to do about it.
type Kind string

// The kinds.
const (
	// Unauthorised: the carrier does not accept the credentials.
	Unauthorised Kind = "unauthorised"
	// RateLimited: the carrier says that it was called too often.
	RateLimited Kind = "rate_limited"
	// Unavailable: it could not be reached, did not answer in time, or failed.
	Unavailable Kind = "unavailable"
	// Malformed: it answered what cannot be its answer: too long, or none at all.
	Malformed Kind = "malformed"
	// Rejected: it says that the request is wrong.
	Rejected Kind = "rejected"
	// Held: no call was made: the account's rate, a pause the carrier asked for, or failures before hold it back.
	Held Kind = "held"
	// Misused: the call cannot be made at all; a mistake of ours.
	Misused Kind = "misused"
)

// Error is a call that did not come to a reply. Its text holds no credential, token, address or number.
type Error struct {
	Kind    Kind
	Account string
	What    string
	// RetryAfter is when to try again, where that is known; else 0.
	RetryAfter time.Duration

	cause error
}

func (e *Error) Error() string { return fmt.Sprintf("ask %s: %s: %s", e.Account, e.Kind, e.What) }

// Unwrap gives the cause: a context's end, or why an address is forbidden.
func (e *Error) Unwrap() error { return e.cause }

// KindOf is the kind of an error of Ask; "" for another.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

func (a *Account) fail(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Account: a.Key(), What: fmt.Sprintf(format, args...)}
}

func (e *Error) after(wait time.Duration) *Error {
	e.RetryAfter = wait
	return e
}

func (e *Error) because(cause error) *Error {
	e.cause = cause
	return e
}

// maxRetryAfter bounds what a carrier may ask for; a quota of a day is the longest.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads the header, in seconds or as a date; 0 where it is absent or makes no sense.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil {
		return min(max(time.Duration(seconds)*time.Second, 0), maxRetryAfter)
	}
	if date, err := http.ParseTime(text); err == nil {
		return min(max(date.Sub(now), 0), maxRetryAfter)
	}
	return 0
}
