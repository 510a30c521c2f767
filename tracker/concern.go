package tracker

import "time"

// Watch is what the silence of a parcel would mean. Zero times mean nothing.
type Watch struct {
	// Event is the scan that the times were counted from; another one makes them void.
	Event string `cbor:"1,keyasint,omitempty"`
	// StuckAt is when it is silent for longer than 99 of 100 parcels at this point of their way, LostAt when it is
	// probably lost, ClaimFrom when the carrier takes a claim.
	StuckAt   time.Time `cbor:"2,keyasint,omitempty"`
	LostAt    time.Time `cbor:"3,keyasint,omitempty"`
	ClaimFrom time.Time `cbor:"4,keyasint,omitempty"`
	// Silent: the carrier's feed tells nothing of any parcel, so that silence says nothing of this one.
	Silent bool `cbor:"5,keyasint,omitempty"`
}

// Concern is why a shipment needs a person's eye; the zero Concern is that it does not.
type Concern struct {
	// Substatus is "delayed" (expected after the promise, before it has passed), "stuck" or "probably_lost".
	Substatus Substatus `cbor:"1,keyasint,omitempty" json:"substatus,omitempty"`
	// Since is from when on.
	Since time.Time `cbor:"2,keyasint,omitempty" json:"since,omitzero"`
	// Reason says in English what it was told by.
	Reason string `cbor:"3,keyasint,omitempty" json:"reason,omitempty"`
	// ClaimFrom is from when on the carrier takes a claim.
	ClaimFrom time.Time `cbor:"4,keyasint,omitempty" json:"claim_from,omitzero"`
}

// What a shipment may be looked up by in the list of those that need attention.
var attentions = []Substatus{"delayed", "stuck", "probably_lost"}

// Attentions lists the concerns that a shipment can have, for documentation and for the filter of lists.
func Attentions() []Substatus { return append([]Substatus(nil), attentions...) }

// standing is where a parcel stands.
type standing struct {
	milestone Milestone
	substatus Substatus
	since     Stamp
}

func (v *View) standing() standing { return standing{v.Milestone, v.Substatus, v.Since} }

func (v *View) stand(at standing) {
	v.Milestone, v.Substatus, v.Since = at.milestone, at.substatus, at.since
}

// silence says that a parcel is stuck or probably lost where its silence has lasted so long, and gives the next moment
// at which it would.
func (v *View) silence(now time.Time) (next time.Time) {
	w := &v.Watch
	if w.Silent || w.Event != v.LastEvent || !v.waitsForScan() {
		return time.Time{}
	}
	say := func(substatus Substatus, at time.Time, reason string) {
		v.stand(standing{Exception, substatus, StampAt(at.UTC())})
		v.Concern = Concern{Substatus: substatus, Since: at.UTC(), Reason: reason, ClaimFrom: w.ClaimFrom}
	}
	switch {
	case !w.LostAt.IsZero() && !now.Before(w.LostAt):
		say("probably_lost", w.LostAt, "no scan for so long that parcels in its place are hardly ever seen again")
	case !w.StuckAt.IsZero() && !now.Before(w.StuckAt):
		say("stuck", w.StuckAt, "no scan for longer than 99 of 100 parcels at this point of their way")
		return w.LostAt
	default:
		return w.StuckAt
	}
	return time.Time{}
}

// waitsForScan reports whether the parcel is with a carrier that is to scan it again.
func (v *View) waitsForScan() bool {
	switch v.Milestone {
	case InTransit, OutForDelivery, AttemptFailed:
		return true
	case Exception:
		return isDelay(v.Substatus) || v.Substatus == Exception.Plain() || v.Substatus == "missorted" || v.Substatus == "misrouted"
	default:
		return false
	}
}

// The probability to come by the promise under which a shipment counts as late before it is, and above which it does
// not any more: between them it stays as it was, so that it does not flap.
const (
	lateUnder   = 0.35
	onTimeAbove = 0.6
)

// foresee says whether the estimate is later than promised. was is whether it was before.
func (v *View) foresee(promise time.Time, was bool) bool {
	e := v.Estimate
	if e == nil || promise.IsZero() {
		return false
	}
	if e.OnTime == nil { // made before there was a promise, or by an older version
		return e.P50.After(promise)
	}
	p := float64(*e.OnTime)
	return p < lateUnder || was && p < onTimeAbove
}
