package notify

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// Verdict is what follows from a failure.
type Verdict uint8

// The verdicts.
const (
	// Unsure: the provider may have taken the message. It is never sent again blindly.
	Unsure Verdict = iota
	// Retry: it was not taken; another attempt may succeed.
	Retry
	// Permanent: it was refused and would be again.
	Permanent
	// Gone: nothing can be sent to this address any more; its subscription ends.
	Gone
)

// Failure is why a channel could not send. Its text is made of our own words and the provider's code: never of an
// address, a link or the text of somebody else's error, which may hold one.
type Failure struct { //nolint:errname // it is what happened to a message; that it is an error is how it travels
	Verdict Verdict
	// What was tried and what came of it: "the mail server refused the recipient (550)".
	What string
	// Code is the provider's own, for metrics: "550", "21610".
	Code string
	// After is how long the provider asks to wait; zero where it does not say.
	After time.Duration
	// Cause is for errors.Is alone (a cancelled context); it is not part of the text.
	Cause error
}

func (f *Failure) Error() string { return f.What }

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// VerdictOf says what follows from a channel's error. Of an error that is no Failure nothing is known: Unsure.
func VerdictOf(err error) Verdict {
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure.Verdict
	}
	return Unsure
}

// Retryable reports whether another attempt may be made.
func Retryable(err error) bool { return VerdictOf(err) == Retry }

// waitOf is how long a provider asked to wait.
func waitOf(err error) time.Duration {
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure.After
	}
	return 0
}

// longestWait bounds what a provider may ask for.
const longestWait = day

// RetryAfter is how long a response asks to wait (RFC 9110, 10.2.3), at most a day; zero where it does not say.
func RetryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(max(0, min(seconds, int(longestWait/time.Second)))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, min(at.Sub(now), longestWait))
	}
	return 0
}
