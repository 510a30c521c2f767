package mapping

// Trace records which rule gave which fact, for people who write mappings.
type Trace struct {
	Lines []TraceLine
}

// TraceLine is one fact with its origin.
type TraceLine struct {
	// Field is the fact ("event.code").
	Field string `json:"field"`
	// Rule is the path, or the code table, that gave it, and Line its line in carrier.yaml (0 where it has none).
	Rule string `json:"rule"`
	Line int    `json:"line,omitempty"`
	// Where is the place in the payload, Value what stood there.
	Where string `json:"where,omitempty"`
	Value string `json:"value"`
}

func (t *Trace) add(field, rule string, line int, where, value string) {
	t.Lines = append(t.Lines, TraceLine{Field: field, Rule: rule, Line: line, Where: where, Value: clip(value)})
}
