package eta

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// halfLife is after how long what was learnt beside the transit times counts half: networks change with seasons and
// contracts.
const halfLife = 90 * 24 * time.Hour

// landmark is the moment from which weights grow: what was learnt weighs 2^(its time since / halfLife), and all weights
// are divided by that of now when they are used. Weights given at different times, by anybody, can thus be added.
var landmark = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func weightAt(t time.Time) float64 { return math.Exp2(float64(t.Sub(landmark)) / float64(halfLife)) }

// tally counts by buckets what happened, with weights as of the landmark. Tallies add up.
type tally struct {
	_       struct{} `cbor:",toarray"`
	Weights []float64
}

// tallies are all that is learnt beside the transit times, by what it is about:
//
//	"error/<carrier>", "error/<lane>"   by how many half days a carrier's own estimates erred
//	"gap/<carrier>@<stage>"             open hours from one scan to the next
//	"lane/<lane>"                       deliveries, with the query that asks how the lane fares
type tallies map[string]*tally

func (t tallies) add(key string, size, bucket int, weight float64) {
	have := t[key]
	if have == nil {
		have = &tally{}
		t[key] = have
	}
	have.grow(size)
	have.Weights[bucket] += weight
}

func (t *tally) grow(size int) {
	if len(t.Weights) < size {
		t.Weights = append(t.Weights, make([]float64, size-len(t.Weights))...)
	}
}

func (t tallies) merge(o tallies) {
	for key, from := range o {
		into := t[key]
		if into == nil {
			into = &tally{}
			t[key] = into
		}
		into.grow(len(from.Weights))
		for i, w := range from.Weights {
			into.Weights[i] += w
		}
	}
}

// subtract takes back what others counted. What was forgotten meanwhile stays so: no count becomes negative.
func (t tallies) subtract(o tallies) {
	for key, what := range o {
		from := t[key]
		if from == nil {
			continue
		}
		from.grow(len(what.Weights))
		for i, w := range what.Weights {
			from.Weights[i] = math.Max(0, from.Weights[i]-w)
		}
	}
}

// total is the weight of all, as of the landmark.
func (t *tally) total() (sum float64) {
	if t == nil {
		return 0
	}
	for _, w := range t.Weights {
		sum += w
	}
	return sum
}

// counts are the weights as they count now; of nothing, none.
func (t *tally) counts(now time.Time) []float64 {
	if t == nil {
		return nil
	}
	scale := 1 / weightAt(now)
	out := make([]float64, len(t.Weights))
	for i, w := range t.Weights {
		out[i] = w * scale
	}
	return out
}

// bound forgets the lightest beyond a number.
func (t tallies) bound(most int) {
	if len(t) <= most {
		return
	}
	keys := make([]string, 0, len(t))
	for key := range t {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(t[b].total(), t[a].total()), cmp.Compare(a, b))
	})
	for _, key := range keys[most:] {
		delete(t, key)
	}
}
