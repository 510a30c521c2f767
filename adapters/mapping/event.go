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
	var signer string
	if e.Text, signer = WithoutSigner(e.Text); signer != "" && s.Personal.SignedBy == "" {
		s.Personal.SignedBy = signer
	}
	var place site
	e.Location, place = r.location(eventPlace, &rule.Location, n)
	e.Time, e.RawTime = r.stamp(eventTime, &rule.Time, n, place)
	if e.Code == "" && e.Text == "" {
		if e.Time.Known() {
			r.fault(n, "an event with neither code nor text was left out")
		}
		return e, false
	}
	r.meaning(&e, n, s)
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
func (r *reader) meaning(e *tracker.Event, n int32, s *tracker.ReadShipment) {
	known := false
	if r.evidence != nil {
		r.evidence.keys(r, n)
	}
	for i := range r.format.Event.Meaning {
		rule := &r.format.Event.Meaning[i]
		if rule.First && len(s.Events) > 0 || rule.Last && r.follows(n) {
			continue
		}
		prefix, last := r.lookupKey(rule.By, n)
		if last == "" {
			continue
		}
		entry := rule.table.find(prefix, last, rule.Contains)
		if entry == nil {
			continue
		}
		if r.trace != nil {
			r.trace.add("event.meaning", rule.In, entry.line, r.where(n), prefix+last+" -> "+entry.Status)
		}
		if r.evidence != nil {
			r.evidence.shown[rule], r.evidence.shown[entry] = true, true
		}
		e.Substatus, e.Kind = entry.substatus, entry.Kind
		if e.Text == "" {
			e.Text = entry.Text
		}
		known = !rule.Fallback
		break
	}
	switch {
	case known:
	case e.Code != "":
		r.unknown(e.Code)
	case e.Substatus == "":
		r.unknown(clip(e.Text))
	}
}

// follows reports whether another event stands behind this one in its list, or may have, where the payload ends within
// the list.
func (r *reader) follows(n int32) bool {
	if parent := r.nodes[n].parent; parent != none && r.nodes[parent].open {
		return true
	}
	next := r.sibling(n)
	return next != none && r.key(next) == r.key(n)
}

// lookupKey is the key of a look-up: all parts but the last joined by "/", and the last. A part that is missing makes
// the whole look-up idle.
func (r *reader) lookupKey(by parts, n int32) (prefix, last string) {
	for i, part := range by {
		text, _ := r.find("event.meaning", part, n)
		if text == "" {
			return "", ""
		}
		if i == len(by)-1 {
			return prefix, text
		}
		prefix += text + "/"
	}
	return "", ""
}

// find looks a key up; with contains, the longest entry that has the prefix and whose rest stands anywhere in last.
func (t *codeTable) find(prefix, last string, contains bool) *codeEntry {
	last = strings.ToUpper(last)
	if prefix != "" {
		prefix = strings.ToUpper(prefix)
	}
	if !contains {
		if prefix != "" {
			last = prefix + last
		}
		return t.entries[last]
	}
	for _, code := range t.longest {
		if rest, ok := strings.CutPrefix(code, prefix); ok && rest != "" && strings.Contains(last, rest) {
			return t.entries[code]
		}
	}
	return nil
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
			text, _ = WithoutSigner(clean(text))
			e.Kind += strings.ToLower(text)
		}
	}
	if e.Kind == "" {
		e.Kind = e.Code
	}
	if e.Kind == "" {
		e.Kind = strings.ToLower(e.Text)
	}
}
