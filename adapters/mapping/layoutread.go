package mapping

import (
	"strconv"
	"strings"
	"time"
)

// read takes the token's part off the text into c.
func (t token) read(text string, c *civil) (rest string, ok bool) {
	switch t.letter {
	case 0:
		return literal(text, t.text)
	case 'a':
		return meridiem(text, c)
	case 'E':
		return word(text), true
	case 'X':
		return readOffset(strings.TrimLeft(text, " "), c)
	case 'S':
		digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
		return text[digits:], digits > 0
	case 'M':
		if t.width >= 3 {
			return monthName(text, c)
		}
	case 'y':
		if t.width == 2 {
			rest, ok = number(text, 2, 2, &c.year)
			c.year += 2000
			return rest, ok
		}
		return number(text, 4, 4, &c.year)
	}
	return number(text, t.width, 2, t.field(c))
}

// field is where the number of this token goes.
func (t token) field(c *civil) *int {
	switch t.letter {
	case 'M':
		return &c.month
	case 'd':
		return &c.day
	case 'H', 'h':
		c.hasTime = true
		return &c.hour
	case 'm':
		return &c.minute
	}
	c.hasSecond = true
	return &c.second
}

func literal(text, want string) (string, bool) {
	if want == " " {
		return strings.TrimLeft(text, " "), true
	}
	return strings.CutPrefix(text, want)
}

// number reads least to most digits.
func number(text string, least, most int, into *int) (string, bool) {
	value, i := 0, 0
	for i < len(text) && i < most && text[i] >= '0' && text[i] <= '9' {
		value = value*10 + int(text[i]-'0')
		i++
	}
	*into = value
	return text[i:], i >= least
}

func meridiem(text string, c *civil) (string, bool) {
	text = strings.TrimLeft(text, " ")
	if len(text) < 2 {
		return text, false
	}
	half := text[0] | 0x20
	c.am, c.pm = half == 'a', half == 'p'
	rest := strings.TrimPrefix(text[1:], ".")
	if rest == "" || rest[0]|0x20 != 'm' {
		return text, false
	}
	return strings.TrimPrefix(rest[1:], "."), c.am || c.pm
}

// word drops a word of letters.
func word(text string) string {
	return strings.TrimLeftFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '.' })
}

func monthName(text string, c *civil) (string, bool) {
	rest := word(text)
	name := strings.TrimSuffix(text[:len(text)-len(rest)], ".")
	if len(name) < 3 {
		return text, false
	}
	for month := time.January; month <= time.December; month++ {
		if full := month.String(); len(name) <= len(full) && strings.EqualFold(full[:len(name)], name) {
			c.month = int(month)
			return rest, true
		}
	}
	return text, false
}

// readOffset reads Z, +01:00, +0100, +01 or GMT-04:00.
func readOffset(text string, c *civil) (string, bool) {
	if rest, ok := strings.CutPrefix(text, "Z"); ok {
		c.hasOffset, c.zulu = true, true
		return rest, true
	}
	for _, prefix := range []string{"GMT", "UTC"} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			if rest == "" {
				c.hasOffset = true
				return rest, true
			}
			text = rest
		}
	}
	if text == "" || text[0] != '+' && text[0] != '-' {
		return text, false
	}
	var hours, minutes int
	rest, ok := number(text[1:], 1, 2, &hours)
	if !ok {
		return text, false
	}
	if tail, ok := number(strings.TrimPrefix(rest, ":"), 2, 2, &minutes); ok {
		rest = tail
	}
	c.hasOffset, c.offset = true, hours*60+minutes
	if text[0] == '-' {
		c.offset = -c.offset
	}
	return rest, minutes < 60
}

// parseISO reads 2026-11-23, 2026-11-23T14:05, …:30, …:30.123 with or without an offset, a space in place of the T,
// and the basic form 20261123T140530.
func parseISO(text string) (c civil, ok bool) {
	rest, ok := number(text, 4, 4, &c.year)
	if !ok {
		return c, false
	}
	dash, colon := "-", ":"
	if !strings.HasPrefix(rest, "-") {
		dash, colon = "", ""
	}
	if rest, ok = part(rest, dash, &c.month); !ok {
		return c, false
	}
	if rest, ok = part(rest, dash, &c.day); !ok || rest == "" {
		return c, ok
	}
	if rest[0] != 'T' && rest[0] != ' ' && rest[0] != 't' {
		return c, false
	}
	if rest, ok = part(strings.TrimLeft(rest[1:], " "), "", &c.hour); !ok {
		return c, false
	}
	if rest, ok = part(rest, colon, &c.minute); !ok {
		return c, false
	}
	c.hasTime = true
	if tail, ok := part(rest, colon, &c.second); ok {
		c.hasSecond, rest = true, tail
		if tail, ok := fraction(rest); ok {
			rest = tail
		}
	}
	if rest = strings.TrimLeft(rest, " "); rest == "" {
		return c, true
	}
	rest, ok = readOffset(rest, &c)
	return c, ok && rest == ""
}

func part(text, mark string, into *int) (string, bool) {
	rest, ok := strings.CutPrefix(text, mark)
	if !ok {
		return text, false
	}
	return number(rest, 2, 2, into)
}

func fraction(text string) (string, bool) {
	if text == "" || text[0] != '.' && text[0] != ',' {
		return text, false
	}
	return strings.TrimLeft(text[1:], "0123456789"), true
}

// parseEpoch reads seconds or milliseconds since 1970; milliseconds also as WCF writes them, /Date(1700000000123+0300)/,
// where the offset is that of the place.
func parseEpoch(text string, milli bool) (c civil, ok bool) {
	text, wrapped := strings.CutPrefix(text, "/Date(")
	if wrapped && milli {
		text = strings.TrimSuffix(text, ")/")
		if at := strings.LastIndexAny(text, "+-"); at > 0 {
			if rest, ok := readOffset(text[at:], &c); !ok || rest != "" {
				return c, false
			}
			text = text[:at]
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if milli {
		n /= 1000
	}
	if err != nil || !(n > 0 && n < 1e11) {
		return c, false
	}
	t := time.Unix(int64(n)+int64(c.offset)*60, 0).UTC()
	return civil{
		year: t.Year(), month: int(t.Month()), day: t.Day(), hour: t.Hour(), minute: t.Minute(), second: t.Second(),
		hasTime: true, hasSecond: true, hasOffset: true, offset: c.offset, zulu: !c.hasOffset,
	}, true
}
