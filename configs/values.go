package configs

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Size is a number of bytes, written as "10MiB", "64 kB" or "4096".
type Size int64

// String gives the size in binary units.
func (s Size) String() string {
	return strings.ReplaceAll(humanize.IBytes(uint64(s)), " ", "") //nolint:gosec // parse lets none below zero through
}

// parse reads the text forms of a setting into the field that target points to.
// Lists come as one text per element.
func parse(target any, texts []string) error {
	if _, list := target.(*[]netip.Prefix); !list && len(texts) != 1 {
		return errList
	}
	var err error
	switch field := target.(type) {
	case *string:
		*field = texts[0]
	case *Secret:
		*field = Secret(texts[0])
	case *ConnString:
		*field = ConnString(texts[0])
	case *bool:
		*field, err = parseBool(texts[0])
	case *int:
		*field, err = strconv.Atoi(strings.ReplaceAll(texts[0], "_", ""))
	case *float64:
		*field, err = strconv.ParseFloat(texts[0], 64)
	case *time.Duration:
		*field, err = parseDuration(texts[0])
	case *Size:
		*field, err = parseSize(texts[0])
	case *[]netip.Prefix:
		*field, err = parsePrefixes(texts)
	default:
		err = fmt.Errorf("no parser for %T", target)
	}
	return err
}

// kind names the type of a field and says in words how it is written.
func kind(target any) (name, written string) {
	switch target.(type) {
	case *bool:
		return "boolean", "true or false"
	case *int:
		return "integer", "a whole number"
	case *float64:
		return "number", "a number"
	case *time.Duration:
		return "duration", "a duration of units ms, s, m, h, d and w"
	case *Size:
		return "size", "a size in bytes, kB, KiB, MB, MiB, GB or GiB"
	case *[]netip.Prefix:
		return "networks", "addresses or networks, separated by commas"
	case *Secret, *ConnString:
		return "secret", "text"
	default:
		return "text", "text"
	}
}

// format is parse's way back, as shown by `waybill config`. Secrets are masked.
func format(target any) string {
	switch field := target.(type) {
	case *string:
		if strings.Contains(*field, "://") {
			return maskURL(*field)
		}
		return *field
	case *time.Duration:
		return formatDuration(*field)
	case *[]netip.Prefix:
		texts := make([]string, len(*field))
		for i, prefix := range *field {
			texts[i] = prefix.String()
		}
		return strings.Join(texts, ", ")
	case *Secret:
		return field.masked()
	case *ConnString:
		return field.masked()
	case *bool:
		return strconv.FormatBool(*field)
	case *int:
		return strconv.Itoa(*field)
	case *float64:
		return strconv.FormatFloat(*field, 'g', -1, 64)
	case *Size:
		return field.String()
	default:
		return fmt.Sprintf("no format for %T", target)
	}
}

func parseBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "yes", "on":
		return true, nil
	case "no", "off":
		return false, nil
	}
	return strconv.ParseBool(text)
}

var days = regexp.MustCompile(`^(?:(\d{1,3})w)?(?:(\d{1,4})d)?(.*)$`)

// parseDuration reads what time.ParseDuration reads, and before it weeks and
// days of 24 hours: "90d", "1w", "1d12h". Spaces do not count.
func parseDuration(text string) (time.Duration, error) {
	parts := days.FindStringSubmatch(strings.ReplaceAll(text, " ", ""))
	weeks, _ := strconv.Atoi("0" + parts[1]) // digits by the pattern
	single, _ := strconv.Atoi("0" + parts[2])
	whole := time.Duration(weeks*7+single) * 24 * time.Hour
	if parts[3] == "" && parts[1]+parts[2] != "" {
		return whole, nil
	}
	rest, err := time.ParseDuration(parts[3])
	if err == nil && (rest < 0 || whole+rest < whole) {
		err = errors.New("it is negative or too long")
	}
	return whole + rest, err
}

func formatDuration(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func parseSize(text string) (Size, error) {
	const most = 1 << 50
	size, err := humanize.ParseBytes(text)
	if err == nil && size > most {
		err = fmt.Errorf("%s is more than any machine here has", text)
	}
	return Size(size), err //nolint:gosec // bounded above
}

// parsePrefixes takes elements that may hold several themselves, parted by
// commas or spaces. A single address is a network of one.
func parsePrefixes(texts []string) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	separators := func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' }
	for _, text := range strings.FieldsFunc(strings.Join(texts, ","), separators) {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			address, addressErr := netip.ParseAddr(text)
			if addressErr != nil {
				return nil, fmt.Errorf("%q is neither an address nor a network", text)
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}
