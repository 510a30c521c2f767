package mapping

// View is a value of a payload, for those who look at payloads of which there is no mapping yet.
type View struct {
	tree *Tree
	node int32
}

// View is the whole payload. The tree must hold one.
func (t *Tree) View() View { return View{t, 0} }

// Key is the name under which the value stands, "" in a list and at the root of JSON.
func (v View) Key() string { return v.tree.key(v.node) }

// Text is a value's text; an XML element may have one besides its members.
func (v View) Text() string { return v.tree.text(v.node) }

// IsList and IsObject tell what the value is; it is a text, or nothing, where neither holds.
func (v View) IsList() bool { return v.tree.nodes[v.node].kind == listNode }

// IsObject reports whether it has members; an XML element with attributes or children is an object.
func (v View) IsObject() bool { return v.tree.nodes[v.node].kind == objectNode }

// IsNull reports whether nothing stands there.
func (v View) IsNull() bool { return v.tree.nodes[v.node].kind == nullNode }

// Members are the members of an object or the elements of a list, in order.
func (v View) Members() []View {
	var list []View
	for n := v.tree.firstChild(v.node); n != none; n = v.tree.sibling(n) {
		list = append(list, View{v.tree, n})
	}
	return list
}

// Reads reports whether a text is a time of this form, and whether it has a time of day.
func (l *Layout) Reads(text string) (ok, timeOfDay bool) {
	c, ok := l.parse(text)
	return ok, c.hasTime
}
