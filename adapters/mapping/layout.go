package mapping

import (
	"errors"
	"fmt"
	"strings"
)

// Layout is a form in which a carrier writes times. It is written in the letters of Unicode's date patterns
// (UTS #35), the ones most languages use:
//
//	yyyy yy   year                     HH H   hour 0-23
//	MM M      month as a number        hh h   hour 1-12, with
//	MMM MMMM  English name, any length a      AM or PM
//	dd d      day                      mm ss  minute, second
//	EEE EEEE  day of the week          SSS    fraction of a second, any length
//	XXX       offset: Z, +01:00, +0100, +01; also "GMT-04:00"
//
// One letter takes one or two digits, two letters exactly two. Text in 'quotes' and all other characters stand for
// themselves; a space stands for any number of them. Three whole forms have names: iso (ISO 8601 in any of its
// shapes), epoch and epoch_ms (seconds and milliseconds since 1970, UTC; epoch_ms also as
// WCF writes it, /Date(1700000000123+0300)/).
type Layout struct {
	source string
	tokens []token
	// line is where it stands in carrier.yaml, 0 elsewhere.
	line int
}

type token struct {
	letter byte // 0: literal
	width  int
	text   string
}

const isoLayout, epochLayout, epochMilliLayout = "iso", "epoch", "epoch_ms"

// ParseLayout compiles a layout.
func ParseLayout(source string) (*Layout, error) {
	l := &Layout{source: source}
	if source == isoLayout || source == epochLayout || source == epochMilliLayout {
		return l, nil
	}
	for rest := source; rest != ""; {
		token, tail, err := cutToken(rest)
		if err != nil {
			return nil, fmt.Errorf("date format %q: %w", source, err)
		}
		l.tokens = append(l.tokens, token)
		rest = tail
	}
	if !strings.Contains(source, "y") || !strings.Contains(source, "d") {
		return nil, fmt.Errorf("date format %q: it needs at least a year (yyyy) and a day (dd)", source)
	}
	return l, nil
}

func cutToken(rest string) (token, string, error) {
	c := rest[0]
	if c == '\'' {
		text, tail, closed := strings.Cut(rest[1:], "'")
		if !closed {
			return token{}, "", errors.New("a quote is not closed")
		}
		return token{text: text}, tail, nil
	}
	if c < 'A' || c > 'z' || c > 'Z' && c < 'a' {
		return token{text: rest[:1]}, rest[1:], nil
	}
	if strings.IndexByte("yMdEHhamsSX", c) < 0 {
		return token{}, "", fmt.Errorf("the letter %q has no meaning; put plain text in 'quotes'", c)
	}
	width := len(rest) - len(strings.TrimLeft(rest, string(c)))
	return token{letter: c, width: width}, rest[width:], nil
}

// civil is a time of day on a date, as read.
type civil struct {
	year, month, day, hour, minute, second int
	// hasTime and hasSecond say how finely it was given.
	hasTime, hasSecond bool
	offset             int // minutes
	hasOffset, zulu    bool
	pm, am             bool
}

// parse reads a text of this form; !ok where it has another form or names no real moment.
func (l *Layout) parse(text string) (c civil, ok bool) {
	switch l.source {
	case isoLayout:
		c, ok = parseISO(text)
	case epochLayout, epochMilliLayout:
		c, ok = parseEpoch(text, l.source == epochMilliLayout)
	default:
		rest := text
		for _, t := range l.tokens {
			if rest, ok = t.read(rest, &c); !ok {
				return c, false
			}
		}
		ok = strings.TrimSpace(rest) == ""
	}
	if !ok {
		return c, false
	}
	if c.am || c.pm {
		if c.hour < 1 || c.hour > 12 {
			return c, false
		}
		if c.hour %= 12; c.pm {
			c.hour += 12
		}
	}
	return c, c.real()
}

// firstYear and lastYear bound what is taken for a moment: carriers write 0001 and 9999 for "none".
const firstYear, lastYear = 1980, 2100

// real reports whether there is such a moment: no 30 February, no 25 o'clock.
func (c *civil) real() bool {
	if c.second == 60 { // a leap second
		c.second = 59
	}
	return c.year >= firstYear && c.year <= lastYear && c.month >= 1 && c.month <= 12 &&
		c.day >= 1 && c.day <= daysIn(c.year, c.month) &&
		c.hour >= 0 && c.hour < 24 && c.minute >= 0 && c.minute < 60 && c.second >= 0 && c.second < 60 &&
		c.offset >= -14*60 && c.offset <= 14*60
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// unix counts the seconds since 1970 as if the civil time were UTC.
func (c *civil) unix() int64 {
	// Days since 1970 in the proleptic Gregorian calendar, years starting in March (H. Hinnant, "chrono-compatible
	// low-level date algorithms").
	y, m := c.year, c.month
	if m <= 2 {
		y, m = y-1, m+12
	}
	era, yearOfEra := y/400, y%400
	dayOfYear := (153*(m-3)+2)/5 + c.day - 1
	days := era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
	return int64(days)*86400 + int64(c.hour*3600+c.minute*60+c.second)
}
