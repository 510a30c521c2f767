package lastmile

import (
	"math"
	"time"

	"waybill/tracker"
)

// Pace is how fast a route is driven, as far as it is known now: of the network, of its depot, of its driver.
type Pace struct {
	zone *time.Location
	// halts are the logarithms of seconds by kind of stop and planned that of what is by what a plan says, with how far
	// they spread; left out is the chance of each kind.
	halts   map[tracker.StopKind]float64
	spreads map[tracker.StopKind]float64
	leftOut map[tracker.StopKind]float64
	planned float64
	// speeds are the logarithms of metres per second by hour of the week, hop that of seconds of a way of unknown length.
	speeds [7 * 24]float64
	hop    float64
	// haltRatio and speedRatio are what depot and driver add, as logarithms.
	haltRatio, speedRatio float64
	misses                []quantiles
	// stops is how many stops it was learnt from.
	stops int64
}

// What is assumed before anything was learnt: round figures of what carriers publish of city rounds.
var (
	priorHalts = map[tracker.StopKind]time.Duration{
		tracker.StopHouse: 100 * time.Second, tracker.StopFlat: 150 * time.Second, tracker.StopBusiness: 200 * time.Second,
		tracker.StopPickup: 5 * time.Minute, tracker.StopLocker: 5 * time.Minute, tracker.StopBreak: 30 * time.Minute,
		tracker.StopOther: 2 * time.Minute,
	}
	priorSpeed   = math.Log(6.0) // metres per second, between two stops in a town
	priorHop     = math.Log(100.0)
	priorLeftOut = 0.02
)

// Strengths of what a narrower group leans on, in stops.
const (
	strengthKind, strengthHour, strengthCell, strengthDepot, strengthDriver = 12, 20, 12, 25, 15
	haltSpread                                                              = 0.7
)

// NewPace makes the pace of a route from the states of the network, of its depot and of its driver, any of them nil.
func NewPace(zone *time.Location, network, depot, driver *State, now time.Time) *Pace {
	if network == nil {
		network = &State{}
	}
	scale := 1 / weightAt(now)
	p := &Pace{
		zone: zone, halts: map[tracker.StopKind]float64{}, spreads: map[tracker.StopKind]float64{}, leftOut: map[tracker.StopKind]float64{},
		planned: network.Planned.lean(0, strengthKind, scale), hop: network.Hop.lean(priorHop, strengthKind, scale), stops: network.Stops,
	}
	for kind, halt := range priorHalts {
		p.halts[kind] = network.Service[kind].lean(math.Log(halt.Seconds()), strengthKind, scale)
		p.spreads[kind] = network.Service[kind].spread(haltSpread, strengthKind, scale)
		p.leftOut[kind] = network.Skipped[kind].lean(priorLeftOut, 4*strengthKind, scale)
	}
	p.takeSpeeds(network, scale)
	states := []*State{network}
	if depot != nil {
		states = append(states, depot)
		p.haltRatio += depot.ServiceRatio.lean(0, strengthDepot, scale)
		p.speedRatio += depot.SpeedRatio.lean(0, strengthDepot, scale)
	}
	if driver != nil {
		// The driver's own habits lean on those of the depot: both are measured against the network.
		p.haltRatio = driver.ServiceRatio.lean(p.haltRatio, strengthDriver, scale)
		p.speedRatio = driver.SpeedRatio.lean(p.speedRatio, strengthDriver, scale)
	}
	for class := range len(classEnds) + 1 {
		p.misses = append(p.misses, missesOf(class, states, scale))
	}
	return p
}

// takeSpeeds takes each hour of the week from what was driven in it, leaning on that hour of all days, and this on all.
func (p *Pace) takeSpeeds(network *State, scale float64) {
	var all Moments
	var hours [24]Moments
	for cell, m := range network.Speed {
		all.merge(m)
		hours[(cell%24+24)%24].merge(m)
	}
	overall := all.lean(priorSpeed, strengthHour, scale)
	for cell := range p.speeds {
		hour := hours[cell%24].lean(overall, strengthHour, scale)
		p.speeds[cell] = network.Speed[cell].lean(hour, strengthCell, scale)
	}
}

// halt is how many seconds a stop takes; own adds what is known of depot and driver.
func (p *Pace) halt(s *tracker.Stop, own bool) float64 {
	log := p.halts[kindOf(s.Kind)]
	if s.Service > 0 {
		log = math.Log(s.Service.Seconds()) + p.planned
	}
	if own && s.Kind != tracker.StopBreak {
		log += p.haltRatio
	}
	return math.Exp(log)
}

// way is how many seconds it takes to come to a stop from the one before, leaving at a moment.
func (p *Pace) way(s *tracker.Stop, from time.Time, own bool) float64 {
	return p.drive(s.Metres, from, own)
}

// drive is how many seconds so many metres take; 0 is a way of unknown length.
func (p *Pace) drive(metres float64, from time.Time, own bool) float64 {
	if metres <= 0 {
		return math.Exp(p.hop)
	}
	log := p.speeds[hourOfWeek(from, p.zone)]
	if own {
		log += p.speedRatio
	}
	return metres / math.Exp(log)
}
