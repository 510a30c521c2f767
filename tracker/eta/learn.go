package eta

import (
	"time"

	"waybill/tracker/eta/transit"
)

// sum is what samples add to the state. It depends on them alone, so that the same batch makes the same sum whoever folds
// it.
type sum struct {
	state           *transit.State
	tallies         [shards]tallies
	learnt, refused int64
}

func newSum() *sum {
	s := &sum{state: transit.NewState()}
	for i := range s.tallies {
		s.tallies[i] = tallies{}
	}
	return s
}

// sum gives what a batch teaches, and what of earlier lessons it takes back.
func (m *Model) sum(samples []*sample) (learnt, undone *sum) {
	s, undone := newSum(), newSum()
	for _, one := range samples {
		switch {
		case one.Folded:
		case one.Undoes != nil:
			undone.end(m, one.Undoes)
		case one.Ended:
			s.end(m, one)
		default:
			s.begin(m, one)
		}
	}
	return s, undone
}

// delta is what a batch does to a shard: what is learnt, and what is taken back.
type delta struct {
	learnt, undone       *transit.State
	tallies, lessTallies tallies
}

func deltas(learnt, undone *sum) []delta {
	plus, minus := learnt.state.Split(shards), undone.state.Split(shards)
	list := make([]delta, shards)
	for i := range list {
		list[i] = delta{plus[i], minus[i], learnt.tallies[i], undone.tallies[i]}
	}
	return list
}

func (d *delta) empty() bool {
	return d.learnt == nil && d.undone == nil && len(d.tallies) == 0 && len(d.lessTallies) == 0
}

// into brings the delta into a shard. What is taken back may be of the same batch, so it comes last.
func (d *delta) into(s *shard) {
	if d.learnt != nil {
		s.state.Merge(d.learnt)
	}
	s.Tallies.merge(d.tallies)
	if d.undone != nil {
		s.state.Subtract(d.undone)
	}
	s.Tallies.subtract(d.lessTallies)
}

func (s *sum) begin(m *Model, one *sample) {
	for i := range one.Forecasts {
		f := &one.Forecasts[i]
		if err := s.state.Start(f.query(m), f.Basis); err != nil {
			m.log.Debug("a parcel under way is not counted", "key", one.row.Key, "error", err)
		}
	}
}

func (s *sum) end(m *Model, one *sample) {
	delivered, reported := time.UnixMilli(one.At), time.UnixMilli(one.Reported)
	s.learnt++
	for i := range one.Forecasts {
		f := &one.Forecasts[i]
		o := transit.Outcome{Query: f.query(m), Basis: f.Basis, Started: f.Started, Delivered: delivered}
		if one.HandedOver != 0 {
			o.HandedOver = time.UnixMilli(one.HandedOver)
		}
		if err := s.state.Learn(o, reported); err != nil {
			s.refused++
			m.log.Debug("an outcome is not learnt", "key", one.row.Key, "error", err)
		}
	}
	if delivered.After(reported.Add(24 * time.Hour)) {
		return // the carrier's clock is wrong: it says nothing else either
	}
	s.beside(one, weightAt(delivered))
}

// beside counts what is learnt beside the transit times.
func (s *sum) beside(one *sample, weight float64) {
	add := func(key string, size, bucket int) { s.tallies[shardFor(key)].add(key, size, bucket, weight) }
	if one.Lane != "" {
		add(lanePrefix+one.Lane, 1, 0)
	}
	if one.ErrorOf != "" {
		bucket := errorBucketOf(one.ErrorHours)
		add(errorPrefix+one.ErrorOf, errorBuckets, bucket)
		if one.Lane != "" {
			add(errorPrefix+one.Lane, errorBuckets, bucket)
		}
	}
	for _, g := range one.Gaps {
		if g.Hours >= 0 && g.Hours < longest {
			add(gapPrefix+g.Key, buckets, bucketOf(g.Hours))
		}
	}
}

const (
	lanePrefix  = "lane/"
	errorPrefix = "error/"
	gapPrefix   = "gap/"
)
