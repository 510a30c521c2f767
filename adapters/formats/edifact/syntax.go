package edifact

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"waybill/adapters/formats/internal/edi"
)

// segment is one segment: data elements of components. [0][0] is the segment's tag.
type segment [][]string

// tag is the segment's tag.
func (s segment) tag() string { return s.at(0, 0) }

// at is a component of a data element without the blanks around it, "" where there is none. Elements count from 1 as
// in the directories, components from 0.
func (s segment) at(element, component int) string {
	if element < len(s) && component < len(s[element]) {
		return strings.TrimSpace(s[element][component])
	}
	return ""
}

// service are the characters that have a meaning, as UNA gives them.
type service struct {
	component, element, release, terminator byte
}

// standard are those in force where no UNA is given.
var standard = service{component: ':', element: '+', release: '?', terminator: '\''}

// interchange is what stands between UNB and UNZ; header is nil where there is no UNB.
type interchange struct {
	header, trailer segment
	// groups counts UNG segments; messages stands for all groups together.
	groups   int
	messages []message
	// brokenOff: the last segment has no terminator, or the trailer is missing.
	brokenOff bool
}

// message is what stands between UNH and UNT, with both.
type message struct {
	segments []segment
	closed   bool
}

// kind is the message's type, "IFTSTA"; directory its version and release, "D96A".
func (m *message) kind() string { return m.segments[0].at(2, 0) }

func (m *message) directory() string { return m.segments[0].at(2, 1) + m.segments[0].at(2, 2) }

// charsets are the 8-bit sets that the syntax identifiers of UNB name (ISO 9735); those of UTF-8 and of ASCII, a part of
// Latin-1, need no entry.
var charsets = map[string]*charmap.Charmap{
	"UNOD": charmap.ISO8859_2, "UNOE": charmap.ISO8859_5, "UNOF": charmap.ISO8859_7, "UNOG": charmap.ISO8859_3,
	"UNOH": charmap.ISO8859_4, "UNOI": charmap.ISO8859_6, "UNOJ": charmap.ISO8859_8, "UNOK": charmap.ISO8859_9,
	"UNOL": charmap.ISO8859_15,
}

// charset finds the set that a file's first UNB names.
func charset(body []byte) *charmap.Charmap {
	head := string(body[:min(len(body), 1000)])
	at := strings.Index(head, "UNB")
	if at < 0 || len(head) < at+8 {
		return nil
	}
	return charsets[head[at+4:at+8]]
}

// parse takes a file apart: any number of interchanges, each with its own service characters.
func parse(body []byte) []interchange {
	p := parser{rest: edi.Text(body, charset(body)), characters: standard}
	for p.skip(); p.rest != ""; p.skip() {
		if una, found := strings.CutPrefix(p.rest, "UNA"); found && len(una) >= 6 {
			p.characters = service{component: una[0], element: una[1], release: una[3], terminator: una[5]}
			p.rest = una[6:]
			continue
		}
		text, complete := p.next()
		if !complete {
			p.open().brokenOff = true
			break
		}
		p.put(p.split(text))
	}
	for i := range p.list {
		x := &p.list[i]
		x.brokenOff = x.brokenOff || x.header != nil && x.trailer == nil
	}
	return p.list
}

type parser struct {
	rest       string
	characters service
	list       []interchange
	// elements are those of the segment being split, components those of all.
	elements, components []string
}

func (p *parser) skip() {
	p.rest = strings.TrimLeftFunc(p.rest, func(r rune) bool { return unicode.IsSpace(r) || r == 0 || r == 0x1a })
}

// next takes the text of the next segment; a terminator behind the release character is text.
func (p *parser) next() (text string, complete bool) {
	from := 0
	for {
		end := strings.IndexByte(p.rest[from:], p.characters.terminator)
		if end < 0 {
			return "", false
		}
		end += from
		if !p.released(p.rest, end) {
			text, p.rest = p.rest[:end], p.rest[end+1:]
			return text, true
		}
		from = end + 1
	}
}

// released reports whether an odd number of release characters stands before a place. A blank stands for no release
// character at all.
func (p *parser) released(text string, at int) bool {
	if p.characters.release == ' ' {
		return false
	}
	n := 0
	for n < at && text[at-1-n] == p.characters.release {
		n++
	}
	return n%2 == 1
}

// split takes a segment apart. Components of all segments share their memory, piece by piece.
func (p *parser) split(text string) segment {
	p.elements = p.cut(p.elements[:0], text, p.characters.element)
	s := make(segment, len(p.elements))
	for i, element := range p.elements {
		start := len(p.components)
		p.components = p.cut(p.components, element, p.characters.component)
		s[i] = p.components[start:len(p.components):len(p.components)]
		for j := range s[i] {
			s[i][j] = p.plain(s[i][j])
		}
	}
	return s
}

// cut appends the parts of a text between characters that are not released.
func (p *parser) cut(parts []string, text string, at byte) []string {
	for from := 0; ; {
		end := strings.IndexByte(text[from:], at)
		if end < 0 {
			return append(parts, text)
		}
		if end += from; p.released(text, end) {
			from = end + 1
			continue
		}
		parts = append(parts, text[:end])
		text, from = text[end+1:], 0
	}
}

// plain takes the release characters out.
func (p *parser) plain(text string) string {
	release := p.characters.release
	if release == ' ' || strings.IndexByte(text, release) < 0 {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == release && i+1 < len(text) {
			i++
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// open is the interchange that is being read.
func (p *parser) open() *interchange {
	if len(p.list) == 0 {
		p.list = append(p.list, interchange{})
	}
	return &p.list[len(p.list)-1]
}

func (p *parser) put(s segment) {
	switch s.tag() {
	case "UNB":
		p.list = append(p.list, interchange{header: s})
	case "UNZ":
		p.open().trailer = s
		p.characters = standard // the next interchange has its own UNA, or none
	case "UNG":
		p.open().groups++
	case "UNE":
	case "UNH":
		x := p.open()
		if x.trailer != nil {
			p.list = append(p.list, interchange{})
			x = p.open()
		}
		x.messages = append(x.messages, message{segments: []segment{s}})
	default:
		x := p.open()
		if n := len(x.messages); n > 0 && !x.messages[n-1].closed {
			m := &x.messages[n-1]
			m.segments = append(m.segments, s)
			m.closed = s.tag() == "UNT"
		}
	}
}

// counts reports whether a trailer's count is that many.
func counts(declared string, actual int) bool {
	n, err := strconv.Atoi(declared)
	return err == nil && n == actual
}
