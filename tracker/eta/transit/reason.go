package transit

import "math"

// Reason says what a prediction rests on, for words like "usually 3 working
// days from Cologne to Lyon; slower this week".
type Reason struct {
	// Group is the narrowest group with outcomes enough to speak of: "lane",
	// "service", "distance", "network"; "prior" where nothing is learnt yet.
	Group string
	// Sample is the decayed number of outcomes in it.
	Sample float64
	// Usual is the working days that such a parcel takes in usual times.
	Usual float64
	// Congestion is the factor on the time by how parcels of the carrier and at
	// both ends have been arriving lately: over 1 is slower than usual.
	// Expected takes only a part of a slower pace to last.
	Congestion float64
	// Expected is the working days that are predicted now, the median.
	Expected float64
}

// groupSample is how many outcomes a group needs to be named as the reason.
const groupSample = 8

func (t *Track) reason(k *keys, b *Basis, strengths *[features]float64, seen *shifts, at float64) Reason {
	r := Reason{Group: "prior", Usual: workOf(b.Base), Expected: workOf(b.Center)}
	for e := effectNetwork; e <= effectPostcode; e++ {
		m := t.Effects[e][k.effects[e]]
		if m == nil {
			continue
		}
		if weight, _ := m.at(at, tables[e].halfLife); weight >= groupSample {
			r.Group, r.Sample = tables[e].name, weight
		}
	}
	var pace float64
	for i := range 3 {
		pace += strengths[featureRecent+i] * float64(b.Features[featureRecent+i])
	}
	for i, shift := range seen.base {
		pace += strengths[featurePace+i] * shift
	}
	for _, shift := range seen.forecast {
		pace += correction * shift
	}
	r.Congestion = math.Exp(pace)
	return r
}
