package score

import "math"

// Share is a part of a whole with the bounds between which the true share lies with 95 in 100 (Wilson's interval).
type Share struct {
	Of, Is    int64
	Low, High float64
}

// ShareOf makes a share.
func ShareOf(is, of int64) Share {
	s := Share{Of: of, Is: is, High: 1}
	if of == 0 {
		return s
	}
	const z = 1.96
	n, p := float64(of), float64(is)/float64(of)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	s.Low, s.High = math.Max(0, middle-half), math.Min(1, middle+half)
	return s
}

// Value is the share itself.
func (s Share) Value() float64 {
	if s.Of == 0 {
		return 0
	}
	return float64(s.Is) / float64(s.Of)
}

// Thin is from how few shipments on nothing but the counts is said.
const Thin = 20

// Confidence says how much a count of shipments tells: "thin", "low", "medium" or "high".
func Confidence(shipments int64) string {
	const low, medium = 100, 500
	switch {
	case shipments < Thin:
		return "thin"
	case shipments < low:
		return "low"
	case shipments < medium:
		return "medium"
	}
	return "high"
}

// Verdict says of a card whether promises are kept: "keeps" where at least nine in ten surely are, "breaks" where surely
// fewer than eight in ten are, "" where that cannot be said.
func (t *Tally) Verdict() string {
	const good, bad = 0.9, 0.8
	if t.Promised < Thin {
		return ""
	}
	switch s := ShareOf(t.OnTime, t.Promised); {
	case s.Low >= good:
		return "keeps"
	case s.High < bad:
		return "breaks"
	}
	return ""
}
