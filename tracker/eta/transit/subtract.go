package transit

import "math"

// Subtract takes back what another state had learnt, after outcomes that proved
// wrong. What was merged and is subtracted leaves, but for rounding, nothing
// behind; what had been forgotten meanwhile stays forgotten: no sum that cannot
// be negative becomes so.
func (s *State) Subtract(o *State) {
	for i := range s.Tracks {
		s.Tracks[i].subtract(&o.Tracks[i])
	}
}

func (t *Track) subtract(o *Track) {
	t.Learnt -= min(t.Learnt, o.Learnt)
	for e := range t.Effects {
		for key, mean := range o.Effects[e] {
			if mine := t.Effects[e][key]; mine != nil && !mine.subtract(*mean) {
				delete(t.Effects[e], key)
			}
		}
	}
	subtractPaces(t.Base, o.Base)
	subtractPaces(t.Forecast, o.Forecast)
	t.Ridge.subtract(&o.Ridge)
	t.All.subtract(&o.All)
	for i := range t.ByLength {
		t.ByLength[i].subtract(&o.ByLength[i])
	}
}

// subtract reports whether anything is left.
func (m *Mean) subtract(o Mean) bool {
	// What is left of an outcome that was taken back is rounding.
	const nothing = 1e-9
	before := m.Weight
	o.Weight, o.Sum = -o.Weight, -o.Sum
	if o.Scale > m.Scale {
		f := m.Scale.factor(o.Scale)
		*m = Mean{o.Scale, f * m.Weight, f * m.Sum}
		before *= f
	}
	m.merge(o)
	return m.Weight > nothing*before
}

func subtractPaces(from, what map[Key]*Pace) {
	for key, pace := range what {
		mine := from[key]
		if mine == nil {
			continue
		}
		for _, d := range pace.Days {
			if d.Day != 0 && mine.Days[uint32(d.Day)%paceRing].Day == d.Day { //nolint:gosec // days count from 1970
				mine.merge(PaceDay{Day: d.Day, Expected: -d.Expected, Information: -d.Information, Arrived: -d.Arrived})
			}
		}
	}
}

func (r *Ridge) subtract(o *Ridge) {
	if r.Sums == nil || o.Sums == nil {
		return
	}
	r.reach(o.Scale)
	f := o.Scale.factor(r.Scale)
	for i, sum := range o.Sums {
		r.Sums[i] -= f * sum
	}
}

func (r *Residuals) subtract(o *Residuals) {
	if r.Bins == nil || o.Bins == nil {
		return
	}
	r.reach(o.Scale)
	f := o.Scale.factor(r.Scale)
	for i, n := range o.Bins {
		r.Bins[i] = math.Max(0, r.Bins[i]-f*n)
	}
}
