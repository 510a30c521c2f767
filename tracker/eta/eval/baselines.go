package eval

import (
	"slices"
	"time"
)

// BaselineNames are the baselines in the order of Scored.Baselines.
var BaselineNames = [...]string{"promise", "all-time quantiles", "trailing 90-day lane quantiles"}

const (
	trailing = 90 * 24 * time.Hour
	// leastTrailing is how many outcomes a lane needs; with fewer, the quantiles
	// of all lanes are taken.
	leastTrailing = 30
)

// baselines predict without a model, from outcomes released so far.
type baselines struct {
	ever  sample
	lanes map[string]*recent
	all   *recent
}

func newBaselines() *baselines {
	return &baselines{lanes: map[string]*recent{}, all: &recent{}}
}

func lane(row *Row) string { return row.From.Region + "-" + row.To.Region }

// learn adds a delivery of a row that was predicted at a moment.
func (b *baselines) learn(row *Row, at time.Time) {
	took := days(row.Delivered.Sub(at))
	b.ever.add(took)
	b.all.add(row.Delivered, took)
	of := b.lanes[lane(row)]
	if of == nil {
		of = &recent{}
		b.lanes[lane(row)] = of
	}
	of.add(row.Delivered, took)
}

func (b *baselines) predict(row *Row, at time.Time) (windows [len(BaselineNames)]*Window) {
	if !row.Promised.IsZero() {
		// The promise names a day: it is kept until that day's end.
		end := days(row.Promised.AddDate(0, 0, 1).Sub(at))
		windows[0] = &Window{end, end, end}
	}
	windows[1] = b.ever.window()
	of := b.lanes[lane(row)]
	if of != nil {
		of.forget(at)
	}
	if of == nil || len(of.values) < leastTrailing {
		of = b.all
		of.forget(at)
	}
	windows[2] = of.window()
	return windows
}

// sample is sorted values.
type sample struct{ values []float64 }

func (s *sample) add(value float64) {
	i, _ := slices.BinarySearch(s.values, value)
	s.values = slices.Insert(s.values, i, value)
}

func (s *sample) window() *Window {
	if len(s.values) == 0 {
		return nil
	}
	var w Window
	for i, level := range WindowLevels {
		w[i] = s.values[int(level*float64(len(s.values)-1)+0.5)]
	}
	return &w
}

// recent is a sample that forgets.
type recent struct {
	sample
	queue []released
}

type released struct {
	at    time.Time
	value float64
}

func (r *recent) add(at time.Time, value float64) {
	r.sample.add(value)
	r.queue = append(r.queue, released{at, value})
}

// forget drops what was released longer than the trailing time before now.
func (r *recent) forget(now time.Time) {
	for len(r.queue) > 0 && now.Sub(r.queue[0].at) > trailing {
		i, _ := slices.BinarySearch(r.values, r.queue[0].value)
		r.values = slices.Delete(r.values, i, i+1)
		r.queue = r.queue[1:]
	}
}
