package rounds

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"waybill/tracker"
)

// Happening is one thing that happens on a round.
type Happening struct {
	At time.Time
	// Stop is the index of the stop that comes to State; for a position, that the van drives to.
	Stop  int
	State tracker.StopState
	// Position: the van reports where it is, so many metres from the stop.
	Position bool
	Left     float64
}

// Round is a route as it is planned, and what truly happened, in order.
type Round struct {
	Route      *tracker.Route
	Happenings []Happening
	// Closed is when each stop was truly closed.
	Closed []time.Time
}

// first is the day on which the world begins, a Monday.
var first = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)

// Zone is where the vans drive.
const Zone = "Europe/Berlin"

// Draw makes the round of that index: some vans drive each day but Sundays, and the same seed makes the same rounds.
func Draw(seed uint64, index int) Round {
	rng := rand.New(rand.NewPCG(seed, uint64(index)+1)) //nolint:gosec // a simulation repeats, it keeps no secret
	van := index % vans
	day := index / vans
	date := first.AddDate(0, 0, day/6*7+day%6)
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		panic("rounds: " + err.Error()) // it is in every table of zones
	}
	start := time.Date(date.Year(), date.Month(), date.Day(), 8, rng.IntN(90), 0, 0, zone)
	depot := van % depots
	// Drivers and the day's traffic are the same wherever they are drawn for.
	driver := around(rand.New(rand.NewPCG(seed, 1<<32+uint64(van))), driverSpread)                //nolint:gosec // as above
	traffic := around(rand.New(rand.NewPCG(seed, 1<<33+uint64(day*depots+depot))), trafficSpread) //nolint:gosec // as above
	d := drive{
		rng: rng, driver: driver * around(rng, daySpread), traffic: traffic, at: start.Add(time.Duration(rng.IntN(15)) * time.Minute),
		arrivals: hits(rng, arrivalPercent), gps: hits(rng, gpsPercent),
	}
	d.round.Route = &tracker.Route{
		ID: fmt.Sprintf("round-%d", index), Vehicle: fmt.Sprintf("van-%d", van), Driver: fmt.Sprintf("driver-%d", van),
		Depot: fmt.Sprintf("depot-%d", depot), Zone: Zone, StartsAt: start, CreatedAt: start.Add(-2 * time.Hour), UpdatedAt: start,
	}
	d.plan(fewest + rng.IntN(most-fewest+1))
	d.run()
	return d.round
}

// Short makes a round of a few stops, two at least, that leaves at a moment, in the same world: a van to watch. It takes no break, and its
// driver tells of every arrival and sends positions. The same seed and index make the same one.
func Short(seed uint64, index, stops int, leaves time.Time) Round {
	rng := rand.New(rand.NewPCG(seed, 1<<34+uint64(index))) //nolint:gosec // as above
	d := drive{
		rng: rng, driver: around(rng, driverSpread) * around(rng, daySpread), traffic: around(rng, trafficSpread), at: leaves,
		arrivals: true, gps: true, breakAfter: -1,
	}
	d.round.Route = &tracker.Route{ID: fmt.Sprintf("short-%d", index), Zone: Zone, StartsAt: leaves, CreatedAt: leaves, UpdatedAt: leaves}
	for i := range stops {
		d.stop(i)
	}
	d.round.Route.Stops[0].Metres = d.round.Route.Stops[1].Metres // it is in its district already
	d.run()
	return d.round
}

// drive is a round as it is being driven.
type drive struct {
	rng             *rand.Rand
	round           Round
	kinds           []kind
	driver, traffic float64
	at              time.Time
	arrivals, gps   bool
	// breakAfter is the stop after which the driver rests; announced breaks are stops of their own.
	breakAfter int
	announced  bool
}

