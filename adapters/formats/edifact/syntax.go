package edifact

import (
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"waybill/adapters/formats/internal/edi"
)

// segment is one segment: its data elements as they stand in the file, [0] with the tag. They are taken apart where they
// are asked for: most never are.
type segment struct {
	elements   []string
	characters *service
}

// tag is the segment's tag.
func (s segment) tag() string { return s.at(0, 0) }

// at is a component of a data element without the blanks around it, "" where there is none. Elements count from 1 as
// in the directories, components from 0.
func (s segment) at(element, component int) string {
	if element >= len(s.elements) {
		return ""
	}
	text := s.elements[element]
	for ; ; component-- {
		end := s.characters.find(text, s.characters.component)
		switch {
		case component == 0 && end < 0:
			return s.characters.plain(text)
		case component == 0:
			return s.characters.plain(text[:end])
		case end < 0:
			return ""
		}
		text = text[end+1:]
	}
}

// service are the characters that have a meaning, as UNA gives them.
type service struct {
	component, element, release, terminator byte
}

// standard are those in force where no UNA is given.
var standard = service{component: ':', element: '+', release: '?', terminator: '\''}

// find is the place of a character that is not released, -1 where there is none.
func (c *service) find(text string, wanted byte) int {
	for from := 0; ; {
		at := strings.IndexByte(text[from:], wanted)
		if at < 0 {
			return -1
		}
		if at += from; !c.released(text, at) {
			return at
		}
		from = at + 1
	}
}

// released reports whether an odd number of release characters stands before a place. A blank stands for no release
// character at all.
func (c *service) released(text string, at int) bool {
	if c.release == ' ' {
		return false
	}
	n := 0
	for n < at && text[at-1-n] == c.release {
		n++
	}
	return n%2 == 1
}

// plain takes the blanks around a text and the release characters in it away.
func (c *service) plain(text string) string {
	text = strings.TrimSpace(text)
	if c.release == ' ' || strings.IndexByte(text, c.release) < 0 {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == c.release && i+1 < len(text) {
			i++
		}
		out.WriteByte(text[i])
	}
	return strings.TrimSpace(out.String())
}

// interchange is what stands between UNB and UNZ; header is nil where there is no UNB.
type interchange struct {
	header, trailer *segment
	// groups counts UNG segments; messages stands for all groups together.
	groups   int
	messages []message
	// brokenOff: the last segment has no terminator, or the trailer is missing.
	brokenOff bool
}

// message is what stands between UNH and UNT, with both.
type message struct {
	segments []segment
	// start is the place of the first among those of all messages.
	start  int
	closed bool
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
	return charsets[strings.ToUpper(head[at+4:at+8])]
}

// parse takes a file apart: any number of interchanges, each with its own service characters.
func parse(body []byte) []interchange {
	text := edi.Text(body, charset(body))
	p := parser{rest: text, characters: &service{}}
	*p.characters = standard
	segments := strings.Count(text, "'") + 1
	p.segments, p.elements = make([]segment, 0, segments), make([]string, 0, segments+strings.Count(text, "+"))
	for p.rest = edi.Skip(p.rest); p.rest != ""; p.rest = edi.Skip(p.rest) {
		if una, found := strings.CutPrefix(p.rest, "UNA"); found && len(una) >= 6 {
			p.characters = serviceOf(una)
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

// serviceOf are the characters of a UNA. One that is a separator too releases nothing: in a row of them none is told from
// the other.
func serviceOf(una string) *service {
	c := service{component: una[0], element: una[1], release: una[3], terminator: una[5]}
	if c.release == c.component || c.release == c.element || c.release == c.terminator {
		c.release = ' '
	}
	return &c
}

type parser struct {
	rest       string
	characters *service
	list       []interchange
	// segments and elements are those of all messages, one behind the other.
	segments []segment
	elements []string
}

// next takes the text of the next segment; a terminator behind the release character is text. Files that were wrapped at
// some width have line ends within segments.
func (p *parser) next() (text string, complete bool) {
	end := p.characters.find(p.rest, p.characters.terminator)
	if end < 0 {
		return "", false
	}
	text, p.rest = p.rest[:end], p.rest[end+1:]
	return edi.Unwrap(text), true
}

// split takes a segment apart into its elements.
func (p *parser) split(text string) segment {
	start := len(p.elements)
	for {
		end := p.characters.find(text, p.characters.element)
		if end < 0 {
			p.elements = append(p.elements, text)
			return segment{elements: p.elements[start:len(p.elements):len(p.elements)], characters: p.characters}
		}
		p.elements = append(p.elements, text[:end])
		text = text[end+1:]
	}
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
		p.list = append(p.list, interchange{header: &s})
	case "UNZ":
		p.open().trailer = &s
		p.characters = &service{} // the next interchange has its own UNA, or none
		*p.characters = standard
	case "UNG":
		p.open().groups++
	case "UNE":
	case "UNH":
		x := p.open()
		if x.trailer != nil {
			p.list = append(p.list, interchange{})
			x = p.open()
		}
		x.messages = append(x.messages, message{start: len(p.segments)})
		p.inMessage(&x.messages[len(x.messages)-1], s)
	default:
		x := p.open()
		if n := len(x.messages); n > 0 && !x.messages[n-1].closed {
			p.inMessage(&x.messages[n-1], s)
			x.messages[n-1].closed = s.tag() == "UNT"
		}
	}
}

func (p *parser) inMessage(m *message, s segment) {
	p.segments = append(p.segments, s)
	m.segments = p.segments[m.start:len(p.segments):len(p.segments)]
}

// counts reports whether a trailer's count is that many.
func counts(declared string, actual int) bool {
	n, err := strconv.Atoi(declared)
	return err == nil && n == actual
}
