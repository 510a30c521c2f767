package notify

import (
	"regexp"
	"strconv"
)

const standardColour = "#1d4ed8"

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// colours are a seller's colour, where it is one, and black or white to write on it, whichever is read more easily
// (WCAG 2: relative luminance).
func colours(brand string) (colour, ink string) {
	colour = brand
	if !hexColour.MatchString(colour) {
		colour = standardColour
	}
	rgb, _ := strconv.ParseUint(colour[1:], 16, 32) // six hexadecimal digits, as matched
	luminance := 0.2126*linear(rgb>>16) + 0.7152*linear(rgb>>8) + 0.0722*linear(rgb)
	if (luminance+0.05)*(luminance+0.05) > 1.05*0.05 {
		return colour, "#000000"
	}
	return colour, "#ffffff"
}

// linear undoes the gamma of a colour channel, the lowest byte of v, with the exponent 2.2 taken as 2: near enough to
// choose between black and white.
func linear(v uint64) float64 {
	c := float64(v&0xff) / 255
	return c * c
}
