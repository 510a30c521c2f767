package eta

import (
	"math"
	"slices"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

// foresight is an arrival as it is foreseen from now: the distribution, and what it rests on.
type foresight struct {
	// at are the quantiles of the arrival at transit.Levels, as days from now.
	at [len(transit.Levels)]float64
	// made are the predictions that it rests on, for the outcome to be learnt against; the last is the one that counts.
	made       []made
	source     string
	confidence string
	why        tracker.Why
}

type made struct {
	query      transit.Query
	prediction transit.Prediction
}

// leaning is how many outcomes weigh as much as what is usual anywhere.
const leaning = 20

// levels are the probabilities at which an arrival is foreseen, and the places of two among them.
var (
	levels   = transit.Levels
	p10, p90 = placeOfLevel(0.1), placeOfLevel(0.9)
)

func placeOfLevel(level float64) int { return slices.Index(levels[:], level) }

// foresee predicts from the last point of the way that tells something: the scan, else the hand-over, else the purchase.
// Where parcels at this point are hardly known, the hand-over speaks where that is known better.
func (m *Model) foresee(k *knowledge, j *journey, d door, now time.Time) *foresight {
	f := &foresight{source: sourceModel}
	ask := func(moment transit.Moment) *made {
		q := j.query(moment, now, d)
		f.made = append(f.made, made{q, k.predict(q)})
		return &f.made[len(f.made)-1]
	}
	switch {
	case j.started.IsZero():
		ask(transit.Purchase)
	case j.stage == "" || j.stage == stageStart || j.stage == stageVehicle:
		ask(transit.Handover)
	default:
		handover, scan := *ask(transit.Handover), *ask(transit.Scan)
		if speaks(&handover.prediction) > 0 && speaks(&scan.prediction) == 0 {
			f.made[0], f.made[1] = scan, handover
		}
	}
	last := &f.made[len(f.made)-1]
	p := last.prediction
	scale := m.prior(j, &last.query, speaks(&p)) * lately(k, &last.query, &p, now)
	for i := range p.Quantiles {
		p.Quantiles[i] *= scale
	}
	f.since(&p, now)
	f.explain(j, &last.query, &p.Reason, scale)
	return f
}

// speaks is how many outcomes of such parcels the prediction rests on; 0 where only wider groups are known.
func speaks(p *transit.Prediction) float64 {
	switch p.Reason.Group {
	case "service", "lane", "postcode":
		return p.Reason.Sample
	}
	return 0
}

// prior is the factor on the time of parcels that are not known yet: the model starts from standard parcels at hand-over
// on a way of usual length. It fades as outcomes come in.
func (m *Model) prior(j *journey, q *transit.Query, sample float64) float64 {
	factor := map[tracker.ServiceLevel]float64{tracker.SameDay: 0.08, tracker.Express: 0.5, tracker.Economy: 1.6}[j.level]
	if factor == 0 {
		factor = 1
	}
	if q.Moment == transit.Scan {
		if left := map[stage]float64{stageDeparted: 0.65, stageFacility: 0.7, stageCountry: 0.6, stageDepot: 0.3}[j.stage]; left > 0 {
			factor *= left
		}
	}
	if q.DistanceKM == 0 && j.origin.Country != "" && j.destination.Country != "" && j.origin.Country != j.destination.Country {
		factor *= 1.5
	}
	return math.Pow(factor, leaning/(leaning+sample))
}

// lately is by how much parcels fare otherwise now than when this one was at the point that it is foreseen from: the pace
// of these days as far as the prediction does not have it.
func lately(k *knowledge, q *transit.Query, p *transit.Prediction, now time.Time) float64 {
	if now.Sub(q.At) < 12*time.Hour || p.Reason.Congestion <= 0 {
		return 1
	}
	today := *q
	today.At = now.In(q.At.Location())
	if today.Moment == transit.Scan { // stages have no pace of their own
		return 1
	}
	const most = 3
	return math.Min(most, math.Max(1/most, k.predict(today).Reason.Congestion/p.Reason.Congestion))
}

// since leaves out the times at which the parcel has not come.
func (f *foresight) since(p *transit.Prediction, now time.Time) {
	given := p.Given(now)
	passed := now.Sub(p.Start).Hours() / 24
	for i, level := range levels {
		f.at[i] = math.Max(0, given.Days(level)-passed)
	}
}

// explain says what the prediction rests on.
func (f *foresight) explain(j *journey, q *transit.Query, r *transit.Reason, scale float64) {
	from := j.origin
	if q.Moment == transit.Scan {
		from = known(j.place, j.origin)
	}
	f.why = tracker.Why{
		Kind: tracker.WhyUsual, Days: float32(r.Usual * scale), From: townOf(from), To: townOf(j.destination), Sample: int(math.Round(r.Sample)),
		Waits: j.started.IsZero(),
	}
	f.confidence = confidenceLow
	switch r.Group {
	case "prior":
		f.why.Kind, f.why.Sample = tracker.WhyGuess, 0
	case "network", "distance":
		f.confidence = confidenceMedium
	case "service":
		f.confidence = confidenceMedium
	default:
		f.confidence = confidenceHigh
	}
	const felt = 0.12 // an eighth more or less is felt
	switch pace := math.Log(r.Congestion); {
	case f.why.Kind == tracker.WhyGuess:
	case pace > felt:
		f.why.Pace = 1
	case pace < -felt:
		f.why.Pace = -1
	}
}

// townOf is a place as people call it.
func townOf(l tracker.Location) string {
	if l.City != "" {
		return l.City
	}
	return l.Country
}