// plan draws the stops.
func (d *drive) plan(count int) {
	d.breakAfter, d.announced = count*2/5+d.rng.IntN(count/5), d.rng.IntN(2) == 0
	for i := range count {
		d.stop(i)
		if i == d.breakAfter && d.announced {
			rest := tracker.Stop{ID: "break", Kind: tracker.StopBreak, Service: 30 * time.Minute, Metres: 200}
			d.add(rest, kind{kind: tracker.StopBreak, median: 1900, spread: 0.12})
		}
	}
}

// stop draws the next stop; the first is far from the depot.
func (d *drive) stop(i int) {
	k := drawKind(d.rng)
	metres := 350 * around(d.rng, 0.8)
	if i == 0 {
		metres = 5000 + 8000*d.rng.Float64()
	}
	d.add(tracker.Stop{ID: fmt.Sprintf("s%d", i+1), Kind: k.kind, Metres: math.Round(metres)}, k)
}

func (d *drive) add(s tracker.Stop, k kind) {
	d.round.Route.Stops, d.kinds = append(d.round.Route.Stops, s), append(d.kinds, k)
}

// run drives the stops in their order; those passed by come last.
func (d *drive) run() {
	stops := d.round.Route.Stops
	d.round.Closed = make([]time.Time, len(stops))
	var later []int
	for i := range stops {
		if stops[i].Kind != tracker.StopBreak && i > 0 && i < len(stops)-1 && hits(d.rng, passedPercent) {
			later = append(later, i)
			continue
		}
		d.visit(i, false)
	}
	for _, i := range later {
		d.visit(i, true)
	}
}

// visit drives to a stop and does what is to be done there.
func (d *drive) visit(i int, back bool) {
	s := &d.round.Route.Stops[i]
	metres := s.Metres
	if back {
		metres += 2500
	}
	d.travel(i, metres)
	if s.Kind != tracker.StopBreak && hits(d.rng, skippedPercent) {
		d.close(i, tracker.StopSkipped)
		return
	}
	if hits(d.rng, windowPercent) && s.Kind != tracker.StopBreak {
		s.Window.From = d.at.Add(time.Duration(d.rng.IntN(25)-15) * time.Minute).Truncate(5 * time.Minute)
	}
	if d.at.Before(s.Window.From) {
		d.at = s.Window.From
	}
	if d.arrivals || s.Kind == tracker.StopBreak {
		d.happen(Happening{Stop: i, State: tracker.StopArrived})
	}
	k := d.kinds[i]
	halt := k.median * around(d.rng, k.spread)
	if s.Kind != tracker.StopBreak {
		halt *= d.driver
	}
	state := tracker.StopDone
	if s.Kind != tracker.StopBreak && hits(d.rng, failedPercent) {
		state, halt = tracker.StopFailed, halt*0.6
	}
	if hits(d.rng, mishapPercent) {
		halt += 60 * (8 + 17*d.rng.Float64())
	}
	d.pass(halt)
	d.close(i, state)
	if i == d.breakAfter && !d.announced {
		d.pass(60 * (25 + 15*d.rng.Float64()))
	}
}

// travel drives so many metres to a stop; half-way the van may say where it is.
func (d *drive) travel(to int, metres float64) {
	took := metres / (freeFlow * flow(d.at) * d.traffic * around(d.rng, waySpread))
	if !d.gps || took < 60 {
		d.pass(took)
		return
	}
	part := 0.3 + 0.4*d.rng.Float64()
	d.pass(took * part)
	d.happen(Happening{Stop: to, Position: true, Left: metres * (1 - part)})
	d.pass(took * (1 - part))
}

func (d *drive) pass(seconds float64) { d.at = d.at.Add(time.Duration(seconds * float64(time.Second))) }

func (d *drive) close(stop int, state tracker.StopState) {
	d.round.Closed[stop] = d.at
	d.happen(Happening{Stop: stop, State: state})
}

func (d *drive) happen(h Happening) {
	h.At = d.at
	d.round.Happenings = append(d.round.Happenings, h)
}
