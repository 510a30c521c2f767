package rounds

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/lastmile"
)

// Lefts are the numbers of stops left at which forecasts are scored.
var Lefts = []int{1, 2, 3, 5, 10, 20, 40, 80}

// Report says how good the forecasts were. Times are in minutes.
type Report struct {
	Rounds    int     `json:"rounds"`
	Scored    int     `json:"rounds_scored"`
	Seed      uint64  `json:"seed"`
	ByLeft    []Score `json:"by_stops_left"`
	All       Score   `json:"all"`
	FirstDays Score   `json:"first_two_days"`
}

// Score is how good the forecasts of a number of stops left were.
type Score struct {
	Left     int     `json:"stops_left,omitempty"`
	Count    int     `json:"count"`
	Coverage float64 `json:"coverage"`
	Below    float64 `json:"before_p10"`
	Above    float64 `json:"after_p90"`
	MAE      float64 `json:"mae_minutes"`
	Median   float64 `json:"median_error_minutes"`
	Bias     float64 `json:"bias_minutes"`
	Width    float64 `json:"width_minutes"`
	errors   []float64
}

func (s *Score) add(f *lastmile.Forecast, actual time.Time) {
	s.Count++
	off := actual.Sub(f.P50).Minutes()
	s.errors = append(s.errors, math.Abs(off))
	s.Bias += off
	s.MAE += math.Abs(off)
	s.Width += f.P90.Sub(f.P10).Minutes()
	switch {
	case actual.Before(f.P10):
		s.Below++
	case actual.After(f.P90):
		s.Above++
	default:
		s.Coverage++
	}
}

func (s *Score) finish() {
	if s.Count == 0 {
		return
	}
	n := float64(s.Count)
	s.Coverage, s.Below, s.Above, s.MAE, s.Bias, s.Width = s.Coverage/n, s.Below/n, s.Above/n, s.MAE/n, s.Bias/n, s.Width/n
	slices.Sort(s.errors)
	s.Median = s.errors[len(s.errors)/2]
	s.errors = nil
}

// Measure drives rounds day by day. Each is foretold from what the days before taught, at a moment between any two things
// that happen on it; what it teaches is known the day after. The first quarter is for learning and not scored, but for
// the first two days, which show what a fresh install does.
func Measure(seed uint64, rounds int, progress func(done int)) Report {
	m := measure{states: map[string]*lastmile.State{}, report: Report{Rounds: rounds, Seed: seed}}
	for _, left := range Lefts {
		m.report.ByLeft = append(m.report.ByLeft, Score{Left: left})
	}
	for from := 0; from < rounds; from += vans {
		var facts []func()
		for index := from; index < min(from+vans, rounds); index++ {
			m.scores, m.cold = index >= rounds/4, index < 2*vans
			if m.scores {
				m.report.Scored++
			}
			facts = append(facts, m.round(seed, index)...)
			progress(index + 1)
		}
		for _, learn := range facts {
			learn()
		}
	}
	for i := range m.report.ByLeft {
		m.report.ByLeft[i].finish()
	}
	m.report.All.finish()
	m.report.FirstDays.finish()
	return m.report
}

type measure struct {
	states map[string]*lastmile.State
	report Report
	// scores: the present round is scored; cold: it is among the first.
	scores, cold bool
}

func (m *measure) state(key string) *lastmile.State {
	if m.states[key] == nil {
		m.states[key] = &lastmile.State{}
	}
	return m.states[key]
}

// round drives one and gives what it taught, to be learnt later.
func (m *measure) round(seed uint64, index int) (facts []func()) {
	rng := rand.New(rand.NewPCG(seed, 1<<40+uint64(index))) //nolint:gosec // a simulation repeats, it keeps no secret
	drawn := Draw(seed, index)
	r := drawn.Route
	zone := r.StartsAt.Location()
	accounts := []*lastmile.State{m.state("network"), m.state(r.Depot), m.state(r.Driver)}
	pace := lastmile.NewPace(zone, accounts[0], accounts[1], accounts[2], r.StartsAt)
	for i, h := range drawn.Happenings {
		if h.Position {
			r.Position = tracker.Position{At: tracker.StampAt(h.At)}
			r.Left, r.LeftStop = h.Left, r.Stops[h.Stop].ID
		} else {
			r.Advance(h.Stop, h.State, h.At, h.At)
		}
		pace.Look(r, h.At)
		if r.Stops[h.Stop].Closed() {
			if fact, ok := pace.FactOf(r, h.Stop); ok {
				facts = append(facts, func() {
					for _, account := range accounts {
						account.Add(&fact)
					}
				})
			}
		}
		if i+1 < len(drawn.Happenings) {
			gap := drawn.Happenings[i+1].At.Sub(h.At)
			m.score(pace, &drawn, h.At.Add(time.Duration(rng.Float64()*float64(gap))))
		}
	}
	return facts
}

// score compares what is foretold at a moment with what happened. Stops that were left out in the end have no time.
func (m *measure) score(pace *lastmile.Pace, drawn *Round, now time.Time) {
	if !m.scores && !m.cold {
		return
	}
	for _, f := range pace.Forecast(drawn.Route, now) {
		at := slices.Index(Lefts, f.Left)
		if at < 0 || drawn.Route.Stops[f.Stop].Kind == tracker.StopBreak || drawn.skipped(f.Stop) {
			continue
		}
		actual := drawn.Closed[f.Stop]
		if m.cold {
			m.report.FirstDays.add(&f, actual)
		}
		if m.scores {
			m.report.ByLeft[at].add(&f, actual)
			m.report.All.add(&f, actual)
		}
	}
}

func (r *Round) skipped(stop int) bool {
	return slices.ContainsFunc(r.Happenings, func(h Happening) bool { return h.Stop == stop && h.State == tracker.StopSkipped })
}
