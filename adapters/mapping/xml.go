package mapping

import "strings"

// parseXML reads XML into the tree: elements, attributes, text, CDATA. Name prefixes are dropped. It resolves the
// five entities of XML and numbered ones, and nothing that a document declares itself: a DTD is passed over, so
// neither a file nor a bomb can hide in one. A document that breaks off or turns wrong is read up to there.
func (t *Tree) parseXML(src string) {
	t.reset(src)
	p := xmlParser{Tree: t, s: src, node: none}
	p.document()
	if len(t.nodes) == 0 {
		t.fault(len(src), "no XML element found")
	} else if p.depth > 0 {
		t.fault(len(src), "the XML document ends before <"+t.key(p.node)+"> is closed")
	}
}

type xmlParser struct {
	*Tree
	s string
	// node is the element that is open, depth how many are, last its latest child.
	node  int32
	depth int
	last  [maxDepth + 1]int32
	// skipping counts the open elements beyond maxDepth, which are left out.
	skipping int
}

func (p *xmlParser) document() {
	for i := 0; i < len(p.s); {
		open := strings.IndexByte(p.s[i:], '<')
		if open < 0 {
			p.characters(p.s[i:], i)
			return
		}
		p.characters(p.s[i:i+open], i)
		next, ok := p.markup(i + open)
		if !ok {
			return
		}
		i = next
	}
}

// markup reads what starts with the "<" at i.
func (p *xmlParser) markup(i int) (int, bool) {
	rest := p.s[i:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		return p.until(i, 4, "-->", "comment")
	case strings.HasPrefix(rest, "<![CDATA["):
		next, ok := p.until(i, 9, "]]>", "CDATA section")
		if ok {
			p.append(p.s[i+9:next-3], i+9)
		}
		return next, ok
	case strings.HasPrefix(rest, "<?"):
		return p.until(i, 2, "?>", "processing instruction")
	case strings.HasPrefix(rest, "<!"):
		return p.declaration(i)
	case strings.HasPrefix(rest, "</"):
		return p.endTag(i)
	}
	return p.startTag(i)
}

func (p *xmlParser) until(i, from int, end, what string) (int, bool) {
	at := strings.Index(p.s[i+from:], end)
	if at < 0 {
		p.fault(i, "a "+what+" is not closed")
		return i, false
	}
	return i + from + at + len(end), true
}

// declaration passes over <!DOCTYPE …> with all it contains.
func (p *xmlParser) declaration(i int) (int, bool) {
	brackets, quote := 0, byte(0)
	for at := i; at < len(p.s); at++ {
		c := p.s[at]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<' || c == '[':
			brackets++
		case c == ']':
			brackets--
		case c == '>':
			if brackets--; brackets == 0 {
				return at + 1, true
			}
		}
	}
	p.fault(i, "a declaration is not closed")
	return i, false
}

func (p *xmlParser) startTag(i int) (int, bool) {
	at := i + 1
	nameAt, nameEnd := p.name(at)
	if nameAt == nameEnd {
		p.fault(i, "expected the name of an element after <")
		return i, false
	}
	n := none
	switch {
	case p.depth == 0 && len(p.nodes) > 0:
		p.fault(i, "a second root element was left out, with all after it")
		return i, false
	case p.skipping > 0 || p.depth >= maxDepth:
		if p.skipping++; p.skipping == 1 {
			p.fault(i, "nested deeper than "+itoa(maxDepth)+" levels; the part was left out")
		}
	default:
		n = p.open(nameAt, nameEnd)
	}
	return p.attributes(nameEnd, n)
}

func (p *xmlParser) open(nameAt, nameEnd int) int32 {
	last := none
	if p.depth > 0 {
		last = p.last[p.depth]
	}
	n := p.add(p.node, last, textNode)
	p.nodes[n].keyAt, p.nodes[n].keyEnd = int32(nameAt), int32(nameEnd) //nolint:gosec // bounded by maxPayload
	p.nodes[n].open = true
	if p.depth > 0 {
		p.last[p.depth] = n
		p.nodes[p.node].kind = objectNode
	}
	p.node = n
	p.depth++
	p.last[p.depth] = none
	return n
}

// attributes reads up to the end of the start tag of element n (none: read past them) and closes an empty element.
func (p *xmlParser) attributes(i int, n int32) (int, bool) {
	for {
		for i < len(p.s) && p.s[i] <= ' ' {
			i++
		}
		switch {
		case i >= len(p.s):
			p.fault(i, "the XML document ends within a tag")
			return i, false
		case p.s[i] == '>':
			return i + 1, true
		case strings.HasPrefix(p.s[i:], "/>"):
			p.close(n)
			return i + 2, true
		}
		next, ok := p.attribute(i, n)
		if !ok {
			return i, false
		}
		i = next
	}
}

func (p *xmlParser) attribute(i int, n int32) (int, bool) {
	nameAt, nameEnd := p.name(i)
	at := nameEnd
	for at < len(p.s) && (p.s[at] <= ' ' || p.s[at] == '=') {
		at++
	}
	if nameAt == nameEnd || at >= len(p.s) || p.s[at] != '"' && p.s[at] != '\'' {
		p.fault(i, `expected an attribute as name="value"`)
		return i, false
	}
	length := strings.IndexByte(p.s[at+1:], p.s[at])
	if length < 0 {
		p.fault(i, "the value of an attribute is not closed")
		return i, false
	}
	if n != none {
		a := p.add(n, p.last[p.depth], textNode)
		p.last[p.depth] = a
		p.nodes[n].kind = objectNode
		key, keyEnd := p.keep("@" + p.s[nameAt:nameEnd])
		p.nodes[a].keyAt, p.nodes[a].keyEnd = key, keyEnd
		p.nodes[a].at, p.nodes[a].end = p.resolved(p.s[at+1:at+1+length], at+1)
	}
	return at + length + 2, true
}

func (p *xmlParser) endTag(i int) (int, bool) {
	end := strings.IndexByte(p.s[i:], '>')
	if end < 0 {
		p.fault(i, "the XML document ends within a tag")
		return i, false
	}
	nameAt, nameEnd := p.name(i + 2)
	switch {
	case p.skipping > 0:
		p.skipping--
	case p.depth == 0 || p.key(p.node) != p.s[nameAt:nameEnd]:
		p.fault(i, "</"+clip(p.s[nameAt:nameEnd])+"> closes an element that is not open")
		return i, false
	default:
		p.close(p.node)
	}
	return i + end + 1, true
}

// close ends element n (none: one that was skipped). Text of an element within text belongs to the outer one too, as
// with <Service>Tracking<SUP>TM</SUP></Service>.
func (p *xmlParser) close(n int32) {
	if n == none {
		p.skipping--
		return
	}
	p.nodes[n].open = false
	p.depth--
	p.node = p.nodes[n].parent
	if p.node != none && p.nodes[p.node].end > p.nodes[p.node].at {
		p.append(p.text(n), -1)
	}
}

// name reads a name at i and answers its part behind the prefix.
func (p *xmlParser) name(i int) (at, end int) {
	at, end = i, i
	for ; end < len(p.s); end++ {
		switch c := p.s[end]; {
		case c == ':':
			at = end + 1
		case c <= ' ' || c == '>' || c == '/' || c == '=' || c == '<' || c == '"' || c == '\'':
			return at, end
		}
	}
	return at, end
}
