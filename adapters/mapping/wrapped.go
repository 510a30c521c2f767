package mapping

import "strings"

// Unwrap opens a payload that is written as JSON text within another, where the carrier does so: the tree holds the
// inner one from then on, with the faults of both. Other payloads stay as they are.
func (c *Carrier) Unwrap(t *Tree) {
	for _, path := range c.WrappedIn.list {
		n := path.first(t, 0)
		if n == none || t.nodes[n].kind != textNode {
			continue
		}
		inner := t.text(n)
		if !strings.HasPrefix(strings.TrimSpace(inner), "{") {
			continue
		}
		faults := t.Faults
		if _, err := t.Decode([]byte(inner)); err != nil {
			faults = append(faults, Fault{Where: path.source, What: err.Error()})
		}
		t.Faults = append(faults, t.Faults...)
		return
	}
}
