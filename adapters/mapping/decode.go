package mapping

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// Syntax is how a payload is written.
type Syntax string

// The syntaxes that the engine reads.
const (
	JSON Syntax = "json"
	XML  Syntax = "xml"
)

// maxPayload bounds a payload; beyond it positions would not fit a node. The API's own limit is far below.
const maxPayload = 1 << 29

var errEmpty = errors.New("the payload is empty")

// Decode reads a payload into the tree, which may be reused, and says which syntax it is in. An error means that
// nothing could be read; faults of parts stand in the tree.
func (t *Tree) Decode(body []byte) (Syntax, error) {
	t.reset("")
	if len(body) > maxPayload {
		return "", fmt.Errorf("the payload has %d bytes; at most %d can be read", len(body), maxPayload)
	}
	text := toUTF8(body)
	start := strings.TrimLeft(text, " \t\r\n\x00")
	if start == "" {
		return "", errEmpty
	}
	syntax := JSON
	switch start[0] {
	case '<':
		syntax = XML
		t.parseXML(text)
	case '{', '[':
		t.parseJSON(text)
	default:
		return "", fmt.Errorf("the payload starts with %q; expected JSON ({ or [) or XML (<)", firstRune(start))
	}
	if t.Empty() {
		return syntax, fmt.Errorf("nothing in the payload could be read: %s: %s", t.Faults[0].Where, t.Faults[0].What)
	}
	return syntax, nil
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// toUTF8 makes the payload UTF-8 without a byte-order mark: by its mark, by the encoding that XML declares, and with
// U+FFFD in place of what is no text at all.
func toUTF8(body []byte) string {
	if enc := declared(body); enc != nil {
		if decoded, err := enc.NewDecoder().Bytes(body); err == nil {
			body = decoded
		}
	}
	text := strings.TrimPrefix(string(body), "\ufeff")
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\ufffd")
	}
	return text
}

// declared finds the encoding where it is not UTF-8.
func declared(body []byte) encoding.Encoding {
	head := string(body[:min(len(body), 200)])
	switch {
	case strings.HasPrefix(head, "\xfe\xff"), strings.HasPrefix(head, "\x00<"):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case strings.HasPrefix(head, "\xff\xfe"), strings.HasPrefix(head, "<\x00"):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	head, _, isXML := strings.Cut(head, "?>")
	if !isXML || !strings.HasPrefix(strings.TrimLeft(head, " \t\r\n"), "<?xml") {
		return nil
	}
	_, name, found := strings.Cut(head, "encoding=")
	if !found || len(name) < 2 {
		return nil
	}
	name, _, _ = strings.Cut(name[1:], name[:1])
	enc, err := htmlindex.Get(name)
	if err != nil || strings.HasPrefix(strings.ToLower(name), "utf") {
		// UTF-16 without its mark and in single bytes is a wrong label; unknown names are tried as UTF-8.
		return nil
	}
	return enc
}
