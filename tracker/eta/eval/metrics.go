package eval

import (
	"math"
	"slices"
)

// Metrics is how well windows met the deliveries; the names are those of --json.
// They are zero where no row was scored.
type Metrics struct {
	// Rows is how many were scored.
	Rows int `json:"rows"`
	// MAE and MedAE are the mean and the median of |actual - p50|, in days.
	MAE   float64 `json:"mae_days"`
	MedAE float64 `json:"medae_days"`
	// Within1 and Within2 are the shares with |actual - p50| of at most 1 and 2 days.
	Within1 float64 `json:"within_1d"`
	Within2 float64 `json:"within_2d"`
	// Coverage is the share with p10 <= actual <= p90.
	Coverage float64 `json:"coverage"`
	// Width is the mean of p90 - p10, in days.
	Width   float64 `json:"width_days"`
	Pinball Pinball `json:"pinball"`
	// Late is the share later than p90.
	Late float64 `json:"late_p90"`
}

// Pinball is the mean pinball loss, in days, at each level and their sum.
type Pinball struct {
	P10 float64 `json:"p10"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	Sum float64 `json:"sum"`
}

// tally gathers metrics row by row.
type tally struct {
	sums   Metrics
	errors []float64
}

func (t *tally) add(w Window, actual float64) {
	miss := math.Abs(actual - w[1])
	t.errors = append(t.errors, miss)
	s := &t.sums
	s.MAE += miss
	s.Within1 += one(miss <= 1)
	s.Within2 += one(miss <= 2)
	s.Coverage += one(w[0] <= actual && actual <= w[2])
	s.Width += w[2] - w[0]
	s.Pinball.P10 += pinball(0.1, w[0], actual)
	s.Pinball.P50 += pinball(0.5, w[1], actual)
	s.Pinball.P90 += pinball(0.9, w[2], actual)
	s.Late += one(actual > w[2])
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// pinball loss of a quantile of a level: each day late costs the level, each
// day early the rest.
func pinball(level, quantile, actual float64) float64 {
	return math.Max(level*(actual-quantile), (level-1)*(actual-quantile))
}

func (t *tally) metrics() Metrics {
	m := t.sums
	m.Rows = len(t.errors)
	if m.Rows == 0 {
		return m
	}
	for _, sum := range []*float64{
		&m.MAE, &m.Within1, &m.Within2, &m.Coverage, &m.Width, &m.Late,
		&m.Pinball.P10, &m.Pinball.P50, &m.Pinball.P90,
	} {
		*sum /= float64(m.Rows)
	}
	m.Pinball.Sum = m.Pinball.P10 + m.Pinball.P50 + m.Pinball.P90
	sorted := slices.Sorted(slices.Values(t.errors))
	m.MedAE = (sorted[(m.Rows-1)/2] + sorted[m.Rows/2]) / 2
	return m
}
