package propose

import (
	"slices"
	"strings"
)

// metCode is a code that the samples bear, with the carrier's words for it.
type metCode struct {
	code, text, status string
}

// codesOf lists the codes of the events, sorted; the texts where they have none. Codes that differ only in case are one.
func (d *draft) codesOf() []metCode {
	key, text := d.fields.code, d.fields.text
	if key == nil {
		key = text
	}
	at := map[string]*metCode{}
	for i, v := range key.values {
		if v == "" {
			continue
		}
		words := v
		if text != nil {
			words = text.values[i]
		}
		status := meaningOf(words)
		if status == "" {
			status = meaningOf(wordsOf(v))
		}
		known := at[strings.ToUpper(v)]
		switch {
		case known == nil:
			at[strings.ToUpper(v)] = &metCode{v, words, status}
		case known.status != status:
			known.status = "" // one code for several things: that is for the author to say
		}
	}
	list := make([]metCode, 0, len(at))
	for _, c := range at {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b metCode) int { return strings.Compare(a.code, b.code) })
	return list
}
