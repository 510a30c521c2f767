package transit

// effect numbers the tables of decayed means.
type effect int

const (
	effectNetwork effect = iota
	effectDistance
	effectService
	effectLane
	effectPostcode
	effectShipper
	// Beyond the base: what the origin adds.
	effectOrigin
	effectOriginTo
	// The logarithm of the days until hand-over, by shipper and of all.
	effectHandling
	effectHandlings
	// Residuals of the base in the carrier's whole network, over three times.
	effectWeek
	effectFortnight
	effectMonth
	effects
)

// baseEffects are the first so many: the ones that add up to the base.
const baseEffects = int(effectShipper) + 1

// table says how an effect is remembered and how far it is trusted.
type table struct {
	name string
	// halfLife in days; prior in outcomes of no effect that the mean starts with.
	halfLife, prior float64
}

var tables = [effects]table{
	effectNetwork:   {"network", 600, 5},
	effectDistance:  {"distance", 600, 30},
	effectService:   {"service", 600, 20},
	effectLane:      {"lane", 600, 20},
	effectPostcode:  {"postcode", 600, 15},
	effectShipper:   {"shipper", 150, 10},
	effectOrigin:    {"origin", 600, 10},
	effectOriginTo:  {"origin to", 600, 10},
	effectHandling:  {"handling", 60, 3},
	effectHandlings: {"handlings", 60, 3},
	effectWeek:      {"week", 3, 10},
	effectFortnight: {"fortnight", 8, 20},
	effectMonth:     {"month", 25, 40},
}

// Priors that a fresh install starts with: four working days by any carrier,
// from 2 days nearby to 6 across a continent, and about a day and a half of handling.
const (
	priorY        = 1.5
	priorHandling = 1
)

// priorDistance is what the distance adds to priorY before anything is learnt.
func priorDistance(q *Query) float64 {
	logKM, known := q.distance()
	if !known {
		return 0
	}
	return clamp(0.3*(logKM-6), -0.7, 0.5)
}

// levels are the effects of a query at its moment.
func (t *Track) levels(q *Query, k *keys, at float64) (values [effects]float32) {
	for e, key := range k.effects {
		if m := t.Effects[e][key]; m != nil {
			values[e] = float32(m.shrunk(at, tables[e].halfLife, tables[e].prior))
		}
	}
	// These are not shrunk to none but to what is common.
	values[effectNetwork] = t.towards(k, effectNetwork, at, priorY)
	values[effectDistance] = t.towards(k, effectDistance, at, priorDistance(q))
	values[effectHandlings] = t.towards(k, effectHandlings, at, priorHandling)
	values[effectHandling] = t.towards(k, effectHandling, at, float64(values[effectHandlings]))
	return values
}

func (t *Track) towards(k *keys, e effect, at, common float64) float32 {
	m := t.Effects[e][k.effects[e]]
	if m == nil {
		return float32(common)
	}
	weight, sum := m.at(at, tables[e].halfLife)
	return float32((sum + tables[e].prior*common) / (weight + tables[e].prior))
}

// learnEffects adds a transit of y. Each of the nested effects learns what the
// ones before it left; those of shipper and origin what lane and postcode left.
func (t *Track) learnEffects(k *keys, b *Basis, at, y float64) {
	left := y
	for e := effectNetwork; e <= effectPostcode; e++ {
		t.learnEffect(k, e, at, left)
		left -= float64(b.Effects[e])
	}
	t.learnEffect(k, effectShipper, at, left)
	t.learnEffect(k, effectOrigin, at, left)
	t.learnEffect(k, effectOriginTo, at, left)
	recent := clamp(y-b.Base, -maxResidual, maxResidual)
	t.learnEffect(k, effectWeek, at, recent)
	t.learnEffect(k, effectFortnight, at, recent)
	t.learnEffect(k, effectMonth, at, recent)
}

func (t *Track) learnEffect(k *keys, e effect, at, value float64) {
	m := t.Effects[e][k.effects[e]]
	if m == nil {
		m = &Mean{}
		t.Effects[e][k.effects[e]] = m
	}
	m.add(at, tables[e].halfLife, value)
}
