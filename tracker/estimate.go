package tracker

import "time"

// Estimate is when a parcel is expected.
type Estimate struct {
	// P10, P50 and P90 are the quantiles of the time of delivery: of ten parcels one comes before P10, one after P90.
	P10 time.Time `cbor:"1,keyasint" json:"p10"`
	P50 time.Time `cbor:"2,keyasint" json:"p50"`
	P90 time.Time `cbor:"3,keyasint" json:"p90"`
	// Zone is the IANA zone of the destination, for saying days; empty where unknown.
	Zone string `cbor:"4,keyasint,omitempty" json:"zone,omitempty"`
	// Source is "model", "carrier" or "blend".
	Source string `cbor:"5,keyasint" json:"source"`
	// Reason says in English what a round's rests on, for the fleet ("3 stops away, usually 20 minutes").
	Reason string `cbor:"6,keyasint,omitempty" json:"reason,omitempty"`
	// MadeAt is when it was made.
	MadeAt time.Time `cbor:"7,keyasint" json:"made_at"`
	// From and To are the window that is shown: P10 to P90, widened to the hours at which parcels are brought. Where it
	// is wider than WidestDays it is not said at all.
	From time.Time `cbor:"8,keyasint,omitempty" json:"from,omitzero"`
	To   time.Time `cbor:"9,keyasint,omitempty" json:"to,omitzero"`
	// Today and Tomorrow are the probabilities that it comes on the day of MadeAt, in the zone of the destination, and on
	// the one after.
	Today    float32 `cbor:"10,keyasint,omitempty" json:"today"`
	Tomorrow float32 `cbor:"11,keyasint,omitempty" json:"tomorrow"`
	// OnTime is the probability that it comes by the promise; nil where nothing was promised.
	OnTime *float32 `cbor:"12,keyasint,omitempty" json:"on_time,omitempty"`
	// Confidence is "low", "medium" or "high": how much was learnt that it rests on.
	Confidence string `cbor:"13,keyasint,omitempty" json:"confidence,omitempty"`
	Why        Why    `cbor:"14,keyasint,omitempty" json:"why,omitzero"`
	// StopsAway is how many stops the vehicle still makes up to the door, that one included; 0 where that is not known.
	StopsAway int `cbor:"20,keyasint,omitempty" json:"stops_away,omitempty"`
}

// WhyKind is the sentence that says what an estimate rests on; tracker/words has it in each language.
type WhyKind string

// The reasons.
const (
	// WhyGuess: nothing was learnt yet that would fit.
	WhyGuess WhyKind = "guess"
	// WhyUsual: such parcels usually take Days.
	WhyUsual WhyKind = "usual"
	// WhyCarrier and WhyBlend: the carrier's own estimate, alone or together with what is usual.
	WhyCarrier WhyKind = "carrier"
	WhyBlend   WhyKind = "blend"
	// WhyToday: it is on the vehicle. WhyAgain: after a failed attempt. WhyOverdue: it should have come already.
	WhyToday   WhyKind = "today"
	WhyAgain   WhyKind = "again"
	WhyOverdue WhyKind = "overdue"
	// WhyVan: how far the van has come on its round takes Minutes from there. WhyVanStarts: its round has not begun.
	// WhyVanBack: it has passed by.
	WhyVan       WhyKind = "van"
	WhyVanStarts WhyKind = "van_starts"
	WhyVanBack   WhyKind = "van_back"
)

// Why is what an estimate rests on, for saying it in words: "usually 3 working days from Cologne to Lyon; slower this week".
type Why struct {
	Kind WhyKind `cbor:"1,keyasint,omitempty" json:"kind,omitempty"`
	// Days is the working days that such parcels usually take from where it was last seen.
	Days float32 `cbor:"2,keyasint,omitempty" json:"days,omitempty"`
	// From and To are the places, as people call them; empty where unknown.
	From string `cbor:"3,keyasint,omitempty" json:"from,omitempty"`
	To   string `cbor:"4,keyasint,omitempty" json:"to,omitempty"`
	// Pace is 1 where parcels are slower these days than usual, -1 where they are faster.
	Pace int8 `cbor:"5,keyasint,omitempty" json:"pace,omitempty"`
	// Sample is how many deliveries it rests on, as they count now.
	Sample int `cbor:"6,keyasint,omitempty" json:"sample,omitempty"`
	// Waits: nobody has the parcel in hand yet.
	Waits bool `cbor:"7,keyasint,omitempty" json:"waits,omitempty"`
	// Disruption is why an operator expects trouble on its way ("strike"); empty where none does.
	Disruption DisruptionReason `cbor:"8,keyasint,omitempty" json:"disruption,omitempty"`
	// Minutes is how long it usually takes from where the van is.
	Minutes int `cbor:"9,keyasint,omitempty" json:"minutes,omitempty"`
}

