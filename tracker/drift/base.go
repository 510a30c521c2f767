package drift

import "math"

// hourOf counts hours from 1970.
func hourOf(unix int64) int64 { return unix / hourSeconds }

const (
	hoursOfDay  = 24
	hoursOfWeek = 7 * hoursOfDay
	// baseHalfLife is after how many days what was usual counts half.
	baseHalfLife = 14
	// weekShare is how much of the usual hour of the week its latest one is, once three were seen.
	weekShare = 1.0 / 3
	// weeksLeast is how many weeks must have been seen before an hour of the week has a usual number of posts.
	weeksLeast = 2
)

// Base is what is usual of a source: sums that forget.
type Base struct {
	Source `cbor:"1,keyasint"`
	// Through is the first hour that was not folded in.
	Through int64 `cbor:"2,keyasint"`
	// Sums are over all hours, Slots by the hour of the day: some post their arrears every night.
	Sums  [counts]float32             `cbor:"3,keyasint"`
	Slots [hoursOfDay][counts]float32 `cbor:"4,keyasint"`
	// Week is the usual number of posts by the hour of the week (from Thursday, 1 January 1970), Weeks how many of each
	// hour were seen.
	Week  [hoursOfWeek]float32 `cbor:"5,keyasint"`
	Weeks [hoursOfWeek]uint8   `cbor:"6,keyasint"`
	// Posted is when the source posted last, in Unix seconds.
	Posted int64 `cbor:"7,keyasint,omitempty"`
}

func (b *Base) key() string { return "base:" + b.Source.String() }

const listOfBases = "bases"

var (
	forgetHour = float32(math.Exp2(-1.0 / (baseHalfLife * hoursOfDay)))
	forgetDay  = float32(math.Exp2(-1.0 / baseHalfLife))
)

// fold takes an hour in. Kinds that are alerted count as usual, so that the base does not learn what is wrong.
// listened: posts could come in all through the hour.
func (b *Base) fold(hour int64, n *Counts, alerted []Kind, listened bool) {
	var add [counts]float32
	for i := range n {
		add[i] = float32(n[i])
	}
	for _, k := range alerted {
		add[k.Hits] = add[k.Trials] * float32(shareOf(&b.Sums, k))
	}
	slot := &b.Slots[hour%hoursOfDay]
	for i := range add {
		b.Sums[i] = b.Sums[i]*forgetHour + add[i]
		slot[i] = slot[i]*forgetDay + add[i]
	}
	if listened {
		at := hour % hoursOfWeek
		seen := &b.Weeks[at]
		b.Week[at] += (add[Posts] - b.Week[at]) * max(weekShare, 1/float32(*seen+1))
		*seen = min(*seen+1, math.MaxUint8-1)
	}
	b.Through = hour + 1
}

// shareOf is the usual share of a kind.
func shareOf(sums *[counts]float32, k Kind) float64 {
	if sums[k.Trials] == 0 {
		return 0
	}
	return min(1, float64(sums[k.Hits])/float64(sums[k.Trials]))
}

// merge joins what is usual of two formats of an account, for kinds that are judged over all of them.
func (b *Base) merge(other *Base) {
	for i := range b.Sums {
		b.Sums[i] += other.Sums[i]
	}
	for h := range b.Slots {
		for i := range b.Slots[h] {
			b.Slots[h][i] += other.Slots[h][i]
		}
	}
}
