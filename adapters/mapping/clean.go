package mapping

import (
	"html"
	"strings"
)

// clean makes a carrier's text fit to show: no markup, entities resolved however often they were escaped, and one
// space where several or a line break stand. Most texts pass untouched.
func clean(text string) string {
	if !unclean(text) {
		return text
	}
	for range 2 {
		text = withoutTags(text)
		if strings.IndexByte(text, '&') < 0 {
			break
		}
		text = html.UnescapeString(text)
	}
	return strings.Join(strings.Fields(withoutTags(text)), " ")
}

func unclean(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c == '<', c == '&', c < ' ', c == ' ' && i > 0 && text[i-1] == ' ':
			return true
		}
	}
	return false
}

// withoutTags drops what looks like a tag of HTML; a "<" in other places stays.
func withoutTags(text string) string {
	at := strings.IndexByte(text, '<')
	if at < 0 {
		return text
	}
	var out strings.Builder
	for at >= 0 {
		end := strings.IndexByte(text[at:], '>')
		if end < 0 {
			break
		}
		if isTag(text[at+1 : at+end]) {
			out.WriteString(text[:at])
			text = text[at+end+1:]
		} else {
			out.WriteString(text[:at+1])
			text = text[at+1:]
		}
		at = strings.IndexByte(text, '<')
	}
	out.WriteString(text)
	return out.String()
}

func isTag(inner string) bool {
	inner = strings.TrimPrefix(inner, "/")
	return inner != "" && len(inner) < 200 && (inner[0] >= 'a' && inner[0] <= 'z' || inner[0] >= 'A' && inner[0] <= 'Z')
}
