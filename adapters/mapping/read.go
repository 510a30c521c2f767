// Package mapping reads carriers' payloads by description. A carrier is a carrier.yaml: how its formats are
// recognised, where in them the facts stand, what its codes mean, how it writes times. The engine decodes a payload
// into a Tree, finds the format, and fills a tracker.Reading; Trace tells which rule gave which fact.
package mapping

import (
	"slices"
	"strings"

	"waybill/tracker"
)

// Read reads a payload that was recognised as this format. trace may be nil.
func (f Format) Read(t *Tree, trace *Trace) tracker.Reading {
	r := &reader{Tree: t, carrier: f.carrier, format: f.rule, asked: f.asked, trace: trace, evidence: f.evidence}
	r.out.Carrier, r.out.Format = f.carrier.Code, f.rule.Name
	for _, fault := range t.Faults {
		r.out.Faults = append(r.out.Faults, tracker.Fault{Where: fault.Where, What: fault.What})
	}
	for i := range f.rule.Errors {
		r.errors(&f.rule.Errors[i])
	}
	for _, n := range r.shipments() {
		r.shipment(n)
	}
	if r.unsaid > 0 {
		r.out.Faults = append(r.out.Faults, tracker.Fault{What: itoa(r.unsaid) + " more faults are not listed"})
	}
	return r.out
}

// shipments finds the carriages, each once and in the payload's order, in whichever shape they stand there.
func (r *reader) shipments() []int32 {
	var found []int32
	r.seek(r.format.Shipments, 0)
	for _, path := range r.format.Shipments.list {
		path.each(r.Tree, 0, func(n int32) bool {
			if r.nodes[n].kind != listNode { // an empty one
				found = append(found, n)
			}
			return true
		})
	}
	slices.Sort(found) // nodes are numbered in the order of the text
	return slices.Compact(found)
}

// reader is the reading of one payload.
type reader struct {
	*Tree
	carrier  *Carrier
	format   *formatRule
	asked    string
	trace    *Trace
	evidence *Evidence
	out      tracker.Reading
	places   placeMemo
	// unsaid counts the faults beyond maxReadFaults.
	unsaid int
}

// maxReadFaults and maxUnknown bound what is said of one payload: a hostile one could have a fault a line, and naming
// its place takes a walk.
const maxReadFaults, maxUnknown = 100, 100

func (r *reader) fault(n int32, what string) {
	if len(r.out.Faults) >= maxReadFaults {
		r.unsaid++
		return
	}
	r.out.Faults = append(r.out.Faults, tracker.Fault{Where: r.where(n), What: what})
}

// find is the first text among alternatives, trimmed, with its node; "" and none where there is none. What is there
// but is no text is a fault, and the next alternative is tried.
func (r *reader) find(field string, alternatives paths, from int32) (string, int32) {
	if r.evidence != nil {
		r.evidence.find(r, alternatives, from)
	}
	for _, path := range alternatives.list {
		n := path.first(r.Tree, from)
		if n == none || r.hollow(n) {
			continue
		}
		text, ok := r.scalar(n)
		if !ok {
			r.fault(n, field+": expected a text, found "+r.describe(n))
			continue
		}
		if text != "" {
			if r.trace != nil {
				r.trace.add(field, path.source, alternatives.line, r.where(n), text)
			}
			return text, n
		}
	}
	return "", none
}

// hollow reports whether a node is an empty object or list: some carriers make these of texts that are empty.
func (r *reader) hollow(n int32) bool {
	return r.nodes[n].kind >= listNode && !r.nodes[n].child && r.nodes[n].at >= r.nodes[n].end
}

// scalar is a node's text. An XML element with attributes or children may have one too.
func (r *reader) scalar(n int32) (string, bool) {
	node := &r.nodes[n]
	if node.kind == listNode || node.kind == objectNode && node.at >= node.end {
		return "", node.kind == objectNode && !r.isJSON()
	}
	return strings.TrimSpace(r.slice(node.at, node.end)), true
}

func (r *reader) isJSON() bool { return r.format.Syntax == JSON }

// one is the plain text of a field.
func (r *reader) one(field string, alternatives paths, from int32) string {
	text, _ := r.find(field, alternatives, from)
	return clean(text)
}

