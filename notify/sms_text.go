package notify

import (
	"strings"
	"unicode/utf16"
)

// gsm7 is the basic character set of SMS (3GPP TS 23.038, 6.2.1), gsm7Extended the characters that take two places.
const (
	gsm7 = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsm7Extended = "\f^{}\\[~]|€"
)

// maxSegments bounds what one message costs.
const maxSegments = 3

// Segments is in how many parts a text travels as an SMS, each of which is paid for: 160 characters of GSM-7, or 70
// UTF-16 units where a character is not among these; of a text in several parts a header takes 7 (or 3) from each.
func Segments(text string) int {
	septets, single, part := 0, 160, 153
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsm7, r):
			septets++
		case strings.ContainsRune(gsm7Extended, r):
			septets += 2
		default:
			septets = -1
		}
		if septets < 0 {
			break
		}
	}
	units := septets
	if septets < 0 {
		units, single, part = len(utf16.Encode([]rune(text))), 70, 67
	}
	if units <= single {
		return 1
	}
	return (units + part - 1) / part
}

// punctuation that phones outside GSM-7 know, and what stands for it within: one such character would more than halve
// what fits into a segment.
var punctuation = strings.NewReplacer(
	"’", "'", "‘", "'", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "–", "-", "—", "-", "…", "...",
	"\u00a0", " ", "\u202f", " ", "\u2011", "-",
)

func plainPunctuation(text string) string { return punctuation.Replace(text) }

// fitSMS shortens the text within a message until the whole keeps to maxSegments.
func fitSMS(text string, whole func(string) string) string {
	for {
		message := whole(text)
		if Segments(message) <= maxSegments || text == "" {
			return message
		}
		runes := []rune(text)
		text = shorten(text, min(len(runes)-1, len(runes)*3/4))
	}
}

// shorten cuts a text to n characters, the last of which then says so.
func shorten(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	if n < 1 {
		return ""
	}
	return strings.TrimRight(string(runes[:n-1]), " ") + "…"
}
