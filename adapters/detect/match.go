package detect

import (
	"slices"
	"strings"
)

// part is a range of a normalised number.
type part struct{ from, to int }

func (p part) of(n string) string { return n[p.from:p.to] }

// after moves a part that a format has behind what is put before it.
func (p part) after(n int) part {
	if p.to == 0 {
		return p
	}
	return part{p.from + n, p.to + n}
}

// format is one shape of a carrier's numbers.
type format struct {
	carrier, courier, name string
	// mask has one character per character of the number: '#' a digit, '@' a
	// letter, '*' either, anything else itself.
	mask string
	// oneOf restricts the character at oneAt, where it is not empty.
	oneOf string
	oneAt int
	// begins lists what the number may begin with, noneOf what it may not, with a space between; "" is anything.
	begins, noneOf string
	check          check // nil where the format has no check digit
	// confidence without hints: about 0.95 for a prefix with a check digit or a
	// telling prefix, 0.6 for a check digit alone, under 0.3 for digits alone.
	confidence                       float64
	service, shipper, serial, postal part
	// depot is the carrier's that took the parcel in; destination its country by ISO 3166-1's three digits.
	depot, destination part
	services           map[string]string // words of the service code
}

// d is a run of n digits in a mask, x one of letters and digits.
func d(n int) string { return strings.Repeat("#", n) }
func x(n int) string { return strings.Repeat("*", n) }

// formats are all formats; S10 numbers have their own file.
var formats = slices.Concat(ups, fedexes, usps, america, dhl, dhlECommerce, europe, logisticUnits, asia)

// byLength holds the formats by the length of their numbers.
var byLength = func() (at [maxNumber + 1][]*format) {
	for i := range formats {
		f := &formats[i]
		at[len(f.mask)] = append(at[len(f.mask)], f)
	}
	return at
}()

func (f *format) fits(n string) bool {
	for i := range len(n) {
		c := n[i]
		switch f.mask[i] {
		case '#':
			if c > '9' {
				return false
			}
		case '@':
			if c < 'A' {
				return false
			}
		case '*':
		default:
			if c != f.mask[i] {
				return false
			}
		}
	}
	if f.begins != "" && !listed(f.begins, n) || f.noneOf != "" && listed(f.noneOf, n) {
		return false
	}
	if f.oneOf != "" && strings.IndexByte(f.oneOf, n[f.oneAt]) < 0 {
		return false
	}
	return f.check == nil || f.check(n)
}

// listed reports whether a number begins with one of a list.
func listed(beginnings, n string) bool {
	for beginning := range strings.SplitSeq(beginnings, " ") {
		if strings.HasPrefix(n, beginning) {
			return true
		}
	}
	return false
}

func (f *format) candidate(n string) Candidate {
	service := f.service.of(n)
	if words, ok := f.services[service]; ok {
		service = words
	}
	return Candidate{
		Carrier: f.carrier, Courier: f.courier, Format: f.name, Confidence: f.confidence, Reason: f.reason(),
		Facts: Facts{
			Service: service, Shipper: f.shipper.of(n), Depot: f.depot.of(n), Serial: f.serial.of(n), PostalCode: f.postal.of(n),
			Destination: numericCountries[f.destination.of(n)],
		},
	}
}

func (f *format) reason() string {
	literal := f.oneOf != "" || f.begins != "" || strings.ContainsFunc(f.mask, func(r rune) bool { return r != '#' && r != '*' && r != '@' })
	switch {
	case literal && f.check != nil:
		return "prefix and check digit fit"
	case f.check != nil:
		return "length and check digit fit"
	case literal:
		return "prefix and length fit"
	default:
		return "only the length and the kind of characters fit"
	}
}
