package tracker

import "time"

// Expect puts an estimate into the view; nil takes it out.
func (v View) Expect(e *Estimate, s *Shipment, patience Patience, now time.Time) View {
	if v.Milestone.Ended() {
		e, v.Watch = nil, Watch{}
	}
	v.Estimate = e
	if v.FirstEstimate == nil {
		v.FirstEstimate = e
	}
	return v.Judge(s, patience, now)
}

// judge says what the clock makes of the view, by a clock that outages may have stopped.
func (v View) judge(s *Shipment, patience Patience, now time.Time) View {
	if v.told == nil {
		told := v.standing()
		v.told = &told
	}
	v.stand(*v.told)
	v.Late, v.NextLook, v.Concern = false, time.Time{}, Concern{}
	if v.Milestone == Delivered {
		v.Late = !s.Promise.To.IsZero() && v.Since.Instant().After(s.Promise.To)
		return v
	}
	if v.Milestone.Ended() && v.Milestone != Expired {
		return v
	}
	heard := heardOf(s, &v)
	expires := heard.Add(patience.Expire)
	if !now.Before(expires) {
		v.Milestone, v.Substatus, v.Estimate = Expired, Expired.Plain(), nil
		v.Since = StampAt(expires.UTC())
		return v
	}
	v.NextLook = expires
	v.judgeLateness(s, patience, heard, now)
	if next := v.silence(now); !next.IsZero() && next.Before(v.NextLook) {
		v.NextLook = next
	}
	return v
}

// judgeLateness says whether the parcel is late, or will be as far as can be foreseen.
func (v *View) judgeLateness(s *Shipment, patience Patience, heard, now time.Time) {
	for _, limit := range v.deadlines(s, patience, heard) {
		switch {
		case now.Before(limit):
			if limit.Before(v.NextLook) {
				v.NextLook = limit
			}
		case !v.Late || limit.Before(v.Concern.Since):
			v.Late = true
			v.Concern = Concern{Substatus: "delayed", Since: limit.UTC(), Reason: "its time has passed"}
		}
	}
	before := s.View.Concern
	foreseen := before.Substatus == "delayed" && before.Reason == foreseenReason
	if !v.Late && v.foresee(s.Promise.To, foreseen) {
		v.Late = true
		v.Concern = Concern{Substatus: "delayed", Since: v.Estimate.MadeAt, Reason: foreseenReason}
		if foreseen {
			v.Concern.Since = before.Since
		}
	}
}

const foreseenReason = "it is expected after the promise"

// deadlines are the moments from which a parcel that has not come is late.
func (v *View) deadlines(s *Shipment, patience Patience, heard time.Time) []time.Time {
	var limits []time.Time
	if !s.Promise.To.IsZero() {
		limits = append(limits, s.Promise.To)
	}
	if v.FirstEstimate != nil && s.Promise.To.IsZero() {
		_, to, _ := v.FirstEstimate.Window()
		limits = append(limits, to)
	}
	if v.Milestone.Physical() && v.Milestone != AvailableForPickup && !v.Watch.Silent {
		limits = append(limits, heard.Add(patience.Late))
	}
	return limits
}
