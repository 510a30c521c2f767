package mapping

import "reflect"

// shownRule is a path in a line of carrier.yaml.
type shownRule struct {
	rule string
	line int
}

// Unshown counts the rules of a carrier that read a value, and those of them that gave nothing in any of the traces:
// rules that no example stands behind.
func (c *Carrier) Unshown(traces []Trace) (unshown, rules int) {
	shown := map[shownRule]bool{}
	for _, trace := range traces {
		for _, line := range trace.Lines {
			shown[shownRule{line.Rule, line.Line}] = true
		}
	}
	for i := range c.Formats {
		f := &c.Formats[i]
		for _, part := range []any{f.Shipment, f.Event, f.Errors} {
			eachPaths(reflect.ValueOf(part), func(p paths) {
				for _, path := range p.list {
					rules++
					if !shown[shownRule{path.source, p.line}] {
						unshown++
					}
				}
			})
		}
	}
	return unshown, rules
}

// eachPaths visits the paths within a rule that read a value; those that find elements or set conditions are passed.
func eachPaths(v reflect.Value, visit func(paths)) {
	if v.Type() == reflect.TypeFor[paths]() {
		p, _ := reflect.TypeAssert[paths](v)
		visit(p)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "Each" && field.Name != "Unless" {
				eachPaths(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachPaths(v.Index(i), visit)
		}
	default:
	}
}