// Window is what is shown of the estimate; ok is false where nothing is, since it is too wide to plan by.
func (e *Estimate) Window() (from, to time.Time, ok bool) {
	from, to = e.From, e.To
	if to.IsZero() { // made by a version that showed its quantiles
		from, to = e.P10, e.P90
	}
	return from, to, to.Sub(from) <= WidestDays*24*time.Hour
}

// seenStep is how exactly an estimate says what has passed of it: pages that watch would move with every second else.
const seenStep = 15 * time.Minute

// Seen is the estimate as it is to be told at a later moment: a parcel that is not here yet cannot come in the past. Nil
// where nothing of it holds any more. The same estimate comes back where nothing of it has passed.
func (e *Estimate) Seen(now time.Time) *Estimate {
	if e == nil {
		return nil
	}
	_, to, _ := e.Window()
	if !to.After(now) {
		return nil
	}
	passed := now.UTC().Truncate(seenStep)
	if !e.P10.Before(passed) && (e.From.IsZero() || !e.From.Before(passed)) {
		return e
	}
	seen, since := *e, func(t time.Time) time.Time { return later(t, passed, time.Time.Compare) }
	if !e.From.IsZero() {
		seen.From = since(e.From)
	}
	seen.P10, seen.P50, seen.P90 = since(e.P10), since(e.P50), since(e.P90)
	if !e.P90.After(passed) { // what it was given to come by has passed, and the shown window has not
		seen.P90 = to
	}
	if !e.P50.After(passed) {
		seen.P50 = passed.Add(seen.P90.Sub(passed) / 2)
	}
	return &seen
}

// Anonymous is the estimate without what the seller told of the shipment: for the leg, which belongs to nobody.
func (e *Estimate) Anonymous() *Estimate {
	if e == nil {
		return nil
	}
	bare := *e
	bare.OnTime, bare.Why.From, bare.Why.To = nil, "", ""
	return &bare
}

// SameEstimate reports whether two estimates show the same; either may be nil.
func SameEstimate(a, b *Estimate) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.P10.Equal(b.P10) && a.P50.Equal(b.P50) && a.P90.Equal(b.P90) && a.Source == b.Source && a.StopsAway == b.StopsAway &&
		a.From.Equal(b.From) && a.To.Equal(b.To) && a.Why.Disruption == b.Why.Disruption
}

// Chances are the probabilities that the parcel comes today and tomorrow, seen from a later day than the estimate's
// too: what did not come on its day is left out. ok is false where the estimate is too old to say.
func (e *Estimate) Chances(zone *time.Location, now time.Time) (today, tomorrow float64, ok bool) {
	switch daysBetween(e.MadeAt.In(zone), now.In(zone)) {
	case 0:
		return float64(e.Today), float64(e.Tomorrow), true
	case 1:
		if left := 1 - float64(e.Today); left > 0.01 {
			return min(1, float64(e.Tomorrow)/left), 0, true
		}
	}
	return 0, 0, false
}

// EstimateNote is an estimate that was shown once, kept for comparison.
type EstimateNote struct {
	At     time.Time `cbor:"1,keyasint" json:"at"`
	From   time.Time `cbor:"2,keyasint" json:"from"`
	To     time.Time `cbor:"3,keyasint" json:"to"`
	P50    time.Time `cbor:"4,keyasint" json:"p50"`
	Source string    `cbor:"5,keyasint,omitempty" json:"source,omitempty"`
}

// EstimatesKept is how many notes a shipment keeps; the first stays, of the others the oldest goes.
const EstimatesKept = 12

// Note keeps an estimate that is shown from now on.
func (s *Shipment) Note(e *Estimate) {
	if e == nil {
		return
	}
	from, to, _ := e.Window()
	note := EstimateNote{At: e.MadeAt, From: from, To: to, P50: e.P50, Source: e.Source}
	if n := len(s.Estimates); n > 0 {
		last := s.Estimates[n-1]
		if last.From.Equal(note.From) && last.To.Equal(note.To) && last.P50.Equal(note.P50) && last.Source == note.Source {
			return
		}
	}
	s.Estimates = append(s.Estimates, note)
	if n := len(s.Estimates); n > EstimatesKept {
		s.Estimates = append(s.Estimates[:1], s.Estimates[n-EstimatesKept+1:]...)
	}
}
