// Package allocate ranks who should carry a parcel, and keeps how much each can still take.
package allocate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// Option is one way to have a parcel carried.
type Option struct {
	Carrier, Service, Facility string
	// P50 and P90 are when half, and nine of ten, such parcels have come. Chance is the model's probability of the promise.
	P50, P90 time.Time
	Chance   float64
	// Kept of Promised parcels of the carrier came in time of late; both 0 where too few did to say.
	Kept, Promised int64
	// Cost in any one currency, nil where unknown; Metres from the facility to the door, 0 where unknown.
	Cost   *float64
	Metres float64
	// Bounded options can take Left more parcels on the day.
	Bounded bool
	Left    int
}

// Full reports whether it takes nothing more on the day.
func (o *Option) Full() bool { return o.Bounded && o.Left <= 0 }

// Ranked is an option with its place.
type Ranked struct {
	Option
	// Chance is that of the promise, by the model and by how the carrier fared.
	Chance float64
	// Meets: nine of ten come by the promise.
	Meets   bool
	Reasons []string
}

// modelWeighs is as how many parcels of experience the model's word counts.
const modelWeighs = 50

// sureEnough is the chance from which a promise counts as met, p90 against it.
const sureEnough = 0.9

// Rank puts options into order: those with room before those without, those that meet the promise before those that do
// not; of those that meet it the cheapest first, of the others the likeliest. What is equal goes by distance. A zero
// promise is met by all: then the cheaper, and the sooner. It is a function of its input alone.
func Rank(options []Option, promise time.Time) []Ranked {
	ranked := make([]Ranked, len(options))
	for i, o := range options {
		r := Ranked{Option: o, Chance: 1, Meets: true}
		if !promise.IsZero() {
			r.Chance = (o.Chance*modelWeighs + float64(o.Kept)) / (modelWeighs + float64(o.Promised))
			r.Meets = !o.P90.After(promise) && r.Chance >= sureEnough
		}
		r.Reasons = r.why(promise)
		ranked[i] = r
	}
	slices.SortStableFunc(ranked, compare)
	return ranked
}

func compare(a, b Ranked) int {
	if c := cmp.Or(first(!a.Full(), !b.Full()), first(a.Meets, b.Meets)); c != 0 {
		return c
	}
	likelier := cmp.Compare(steps(b.Chance), steps(a.Chance))
	cheaper := cmp.Compare(costOf(a), costOf(b))
	if a.Meets {
		likelier, cheaper = cheaper, likelier
	}
	return cmp.Or(likelier, cheaper, a.P90.Compare(b.P90), cmp.Compare(a.Metres, b.Metres))
}

// first puts what holds before what does not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// steps are chances in twentieths: less of a difference is none.
func steps(chance float64) float64 { return math.Round(chance * 20) }

// costOf puts what is unknown behind all that is known.
func costOf(r Ranked) float64 {
	if r.Cost == nil {
		return math.Inf(1)
	}
	return *r.Cost
}

// why says in English what the place rests on.
func (r *Ranked) why(promise time.Time) []string {
	const layout = "Mon 2 Jan 15:04"
	list := []string{"nine of ten arrive by " + r.P90.Format(layout)}
	if !promise.IsZero() {
		list = append(list, fmt.Sprintf("%.0f %% chance of the promise, %s", 100*r.Chance, promise.In(r.P90.Location()).Format(layout)))
	}
	if r.Promised > 0 {
		list = append(list, fmt.Sprintf("kept %d of its last %d promises", r.Kept, r.Promised))
	}
	if r.Cost != nil {
		list = append(list, fmt.Sprintf("costs %.2f", *r.Cost))
	}
	if r.Metres > 0 {
		list = append(list, fmt.Sprintf("%.0f km to the door", r.Metres/1000))
	}
	switch {
	case r.Full():
		list = append(list, "takes nothing more that day")
	case r.Bounded:
		list = append(list, fmt.Sprintf("room for %d more that day", r.Left))
	}
	return list
}
