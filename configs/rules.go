package configs

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rule is what a value must keep to beyond its type. check gets the pointer to
// the parsed field and says what is wrong, without repeating the value: it may
// be a secret.
type rule struct {
	allowed string
	check   func(field any) error
}

var (
	errList  = errors.New("it is a list, where one value is wanted")
	errEmpty = errors.New("it is empty; leave the line out for the default")
)

// reason turns a parser's error into words that do not repeat the value.
func reason(err error) string {
	if _, isNumber := errors.AsType[*strconv.NumError](err); isNumber {
		return "it is " + map[bool]string{true: "out of range", false: "no such value"}[errors.Is(err, strconv.ErrRange)]
	}
	return err.Error()
}

// holds makes a rule of a predicate over the field's own type.
func holds[T any](allowed, problem string, good func(T) bool) rule {
	return rule{allowed: allowed, check: func(field any) error {
		value, ok := field.(*T)
		if !ok {
			return fmt.Errorf("the rule is for %T, the field is a %T", value, field)
		}
		if !good(*value) {
			return errors.New(problem)
		}
		return nil
	}}
}

// between bounds a number, duration or size; NaN is outside of every bound.
func between[T cmp.Ordered](low, high T) rule {
	least, most := format(&low), format(&high)
	return holds(fmt.Sprintf("%s to %s", least, most), "it is out of range",
		func(value T) bool { return value >= low && value <= high })
}

func oneOf(words ...string) rule {
	return holds("one of "+strings.Join(words, ", "), "it is none of them",
		func(value string) bool { return slices.Contains(words, value) })
}

func matching(allowed, pattern string) rule {
	compiled := regexp.MustCompile(pattern)
	return holds(allowed, "it does not look like one", compiled.MatchString)
}

// hostPort wants "host:port"; an empty host listens on every address.
func hostPort() rule {
	return holds("an address and a port, host:port", "it is no host:port", func(value string) bool {
		_, port, err := net.SplitHostPort(value)
		if err != nil {
			return false
		}
		number, err := strconv.ParseUint(port, 10, 16)
		return err == nil && number <= 65535
	})
}

// webURL wants http or https, a host, and nothing a base URL must not have.
func webURL() rule {
	return holds("an http or https URL without user, query and fragment", "it is no such URL",
		func(value string) bool {
			parsed, err := url.Parse(value)
			return err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https") &&
				parsed.Hostname() != "" && parsed.User == nil && parsed.RawQuery == "" && parsed.Fragment == ""
		})
}

// withScheme wants a connection string of one of the schemes, with a host.
func withScheme(schemes ...string) rule {
	allowed := strings.Join(schemes, "://… or ") + "://…"
	return holds(allowed, "it does not begin so or names no host", func(value ConnString) bool {
		scheme, rest, ok := strings.Cut(string(value), "://")
		return ok && rest != "" && slices.Contains(schemes, scheme)
	})
}

// mailbox wants an e-mail address, with or without a name before it (RFC 5322).
func mailbox() rule {
	return holds("an e-mail address, also as Name <address>", "it is no e-mail address", func(value string) bool {
		_, err := mail.ParseAddress(value)
		return err == nil
	})
}

// smsSender wants what Twilio takes as From: a number in E.164 form, or an
// alphanumeric sender ID of up to 11 characters, one of them a letter.
func smsSender() rule {
	number := regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	name := regexp.MustCompile(`^[0-9A-Za-z ]{0,10}[A-Za-z][0-9A-Za-z ]{0,10}$`)
	return holds("a number with + and country code, or a sender name of at most 11 letters and digits",
		"it is neither", func(value string) bool {
			return number.MatchString(value) || len(value) <= 11 && name.MatchString(value)
		})
}

// Bounds that several settings share.
const (
	aDay  = 24 * time.Hour
	aYear = 365 * aDay
)
