package mapping

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

func itoa(i int) string { return strconv.Itoa(i) }

// parseJSON reads JSON into the tree. It is lenient where that loses nothing: a document that breaks off or turns
// wrong is read up to there, the rest is a fault. Numbers stay the text that they are.
func (t *Tree) parseJSON(src string) {
	t.reset(src)
	p := jsonParser{Tree: t, s: src}
	i, ok := p.value(p.space(0), none, none, 0)
	if !ok {
		return
	}
	if i = p.space(i); i < len(src) {
		t.fault(i, "more text follows the end of the JSON document; it was left out")
	}
}

type jsonParser struct {
	*Tree
	s string
	// keyAt and keyEnd are the name under which the next value stands.
	keyAt, keyEnd int32
}

func (p *jsonParser) space(i int) int {
	for i < len(p.s) && p.s[i] <= ' ' {
		i++
	}
	return i
}

// value reads the value at i as the child of parent and answers the position behind it; !ok ends the reading.
func (p *jsonParser) value(i int, parent, last int32, depth int) (int, bool) {
	if i >= len(p.s) {
		p.fault(i, "the JSON document ends too early")
		return i, false
	}
	switch c := p.s[i]; c {
	case '{', '[':
		if depth >= maxDepth {
			p.fault(i, "nested deeper than "+itoa(maxDepth)+" levels; the part was left out")
			p.named(parent, last, nullNode)
			return p.skip(i)
		}
		if c == '{' {
			return p.object(i+1, p.named(parent, last, objectNode), depth)
		}
		return p.list(i+1, p.named(parent, last, listNode), depth)
	case '"':
		keyAt, keyEnd := p.keyAt, p.keyEnd
		at, end, i, ok := p.str(i)
		if ok {
			n := p.add(parent, last, textNode)
			p.nodes[n].keyAt, p.nodes[n].keyEnd = keyAt, keyEnd
			p.nodes[n].at, p.nodes[n].end = at, end
		}
		return i, ok
	default:
		return p.literal(i, parent, last)
	}
}

func (p *jsonParser) named(parent, last int32, kind nodeKind) int32 {
	n := p.add(parent, last, kind)
	p.nodes[n].keyAt, p.nodes[n].keyEnd = p.keyAt, p.keyEnd
	p.nodes[n].open = kind >= listNode
	p.keyAt, p.keyEnd = 0, 0
	return n
}

func (p *jsonParser) object(i int, n int32, depth int) (int, bool) {
	last := none
	for i = p.space(i); ; i = p.space(i + 1) {
		if i < len(p.s) && p.s[i] == '}' {
			break
		}
		if i >= len(p.s) || p.s[i] != '"' {
			p.fault(i, "expected the name of a member in quotes")
			return i, false
		}
		at, end, next, ok := p.str(i)
		if !ok {
			return next, false
		}
		if i = p.space(next); i >= len(p.s) || p.s[i] != ':' {
			p.fault(i, "expected a colon after the name of a member")
			return i, false
		}
		p.keyAt, p.keyEnd = at, end
		child := int32(len(p.nodes)) //nolint:gosec // bounded by maxPayload
		if i, ok = p.value(p.space(i+1), n, last, depth+1); !ok {
			return i, false
		}
		last = child
		if i = p.space(i); i < len(p.s) && p.s[i] == ',' {
			continue
		}
		if i < len(p.s) && p.s[i] == '}' {
			break
		}
		p.fault(i, "expected a comma or the end of the object")
		return i, false
	}
	p.nodes[n].open = false
	return i + 1, true
}

func (p *jsonParser) list(i int, n int32, depth int) (int, bool) {
	last := none
	for i = p.space(i); ; i = p.space(i + 1) {
		if i < len(p.s) && p.s[i] == ']' {
			break
		}
		p.keyAt, p.keyEnd = 0, 0
		child := int32(len(p.nodes)) //nolint:gosec // bounded by maxPayload
		var ok bool
		if i, ok = p.value(i, n, last, depth+1); !ok {
			return i, false
		}
		last = child
		if i = p.space(i); i < len(p.s) && p.s[i] == ',' {
			continue
		}
		if i < len(p.s) && p.s[i] == ']' {
			break
		}
		p.fault(i, "expected a comma or the end of the list")
		return i, false
	}
	p.nodes[n].open = false
	return i + 1, true
}

