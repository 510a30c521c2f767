package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

// oddBodies sends what no client should: whatever it is, it is taken in to be looked at, or refused with a problem, and never an
// error of ours.
func (c *contract) oddBodies(t *testing.T) {
	c = c.in(t)
	for name, body := range map[string][]byte{
		"nothing":               {},
		"no text":               {0xff, 0xfe, 0x00, 0xc3, 0x28},
		"an open bracket":       []byte(`{"a":[`),
		"a lone value":          []byte(`7`),
		"null":                  []byte(`null`),
		"an empty list":         []byte(`[]`),
		"deep nesting":          []byte(strings.Repeat("[", 20_000)),
		"a file of separators":  []byte(strings.Repeat(",;\t\n", 2_000)),
		"a line without an end": bytes.Repeat([]byte("x"), 70_000),
		"much too much":         bytes.Repeat([]byte(" "), 9<<20),
	} {
		for _, kind := range []string{"application/json", "text/csv", "application/x-ndjson", "image/jpeg", "application/xml"} {
			got := c.do(c.method, c.path, c.key, body, "Content-Type", kind)
			switch {
			case got.status >= http.StatusInternalServerError && got.status != http.StatusNotImplemented:
				t.Errorf("%s as %s: %d %.300s", name, kind, got.status, got.body)
			case got.status >= http.StatusBadRequest:
				c.fits(c.op.Responses["default"], got)
			}
		}
	}
}
