package mapping

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"waybill/tracker"
)

// paths are alternatives: the first that finds something is taken.
type paths struct {
	list []*Path
	line int
}

func (p paths) none() bool { return len(p.list) == 0 }

// UnmarshalYAML reads one path or a list of alternatives.
func (p *paths) UnmarshalYAML(value *yaml.Node) error {
	texts, err := textList(value)
	if err != nil {
		return err
	}
	p.line = value.Line
	for _, text := range texts {
		path, err := ParsePath(text.Value)
		if err != nil {
			return at(text, "%v", err)
		}
		path.line, path.column = text.Line, text.Column
		p.list = append(p.list, path)
	}
	return nil
}

// signs are groups of paths by which a format is known: all of one group must be there.
type signs struct {
	groups []paths
	line   int
}

func (s signs) none() bool { return len(s.groups) == 0 }

// UnmarshalYAML reads one path, a list of paths that form one group, or a list of such lists.
func (s *signs) UnmarshalYAML(value *yaml.Node) error {
	s.line = value.Line
	groups := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode && len(value.Content) > 0 && value.Content[0].Kind == yaml.SequenceNode {
		groups = value.Content
	}
	for _, node := range groups {
		var group paths
		if err := group.UnmarshalYAML(node); err != nil {
			return err
		}
		s.groups = append(s.groups, group)
	}
	return nil
}

// carrierNames maps what a payload calls other carriers, in small letters, to our codes.
type carrierNames map[string]string

// UnmarshalYAML reads a mapping of names.
func (c *carrierNames) UnmarshalYAML(value *yaml.Node) error {
	var names map[string]string
	if err := value.Decode(&names); err != nil {
		return at(value, "expected a mapping of carriers' names to their codes")
	}
	*c = make(carrierNames, len(names))
	for name, code := range names {
		(*c)[strings.ToLower(name)] = code
	}
	return nil
}

// parts are texts that belong together, each with its alternatives.
type parts []paths

// UnmarshalYAML reads one part, or a list of parts of which each may be a list of alternatives.
func (p *parts) UnmarshalYAML(value *yaml.Node) error {
	items := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		items = value.Content
	}
	for _, item := range items {
		var one paths
		if err := one.UnmarshalYAML(item); err != nil {
			return err
		}
		*p = append(*p, one)
	}
	return nil
}

type layouts []*Layout

// UnmarshalYAML reads one date format or a list of them, tried in order.
func (l *layouts) UnmarshalYAML(value *yaml.Node) error {
	texts, err := textList(value)
	if err != nil {
		return err
	}
	for _, text := range texts {
		layout, err := ParseLayout(text.Value)
		if err != nil {
			return at(text, "%v", err)
		}
		layout.line = text.Line
		*l = append(*l, layout)
	}
	return nil
}

// sentence is a pattern whose groups have names of the author's choice.
type sentence struct {
	*regexp.Regexp
	line int
}

// UnmarshalYAML reads a regular expression with at least one named group.
func (s *sentence) UnmarshalYAML(value *yaml.Node) error {
	compiled, err := regexp.Compile(value.Value)
	if err != nil {
		return at(value, "pattern: %v", err)
	}
	if strings.Join(compiled.SubexpNames(), "") == "" {
		return at(value, "pattern: it names no group")
	}
	s.Regexp, s.line = compiled, value.Line
	return nil
}

// placeParts are the groups that a pattern may have.
var placeParts = []string{"text", "city", "state", "postal_code", "country", "facility"}

type pattern struct {
	*regexp.Regexp
	line int
}

// UnmarshalYAML reads a regular expression with named groups.
func (p *pattern) UnmarshalYAML(value *yaml.Node) error {
	compiled, err := regexp.Compile(value.Value)
	if err != nil {
		return at(value, "pattern: %v", err)
	}
	for _, name := range compiled.SubexpNames() {
		if name != "" && !slices.Contains(placeParts, name) {
			return at(value, "pattern: group %q is no part of a location", name)
		}
	}
	p.Regexp, p.line = compiled, value.Line
	return nil
}

