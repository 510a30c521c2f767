package lastmile

import (
	"math"
	"time"

	"waybill/tracker"
)

// Fact is what one closed stop teaches. Ratios are logarithms of what was by what had been expected of the network
// alone, so that what a depot or a driver adds can be learnt beside it.
type Fact struct {
	At   time.Time        `cbor:"1,keyasint"`
	Kind tracker.StopKind `cbor:"2,keyasint,omitempty"`
	// Skipped: the vehicle did not halt there; nothing else was learnt.
	Skipped bool `cbor:"3,keyasint,omitempty"`
	// Service is the logarithm of how long it took in seconds, ServiceRatio of that by what was expected. Planned: what
	// was expected came from the plan.
	Service      float64 `cbor:"4,keyasint,omitempty"`
	ServiceRatio float64 `cbor:"5,keyasint,omitempty"`
	Planned      bool    `cbor:"6,keyasint,omitempty"`
	// Hour is the hour of the week of the way there (0 is Monday's first), Speed the logarithm of its speed in metres
	// per second, Hop that of its seconds where no distance is known.
	Hour       int     `cbor:"7,keyasint,omitempty"`
	Speed      float64 `cbor:"8,keyasint,omitempty"`
	SpeedRatio float64 `cbor:"9,keyasint,omitempty"`
	Driven     bool    `cbor:"10,keyasint,omitempty"`
	Hop        float64 `cbor:"11,keyasint,omitempty"`
	Hopped     bool    `cbor:"12,keyasint,omitempty"`
	// Served: Service is set.
	Served bool `cbor:"13,keyasint,omitempty"`
	// Misses are how wrong what was foretold of the stop was.
	Misses []Miss `cbor:"14,keyasint,omitempty"`
}

// Miss is the logarithm of how long it took by how long it was foretold to take, at so many stops left.
type Miss struct {
	Left  int     `cbor:"1,keyasint"`
	Ratio float64 `cbor:"2,keyasint"`
}

// What a clock in error, or a device that sends a day's scans at once, would teach is left out.
const (
	shortestService = time.Second
	longestService  = 3 * time.Hour
	slowest         = 0.2  // metres per second
	fastest         = 45.0 // metres per second
	longestHop      = 2 * time.Hour
)

// FactOf is what the stop of a route taught when it was closed; ok is false where it taught nothing.
func (p *Pace) FactOf(r *tracker.Route, stop int) (fact Fact, ok bool) {
	s := &r.Stops[stop]
	fact = Fact{At: s.ClosedAt, Kind: s.Kind, Skipped: s.State == tracker.StopSkipped}
	if fact.Skipped {
		return fact, true
	}
	for _, told := range s.Foretold {
		took := s.ClosedAt.Sub(told.At).Seconds()
		if took > 0 && told.In > 0 {
			fact.Misses = append(fact.Misses, Miss{told.Left, math.Log(took / told.In)})
		}
	}
	from, known := p.cameFrom(r, stop)
	if !known {
		return fact, len(fact.Misses) > 0
	}
	way, halt := s.ArrivedAt.Sub(from), s.ClosedAt.Sub(s.ArrivedAt)
	expectedWay, expectedHalt := p.way(s, from, false), p.halt(s, false)
	if s.ArrivedAt.IsZero() {
		// Only both together are known: each took its share of what they were expected to take.
		ratio := s.ClosedAt.Sub(from).Seconds() / (expectedWay + expectedHalt)
		way, halt = seconds(expectedWay*ratio), seconds(expectedHalt*ratio)
	}
	fact.take(s, way, halt, expectedWay, expectedHalt)
	fact.Hour = hourOfWeek(from, p.zone)
	return fact, fact.Served || fact.Driven || fact.Hopped || len(fact.Misses) > 0
}

// take fills in what is plausible of a way and a halt.
func (f *Fact) take(s *tracker.Stop, way, halt time.Duration, expectedWay, expectedHalt float64) {
	if halt >= shortestService && halt <= longestService {
		f.Served, f.Planned = true, s.Service > 0
		f.Service, f.ServiceRatio = math.Log(halt.Seconds()), math.Log(halt.Seconds()/expectedHalt)
	}
	if way <= 0 || way > longestHop {
		return
	}
	if s.Metres <= 0 {
		f.Hopped, f.Hop = true, math.Log(way.Seconds())
		return
	}
	if speed := s.Metres / way.Seconds(); speed >= slowest && speed <= fastest {
		f.Driven, f.Speed, f.SpeedRatio = true, math.Log(speed), math.Log(expectedWay/way.Seconds())
	}
}

// cameFrom is when the vehicle left for a stop: when it closed the one before. It is known only where the stop is the
// one that was driven to next.
func (p *Pace) cameFrom(r *tracker.Route, stop int) (time.Time, bool) {
	before := -1
	for i := range r.Stops {
		s := &r.Stops[i]
		if i != stop && s.Closed() && s.State != tracker.StopSkipped && !s.ClosedAt.After(r.Stops[stop].ClosedAt) &&
			(before < 0 || s.ClosedAt.After(r.Stops[before].ClosedAt)) {
			before = i
		}
	}
	if before < 0 {
		return r.StartedAt, stop == 0 && !r.StartedAt.IsZero() && r.StartedAt.Before(r.Stops[stop].ClosedAt)
	}
	for i := before + 1; i < stop; i++ {
		if r.Stops[i].State != tracker.StopSkipped {
			return time.Time{}, false
		}
	}
	return r.Stops[before].ClosedAt, before < stop && r.Stops[before].ClosedAt.Before(r.Stops[stop].ClosedAt)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// hourOfWeek counts from Monday's first hour.
func hourOfWeek(t time.Time, zone *time.Location) int {
	t = t.In(zone)
	return (int(t.Weekday())+6)%7*24 + t.Hour()
}
