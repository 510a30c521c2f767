package view

import (
	"strings"
	"unicode"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// HidePostalCode takes the postal code that opens the full view out of texts: carriers write it into descriptions and
// places, and whoever read it there could prove with it to be the recipient.
func HidePostalCode(s *tracker.Shipment, keys *seal.Keys) func(string) string {
	if s == nil || len(s.PostalProof) == 0 {
		return func(text string) string { return text }
	}
	known := map[string]bool{}
	proves := func(word string) bool {
		is, asked := known[word]
		if !asked {
			is = s.ProvesPostalCode(keys, word)
			known[word] = is
		}
		return is
	}
	return func(text string) string {
		fields := strings.Fields(text)
		kept := fields[:0:0]
		for i := 0; i < len(fields); i++ {
			// Codes are written as one word ("10001", "10001-1234") or as two ("SW1A 1AA", "110 25").
			if hasDigit(fields[i]) && provesAny(fields[i], proves) {
				continue
			}
			if i+1 < len(fields) && hasDigit(fields[i]+fields[i+1]) && proves(trimmed(fields[i])+trimmed(fields[i+1])) {
				i++
				continue
			}
			kept = append(kept, fields[i])
		}
		if len(kept) == len(fields) {
			return text
		}
		return strings.TrimRight(strings.Join(kept, " "), " ,;")
	}
}

// provesAny looks at a word as it is, and at its parts ("NY-10001", "10001-1234").
func provesAny(word string, proves func(string) bool) bool {
	if proves(trimmed(word)) {
		return true
	}
	for _, part := range strings.FieldsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if hasDigit(part) && proves(part) {
			return true
		}
	}
	return false
}

func hasDigit(text string) bool { return strings.ContainsFunc(text, unicode.IsDigit) }

func trimmed(word string) string { return strings.Trim(word, ".,;:()[]") }
