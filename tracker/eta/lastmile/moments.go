package lastmile

import (
	"math"
	"time"
)

// halfLife is after how long a stop counts half: roads, districts and crews change with the season.
const halfLife = 45 * 24 * time.Hour

// landmark is the moment from which weights grow: what is learnt at a time weighs 2^(time since / halfLife), and all
// weights are divided by that of now when they are used, so that sums made anywhere can be added.
var landmark = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func weightAt(t time.Time) float64 { return math.Exp2(float64(t.Sub(landmark)) / float64(halfLife)) }

// Moments are the weighted sums of a quantity: how much of it, its sum, the sum of its squares.
type Moments struct {
	W float64 `cbor:"1,keyasint,omitempty"`
	S float64 `cbor:"2,keyasint,omitempty"`
	Q float64 `cbor:"3,keyasint,omitempty"`
}

func (m *Moments) add(value, weight float64) {
	m.W, m.S, m.Q = m.W+weight, m.S+value*weight, m.Q+value*value*weight
}

func (m *Moments) merge(o Moments) { m.W, m.S, m.Q = m.W+o.W, m.S+o.S, m.Q+o.Q }

// lean is the mean, leaning on what a wider group says by a strength in observations; scale makes weights those of now.
func (m Moments) lean(prior, strength, scale float64) float64 {
	w := m.W * scale
	return (m.S*scale + prior*strength) / (w + strength)
}

// spread is the standard deviation around the mean, leaning on a prior in the same way.
func (m Moments) spread(prior, strength, scale float64) float64 {
	if m.W <= 0 {
		return prior
	}
	w, mean := m.W*scale, m.S/m.W
	variance := math.Max(0, m.Q/m.W-mean*mean)
	return math.Sqrt((variance*w + prior*prior*strength) / (w + strength))
}
