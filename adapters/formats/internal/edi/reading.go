// Package edi holds what the readers of the industry's formats share: collecting a reading, civil times without
// separators, and how a reason refines a status.
package edi

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"waybill/adapters/mapping"
	"waybill/tracker"
)

// maxFaults bounds how many faults are noted of one payload; a file of the wrong kind would have one a segment.
const maxFaults = 50

// Builder collects a reading.
type Builder struct{ tracker.Reading }

// Faultf notes what could not be read. It must quote no texts, since persons' names stand in them.
func (b *Builder) Faultf(where, format string, args ...any) {
	if len(b.Faults) < maxFaults {
		b.Faults = append(b.Faults, tracker.Fault{Where: where, What: fmt.Sprintf(format, args...)})
	}
}

// Unknown notes a code that the tables do not have, once.
func (b *Builder) Unknown(code string) {
	if code != "" && !slices.Contains(b.UnknownCodes, code) {
		b.UnknownCodes = append(b.UnknownCodes, code)
	}
}

// Number is a tracking number as given, without the blanks around it; "" where it cannot be one.
func Number(text string) string {
	if text = strings.TrimSpace(text); len(text) <= mapping.MaxNumber {
		return text
	}
	return ""
}

// Text makes UTF-8 of a payload: what is none is read by the character set given, Latin-1 where that is nil.
func Text(body []byte, set *charmap.Charmap) string {
	text := strings.TrimPrefix(string(body), "\ufeff")
	if utf8.ValidString(text) {
		return text
	}
	if set == nil {
		set = charmap.ISO8859_1
	}
	decoded, err := set.NewDecoder().String(text)
	if err != nil {
		return strings.ToValidUTF8(text, "\ufffd")
	}
	return decoded
}
