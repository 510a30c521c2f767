package propose

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"waybill/adapters/mapping"
)

// Proposal is a first mapping.
type Proposal struct {
	// YAML is the carrier.yaml. It loads; lines that a person must look at end in a remark that begins with Check.
	YAML string
	// Warnings tell what in the samples looks personal: nothing of it was taken out.
	Warnings []string
}

// Check begins the remark on a line that was guessed.
const Check = "# check:"

var errNoEvents = errors.New("no sample holds what looks like events, objects with a time and a code or text; " +
	"give the payload of a parcel that was scanned, best of one that was delivered")

// draft is what is known of the samples on the way to a mapping.
type draft struct {
	code   string
	syntax mapping.Syntax
	forms  []form
	roots  []*value

	events   *place
	fields   *eventFields
	around   shipmentPlace
	estimate estimate
	signer   *field
	failure  *failure
}

// Mapping proposes the carrier.yaml of a carrier from samples, of which at least one has events. All must be of one
// syntax. The proposal is the same for the same samples.
func Mapping(code string, samples []Sample) (*Proposal, error) {
	d := &draft{code: code}
	var err error
	if d.forms, err = compileForms(); err != nil {
		return nil, err
	}
	for _, s := range samples {
		root, syntax, err := decode(s)
		if err != nil {
			return nil, err
		}
		if d.syntax != "" && d.syntax != syntax {
			return nil, fmt.Errorf("%s is %s and others are %s; a format is of one syntax: begin with one, add the other to its carrier.yaml", s.Name, syntax, d.syntax)
		}
		d.syntax = syntax
		d.roots = append(d.roots, root)
	}
	if d.events, d.fields = eventPlace(places(d.roots), d.forms); d.events == nil {
		return nil, errNoEvents
	}
	d.around = shipmentsAround(d.events)
	d.shipmentFacts()
	d.failure = failureIn(d.withoutEvents())
	p := &Proposal{YAML: d.write(), Warnings: personalIn(samples, d.roots)}
	if _, err := mapping.Load(code, "carrier.yaml", []byte(p.YAML)); err != nil {
		return nil, fmt.Errorf("the proposal does not load: %w", err)
	}
	return p, nil
}

// shipmentPlace is where the shipments stand.
type shipmentPlace struct {
	steps  []string
	values []*value
	// number is where the tracking number stands from there; nil where it seems to stand nowhere.
	number *field
	// events is the way from the shipment to its events.
	events []string
}

// shipmentsAround finds the nearest object around the events that has a tracking number.
func shipmentsAround(events *place) shipmentPlace {
	for level := range slices.Backward(events.steps) {
		values := enclosing(events, level)
		if len(values) == 0 {
			continue
		}
		within := strings.ReplaceAll(pathOf(events.steps[level:]), "[]", "")
		number := pick(fieldsOf(values), func(f *field) int {
			if strings.HasPrefix(f.path, within+".") {
				return 0
			}
			return numberScore(f)
		})
		if number != nil {
			return shipmentPlace{events.steps[:level], values, number, events.steps[level:]}
		}
	}
	named := func(f *field) int {
		if weigh(f.words, numberHints[:2]) > 0 {
			return numberScore(f)
		}
		return 0
	}
	if number := pick(fieldsOf(events.values), named); number != nil { // each event names it
		return shipmentPlace{events.steps, events.values, number, nil}
	}
	level := max(len(events.steps)-1, 0)
	if values := enclosing(events, level); len(values) > 0 {
		return shipmentPlace{events.steps[:level], values, nil, events.steps[level:]}
	}
	return shipmentPlace{events.steps, events.values, nil, nil}
}

// enclosing lists the objects around the events at a depth, each once.
func enclosing(events *place, level int) []*value {
	var list []*value
	for _, around := range events.around {
		if level < len(around) && around[level].isNode && !slices.Contains(list, around[level]) {
			list = append(list, around[level])
		}
	}
	return list
}

func numberScore(f *field) int {
	if !f.every(looksLikeNumber) || f.filled()*2 < len(f.values) {
		return 0
	}
	own := weigh(f.own, numberHints)
	if own <= 0 {
		return 0
	}
	score := 2*own + weigh(strings.TrimSuffix(f.words, f.own), numberHints[:2])
	return score - 2*strings.Count(f.path, ".") - 3
}

// looksLikeNumber reports whether a text can be a tracking number.
func looksLikeNumber(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	digits, small := 0, false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'a' && r <= 'z':
			small = true
		case r >= 'A' && r <= 'Z', r == '-', r == '.', r == '_':
		default:
			return false
		}
	}
	return len(s) >= 5 && len(s) <= mapping.MaxNumber && (digits >= 2 || !small)
}

// estimate is where the carrier's estimate seems to stand.
type estimate struct {
	to, from *field
	forms    []string
}

// shipmentFacts finds what is said of a shipment beside its events.
func (d *draft) shipmentFacts() {
	within := strings.ReplaceAll(pathOf(d.around.events), "[]", "")
	all := slices.DeleteFunc(fieldsOf(d.around.values), func(f *field) bool {
		return len(d.around.events) == 0 || strings.HasPrefix(f.path, within+".")
	})
	isTime := func(f *field) bool {
		times, _, _ := timesIn(d.forms, f.values)
		return times == f.filled() && !isNumber(f)
	}
	score := func(f *field) int {
		if s := weigh(f.words, estimateHints); s >= 4 && isTime(f) && weigh(f.own, windowStart) == 0 {
			return s
		}
		return 0
	}
	if d.estimate.to = pick(all, score); d.estimate.to != nil {
		_, _, d.estimate.forms = timesIn(d.forms, d.estimate.to.values)
		d.estimate.from = pick(all, func(f *field) int {
			if weigh(f.own, windowStart) > 0 && weigh(f.words, estimateHints[:1]) > 0 && isTime(f) {
				return common(f.path, d.estimate.to.path)
			}
			return 0
		})
	}
	d.signer = pick(all, func(f *field) int {
		if f.every(hasLetters) && !f.every(isFlag) && f.every(func(s string) bool { return len(s) <= 60 }) {
			return weigh(f.own, signerHints) - 3
		}
		return 0
	})
}

// withoutEvents are the samples in which no event stands: error answers, mostly.
func (d *draft) withoutEvents() []*value {
	var list []*value
	for _, root := range d.roots {
		has := slices.ContainsFunc(d.events.around, func(around []*value) bool { return len(around) > 0 && around[0] == root })
		if !has && !slices.Contains(d.events.values, root) {
			list = append(list, root)
		}
	}
	return list
}

// failure is where error answers seem to say what is wrong.
type failure struct {
	at         *place
	code, text *field
}

func failureIn(roots []*value) *failure {
	var best *failure
	most := 0
	for _, p := range places(roots) {
		all := fieldsOf(p.values)
		taken := map[*field]bool{}
		f := &failure{at: p}
		f.text = pick(all, func(f *field) int {
			if strings.Contains(f.path, ".") {
				return 0
			}
			return textScore(f, taken)
		})
		if f.text == nil {
			continue
		}
		taken[f.text] = true
		f.code = pick(all, func(f *field) int {
			if strings.Contains(f.path, ".") {
				return 0
			}
			return codeScore(f, taken)
		})
		score := weigh(wordsOf(p.path()), errorHints) + weigh(f.text.own, errorHints)
		if score <= 0 {
			continue
		}
		if f.code != nil {
			score += 3
		}
		if score > most {
			most, best = score, f
		}
	}
	return best
}
