package configs

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// ExampleYAML renders waybill.example.yaml: every setting with its meaning,
// commented out at its default.
func ExampleYAML() string {
	var text strings.Builder
	text.WriteString(yamlHead)
	group := ""
	for _, setting := range Settings() {
		section, name, grouped := strings.Cut(setting.Key, ".")
		indent := ""
		if grouped {
			indent = "  "
		} else {
			section, name = "", setting.Key
		}
		text.WriteString("\n")
		if section != group && section != "" {
			fmt.Fprintf(&text, "%s:\n", section)
		}
		group = section
		for _, line := range exampleComment(setting, 98-len(indent)) {
			fmt.Fprintf(&text, "%s# %s\n", indent, line)
		}
		fmt.Fprintf(&text, "%s# %s: %s\n", indent, name, yamlQuoted(setting.example()))
	}
	return text.String()
}

const yamlHead = `# Every setting of Waybill with its default, or an example where there is none. Uncomment what you
# change. The environment wins over this file, flags win over both.
# Generated from the table in configs by go generate; do not edit.
`

// exampleComment says what a setting means, and in brackets what it may be.
func exampleComment(s Setting, width int) []string {
	lines := wrap(s.Doc, width)
	facts := []string{s.Allowed(), s.Env()}
	if note := requirement(s); note != "" {
		facts = append(facts, strings.ToLower(note[:1])+note[1:])
	}
	if s.Demo != "" {
		facts = append(facts, "in the demo "+s.Demo)
	}
	if s.Default == "" {
		facts = append(facts, "not set by default")
	} else if s.example() != s.Default {
		facts = append(facts, "default "+s.Default)
	}
	return append(lines, wrap("("+strings.Join(facts, "; ")+")", width)...)
}

// requirement says for whom or beside what a setting is required.
func requirement(s Setting) string {
	var parts []string
	for _, role := range s.Required {
		parts = append(parts, "waybill "+string(role))
	}
	text := ""
	if len(parts) > 0 {
		text = "Required for " + strings.Join(parts, " and ")
	}
	if s.With != "" {
		if text == "" {
			return "Required when " + s.With + " is set"
		}
		text += " and when " + s.With + " is set"
	}
	return text
}

// yamlQuoted quotes what YAML would not read as that text.
func yamlQuoted(text string) string {
	plain := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("/._-", r) }
	if text != "" && !slices.ContainsFunc([]rune(text), func(r rune) bool { return !plain(r) }) {
		return text
	}
	return fmt.Sprintf("%q", text)
}

func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
