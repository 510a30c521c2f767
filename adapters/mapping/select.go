package mapping

import (
	"slices"
	"strings"
)

// first finds the first node of the path from a node, none where there is none. A null counts as nothing.
func (p *Path) first(t *Tree, from int32) int32 {
	found := none
	p.each(t, from, func(n int32) bool {
		found = n
		return false
	})
	return found
}

// each calls yield with every node of the path from a node, in document order, until yield answers false.
func (p *Path) each(t *Tree, from int32, yield func(int32) bool) {
	walk(t, from, p.steps, yield)
}

func walk(t *Tree, n int32, steps []step, yield func(int32) bool) bool {
	for i := range steps {
		s := &steps[i]
		if s.up > 0 {
			for range s.up {
				if n = t.enclosing(n); n == none {
					return true
				}
			}
			continue
		}
		if s.every || s.hasAt {
			return fan(t, n, s, steps[i+1:], yield)
		}
		if n = single(t, n, s.name); n == none {
			return true
		}
	}
	if t.nodes[n].kind == nullNode {
		return true
	}
	return yield(n)
}

// single is the member of that name; a list stands for its first element, an empty one for itself.
func single(t *Tree, n int32, name string) int32 {
	if t.nodes[n].kind == listNode {
		if n = t.firstChild(n); n == none {
			return none
		}
	}
	if t.nodes[n].kind != objectNode {
		return none
	}
	if n = t.member(n, name); n != none && t.nodes[n].kind == listNode && t.nodes[n].child {
		return n + 1
	}
	return n
}

// fan follows a step that stands for several nodes, or for one of several.
func fan(t *Tree, n int32, s *step, rest []step, yield func(int32) bool) bool {
	index := 0
	if s.hasAt && s.at < 0 {
		elements(t, n, s.name, func(int32) bool { index--; return true })
	}
	return elements(t, n, s.name, func(e int32) bool {
		index++
		switch {
		case s.hasAt:
			if at := index - 1; at != s.at {
				return true
			}
			walk(t, e, rest, yield)
			return false
		case s.filter != nil && !s.filter.holds(t, e):
			return true
		}
		return walk(t, e, rest, yield)
	}) || s.hasAt
}

// elements calls yield with every element under that name: of a list, of repeated XML elements, or the one there is.
// Without a name they are the elements of the node itself.
func elements(t *Tree, object int32, name string, yield func(int32) bool) bool {
	switch {
	case name == "" && t.nodes[object].kind != listNode:
		return yield(object)
	case name == "":
		for e := t.firstChild(object); e != none; e = t.sibling(e) {
			if !yield(e) {
				return false
			}
		}
		return true
	case t.nodes[object].kind != objectNode:
		return true
	}
	for n := t.firstChild(object); n != none; n = t.sibling(n) {
		if t.key(n) != name {
			continue
		}
		if t.nodes[n].kind != listNode {
			if !yield(n) {
				return false
			}
			continue
		}
		for e := t.firstChild(n); e != none; e = t.sibling(e) {
			if !yield(e) {
				return false
			}
		}
	}
	return true
}

func (f *filter) holds(t *Tree, n int32) bool {
	member := n
	if f.member != "." {
		if t.nodes[n].kind != objectNode {
			return f.negate
		}
		member = t.member(n, f.member)
	}
	if member == none || t.nodes[member].kind != textNode && f.values != nil {
		return f.negate
	}
	text := strings.TrimSpace(t.text(member))
	switch {
	case f.match != nil:
		return f.match.MatchString(text) != f.negate
	case f.values == nil:
		return t.nodes[member].kind != nullNode
	}
	return slices.Contains(f.values, text) != f.negate
}
