package score

import (
	"errors"
	"maps"
)

// Outcome is how one shipment fared.
type Outcome struct {
	// Day is the UTC day of its end, counted from 1970.
	Day int `cbor:"1,keyasint"`
	// Returned: it went back. What follows is of those that arrived.
	Returned bool `cbor:"2,keyasint,omitempty"`
	// Hours from the first hand that had it to the door; 0 where that is not known.
	Hours float64 `cbor:"3,keyasint,omitempty"`
	// Promised: a time was promised, OnTime: and kept.
	Promised     bool `cbor:"4,keyasint,omitempty"`
	OnTime       bool `cbor:"5,keyasint,omitempty"`
	FirstAttempt bool `cbor:"6,keyasint,omitempty"`
	// Exception: something went wrong on its way.
	Exception bool `cbor:"7,keyasint,omitempty"`
	// Estimated: it was estimated. ErrorHours is by how much the first estimate's middle was off, By how many of its
	// quantiles it came after (0 before p10, 3 after p90), Ahead how many days ahead the middle lay.
	Estimated  bool    `cbor:"8,keyasint,omitempty"`
	ErrorHours float64 `cbor:"9,keyasint,omitempty"`
	After      int     `cbor:"10,keyasint,omitempty"`
	Ahead      int     `cbor:"11,keyasint,omitempty"`
}

// Tally counts outcomes. Tallies are added by Merge.
type Tally struct {
	Delivered    int64 `cbor:"1,keyasint,omitempty"`
	Returned     int64 `cbor:"2,keyasint,omitempty"`
	Promised     int64 `cbor:"3,keyasint,omitempty"`
	OnTime       int64 `cbor:"4,keyasint,omitempty"`
	FirstAttempt int64 `cbor:"5,keyasint,omitempty"`
	Exceptions   int64 `cbor:"6,keyasint,omitempty"`
	// After counts the estimated by how many quantiles of the first estimate they came after.
	After   [4]int64 `cbor:"7,keyasint"`
	Transit Sketch   `cbor:"8,keyasint"`
	Error   Sketch   `cbor:"9,keyasint"`
	// Ahead are errors by how many days ahead it was estimated.
	Ahead map[int]Ahead `cbor:"10,keyasint,omitempty"`
}

// Ahead is how right estimates of so many days ahead were.
type Ahead struct {
	Count  int64   `cbor:"1,keyasint"`
	Hours  float64 `cbor:"2,keyasint"` // sum of absolute errors
	Inside int64   `cbor:"3,keyasint"`
}

// Ended is how many shipments were counted.
func (t *Tally) Ended() int64 { return t.Delivered + t.Returned }

// Estimated is how many of them were estimated.
func (t *Tally) Estimated() int64 { return t.After[0] + t.After[1] + t.After[2] + t.After[3] }

// Inside is how many came between p10 and p90 of their first estimate.
func (t *Tally) Inside() int64 { return t.After[1] + t.After[2] }

// Add takes an outcome in.
func (t *Tally) Add(o *Outcome) error { return t.add(o, 1) }

// Remove takes one back that was added, or will be.
func (t *Tally) Remove(o *Outcome) error { return t.add(o, -1) }

func (t *Tally) add(o *Outcome, n int64) error {
	t.Exceptions += n * count(o.Exception)
	if o.Returned {
		t.Returned += n
		return nil
	}
	t.Delivered += n
	t.Promised += n * count(o.Promised)
	t.OnTime += n * count(o.OnTime)
	t.FirstAttempt += n * count(o.FirstAttempt)
	var err error
	if o.Hours > 0 {
		err = t.Transit.add(o.Hours, n)
	}
	if !o.Estimated {
		return err
	}
	t.After[max(0, min(o.After, 3))] += n
	if t.Ahead == nil {
		t.Ahead = map[int]Ahead{}
	}
	a := t.Ahead[o.Ahead]
	t.Ahead[o.Ahead] = Ahead{a.Count + n, a.Hours + float64(n)*o.ErrorHours, a.Inside + n*count(o.After == 1 || o.After == 2)}
	if t.Ahead[o.Ahead].Count == 0 {
		delete(t.Ahead, o.Ahead)
	}
	return errors.Join(err, t.Error.add(o.ErrorHours, n))
}

// Merge adds another tally.
func (t *Tally) Merge(o *Tally) error {
	t.Delivered, t.Returned, t.Promised, t.OnTime = t.Delivered+o.Delivered, t.Returned+o.Returned, t.Promised+o.Promised, t.OnTime+o.OnTime
	t.FirstAttempt, t.Exceptions = t.FirstAttempt+o.FirstAttempt, t.Exceptions+o.Exceptions
	for i := range t.After {
		t.After[i] += o.After[i]
	}
	if t.Ahead == nil {
		t.Ahead = maps.Clone(o.Ahead)
	} else {
		for days, b := range o.Ahead {
			a := t.Ahead[days]
			t.Ahead[days] = Ahead{a.Count + b.Count, a.Hours + b.Hours, a.Inside + b.Inside}
		}
	}
	return errors.Join(t.Transit.Merge(&o.Transit), t.Error.Merge(&o.Error))
}

func count(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
