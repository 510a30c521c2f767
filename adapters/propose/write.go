package propose

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// write is the carrier.yaml.
func (d *draft) write() string {
	var b strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	put("name: %s %s its full name", quote(titled(d.code)), Check)
	put("home: https://example.org %s its home page", Check)
	put("# tracking_url: https://example.org/track/{number}")
	put("countries: [worldwide] %s where it delivers", Check)
	put("contact: https://example.org %s where carriers' integrators find help", Check)
	put("# changed: 2026-01-31, the day of the last change; a carrier of the program must have it")
	put("webhooks: {verification: none} %s how its posts prove themselves, if it pushes", Check)
	put("dates: [%s]%s", d.dates(), d.datesRemark())
	put("")
	put("codes:")
	put("  scans:")
	for _, c := range d.codesOf() {
		status, remark := c.status, "the status was guessed from the text"
		if status == "" {
			status, remark = "none", "give it a status, or leave none where it says nothing of where the parcel is"
		}
		if d.fields.code == nil || c.text == "" {
			put("    %s: %s %s %s", quote(c.code), status, Check, remark)
		} else {
			put("    %s: {status: %s, text: %s} %s %s", quote(c.code), status, quote(c.text), Check, remark)
		}
	}
	put("")
	put("formats:")
	put("  - name: %s-v1", strings.ReplaceAll(d.code, "_", "-"))
	put("    syntax: %s", d.syntax)
	put("    arrives: reply %s or webhook", Check)
	put("    recognise: [%s]", strings.Join(d.signs(), ", "))
	if d.failure != nil {
		put("    recognise_error: %s", quotePath(join(d.failure.at.steps, d.failure.text.path)))
	}
	put("    shipments: %s", quotePath(pathOf(d.around.steps)))
	d.writeShipment(put)
	put("    events: %s", quotePath(pathOf(d.around.events)))
	d.writeEvent(put)
	if d.failure != nil {
		code := ""
		if d.failure.code != nil {
			code = "code: " + quotePath(d.failure.code.path) + ", "
		}
		put("    errors:")
		put("      - {each: %s, %stext: %s}", quotePath(pathOf(d.failure.at.steps)), code, quotePath(d.failure.text.path))
	}
	return b.String()
}

func (d *draft) writeShipment(put func(string, ...any)) {
	put("    shipment:")
	if d.around.number != nil {
		put("      number: %s", quotePath(d.around.number.path))
	} else {
		put("      number_asked: true %s the payload does not seem to name the number", Check)
	}
	if d.estimate.to != nil {
		from := ""
		if d.estimate.from != nil {
			from = ", from: " + quotePath(d.estimate.from.path)
		}
		put("      estimates: [{to: %s%s}]", quotePath(d.estimate.to.path), from)
	}
	if d.signer != nil {
		put("      signed_by: %s", quotePath(d.signer.path))
	}
}

func (d *draft) writeEvent(put func(string, ...any)) {
	e := d.fields
	put("    event:")
	by := e.code
	if e.code != nil {
		put("      code: %s", quotePath(e.code.path))
	} else {
		by = e.text
	}
	if e.text != nil {
		put("      text: %s", quotePath(e.text.path))
	}
	put("      meaning:")
	put("        - {by: %s, in: scans}", quotePath(by.path))
	switch {
	case e.clock == nil && e.offset == nil:
		put("      time: %s", quotePath(e.time.path))
	default:
		local := quotePath(e.time.path)
		if e.clock != nil {
			local = "[" + local + ", " + quotePath(e.clock.path) + "]"
		}
		offset := ""
		if e.offset != nil {
			offset = ", offset: " + quotePath(e.offset.path)
		}
		put("      time: {local: %s%s}", local, offset)
	}
	if len(e.place) > 0 {
		put("      location:")
		for _, member := range placeMembers {
			// Half a map point is none.
			if f := e.place[member.part]; f != nil && (member.part != "lat" && member.part != "lon" || e.place["lat"] != nil && e.place["lon"] != nil) {
				put("        %s: %s", member.part, quotePath(f.path))
			}
		}
	}
}

// signs are what the format is known by: where the events stand, and the number.
func (d *draft) signs() []string {
	list := []string{}
	if events := strings.TrimSuffix(pathOf(d.events.steps), "[]"); events != "" && events != "." {
		list = append(list, quotePath(strings.TrimSuffix(events, ".")))
	}
	if n := d.around.number; n != nil && n.filled() == len(n.values) {
		list = append(list, quotePath(join(d.around.steps, d.around.number.path)))
	}
	if len(list) == 0 {
		list = append(list, quotePath(join(d.events.steps, d.fields.time.path)))
	}
	return list
}

func (d *draft) dates() string {
	names := slices.Concat(d.fields.forms, d.estimate.forms)
	if d.estimate.from != nil {
		_, _, more := timesIn(d.forms, d.estimate.from.values)
		names = append(names, more...)
	}
	var list []string
	for _, name := range names {
		if q := quote(name); !slices.Contains(list, q) {
			list = append(list, q)
		}
	}
	return strings.Join(list, ", ")
}

func (d *draft) datesRemark() string {
	if slices.ContainsFunc(d.fields.forms, ambiguous) {
		return " " + Check + " day and month may be the other way round"
	}
	return ""
}

func join(steps []string, path string) string {
	if len(steps) == 0 {
		return path
	}
	return pathOf(steps) + "." + path
}

// titled is a code as a name.
func titled(code string) string {
	words := strings.Fields(strings.ReplaceAll(code, "_", " "))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

var plainScalar = regexp.MustCompile(`^[A-Za-z][A-Za-z_ -]*[A-Za-z]$`)

// yamlWords would be no text without quotes.
var yamlWords = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

// quote writes a text as YAML takes it: what Go's strings escape, control characters among it, YAML's escape likewise.
func quote(text string) string {
	if plainScalar.MatchString(text) && !slices.Contains(yamlWords, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(strings.ToValidUTF8(text, "\ufffd"))
}

var plainPath = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)

func quotePath(path string) string {
	if plainPath.MatchString(path) && !slices.Contains(yamlWords, strings.ToLower(path)) {
		return path
	}
	if strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(strings.ToValidUTF8(path, "\ufffd"))
	}
	return "'" + strings.ReplaceAll(path, "'", "''") + "'"
}
