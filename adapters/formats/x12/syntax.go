package x12

import (
	"strconv"
	"strings"
	"unicode"

	"waybill/adapters/formats/internal/edi"
)

// segment is one segment, its elements by their number in the standard: [0] is the segment's ID.
type segment []string

// at is an element without the blanks around it, "" where the segment has fewer.
func (s segment) at(n int) string {
	if n < len(s) {
		return strings.TrimSpace(s[n])
	}
	return ""
}

// interchange is what stands between ISA and IEA. Where the ISA is missing, header is nil and groups hold what is there.
type interchange struct {
	header, trailer segment
	groups          []group
	// element, component and terminator are the separators that its ISA states.
	element, component, terminator string
	// brokenOff: the last segment has no terminator, or trailers are missing.
	brokenOff bool
}

// group is a functional group, GS to GE; header is nil where transaction sets stand without one.
type group struct {
	header, trailer segment
	sets            []set
}

// set is a transaction set, ST to SE. segments has both.
type set struct {
	header, trailer segment
	segments        []segment
	// start is the place of the first among those of all sets.
	start int
}

// parse takes a file apart: any number of interchanges, each with its own separators. What stands between them, or
// before a header, is left out.
func parse(text string) []interchange {
	p := parser{}
	for p.rest = edi.Skip(text); p.rest != ""; p.rest = edi.Skip(p.rest) {
		if p.startsISA() {
			p.open()
			continue
		}
		if p.current == nil && !p.guess() {
			p.resume()
			continue
		}
		p.segment()
	}
	for i := range p.list {
		x := &p.list[i]
		x.brokenOff = x.brokenOff || x.header != nil && x.trailer == nil
	}
	return p.list
}

type parser struct {
	rest    string
	list    []interchange
	current *interchange
	// segments and elements are those of all sets, one behind the other.
	segments []segment
	elements []string
}

func (p *parser) startsISA() bool {
	return len(p.rest) > 3 && p.rest[:3] == "ISA" && !isAlphanumeric(p.rest[3])
}

// open reads an ISA, which states the separators: the character behind "ISA", the one in ISA16, and the one behind that.
func (p *parser) open() {
	separator := p.rest[3:4]
	elements := strings.SplitN(p.rest, separator, 17)
	if len(elements) < 17 || len(elements[16]) < 2 || elements[16][1] > unicode.MaxASCII || isAlphanumeric(elements[16][1]) {
		p.resume()
		return
	}
	last := elements[16]
	header := append(segment(elements[:16:16]), last[:1])
	for i := range header[:16] {
		header[i] = edi.Unwrap(header[i])
	}
	p.begin(interchange{header: header, element: separator, component: last[:1], terminator: last[1:2]})
	p.rest = last[2:]
}

// resume leaves out a header that cannot be read, and goes on where the next one stands.
func (p *parser) resume() {
	p.begin(interchange{header: segment{"ISA"}, brokenOff: true})
	p.current = nil
	for at := 1; at+3 < len(p.rest); at++ {
		if isAlphanumeric(p.rest[at-1]) {
			continue
		}
		tail := p.rest[at:]
		if tail[:3] == "ISA" && !isAlphanumeric(tail[3]) || (tail[:2] == "GS" || tail[:2] == "ST") && !isAlphanumeric(tail[2]) {
			p.rest = tail
			return
		}
	}
	p.rest = ""
}

func (p *parser) begin(x interchange) {
	p.list = append(p.list, x)
	p.current = &p.list[len(p.list)-1]
	if p.elements == nil && x.terminator != "" {
		n := strings.Count(p.rest, x.terminator) + 1
		p.segments, p.elements = make([]segment, 0, n), make([]string, 0, n+strings.Count(p.rest, x.element))
	}
}

// guess finds the separators of a file without ISA, which starts with GS or ST: the element separator stands behind
// the ID, the terminator behind the last element, which is a version or a control number.
func (p *parser) guess() bool {
	if len(p.rest) < 4 || p.rest[:2] != "GS" && p.rest[:2] != "ST" || isAlphanumeric(p.rest[2]) {
		return false
	}
	separator, last := p.rest[2:3], 2
	if p.rest[:2] == "GS" {
		last = 8
	}
	elements := strings.SplitN(p.rest, separator, last+1)
	if len(elements) <= last {
		return false
	}
	end := strings.IndexFunc(elements[last], func(r rune) bool { return r > 127 || !isAlphanumeric(byte(r)) }) //nolint:gosec // below 128
	if end < 0 {
		return false
	}
	p.begin(interchange{element: separator, terminator: elements[last][end : end+1]})
	return true
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// segment reads one segment and puts it where it belongs. One without a terminator is cut off and left out. Files that
// were wrapped at some width have line ends within segments.
func (p *parser) segment() {
	x := p.current
	text, rest, complete := strings.Cut(p.rest, x.terminator)
	if x.terminator == "" || !complete {
		x.brokenOff, p.rest = true, ""
		return
	}
	p.rest = rest
	text = edi.Unwrap(text)
	start := len(p.elements)
	for {
		element, others, more := strings.Cut(text, x.element)
		p.elements = append(p.elements, element)
		if !more {
			break
		}
		text = others
	}
	p.add(x, segment(p.elements[start:len(p.elements):len(p.elements)]))
}

func (p *parser) add(x *interchange, s segment) {
	switch s.at(0) {
	case "IEA":
		x.trailer = s
	case "GS":
		x.groups = append(x.groups, group{header: s})
	case "GE":
		if g := x.lastGroup(); g != nil {
			g.trailer = s
		}
	case "ST":
		g := x.lastGroup()
		if g == nil || g.trailer != nil {
			x.groups = append(x.groups, group{})
			g = x.lastGroup()
		}
		g.sets = append(g.sets, set{header: s, start: len(p.segments)})
		p.inSet(&g.sets[len(g.sets)-1], s)
	default:
		if g := x.lastGroup(); g != nil && len(g.sets) > 0 && g.sets[len(g.sets)-1].trailer == nil {
			p.inSet(&g.sets[len(g.sets)-1], s)
		}
	}
}

// inSet adds a segment to the transaction set that is open.
func (p *parser) inSet(last *set, s segment) {
	p.segments = append(p.segments, s)
	last.segments = p.segments[last.start:len(p.segments):len(p.segments)]
	if s.at(0) == "SE" {
		last.trailer = s
	}
}

func (x *interchange) lastGroup() *group {
	if len(x.groups) == 0 {
		return nil
	}
	return &x.groups[len(x.groups)-1]
}

// counts reports whether a trailer's count is that many; a count that is no number is none.
func counts(declared string, actual int) bool {
	n, err := strconv.Atoi(declared)
	return err == nil && n == actual
}