// str reads the string that opens at i; the text's position is in src, or in extra where escapes had to be resolved.
func (p *jsonParser) str(i int) (at, end int32, next int, ok bool) {
	start := i + 1
	for i = start; i < len(p.s); i++ {
		switch p.s[i] {
		case '"':
			return int32(start), int32(i), i + 1, true //nolint:gosec // bounded by maxPayload
		case '\\':
			return p.escaped(start, i)
		}
		if i-start == 24 { // a long text, perhaps an image: leap
			rest := strings.IndexByte(p.s[i:], '"')
			if rest < 0 {
				break
			}
			if slash := strings.IndexByte(p.s[i:i+rest], '\\'); slash >= 0 {
				return p.escaped(start, i+slash)
			}
			i += rest - 1
		}
	}
	p.fault(start-1, "a text is not closed")
	return 0, 0, len(p.s), false
}

func (p *jsonParser) escaped(start, i int) (at, end int32, next int, ok bool) {
	text := []byte(p.s[start:i])
	for i < len(p.s) {
		switch c := p.s[i]; c {
		case '"':
			at, end = p.keep(string(text))
			return at, end, i + 1, true
		case '\\':
			text, i = p.escape(text, i+1)
		default:
			text = append(text, c)
			i++
		}
	}
	p.fault(start-1, "a text is not closed")
	return 0, 0, len(p.s), false
}

// escape appends what the escape sequence at i (behind its backslash) stands for.
func (p *jsonParser) escape(text []byte, i int) ([]byte, int) {
	if i >= len(p.s) {
		return text, i
	}
	const plain, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if k := strings.IndexByte(plain, p.s[i]); k >= 0 {
		return append(text, meant[k]), i + 1
	}
	r, ok := hex4(p.s, i)
	if !ok {
		_, size := utf8.DecodeRuneInString(p.s[i:])
		return utf8.AppendRune(text, utf8.RuneError), i + size
	}
	i += 5
	if utf16.IsSurrogate(r) {
		low, ok := rune(0), false
		if i < len(p.s) && p.s[i] == '\\' {
			low, ok = hex4(p.s, i+1)
		}
		if r = utf16.DecodeRune(r, low); ok && r != utf8.RuneError {
			i += 6
		}
	}
	return utf8.AppendRune(text, r), i
}

// hex4 reads "u" and four hexadecimal digits at i.
func hex4(s string, i int) (rune, bool) {
	if i+5 > len(s) || s[i] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[i+1:i+5], 16, 32)
	return rune(v), err == nil //nolint:gosec // four hex digits
}

// literal reads a number, true, false or null.
func (p *jsonParser) literal(i int, parent, last int32) (int, bool) {
	end := i
	for end < len(p.s) && isLiteral(p.s[end]) {
		end++
	}
	word := p.s[i:end]
	number := word != "" && (word[0] == '-' || word[0] >= '0' && word[0] <= '9')
	if !number && word != "true" && word != "false" && word != "null" {
		p.fault(i, "expected a value")
		return i, false
	}
	if end == len(p.s) && parent != none {
		p.fault(i, "the JSON document ends within a value")
		return end, false
	}
	kind := textNode
	if word == "null" {
		kind = nullNode
	}
	n := p.named(parent, last, kind)
	p.nodes[n].at, p.nodes[n].end = int32(i), int32(end) //nolint:gosec // bounded by maxPayload
	return end, true
}

func isLiteral(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' || c == '+' || c == '.' || c == 'E'
}

// skip passes over a list or object without keeping it, without recursion.
func (p *jsonParser) skip(i int) (int, bool) {
	for depth := 0; i < len(p.s); i++ {
		switch p.s[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		case '"':
			for i++; i < len(p.s) && p.s[i] != '"'; i++ {
				if p.s[i] == '\\' {
					i++
				}
			}
		}
	}
	p.fault(i, "the JSON document ends too early")
	return i, false
}
