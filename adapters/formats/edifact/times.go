package edifact

import (
	"slices"
	"strings"

	"waybill/adapters/formats/internal/edi"
	"waybill/adapters/mapping"
	"waybill/tracker"
)

// times are the DTM segments of a group: qualifier (2005) and value, with the place of the route for those behind one.
type times []given

type given struct {
	qualifier, value, format string
	route                    string
}

// atHappening are the qualifiers of the moment of a status, the most telling first: status change, event, effective,
// processing, execution, delivered, collected, arrived, departed, despatched.
var atHappening = []string{"334", "78", "7", "9", "193", "35", "200", "178", "186", "11"}

// atTelling are qualifiers that stand for the moment of a status where senders give no better one with it: of the
// document, of departure, reference, issue, effect. In the message's head they tell of the message.
var atTelling = []string{"137", "136", "171", "182"}

// ahead are those of what is still to come, which no status has for its moment.
var ahead = []string{"132", "133", "17", "69", "76", "2", "10", "63", "64", "234", "118", "325"}

// expected are those of the delivery to come, by which the carrier binds itself most first: scheduled, promised, estimated.
var expected = []string{"76", "69", "17"}

// arrival is the estimated arrival at a place; deliveryPlace the LOC of where goods are delivered.
const arrival, deliveryPlace = "132", "7"

func (r *reading) time(s segment) {
	g := r.group()
	t := given{qualifier: s.at(1, 0), value: s.at(1, 1), format: s.at(1, 2)}
	if r.status != nil && r.status.leg {
		t.route = firstOf(r.status.route, "TDT")
	}
	if g.times == nil {
		g.times = make(times, 0, usual)
	}
	if len(g.times) < most {
		g.times = append(g.times, t)
	}
}

// happened finds when a status happened, from the innermost group, its own, out; raw is its text where it cannot be read.
func happened(zone string, groups ...*times) (stamp tracker.Stamp, raw string, ok bool) {
	for i, group := range groups {
		stamp, unreadable, ok := group.at(atHappening, zone)
		if raw = firstOf(raw, unreadable); ok {
			return stamp, "", true
		}
		if i > 0 || raw != "" {
			continue
		}
		if stamp, ok := group.other(zone); ok {
			return stamp, "", true
		}
	}
	return tracker.Stamp{}, raw, raw != ""
}

// other is the status' own time where no qualifier says that it is: one that tells, else the first that is not ahead.
func (g *times) other(zone string) (tracker.Stamp, bool) {
	if stamp, _, ok := g.at(atTelling, zone); ok {
		return stamp, true
	}
	for _, t := range *g {
		if slices.Contains(ahead, t.qualifier) || t.route != "" {
			continue
		}
		if stamp, ok := t.stamp(zone); ok {
			return stamp, true
		}
	}
	return tracker.Stamp{}, false
}

// at is the time of the first of the qualifiers that has one; raw is a text of theirs that cannot be read.
func (g *times) at(qualifiers []string, zone string) (stamp tracker.Stamp, raw string, ok bool) {
	for _, qualifier := range qualifiers {
		for _, t := range *g {
			if t.qualifier != qualifier || t.route != "" || t.value == "" {
				continue
			}
			if stamp, ok := t.stamp(zone); ok {
				return stamp, "", true
			}
			raw = firstOf(raw, t.value)
		}
	}
	return tracker.Stamp{}, raw, false
}

// estimate finds when delivery is expected: the statement about it, else the estimated arrival at the place of delivery,
// else the last arrival of the route. zone is the destination's.
func estimate(zone string, groups ...*times) (e tracker.CarrierEstimate) {
	for _, group := range groups {
		if stated := group.stated(e, zone); stated.Known() {
			return stated
		}
		for _, t := range *group {
			if t.qualifier == arrival && (t.route == deliveryPlace || !e.Known()) {
				e = later(e, t.window(zone))
			}
		}
	}
	return e
}

// stated is what a group of times says of the delivery itself; where nothing, what was known before.
func (g *times) stated(e tracker.CarrierEstimate, zone string) tracker.CarrierEstimate {
	for _, qualifier := range expected {
		for _, t := range *g {
			if t.qualifier == qualifier && t.route == "" {
				e = later(e, t.window(zone))
			}
		}
		if e.Known() {
			return e
		}
	}
	return e
}

func later(a, b tracker.CarrierEstimate) tracker.CarrierEstimate {
	if b.Known() {
		return b
	}
	return a
}

// window reads a moment, a day, or a period (formats 718 and 719).
func (t given) window(zone string) (e tracker.CarrierEstimate) {
	from, to, period := strings.Cut(t.value, "-")
	if !period || t.format != "718" && t.format != "719" {
		e.To, _ = t.stamp(zone)
		return e
	}
	e.From, _ = given{value: from}.stamp(zone)
	e.To, _ = given{value: to}.stamp(zone)
	return e
}

// zoneNames are the three letters of formats 301 to 304, in minutes east of UTC.
var zoneNames = map[string]int{
	"UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "CET": 60, "MEZ": 60, "CES": 120, "EET": 120, "EES": 180, "MSK": 180,
	"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "JST": 540,
}

// stamp reads the value by its digits, whatever format code (2379) stands beside it, since senders write the wrong one:
// YYMMDD, CCYYMMDD, with HHMM or HHMMSS behind; then a zone of three letters (301 to 304), or an offset ±HHMM (205).
func (t given) stamp(zone string) (tracker.Stamp, bool) {
	n := 0
	for n < len(t.value) && t.value[n] >= '0' && t.value[n] <= '9' {
		n++
	}
	date, tail := t.value[:n], t.value[n:]
	clock := ""
	switch {
	case n == 8, n == 6:
	case n == 12 && strings.HasPrefix(t.format, "202"), n == 12 && t.format == "302", n == 10:
		date, clock = date[:6], date[6:]
	case n >= 12:
		date, clock = date[:8], date[8:]
	default:
		return tracker.Stamp{}, false
	}
	stamp, ok, _ := edi.Stamp(date, clock)
	if !ok {
		return tracker.Stamp{}, false
	}
	if minutes, stated := offset(tail); stated && stamp.Precision > tracker.PrecisionDay {
		stamp.Offset, stamp.Source = int16(minutes), tracker.ZoneFromPayload //nolint:gosec // within ±14 h
	}
	mapping.GiveZone(&stamp, zone, tracker.ZoneFromLocation)
	return stamp, true
}

// offset reads what stands behind the digits.
func offset(tail string) (minutes int, stated bool) {
	tail = strings.TrimSpace(tail)
	if minutes, stated = zoneNames[tail]; stated {
		return minutes, true
	}
	if tail == "Z" {
		return 0, true
	}
	if len(tail) != 5 || tail[0] != '+' && tail[0] != '-' {
		return 0, false
	}
	for _, c := range []byte(tail[1:]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		minutes = minutes*10 + int(c-'0')
	}
	minutes = minutes/100*60 + minutes%100
	if minutes > 14*60 {
		return 0, false
	}
	if tail[0] == '-' {
		minutes = -minutes
	}
	return minutes, true
}