// seek notes for the evidence which paths to elements find some.
func (r *reader) seek(list paths, from int32) {
	if r.evidence != nil {
		r.evidence.seek(r.Tree, list, from)
	}
}

func (r *reader) errors(rule *errorRule) {
	r.seek(rule.Each, 0)
	for _, path := range rule.Each.list {
		path.each(r.Tree, 0, func(n int32) bool {
			if err := r.readError(rule, n, ""); err.Code != "" || err.Text != "" {
				r.out.Errors = append(r.out.Errors, err)
			}
			return true
		})
	}
}

func (r *reader) readError(rule *errorRule, n int32, number string) tracker.ReadError {
	for _, path := range rule.Unless.list {
		if path.first(r.Tree, n) != none {
			return tracker.ReadError{}
		}
	}
	if number == "" {
		number = r.one("error.number", rule.Number, n)
	}
	err := tracker.ReadError{Number: number, Code: r.one("error.code", rule.Code, n), Text: r.one("error.text", rule.Text, n)}
	if stated := err.Code != "" || number != "" && !rule.Each.none(); stated && err.Text == "" {
		err.Text = rule.Default
	}
	return err
}

// MaxNumber is the longest text that is taken for a tracking number.
const MaxNumber = 64

// shipment reads one carriage. Where it has no number there is nothing to hang its events on: that is a fault, and
// the next shipment is read all the same.
func (r *reader) shipment(n int32) {
	rule := &r.format.Shipment
	number := normalNumber(r.one("number", rule.Number, n))
	if rule.NumberAsked && r.asked != "" {
		number = normalNumber(r.asked)
	}
	if number == "" && r.alone(n) {
		number = normalNumber(r.one("number", rule.NumberIfAlone, n))
	}
	s := tracker.ReadShipment{Number: number}
	lifecycle := r.one("lifecycle", rule.Lifecycle, n)
	r.events(&s, r.format.Events, n, lifecycle)
	if len(s.Events) == 0 {
		r.events(&s, r.format.EventsElse, n, lifecycle)
	}
	if len(s.Events) == 0 {
		if err := r.readError(&rule.Error, n, number); err.Code != "" || err.Text != "" {
			r.out.Errors = append(r.out.Errors, err)
			return
		}
	}
	if unnamed := number == "" && rule.NumberAsked; unnamed && len(s.Events) == 0 {
		return
	} else if unnamed {
		r.fault(n, "the payload does not say which number was asked about")
	} else if number == "" || len(number) > MaxNumber {
		r.fault(n, "a shipment without a tracking number, with "+itoa(len(s.Events))+" events, was left out")
		return
	}
	r.facts(&s, n)
	r.out.Shipments = append(r.out.Shipments, s)
}

// alone reports whether a node is whole and the only one of its list.
func (r *reader) alone(n int32) bool {
	parent := r.nodes[n].parent
	if parent == none || r.nodes[n].open {
		return parent == none && !r.nodes[n].open
	}
	for s := r.firstChild(parent); s != none; s = r.sibling(s) {
		if s != n && r.key(s) == r.key(n) {
			return false
		}
	}
	return !r.nodes[parent].open
}

func (r *reader) events(s *tracker.ReadShipment, lists paths, from int32, lifecycle string) {
	r.seek(lists, from)
	for _, path := range lists.list {
		path.each(r.Tree, from, func(n int32) bool {
			if r.nodes[n].kind == listNode && !r.nodes[n].open {
				return true // an empty one
			}
			if r.nodes[n].open {
				r.fault(n, "the payload ends within this event; it was left out")
				return true
			}
			if event, ok := r.event(r.split(n), s); ok {
				event.Lifecycle = lifecycle
				s.Events = append(s.Events, event)
			}
			return true
		})
	}
}

func (r *reader) unknown(code string) {
	if code != "" && len(r.out.UnknownCodes) < maxUnknown && !slices.Contains(r.out.UnknownCodes, code) {
		r.out.UnknownCodes = append(r.out.UnknownCodes, code)
	}
}

// normalNumber drops the spaces that people write into tracking numbers.
func normalNumber(number string) string {
	if strings.IndexByte(number, ' ') < 0 {
		return number
	}
	return strings.ReplaceAll(number, " ", "")
}
