package mapping

import (
	"regexp"
	"strings"
)

// signed finds who signed within a carrier's words: "Delivered - Signed for by: A PERSON".
var signed = regexp.MustCompile(`(?i)^(.*?)[\s,;:(–-]*\bsigned(?: for)? by\b[\s:]*(.+?)\)?\.?$`)

// WithoutSigner parts a text from the name of who signed, which is a person's and is kept apart. Texts that name
// nobody come back as they are, with name "".
func WithoutSigner(text string) (rest, name string) {
	if !strings.Contains(text, "igned") && !strings.Contains(text, "IGNED") {
		return text, ""
	}
	match := signed.FindStringSubmatch(text)
	if match == nil {
		return text, ""
	}
	if match[1] == "" {
		return "Signed for", match[2]
	}
	return match[1], match[2]
}
