package transit

import (
	"errors"
	"fmt"
	"math"
	"time"
)

const (
	// maxWork is the longest transit that is learnt as such, in working days:
	// a parcel found after half a year was lost, not slow.
	maxWork = 60
	// maxResidual bounds what one outcome says of its group.
	maxResidual = 1.5
	// huber is the residual from which an outcome's weight falls.
	huber = 0.5
	// refreshEvery is after how many outcomes the strengths are fitted again.
	refreshEvery = 64
	// commonWeight bounds what the residuals of all lengths weigh, in outcomes,
	// against those of the predicted length.
	commonWeight = 300
	// clockError is by how much an arrival may precede its start, or follow the
	// moment it is reported, and still be taken for one.
	clockError = 24 * time.Hour
)

// Reasons for which Learn and Start refuse.
var (
	ErrImplausible = errors.New("implausible times")
	ErrBasis       = errors.New("basis of another version of the model")
)

// Model predicts. It is not safe for concurrent use: whoever shares it guards it.
type Model struct {
	State
	strengths [moments][features]float64
}

// New is a model of which every track is a prior: it has learnt nothing yet.
func New() *Model {
	m := &Model{State: newState()}
	m.Refresh()
	return m
}

// Refresh fits the strengths of the features to the state. Learn does so
// itself now and then; it is needed after the state was read or merged into.
func (m *Model) Refresh() {
	for i := range m.Tracks {
		m.strengths[i] = m.Tracks[i].Ridge.solve(m.Tracks[i].Latest)
	}
}

// Predict tells when the parcel of a query will arrive. It changes nothing.
func (m *Model) Predict(q Query) Prediction {
	t := &m.Tracks[q.Moment]
	k, at := keysOf(&q), civil(q.At)
	clock := newClock(q.Origin, q.Destination, at)
	b := Basis{Version: Version}
	b.Effects = t.levels(&q, &k, at)
	for _, level := range b.Effects[:baseEffects] {
		b.Base += float64(level)
	}
	seen := t.shifts(&k, at)
	b.Features = vector(&q, &clock, &b.Effects, &seen, at)
	strengths := &m.strengths[q.Moment]
	for i, x := range b.Features {
		b.Center += strengths[i] * float64(x)
	}
	for _, shift := range seen.forecast {
		b.Center += correction * lasting(shift)
	}
	b.Center = clamp(b.Center, logWork(0), logWork(maxWork))

	histogram := priorResiduals
	t.All.into(&histogram, at, commonWeight)
	t.ByLength[length(b.Center)].into(&histogram, at, math.Inf(1))
	p := Prediction{Start: q.At, Basis: b, Reason: t.reason(&k, &b, strengths, &seen, at)}
	var residuals [len(Levels)]float64
	quantiles(&histogram, Levels[:], residuals[:])
	widen(&residuals, seen.unrest())
	walk := walker{clock: &clock, at: at}
	for i, r := range residuals {
		p.Quantiles[i] = walk.to(math.Min(workOf(b.Center+r), maxDays/2)) - at
	}
	return p
}

// length is the class of a predicted time: each has residuals of its own.
func length(center float64) int {
	return int(clamp(math.Floor((center-0.4)/0.3), 0, lengths-1))
}

// Start counts a parcel as under way, by the basis of its prediction. Each
// prediction is started once at most, before it is learnt.
func (s *State) Start(q Query, b Basis) error {
	if err := b.check(&q); err != nil {
		return err
	}
	k, start := keysOf(&q), civil(q.At)
	clock := newClock(q.Origin, q.Destination, start)
	t := &s.Tracks[q.Moment]
	t.expect(&clock, &k, &b, start, start, 1)
	return nil
}

// Learn adds an outcome. It depends on the outcome alone, not on what was
// learnt before. The caller sees to it that each is learnt once; reported is
// the moment the caller heard of it, by its own clock.
//
// Times that cannot be are refused with ErrImplausible and change nothing but
// that a started parcel is no longer expected.
func (m *Model) Learn(o Outcome, reported time.Time) error {
	if err := m.State.Learn(o, reported); err != nil {
		return err
	}
	if t := &m.Tracks[o.Query.Moment]; t.Learnt%refreshEvery == 0 {
		m.strengths[o.Query.Moment] = t.Ridge.solve(t.Latest)
	}
	return nil
}

// Learn is that of Model, for a state that nobody predicts by: a worker's
// additions, to be merged.
func (s *State) Learn(o Outcome, reported time.Time) error {
	q, b := &o.Query, &o.Basis
	if err := b.check(q); err != nil {
		return err
	}
	k, start := keysOf(q), civil(q.At)
	clock := newClock(q.Origin, q.Destination, start)
	t := &s.Tracks[q.Moment]
	if err := o.plausible(reported); err != nil {
		if o.Started {
			t.expect(&clock, &k, b, start, start, -1)
		}
		return err
	}
	at := math.Max(start, civil(o.Delivered.In(q.At.Location())))
	if o.Started {
		t.expect(&clock, &k, b, start, at, -1)
		t.arrive(&clock, &k, b, start, at)
	}
	y := logWork(math.Min(clock.work(start, at), maxWork))
	t.learnEffects(&k, b, at, y)
	t.learnHandling(&k, &o, at)

	residual := y - b.Center
	var x [features]float64
	for i, value := range b.Features {
		x[i] = float64(value)
	}
	t.Ridge.add(at, &x, y, math.Min(1, huber/math.Abs(residual)))
	t.All.add(at, residual)
	t.ByLength[length(b.Center)].add(at, residual)
	t.Learnt++
	t.Latest = math.Max(t.Latest, at)
	return nil
}

func (o *Outcome) plausible(reported time.Time) error {
	took := o.Delivered.Sub(o.Query.At)
	if took < -clockError || took > maxDays*24*time.Hour {
		return fmt.Errorf("%w: delivered %s, %s after the prediction at %s",
			ErrImplausible, o.Delivered, took, o.Query.At)
	}
	if o.Delivered.After(reported.Add(clockError)) {
		return fmt.Errorf("%w: delivered %s, reported before that at %s", ErrImplausible, o.Delivered, reported)
	}
	return nil
}

// learnHandling adds the shipper's time from purchase to hand-over.
func (t *Track) learnHandling(k *keys, o *Outcome, at float64) {
	if o.Query.Moment != Purchase || o.HandedOver.IsZero() {
		return
	}
	days := clamp(o.HandedOver.Sub(o.Query.At).Hours()/24, 0, maxWork)
	t.learnEffect(k, effectHandling, at, math.Log(1+days))
	t.learnEffect(k, effectHandlings, at, math.Log(1+days))
}
