// Package propose makes a first carrier.yaml from samples of a carrier's payloads: where the number, the events and
// their parts seem to stand, in which form times are written, which codes are met. What it proposes is for a person to
// check, and is marked so.
package propose

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"waybill/adapters/mapping"
)

// Sample is a payload to learn from.
type Sample struct {
	// Name is the file's, for messages.
	Name string
	Body []byte
}

// value is a value of a payload with JSON and XML in one shape: repeated XML elements are a list.
type value struct {
	key     string
	text    string
	members []*value
	items   []*value
	isList  bool
	isNode  bool
}

// decode reads a sample.
func decode(s Sample) (*value, mapping.Syntax, error) {
	var tree mapping.Tree
	syntax, err := tree.Decode(s.Body)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", s.Name, err)
	}
	if len(tree.Faults) > 0 {
		return nil, "", fmt.Errorf("%s: %s: %s; give a whole payload", s.Name, tree.Faults[0].Where, tree.Faults[0].What)
	}
	root := valueOf(tree.View())
	root.key = "" // paths start within XML's root element
	return root, syntax, nil
}

func valueOf(v mapping.View) *value {
	out := &value{key: v.Key(), text: strings.TrimSpace(v.Text()), isList: v.IsList(), isNode: v.IsObject()}
	if v.IsNull() {
		out.text = ""
	}
	if out.isList || out.isNode && !strings.ContainsRune(out.text, '<') {
		// JSON's objects and lists have no text of their own.
		if len(out.text) > 0 && (out.text[0] == '{' || out.text[0] == '[') {
			out.text = ""
		}
	}
	for _, member := range v.Members() {
		child := valueOf(member)
		switch {
		case out.isList:
			out.items = append(out.items, child)
		case out.member(child.key) != nil:
			out.repeat(child)
		default:
			out.members = append(out.members, child)
		}
	}
	return out
}

func (v *value) member(key string) *value {
	for _, m := range v.members {
		if m.key == key {
			return m
		}
	}
	return nil
}

// repeat makes a list of members of one name.
func (v *value) repeat(child *value) {
	for i, m := range v.members {
		if m.key != child.key {
			continue
		}
		if !m.isList {
			m = &value{key: child.key, isList: true, items: []*value{m}}
			v.members[i] = m
		}
		m.items = append(m.items, child)
	}
}

// field is a text within several values of one kind, such as the events: its path from them, and what each has there.
type field struct {
	path   string
	words  string // of the whole path, in small letters, parted by spaces
	own    string // of its last step alone
	values []string
}

// filled counts the values that are there.
func (f *field) filled() int {
	n := 0
	for _, v := range f.values {
		if v != "" {
			n++
		}
	}
	return n
}

// every reports whether a condition holds for each value that is there, and there is one.
func (f *field) every(holds func(string) bool) bool {
	for _, v := range f.values {
		if v != "" && !holds(v) {
			return false
		}
	}
	return f.filled() > 0
}

const maxFieldDepth = 6

// fieldsOf gathers the texts within values, by path, in the order of the payload. Lists of objects are passed: what
// stands in them is not said once.
func fieldsOf(values []*value) []*field {
	var list []*field
	at := map[string]*field{}
	for i, v := range values {
		v.eachText("", 0, func(path, text string) {
			f := at[path]
			if f == nil {
				f = &field{path: path, words: wordsOf(path), values: make([]string, len(values))}
				f.own = ownWords(path)
				at[path] = f
				list = append(list, f)
			}
			if f.values[i] == "" {
				f.values[i] = text
			}
		})
	}
	return list
}

// ownWords are the words of a path's last step, with the one before where it says nothing by itself.
func ownWords(path string) string {
	steps := strings.Split(path, ".")
	last := wordsOf(steps[len(steps)-1])
	if n := len(steps); n > 1 && (last == "value" || last == "text" || last == "content") {
		return wordsOf(steps[n-2]) + " " + last
	}
	return last
}

func (v *value) eachText(path string, depth int, visit func(path, text string)) {
	if v.text != "" && path != "" {
		visit(path, v.text)
	}
	if depth >= maxFieldDepth {
		return
	}
	for _, m := range v.members {
		if !plainName.MatchString(m.key) {
			continue
		}
		within := m.key
		if path != "" {
			within = path + "." + m.key
		}
		switch {
		case !m.isList:
			m.eachText(within, depth+1, visit)
		case len(m.items) > 0 && (len(m.items) == 1 || !m.items[0].isNode):
			m.items[0].eachText(within, depth+1, visit)
		}
	}
}

// plainName is a name that a path can hold.
var plainName = regexp.MustCompile(`^[^\s.\[\]^]+$`)

// wordsOf takes names apart: "gmtActivityDate", "event-date", "EVENT_DATE" are words in small letters.
func wordsOf(path string) string {
	var out strings.Builder
	runes := []rune(path)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			out.WriteByte(' ')
		case unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]) && unicode.IsUpper(runes[i-1])):
			out.WriteByte(' ')
			out.WriteRune(unicode.ToLower(r))
		default:
			out.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}
