package mapping

import (
	"strings"

	"waybill/tracker"
)

// event reads one event; !ok where the node says nothing that would make one.
func (r *reader) event(n int32, s *tracker.ReadShipment) (tracker.Event, bool) {
	rule := &r.format.Event
	e := tracker.Event{
		Code: r.one("event.code", rule.Code, n),
		Text: r.one("event.text", rule.Text, n),
		Ref:  r.one("event.ref", rule.Ref, n), Voids: r.one("event.voids", rule.Voids, n),
	}
	var place site
	e.Location, place = r.location("event.location", &rule.Location, n)
	e.Time, e.RawTime = r.stamp("event.time", &rule.Time, n, place)
	if e.Code == "" && e.Text == "" {
		if e.Time.Known() {
			r.fault(n, "an event with neither code nor text was left out")
		}
		return e, false
	}
	r.meaning(&e, n)
	r.identity(&e, n)
	if !e.Time.Known() && e.RawTime == "" {
		r.fault(n, "the event has no time")
	}
	if s.Personal.SignedBy == "" {
		s.Personal.SignedBy = r.one("signed_by", rule.SignedBy, n)
	}
	if s.Personal.Place == "" {
		s.Personal.Place = r.one("place", rule.Place, n)
	}
	return e, true
}

// meaning sets what the event says of where the parcel stands, by the first look-up that knows it.
func (r *reader) meaning(e *tracker.Event, n int32) {
	known := false
	for i := range r.format.Event.Meaning {
		rule := &r.format.Event.Meaning[i]
		key := r.lookupKey(rule.By, n)
		if key == "" {
			continue
		}
		entry := rule.table.find(key, rule.Contains)
		if entry == nil {
			continue
		}
		if r.trace != nil {
			r.trace.add("event.meaning", rule.In, entry.line, r.where(n), key+" -> "+entry.Status)
		}
		e.Substatus, e.Kind = entry.substatus, entry.Kind
		if e.Text == "" {
			e.Text = entry.Text
		}
		known = !rule.Fallback
		break
	}
	if known {
		return
	}
	if e.Code != "" {
		r.unknown(e.Code)
	} else {
		r.unknown(e.Text)
	}
}

// lookupKey joins the parts of a key; a part that is missing makes the whole look-up idle.
func (r *reader) lookupKey(by parts, n int32) string {
	key := ""
	for i, part := range by {
		text, _ := r.find("event.meaning", part, n)
		if text == "" {
			return ""
		}
		if i > 0 {
			key += "/"
		}
		key += text
	}
	return key
}

func (t *codeTable) find(key string, contains bool) *codeEntry {
	key = strings.ToUpper(key)
	if !contains {
		return t.entries[key]
	}
	longest, found := "", (*codeEntry)(nil)
	for code, entry := range t.entries {
		longer := len(code) > len(longest) || len(code) == len(longest) && code < longest
		if longer && strings.Contains(key, code) {
			longest, found = code, entry
		}
	}
	return found
}

// identity sets the kind, by which two tellings of one scan are known as one (rule 3): the mapping's canonical one,
// else the parts that the format names, else the code, else the text.
func (r *reader) identity(e *tracker.Event, n int32) {
	if e.Kind != "" {
		return
	}
	for _, part := range r.format.Event.Kind {
		if text, _ := r.find("event.kind", part, n); text != "" {
			if e.Kind != "" {
				e.Kind += "/"
			}
			e.Kind += strings.ToLower(clean(text))
		}
	}
	if e.Kind == "" {
		e.Kind = e.Code
	}
	if e.Kind == "" {
		e.Kind = strings.ToLower(e.Text)
	}
}
