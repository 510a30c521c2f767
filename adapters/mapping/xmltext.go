package mapping

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// characters adds the text that stands at position i to the open element.
func (p *xmlParser) characters(text string, i int) {
	if p.node == none || p.skipping > 0 || strings.TrimSpace(text) == "" {
		return
	}
	if strings.IndexByte(text, '&') < 0 {
		p.append(text, i)
		return
	}
	p.append(entities(text), -1)
}

// maxPieced is the length up to which text is put together of pieces with elements between; a longer one is left as
// it is, so that no document makes the reader copy without end.
const maxPieced = 512

// append adds text to the open element; at is its position in the payload, negative where it was rewritten.
func (p *xmlParser) append(text string, at int) {
	if p.node == none || p.skipping > 0 || text == "" {
		return
	}
	n := &p.nodes[p.node]
	switch end := int32(len(p.s) + len(p.extra)); { //nolint:gosec // bounded by maxPayload
	case n.end > n.at && n.at >= int32(len(p.s)) && n.end == end: //nolint:gosec // bounded by maxPayload
		_, n.end = p.keep(text)
	case n.end > n.at:
		if had := p.text(p.node); len(had) < maxPieced {
			n.at, n.end = p.keep(had + text)
		}
	case at >= 0:
		n.at, n.end = int32(at), int32(at+len(text)) //nolint:gosec // bounded by maxPayload
	default:
		n.at, n.end = p.keep(text)
	}
}

// resolved is the position of an attribute's text, entities resolved.
func (p *xmlParser) resolved(text string, at int) (from, end int32) {
	if strings.IndexByte(text, '&') < 0 {
		return int32(at), int32(at + len(text)) //nolint:gosec // bounded by maxPayload
	}
	return p.keep(entities(text))
}

// entities resolves &lt; &gt; &amp; &apos; &quot; and numbered characters; all others stay as they stand.
func entities(text string) string {
	var out strings.Builder
	for {
		at := strings.IndexByte(text, '&')
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(text[:at])
		text = text[at:]
		end := strings.IndexByte(text[:min(len(text), 12)], ';')
		if end < 0 {
			out.WriteByte('&')
			text = text[1:]
			continue
		}
		if resolved, ok := entity(text[1:end]); ok {
			out.WriteString(resolved)
		} else {
			out.WriteString(text[:end+1])
		}
		text = text[end+1:]
	}
}

func entity(name string) (string, bool) {
	switch name {
	case "lt":
		return "<", true
	case "gt":
		return ">", true
	case "amp":
		return "&", true
	case "apos":
		return "'", true
	case "quot":
		return `"`, true
	}
	digits, base := strings.TrimPrefix(name, "#"), 10
	if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
		digits, base = digits[1:], 16
	}
	number, err := strconv.ParseUint(digits, base, 32)
	if err != nil || name[0] != '#' || number > utf8.MaxRune {
		return "", false
	}
	if number >= 0x80 && number <= 0x9f {
		// Meant as Windows-1252, as in HTML: &#153; is the trade mark sign.
		return string(charmap.Windows1252.DecodeByte(byte(number))), true
	}
	return string(rune(number)), true
}

// clip shortens a text of unknown length for a message.
func clip(text string) string {
	const limit = 40
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}
