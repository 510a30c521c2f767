package transit

import "math"

// lengths is the number of classes of predicted time.
const lengths = 8

// Track is what is learnt for one moment.
type Track struct {
	// Learnt counts outcomes; Latest is the newest's civil time, in days since 1970.
	Learnt uint64  `cbor:"1,keyasint"`
	Latest float64 `cbor:"2,keyasint"`

	Effects [effects]map[Key]*Mean `cbor:"3,keyasint"`
	// Base is the pace against the base, Forecast that against the forecast.
	Base     map[Key]*Pace `cbor:"4,keyasint"`
	Forecast map[Key]*Pace `cbor:"5,keyasint"`
	Ridge    Ridge         `cbor:"6,keyasint"`
	// All is the residuals of every length, ByLength those of each class.
	All      Residuals          `cbor:"7,keyasint"`
	ByLength [lengths]Residuals `cbor:"8,keyasint"`
}

func newTrack() Track {
	t := Track{Base: map[Key]*Pace{}, Forecast: map[Key]*Pace{}}
	for e := range t.Effects {
		t.Effects[e] = map[Key]*Mean{}
	}
	return t
}

// expect adds, or with sign -1 takes back, the expected arrivals from a civil
// time on of a parcel that started at start.
func (t *Track) expect(clock *clock, k *keys, b *Basis, start, from, sign float64) {
	add := func(of map[Key]*Pace) func(PaceDay) {
		into := pacesOf(of, k)
		return func(d PaceDay) {
			d.Expected *= sign
			d.Information *= sign
			for _, p := range into {
				p.merge(d)
			}
		}
	}
	expect(clock, start, from, b.Base, add(t.Base))
	expect(clock, start, from, b.Center, add(t.Forecast))
}

// today is the day up to which paces are looked back on. Days without a single
// outcome say that nobody reports, not that nothing arrives.
func (t *Track) today(at float64) int32 { return int32(math.Min(at, t.Latest+1)) }

func (t *Track) arrive(clock *clock, k *keys, b *Basis, start, at float64) {
	if at >= start+paceDays {
		return
	}
	for _, p := range pacesOf(t.Base, k) {
		p.merge(arrive(clock, start, at, b.Base))
	}
	for _, p := range pacesOf(t.Forecast, k) {
		p.merge(arrive(clock, start, at, b.Center))
	}
}

func pacesOf(all map[Key]*Pace, k *keys) (of [paces]*Pace) {
	for i, key := range k.paces {
		p := all[key]
		if p == nil {
			p = &Pace{}
			all[key] = p
		}
		of[i] = p
	}
	return of
}

func (t *Track) merge(o *Track) {
	t.Learnt += o.Learnt
	t.Latest = max(t.Latest, o.Latest)
	for e := range t.Effects {
		mergeEffect(t.Effects[e], o.Effects[e])
	}
	mergePaces(t.Base, o.Base)
	mergePaces(t.Forecast, o.Forecast)
	t.Ridge.merge(&o.Ridge)
	t.All.merge(&o.All)
	for i := range t.ByLength {
		t.ByLength[i].merge(&o.ByLength[i])
	}
}

func mergeEffect(into, from map[Key]*Mean) {
	for key, mean := range from {
		mine := into[key]
		if mine == nil {
			mine = &Mean{}
			into[key] = mine
		}
		mine.merge(*mean)
	}
}

func mergePaces(into, from map[Key]*Pace) {
	for key, pace := range from {
		mine := into[key]
		if mine == nil {
			mine = &Pace{}
			into[key] = mine
		}
		for _, day := range pace.Days {
			mine.merge(day)
		}
	}
}

// prune drops the effects that weigh less than a twentieth of an outcome and
// the paces of which nothing is looked back on any more.
func (t *Track) prune(at float64) {
	const least = 0.05
	for e, means := range t.Effects {
		for key, mean := range means {
			if weight, _ := mean.at(at, tables[e].halfLife); weight < least {
				delete(means, key)
			}
		}
	}
	for _, all := range []map[Key]*Pace{t.Base, t.Forecast} {
		for key, pace := range all {
			if pace.newest() < int32(at)-paceRing {
				delete(all, key)
			}
		}
	}
}
