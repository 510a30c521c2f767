package lastmile

import (
	"maps"
	"slices"

	"waybill/tracker"
)

// State is what stops taught: of the whole network, of a depot, or of a driver. Its size is bounded: cells by hour of the
// week, by kind of stop and by stops left, and no more. States are added by Merge.
type State struct {
	// Service is the logarithm of seconds by kind of stop; Planned that of what was by what the plan said.
	Service map[tracker.StopKind]Moments `cbor:"1,keyasint,omitempty"`
	Planned Moments                      `cbor:"2,keyasint,omitempty"`
	// Skipped is 1 where a stop was left out, else 0.
	Skipped map[tracker.StopKind]Moments `cbor:"3,keyasint,omitempty"`
	// Speed is the logarithm of metres per second by hour of the week; Hop that of seconds, of ways of unknown length.
	Speed map[int]Moments `cbor:"4,keyasint,omitempty"`
	Hop   Moments         `cbor:"5,keyasint,omitempty"`
	// ServiceRatio and SpeedRatio are the logarithms of what was by what the network would have expected.
	ServiceRatio Moments `cbor:"6,keyasint,omitempty"`
	SpeedRatio   Moments `cbor:"7,keyasint,omitempty"`
	// Misses are weighted counts of how wrong it was, by class of stops left and by bucket of the logarithm.
	Misses map[int][]float64 `cbor:"8,keyasint,omitempty"`
	// Stops counts what was learnt, unweighted.
	Stops int64 `cbor:"9,keyasint,omitempty"`
}

// Add takes a fact in. The order of facts does not matter, but for what adding numbers in another order rounds.
func (s *State) Add(f *Fact) {
	w := weightAt(f.At)
	s.Stops++
	s.Skipped = addTo(s.Skipped, kindOf(f.Kind), one(f.Skipped), w)
	if f.Served {
		if f.Planned {
			s.Planned.add(f.ServiceRatio, w)
		} else {
			s.Service = addTo(s.Service, kindOf(f.Kind), f.Service, w)
		}
		s.ServiceRatio.add(f.ServiceRatio, w)
	}
	if f.Driven {
		s.Speed = addTo(s.Speed, f.Hour, f.Speed, w)
		s.SpeedRatio.add(f.SpeedRatio, w)
	}
	if f.Hopped {
		s.Hop.add(f.Hop, w)
	}
	for _, miss := range f.Misses {
		s.miss(classOf(miss.Left))[bucketOf(miss.Ratio)] += w
	}
}

// miss is the counts of a class of stops left, to be written.
func (s *State) miss(class int) []float64 {
	if s.Misses == nil {
		s.Misses = map[int][]float64{}
	}
	if len(s.Misses[class]) < buckets {
		s.Misses[class] = append(s.Misses[class], make([]float64, buckets-len(s.Misses[class]))...)
	}
	return s.Misses[class]
}

// Merge adds another state.
func (s *State) Merge(o *State) {
	s.Stops += o.Stops
	s.Service, s.Skipped, s.Speed = mergeAll(s.Service, o.Service), mergeAll(s.Skipped, o.Skipped), mergeAll(s.Speed, o.Speed)
	s.Planned.merge(o.Planned)
	s.Hop.merge(o.Hop)
	s.ServiceRatio.merge(o.ServiceRatio)
	s.SpeedRatio.merge(o.SpeedRatio)
	for class, counts := range o.Misses {
		mine := s.miss(class)
		for i, c := range counts {
			mine[i] += c
		}
	}
}

func addTo[K comparable](cells map[K]Moments, key K, value, weight float64) map[K]Moments {
	if cells == nil {
		cells = map[K]Moments{}
	}
	m := cells[key]
	m.add(value, weight)
	cells[key] = m
	return cells
}

func mergeAll[K comparable](into, from map[K]Moments) map[K]Moments {
	if into == nil {
		return maps.Clone(from)
	}
	for key, m := range from {
		mine := into[key]
		mine.merge(m)
		into[key] = mine
	}
	return into
}

// kindOf is the kind by which a stop is counted: what is not known is other, so that their number is bounded.
func kindOf(kind tracker.StopKind) tracker.StopKind {
	if slices.Contains(tracker.StopKinds(), kind) {
		return kind
	}
	return tracker.StopOther
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
