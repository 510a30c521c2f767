package mapping

import (
	"strings"
	"unicode"

	"waybill/adapters/places"
	"waybill/tracker"
)

// timeNames are the names of a time's fields, in traces and faults.
type timeNames struct {
	all, offset, zone string
}

func timeNamesOf(field string) *timeNames {
	return &timeNames{field, field + ".offset", field + ".zone"}
}

var eventTime, estimateTo, estimateFrom = timeNamesOf("event.time"), timeNamesOf("estimate"), timeNamesOf("estimate.from")

// stamp reads a time by its rule. raw is the text as given where it could not be read. place is where it happened:
// its zone gives the offset where the payload does not (rule 6).
func (r *reader) stamp(names *timeNames, rule *timeRule, n int32, place site) (stamp tracker.Stamp, raw string) {
	if len(rule.Local)+len(rule.UTC) == 0 {
		return tracker.Stamp{}, ""
	}
	local, known, raw := r.civil(names.all, rule, rule.Local, n)
	utc, utcKnown, _ := r.civil(names.all, rule, rule.UTC, n)
	switch {
	case !known && !utcKnown:
		return tracker.Stamp{}, raw
	case !known:
		local, local.hasOffset, local.offset = utc, true, 0
	}
	stamp = tracker.Stamp{Local: local.unix(), Precision: local.precision()}
	if offset, ok := r.givenOffset(names, rule, &local, n); ok {
		stamp.Offset, stamp.Source = int16(offset), tracker.ZoneFromPayload //nolint:gosec // within ±14 h
	} else if offset, ok := difference(&local, &utc); known && utcKnown && ok {
		stamp.Offset, stamp.Source = int16(offset), tracker.ZoneFromPayload //nolint:gosec // within ±14 h
	}
	r.zone(names, rule, &stamp, n, place)
	return stamp, ""
}

// civil reads the parts of a time in one of its forms. Where the later parts are missing or cannot be read, the
// first part alone, the day, is better than nothing; what could not be read is a fault.
func (r *reader) civil(field string, rule *timeRule, list parts, n int32) (c civil, ok bool, raw string) {
	dates := rule.Dates
	if len(dates) == 0 {
		dates = r.format.Dates
	}
	first, node := "", none
	for i, part := range list {
		text, at := r.find(field, part, n)
		if text == "" {
			break
		}
		if i == 0 {
			first, node, raw = text, at, text
		} else {
			raw += " " + text
		}
	}
	if raw == "" {
		return c, false, ""
	}
	if r.evidence != nil {
		r.evidence.date(dates, raw)
	}
	if c, ok = dates.parse(raw); ok {
		return c, true, ""
	}
	r.fault(node, field+": "+quoted(raw)+" cannot be read as a time")
	if raw == first {
		return c, false, raw
	}
	if r.evidence != nil {
		r.evidence.date(dates, first)
	}
	c, ok = dates.parse(first)
	return c, ok, raw
}

// quoted is the form of a payload's text within a message: short, and with an "a" for each letter, since a name may
// stand in a wrong field and messages go to logs.
func quoted(text string) string {
	form := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return 'a'
		}
		return r
	}, clip(text))
	return "\"" + form + "\""
}

func (l layouts) parse(text string) (c civil, ok bool) {
	for _, layout := range l {
		if c, ok = layout.parse(text); ok {
			return c, true
		}
	}
	return c, false
}

func (c *civil) precision() tracker.Precision {
	switch {
	case c.hasSecond:
		return tracker.PrecisionSecond
	case c.hasTime:
		return tracker.PrecisionMinute
	}
	return tracker.PrecisionDay
}

// givenOffset is the offset that the payload states: behind the time or in a field of its own.
func (r *reader) givenOffset(names *timeNames, rule *timeRule, c *civil, n int32) (minutes int, ok bool) {
	if c.hasOffset && !(c.zulu && rule.LocalZ) {
		return c.offset, true
	}
	text, at := r.find(names.offset, rule.Offset, n)
	if text == "" {
		return 0, false
	}
	var given civil
	if rest, ok := readOffset(text, &given); !ok || rest != "" {
		r.fault(at, names.offset+": "+quoted(text)+" cannot be read as an offset")
		return 0, false
	}
	return given.offset, true
}

// difference is the offset that makes the local time of the UTC one.
func difference(local, utc *civil) (minutes int, ok bool) {
	if !local.hasTime || !utc.hasTime {
		return 0, false
	}
	const quarter, most = 15, 14 * 60
	minutes = int((local.unix() - utc.unix()) / 60)
	return minutes, minutes%quarter == 0 && minutes >= -most && minutes <= most
}

// zone names the stamp's zone, and takes the offset from it where none was given: the zone that the payload names,
// else that of the place, else the carrier's.
func (r *reader) zone(names *timeNames, rule *timeRule, stamp *tracker.Stamp, n int32, place site) {
	named, _ := r.find(names.zone, rule.Zone, n)
	if !GiveZone(stamp, named, tracker.ZoneFromPayload) && !GiveZone(stamp, place.zone, tracker.ZoneFromLocation) {
		GiveZone(stamp, r.carrier.Zone, tracker.ZoneFromCarrier)
	}
	if r.trace != nil {
		r.trace.add(names.all, stamp.Source.String(), 0, "", strings.TrimSpace(stamp.String()+" "+stamp.Zone))
	}
}

// GiveZone names a stamp's zone where that agrees with its offset; a stamp without an offset takes the zone's.
// It reports whether the zone was taken.
func GiveZone(stamp *tracker.Stamp, zone string, source tracker.ZoneSource) bool {
	if zone == "" || !stamp.Known() {
		return false
	}
	offset, ok := places.ZoneOffset(zone, stamp.Local)
	if !ok || stamp.Source != tracker.ZoneUnknown && int(stamp.Offset) != offset {
		return false
	}
	if stamp.Source == tracker.ZoneUnknown {
		stamp.Offset, stamp.Source = int16(offset), source //nolint:gosec // offsets are within ±14 h
	}
	stamp.Zone = zone
	return true
}

// Plausible reports whether a stamp is a moment that a parcel can have: carriers write the years 1 and 9999 for none.
func Plausible(stamp tracker.Stamp) bool {
	year := stamp.Civil().Year()
	return year >= firstYear && year <= lastYear
}
