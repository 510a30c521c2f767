package twiliotest

import (
	"strings"
	"unicode/utf16"
)

// The characters of one place and of two in GSM 03.38.
const (
	onePlace  = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	twoPlaces = "\f^{}\\[~]|€"
)

// segments counts as a network does: it fills part after part, and splits neither an escaped character nor a pair of
// surrogates.
func segments(body string) int {
	units, wide := make([]int, 0, len(body)), false
	for _, r := range body {
		switch {
		case strings.ContainsRune(onePlace, r):
			units = append(units, 1)
		case strings.ContainsRune(twoPlaces, r):
			units = append(units, 2)
		default:
			wide = true
		}
	}
	whole, part := 160, 153
	if wide {
		whole, part = 70, 67
		units = units[:0]
		for _, r := range body {
			units = append(units, len(utf16.Encode([]rune{r})))
		}
	}
	total, parts, room := 0, 1, part
	for _, u := range units {
		total += u
		if u > room {
			parts, room = parts+1, part
		}
		room -= u
	}
	if total <= whole {
		return 1
	}
	return parts
}
