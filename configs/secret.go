package configs

import (
	"fmt"
	"io"
	"strings"
)

// Secret is a value that prints as "set" or "not set" in every format, so that
// a log line or an error can hold a whole Config.
type Secret string

// Reveal gives the value itself.
func (s Secret) Reveal() string { return string(s) }

// Format implements fmt.Formatter for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.masked()) }

// MarshalText keeps the value out of JSON and structured logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.masked()), nil }

func (s Secret) masked() string {
	if s == "" {
		return "not set"
	}
	return "set"
}

// ConnString is the address of a database with its credentials. It prints
// without user, password and parameters: "mongodb://***@db1,db2/waybill".
type ConnString string

// Reveal gives the whole address.
func (s ConnString) Reveal() string { return string(s) }

// Format implements fmt.Formatter for every verb.
func (s ConnString) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.masked()) }

// MarshalText keeps the credentials out of JSON and structured logs.
func (s ConnString) MarshalText() ([]byte, error) { return []byte(s.masked()), nil }

func (s ConnString) masked() string {
	if s == "" {
		return "not set"
	}
	return maskURL(string(s))
}

// maskURL hides user information and parameters. Everything before the last "@"
// goes, since a password may hold "/", "?" and "@" unescaped; net/url would not
// do, as it refuses the host lists of MongoDB.
func maskURL(raw string) string {
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok {
		return "set"
	}
	user := ""
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		user, rest = "***@", rest[at+1:]
	}
	if address, parameters, found := strings.Cut(rest, "?"); found {
		rest = address
		if parameters != "" {
			rest += "?***"
		}
	}
	return scheme + "://" + user + rest
}
