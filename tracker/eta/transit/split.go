package transit

import (
	"cmp"
	"slices"
	"time"
)

// Split divides a state into parts that merge to it again, so that a store can
// keep each in a record of its own: groups by their key, and what all share
// (the regression, the residuals, the counts) in the first. Parts of which
// nothing is known are nil. A key falls into the same part in every state.
func (s *State) Split(parts int) []*State {
	out := make([]*State, parts)
	part := func(i int) *State {
		if out[i] == nil {
			out[i] = NewState()
		}
		return out[i]
	}
	for i := range s.Tracks {
		from := &s.Tracks[i]
		if from.Learnt > 0 {
			into := &part(0).Tracks[i]
			into.Learnt, into.Latest = from.Learnt, from.Latest
			into.Ridge.merge(&from.Ridge)
			into.All.merge(&from.All)
			for j := range from.ByLength {
				into.ByLength[j].merge(&from.ByLength[j])
			}
		}
		for e, means := range from.Effects {
			for key, mean := range means {
				part(int(key % Key(parts))).Tracks[i].Effects[e][key] = mean //nolint:gosec // below parts
			}
		}
		for key, pace := range from.Base {
			part(int(key % Key(parts))).Tracks[i].Base[key] = pace //nolint:gosec // below parts
		}
		for key, pace := range from.Forecast {
			part(int(key % Key(parts))).Tracks[i].Forecast[key] = pace //nolint:gosec // below parts
		}
	}
	return out
}

// Bound forgets the groups that weigh least until at most so many are left,
// each table of each track for itself getting the same share.
func (s *State) Bound(now time.Time, most int) {
	share := most / (int(moments) * int(effects))
	at := civil(now)
	for i := range s.Tracks {
		t := &s.Tracks[i]
		for e, means := range t.Effects {
			lightest(means, share, func(m *Mean) float64 {
				weight, _ := m.at(at, tables[e].halfLife)
				return weight
			})
		}
		for _, paces := range []map[Key]*Pace{t.Base, t.Forecast} {
			lightest(paces, share, func(p *Pace) float64 { return float64(p.newest()) })
		}
	}
}

// lightest removes the entries of least weight beyond a number; of equals the larger key goes first.
func lightest[V any](of map[Key]V, most int, weight func(V) float64) {
	if len(of) <= most {
		return
	}
	type entry struct {
		key    Key
		weight float64
	}
	all := make([]entry, 0, len(of))
	for key, value := range of {
		all = append(all, entry{key, weight(value)})
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.key, b.key))
	})
	for _, e := range all[most:] {
		delete(of, e.key)
	}
}
