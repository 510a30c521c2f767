package propose

import (
	"cmp"
	"slices"
	"strings"
)

// place is a kind of value within the samples: its path and all values that stand there, with what is around them.
type place struct {
	steps  []string // names, those of lists with []
	values []*value
	// around are, for each value, the enclosing values from the root down; as many as steps.
	around [][]*value
	// holds is set where lists of objects stand within.
	holds bool
}

func (p *place) path() string { return pathOf(p.steps) }

func pathOf(steps []string) string {
	if len(steps) == 0 {
		return "."
	}
	return strings.Join(steps, ".")
}

// places finds all objects in the samples, by path.
func places(roots []*value) []*place {
	w := &walker{at: map[string]*place{}}
	for _, root := range roots {
		if !root.isList {
			w.add(root, nil, nil)
		}
		for _, item := range root.items {
			w.add(item, []string{"[]"}, []*value{root})
		}
	}
	return merged(w.list)
}

// walker collects the objects of samples by path, in the order in which they are met.
type walker struct {
	list []*place
	at   map[string]*place
}

// add takes an object at a path, and all within it. around are those that it stands in, the outermost first.
func (w *walker) add(v *value, steps []string, around []*value) {
	if !v.isNode {
		return
	}
	key := pathOf(steps)
	p := w.at[key]
	if p == nil {
		p = &place{steps: slices.Clone(steps)}
		w.at[key] = p
		w.list = append(w.list, p)
	}
	p.values, p.around = append(p.values, v), append(p.around, slices.Clone(around))
	p.holds = p.holds || holdsLists(v, 0)
	within := append(slices.Clone(around), v)
	for _, m := range v.members {
		if !plainName.MatchString(m.key) {
			continue
		}
		if !m.isList {
			w.add(m, append(slices.Clone(steps), m.key), within)
		}
		for _, item := range m.items {
			w.add(item, append(slices.Clone(steps), m.key+"[]"), within)
		}
	}
}

// merged joins what is a list in one sample and a single object in another: paths read both as a list.
func merged(list []*place) []*place {
	var out []*place
	at := map[string]*place{}
	for _, p := range list {
		bare := strings.ReplaceAll(p.path(), "[]", "")
		as := at[bare]
		if as == nil {
			at[bare] = p
			out = append(out, p)
			continue
		}
		if strings.Count(p.path(), "[]") > strings.Count(as.path(), "[]") {
			as.steps = p.steps
		}
		as.values, as.around, as.holds = append(as.values, p.values...), append(as.around, p.around...), as.holds || p.holds
	}
	return out
}

// holdsLists reports whether a list of objects stands within a value, in reach of its fields.
func holdsLists(v *value, depth int) bool {
	for _, m := range v.members {
		if m.isList && len(m.items) > 0 && m.items[0].isNode || depth < 2 && !m.isList && holdsLists(m, depth+1) {
			return true
		}
	}
	return false
}

// eventPlace is the kind of object that looks most like the events; nil where none has a time.
func eventPlace(list []*place, forms []form) (*place, *eventFields) {
	type choice struct {
		place  *place
		fields *eventFields
		score  int
	}
	var choices []choice
	for _, p := range list {
		if len(p.steps) == 0 && p.holds {
			continue
		}
		fields := fieldsOfEvents(p.values, forms)
		if fields.time == nil || fields.code == nil && fields.text == nil {
			continue
		}
		score := 2*min(len(p.values), 6) + fields.score
		if n := len(p.steps); n > 0 {
			score += 2 * weigh(wordsOf(p.steps[n-1]), eventListHints)
			if strings.HasSuffix(p.steps[n-1], "[]") {
				score += 6
			}
		}
		if p.holds {
			score -= 10
		}
		choices = append(choices, choice{p, fields, score})
	}
	if len(choices) == 0 {
		return nil, nil
	}
	best := slices.MaxFunc(choices, func(a, b choice) int { return cmp.Compare(a.score, b.score) })
	return best.place, best.fields
}
