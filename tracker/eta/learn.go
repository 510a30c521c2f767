package eta

import (
	"time"

	"waybill/tracker/eta/transit"
)

// sum is what a batch of samples adds to the state. It depends on the samples alone, so that the same batch makes the same
// sum whoever folds it.
type sum struct {
	state           *transit.State
	tallies         [shards]tallies
	learnt, refused int64
}

func (m *Model) sum(samples []*sample) *sum {
	s := &sum{state: transit.NewState()}
	for i := range s.tallies {
		s.tallies[i] = tallies{}
	}
	for _, one := range samples {
		switch {
		case one.Folded:
		case one.Ended:
			s.end(m, one)
		default:
			s.begin(m, one)
		}
	}
	return s
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