// UnmarshalYAML reads a time as one path (all of it in one text) or in full.
func (r *timeRule) UnmarshalYAML(value *yaml.Node) error {
	if value.Kind == yaml.MappingNode {
		type plain timeRule
		return strict(value, (*plain)(r))
	}
	var one paths
	if err := one.UnmarshalYAML(value); err != nil {
		return err
	}
	r.Local = parts{one}
	return nil
}

// codeTable maps a carrier's codes, in capitals.
type codeTable struct {
	entries map[string]*codeEntry
	// longest lists the codes, the longest first, for looking up which of them a text contains.
	longest []string
	line    int
}

// codeEntry is what a code means.
type codeEntry struct {
	// Status is a substatus or milestone of the status model, or "none" for what says nothing of where a parcel is.
	Status string `yaml:"status"`
	// Kind is the canonical kind, where several codes mean one scan.
	Kind string `yaml:"kind"`
	// Text is shown where the payload brings none.
	Text string `yaml:"text"`

	substatus tracker.Substatus
	line      int
}

// statusNone is the status of codes that are known and say nothing of where a parcel stands.
const statusNone = "none"

// UnmarshalYAML reads a status name, or {status, kind, text}.
func (e *codeEntry) UnmarshalYAML(value *yaml.Node) error {
	e.line = value.Line
	if value.Kind == yaml.ScalarNode {
		e.Status = value.Value
	} else {
		type plain codeEntry
		if err := strict(value, (*plain)(e)); err != nil {
			return err
		}
	}
	if e.Status == statusNone {
		return nil
	}
	_, substatus, err := tracker.ParseStatus(e.Status)
	if err != nil {
		return at(value, "%v", err)
	}
	e.substatus = substatus
	return nil
}

// UnmarshalYAML reads a table; codes that differ only in case are one code.
func (t *codeTable) UnmarshalYAML(value *yaml.Node) error {
	if value.Kind != yaml.MappingNode {
		return at(value, "a code table is a mapping of codes")
	}
	t.line, t.entries = value.Line, make(map[string]*codeEntry, len(value.Content)/2)
	for i := 0; i < len(value.Content); i += 2 {
		key, entry := value.Content[i], &codeEntry{}
		code := strings.ToUpper(key.Value)
		if first := t.entries[code]; first != nil {
			return at(key, "code %q is mapped twice, first in line %d", key.Value, first.line)
		}
		if err := entry.UnmarshalYAML(value.Content[i+1]); err != nil {
			return err
		}
		entry.line = key.Line
		t.entries[code] = entry
		t.longest = append(t.longest, code)
	}
	slices.SortFunc(t.longest, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	return nil
}

// UnmarshalYAML refuses unknown keys.
func (r *lookupRule) UnmarshalYAML(value *yaml.Node) error {
	type plain lookupRule
	r.line, r.column = value.Line, value.Column
	return strict(value, (*plain)(r))
}

// strict decodes a mapping and refuses keys that the target does not have; the decoder's own check for that does not
// reach below custom types.
func strict(value *yaml.Node, into any) error {
	if value.Kind != yaml.MappingNode {
		return at(value, "expected a mapping")
	}
	known := map[string]bool{}
	target := reflect.TypeOf(into).Elem()
	for field := range target.Fields() {
		known[field.Tag.Get("yaml")] = true
	}
	for i := 0; i < len(value.Content); i += 2 {
		if key := value.Content[i]; !known[key.Value] {
			return at(key, "unknown key %q", key.Value)
		}
	}
	return value.Decode(into)
}

func textList(value *yaml.Node) ([]*yaml.Node, error) {
	switch value.Kind {
	case yaml.ScalarNode:
		return []*yaml.Node{value}, nil
	case yaml.SequenceNode:
		for _, item := range value.Content {
			if item.Kind != yaml.ScalarNode {
				return nil, at(item, "expected a text")
			}
		}
		return value.Content, nil
	}
	return nil, at(value, "expected a text or a list of texts")
}

// at is an error that names its line, in the decoder's own form so that it collects them.
func at(value *yaml.Node, format string, args ...any) error {
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: ", value.Line) + fmt.Sprintf(format, args...)}}
}
