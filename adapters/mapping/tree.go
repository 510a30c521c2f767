package mapping

import (
	"strings"
	"unsafe"
)

// Tree is a payload, JSON or XML, as one flat list of nodes in document order. Nodes refer to the payload's text by
// position and hold no pointers, so that reading a payload allocates next to nothing and strings share its memory.
//
// Both syntaxes have one shape, so that one language of paths serves both: an XML element is an object whose
// attributes are members named "@name", and elements of the same name are members of the same name.
type Tree struct {
	// src is the payload as UTF-8; extra holds texts that had to be rewritten (escapes, entities). A position
	// at or beyond len(src) lies in extra.
	src   string
	extra []byte
	nodes []node
	// Faults are the places at which the payload broke the rules of its syntax; what stands before is read.
	Faults []Fault
}

// Fault is a place in a payload and what is wrong there.
type Fault struct {
	Where, What string
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	textNode
	listNode
	objectNode
)

// node is one value. Its first child, if it has any, is the next node in the list.
type node struct {
	keyAt, keyEnd int32
	at, end       int32
	parent        int32
	// next is the following sibling, 0 for none.
	next  int32
	kind  nodeKind
	child bool
	// open marks a list or object that the payload did not finish: it was cut short.
	open bool
}

// none is the index of no node.
const none int32 = -1

// maxDepth bounds the nesting; deeper parts are skipped with a fault. No carrier's payload comes near.
const maxDepth = 64

// maxFaults bounds how many faults of syntax are noted of one payload.
const maxFaults = 20

func (t *Tree) reset(src string) {
	t.src, t.extra, t.nodes, t.Faults = src, nil, t.nodes[:0], nil
	if cap(t.nodes) == 0 && src != "" {
		t.nodes = make([]node, 0, 64+len(src)/20)
	}
}

// maxKept is how many nodes an idle tree keeps room for: some ten times the largest reply of a carrier.
const maxKept = 1 << 14

// Forget lets go of the payload, before the tree waits for its next one.
func (t *Tree) Forget() {
	t.reset("")
	if cap(t.nodes) > maxKept {
		t.nodes = nil
	}
}

// Empty reports whether nothing at all could be read.
func (t *Tree) Empty() bool { return len(t.nodes) == 0 }

func (t *Tree) slice(at, end int32) string {
	if at >= end {
		return ""
	}
	if n := int32(len(t.src)); at >= n { //nolint:gosec // payloads are bounded by maxPayload
		// extra only ever grows and is never used for another payload, so the text stands.
		return unsafe.String(&t.extra[at-n], int(end-at)) //nolint:gosec // see above
	}
	return t.src[at:end]
}

// keep stores a rewritten text and answers its position.
func (t *Tree) keep(text string) (at, end int32) {
	at = int32(len(t.src) + len(t.extra)) //nolint:gosec // bounded by maxPayload
	t.extra = append(t.extra, text...)
	return at, at + int32(len(text)) //nolint:gosec // bounded by maxPayload
}

func (t *Tree) key(n int32) string { return t.slice(t.nodes[n].keyAt, t.nodes[n].keyEnd) }

func (t *Tree) text(n int32) string { return t.slice(t.nodes[n].at, t.nodes[n].end) }

// add appends a node under parent, behind the sibling last (none for the first).
func (t *Tree) add(parent, last int32, kind nodeKind) int32 {
	n := int32(len(t.nodes)) //nolint:gosec // bounded by maxPayload
	t.nodes = append(t.nodes, node{parent: parent, kind: kind})
	switch {
	case last != none:
		t.nodes[last].next = n
	case parent != none:
		t.nodes[parent].child = true
	}
	return n
}

func (t *Tree) firstChild(n int32) int32 {
	if t.nodes[n].child {
		return n + 1
	}
	return none
}

func (t *Tree) sibling(n int32) int32 {
	if next := t.nodes[n].next; next != 0 {
		return next
	}
	return none
}

// member finds the member of an object by name; of several of one name, the first.
func (t *Tree) member(object int32, name string) int32 {
	for n := t.firstChild(object); n != none; n = t.sibling(n) {
		at, end := t.nodes[n].keyAt, t.nodes[n].keyEnd
		if int(end-at) == len(name) && t.slice(at, end) == name {
			return n
		}
	}
	return none
}

// enclosing is the object around a node, past the list that holds it.
func (t *Tree) enclosing(n int32) int32 {
	n = t.nodes[n].parent
	for n != none && t.nodes[n].kind == listNode {
		n = t.nodes[n].parent
	}
	return n
}

func (t *Tree) fault(at int, what string) {
	if len(t.Faults) < maxFaults {
		t.Faults = append(t.Faults, Fault{Where: "byte " + itoa(at), What: what})
	}
}

// where names the place of a node for people: "output.trackResults[1].scanEvents[0].date".
func (t *Tree) where(n int32) string {
	if n == none || n == 0 {
		return ""
	}
	parent := t.nodes[n].parent
	place := t.where(parent)
	if key := t.key(n); key != "" {
		if place != "" {
			place += "."
		}
		place += key
	}
	if same, index := t.position(n, parent); same > 1 || t.nodes[parent].kind == listNode {
		place += "[" + itoa(index) + "]"
	}
	return place
}

// position counts the siblings of n that have its name, and says which of them n is.
func (t *Tree) position(n, parent int32) (same, index int) {
	key := t.key(n)
	for s := t.firstChild(parent); s != none; s = t.sibling(s) {
		if s == n {
			index = same
		}
		if t.key(s) == key {
			same++
		}
	}
	return same, index
}

// describe says what kind of value a node is.
func (t *Tree) describe(n int32) string {
	switch t.nodes[n].kind {
	case listNode:
		return "a list"
	case objectNode:
		return "an object"
	case textNode:
		return "a text of " + itoa(len(strings.TrimSpace(t.text(n)))) + " characters"
	case nullNode:
	}
	return "nothing"
}
