package rule

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Text is a text with {names} in it.
type Text struct {
	text string
	line int
}

// placeholder is a {name}.
var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

// UnmarshalYAML reads a scalar.
func (t *Text) UnmarshalYAML(value *yaml.Node) error {
	if value.Kind != yaml.ScalarNode {
		return at(value, "expected a text")
	}
	t.text, t.line = value.Value, value.Line
	return nil
}

// None reports whether the text is absent.
func (t Text) None() bool { return t.text == "" }

// names lists what the text names.
func (t Text) names() []string { return namesIn(t.text) }

func namesIn(text string) []string {
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	return names
}

// Fill puts values in place of the names; escape is applied to each value, nil leaves them as they are.
func (t Text) Fill(value func(name string) string, escape func(string) string) string {
	return fill(t.text, value, escape)
}

func fill(text string, value func(string) string, escape func(string) string) string {
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		filled := value(strings.Trim(found, "{}"))
		if escape != nil {
			filled = escape(filled)
		}
		return filled
	})
}

// Body is a JSON body, written as YAML.
type Body struct {
	tree any
	line int
}

// each is the lone member of a list's only item that is repeated for every number.
const each = "each"

// UnmarshalYAML reads any tree.
func (b *Body) UnmarshalYAML(value *yaml.Node) error {
	b.line = value.Line
	if err := value.Decode(&b.tree); err != nil {
		return at(value, "expected a JSON body, written as YAML")
	}
	return nil
}

// None reports whether there is no such body.
func (b Body) None() bool { return b.tree == nil }

// Fill gives the body as it is marshalled, with values in place of the names and lists of "each" written out.
func (b Body) Fill(numbers []string, value func(name string) string) any {
	return fillTree(b.tree, numbers, value)
}

func fillTree(node any, numbers []string, value func(string) string) any {
	switch node := node.(type) {
	case string:
		return fill(node, value, nil)
	case map[string]any:
		filled := make(map[string]any, len(node))
		for key, member := range node {
			filled[key] = fillTree(member, numbers, value)
		}
		return filled
	case []any:
		if item, ok := repeated(node); ok {
			return fillEach(item, numbers, value)
		}
		filled := make([]any, len(node))
		for i, item := range node {
			filled[i] = fillTree(item, numbers, value)
		}
		return filled
	}
	return node
}

func fillEach(item any, numbers []string, value func(string) string) []any {
	filled := make([]any, len(numbers))
	for i, number := range numbers {
		filled[i] = fillTree(item, numbers, func(name string) string {
			if name == "number" {
				return number
			}
			return value(name)
		})
	}
	return filled
}

// repeated gives what a list repeats for every number.
func repeated(list []any) (item any, ok bool) {
	if len(list) != 1 {
		return nil, false
	}
	member, ok := list[0].(map[string]any)
	if !ok || len(member) != 1 {
		return nil, false
	}
	item, ok = member[each]
	return item, ok
}

// names lists what the body names, and whether it repeats something for every number.
func (b Body) names() (names []string, repeats bool) {
	var walk func(any)
	walk = func(node any) {
		switch node := node.(type) {
		case string:
			names = append(names, namesIn(node)...)
		case map[string]any:
			for _, member := range node {
				walk(member)
			}
		case []any:
			_, once := repeated(node)
			repeats = repeats || once
			for _, item := range node {
				walk(item)
			}
		}
	}
	walk(b.tree)
	return names, repeats
}

// UnmarshalYAML reads "10s".
func (d *Duration) UnmarshalYAML(value *yaml.Node) error {
	parsed, err := time.ParseDuration(value.Value)
	if err != nil || parsed <= 0 {
		return at(value, "%q is no length of time, such as 10s or 24h", value.Value)
	}
	*d = Duration(parsed)
	return nil
}

// String is the duration as it is written.
func (d Duration) String() string { return time.Duration(d).String() }

// at is an error at a place of the file, as the decoder writes its own.
func at(value *yaml.Node, format string, args ...any) error {
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: pull: %s", value.Line, fmt.Sprintf(format, args...))}}
}
