package mapping

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Evidence is what payloads showed of a carrier's mapping: which of its formats, paths, date formats, patterns and
// codes they needed. What no example shows is a rule that nobody has seen work.
type Evidence struct {
	carrier *Carrier
	// shown holds rules by their address: *formatRule, *Path, *Layout, *regexp.Regexp, *lookupRule, *codeEntry.
	shown map[any]bool
}

// Evidence starts the collection for a carrier.
func (c *Carrier) Evidence() *Evidence { return &Evidence{carrier: c, shown: map[any]bool{}} }

// Collect reads a payload of the carrier for what it shows. The format is the zero one where it is none of the
// carrier's.
func (e *Evidence) Collect(body []byte, trace *Trace) (format Format, err error) {
	var t Tree
	syntax, err := t.Decode(body)
	if err != nil {
		return Format{}, err
	}
	e.seek(&t, e.carrier.WrappedIn, 0)
	e.carrier.Unwrap(&t)
	format, weight := e.carrier.Recognise(&t, syntax)
	if weight == 0 {
		return Format{}, nil
	}
	e.shown[format.rule] = true
	for _, group := range format.rule.Recognise.groups {
		e.seek(&t, group, 0)
	}
	e.seek(&t, format.rule.RecogniseError, 0)
	format.evidence = e
	format.Read(&t, trace)
	return format, nil
}

// seek notes the paths that find something.
func (e *Evidence) seek(t *Tree, list paths, from int32) {
	for _, path := range list.list {
		if !e.shown[path] && path.first(t, from) != none {
			e.shown[path] = true
		}
	}
}

// find notes the paths that find a text, also those behind an alternative that is taken.
func (e *Evidence) find(r *reader, list paths, from int32) {
	for _, path := range list.list {
		path.each(r.Tree, from, func(n int32) bool {
			if text, ok := r.scalar(n); ok && text != "" {
				e.shown[path] = true
			}
			return !e.shown[path]
		})
	}
}

// keys notes the paths of look-ups that find their key, also those behind a look-up that decides.
func (e *Evidence) keys(r *reader, n int32) {
	for i := range r.format.Event.Meaning {
		for _, part := range r.format.Event.Meaning[i].By {
			e.find(r, part, n)
		}
	}
}

// estimates notes the paths of estimates that find something, also those behind one that is taken.
func (e *Evidence) estimates(r *reader, rules []estimateRule, n int32) {
	for i := range rules {
		for _, rule := range []*timeRule{&rules[i].From, &rules[i].To} {
			for _, part := range rule.Local {
				e.find(r, part, n)
			}
		}
	}
}

// date notes the form in which a time was read.
func (e *Evidence) date(dates layouts, text string) {
	for _, layout := range dates {
		if _, ok := layout.parse(text); ok {
			e.shown[layout] = true
			return
		}
	}
}

// Unshown lists the rules that no payload needed, by line. Where several formats share a rule by YAML's anchors, it is
// enough that one of them needed it.
func (e *Evidence) Unshown() []Finding {
	type spot struct {
		finding Finding
		column  int
	}
	var list []spot
	shown := map[spot]bool{}
	e.carrier.eachRule(func(rule any, line, column int, what string) {
		at := spot{Finding{line, what + " in any example"}, column}
		list = append(list, at)
		shown[at] = shown[at] || e.shown[rule]
	})
	var findings []Finding
	for _, at := range list {
		if !shown[at] {
			findings = append(findings, at.finding)
		}
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), strings.Compare(a.What, b.What))
	})
	return slices.Compact(findings)
}

// Finding is a mistake in a mapping, with its line in carrier.yaml.
type Finding struct {
	Line int
	What string
}

// visitRule is called with a rule, where it stands, and what is wrong where nothing shows it.
type visitRule func(rule any, line, column int, what string)

// eachRule visits all that an example can show.
func (c *Carrier) eachRule(visit visitRule) {
	eachPath(reflect.ValueOf(c.WrappedIn), visit)
	for i := range c.Formats {
		f := &c.Formats[i]
		visit(f, f.line, 0, fmt.Sprintf("format %q is not met", f.Name))
		for _, group := range f.Recognise.groups {
			eachPath(reflect.ValueOf(group), visit)
		}
		for j := range f.Event.Meaning {
			lookup := &f.Event.Meaning[j]
			visit(lookup, lookup.line, lookup.column, fmt.Sprintf("this look-up in %q knows no code", lookup.In))
		}
		eachPath(reflect.ValueOf(*f), visit)
	}
	for i := range c.Dates {
		visitDate(c.Dates[i], visit)
	}
}

// eachPath visits the paths, date formats and patterns within a rule.
func eachPath(v reflect.Value, visit visitRule) {
	switch rule := v.Interface().(type) {
	case paths:
		for _, path := range rule.list {
			visit(path, path.line, path.column, fmt.Sprintf("path %q finds nothing", path.source))
		}
	case layouts:
		for _, layout := range rule {
			visitDate(layout, visit)
		}
	case pattern:
		visitPattern(rule.Regexp, rule.line, visit)
	case sentence:
		visitPattern(rule.Regexp, rule.line, visit)
	default:
		eachPart(v, visit)
	}
}

func visitDate(layout *Layout, visit visitRule) {
	visit(layout, layout.line, 0, fmt.Sprintf("date format %q reads no time", layout.source))
}

func visitPattern(expression *regexp.Regexp, line int, visit visitRule) {
	if expression != nil {
		visit(expression, line, 0, fmt.Sprintf("pattern %q fits nothing", expression))
	}
}

func eachPart(v reflect.Value, visit visitRule) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			// "unless" keeps an error rule from what is none: the examples of true replies hold it.
			if field := v.Type().Field(i); field.IsExported() && field.Name != "Unless" {
				eachPath(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachPath(v.Index(i), visit)
		}
	default:
	}
}

// CodeUse counts the codes of one table.
type CodeUse struct {
	Table string `json:"table"`
	Known int    `json:"known"`
	Met   int    `json:"met"`
	// Unmet are those that no payload bore, sorted.
	Unmet []string `json:"unmet"`
}

// Codes tells of each code table which of its codes the payloads bore, by name.
func (e *Evidence) Codes() []CodeUse {
	uses := make([]CodeUse, 0, len(e.carrier.descriptor.Codes))
	for name, table := range e.carrier.descriptor.Codes {
		use := CodeUse{Table: name, Known: len(table.entries), Unmet: []string{}}
		for code, entry := range table.entries {
			if e.shown[entry] {
				use.Met++
			} else {
				use.Unmet = append(use.Unmet, code)
			}
		}
		slices.Sort(use.Unmet)
		uses = append(uses, use)
	}
	slices.SortFunc(uses, func(a, b CodeUse) int { return cmp.Compare(a.Table, b.Table) })
	return uses
}
