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
// No character is split between two parts.
func Segments(text string) int {
	places, whole, part := gsmPlaces, 160, 153
	if strings.ContainsFunc(text, func(r rune) bool { return gsmPlaces(r) == 0 }) {
		places, whole, part = utf16.RuneLen, 70, 67
	}
	total, parts, room := 0, 1, part
	for _, r := range text {
		n := places(r)
		total += n
		if n > room {
			parts, room = parts+1, part
		}
		room -= n
	}
	if total <= whole {
		return 1
	}
	return parts
}

// gsmPlaces is how many places a character takes in GSM-7; 0 for one that it does not have.
func gsmPlaces(r rune) int {
	switch {
	case strings.ContainsRune(gsm7, r):
		return 1
	case strings.ContainsRune(gsm7Extended, r):
		return 2
	}
	return 0
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
