package mapping

// splitRule takes an event apart that is written as one sentence.
type splitRule struct {
	// Path is the sentence.
	Path paths `yaml:"path"`
	// Pattern matches it; its named groups become members of the event, so that the event's paths find them.
	Pattern sentence `yaml:"pattern"`
}

// split is the node from which to read an event: its own, or one made of the sentence that it is. That one keeps the
// whole sentence as its text.
func (r *reader) split(n int32) int32 {
	for i := range r.format.Event.Split {
		rule := &r.format.Event.Split[i]
		text, _ := r.find("event.split", rule.Path, n)
		if text == "" {
			continue
		}
		groups := rule.Pattern.FindStringSubmatch(text)
		if groups == nil {
			continue
		}
		if r.evidence != nil {
			r.evidence.shown[rule.Pattern.Regexp] = true
		}
		return r.graft(n, text, rule.Pattern.SubexpNames(), groups)
	}
	return n
}

// graft adds an object of texts to the tree, beneath a node but not among its children.
func (t *Tree) graft(parent int32, text string, names, values []string) int32 {
	object := int32(len(t.nodes)) //nolint:gosec // bounded by maxPayload
	at, end := t.keep(text)
	t.nodes = append(t.nodes, node{parent: parent, kind: objectNode, at: at, end: end})
	last := none
	for i, name := range names {
		if name == "" || values[i] == "" {
			continue
		}
		member := t.add(object, last, textNode)
		keyAt, keyEnd := t.keep(name)
		at, end := t.keep(values[i])
		t.nodes[member].keyAt, t.nodes[member].keyEnd = keyAt, keyEnd
		t.nodes[member].at, t.nodes[member].end = at, end
		last = member
	}
	return object
}
