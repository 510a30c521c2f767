package tracker

import (
	"slices"
	"time"
)

// pausedLook is how long until a shipment is looked at again whose carrier's feed is down.
const pausedLook = time.Hour

// Judge says what the clock makes of the view: whether it is late, stuck, lost or expired, and when to look again. It may
// be asked again with another estimate: the scans' own word is kept. While the
// feed of its carrier is down nothing can be concluded from hearing nothing: the clock stands still at the beginning of
// the outage, and no parcel becomes late. Outages that are over are added to how long silence is borne.
func (v View) Judge(s *Shipment, patience Patience, now time.Time) View {
	clock, owed := patience.pause(s, &v, now)
	patience.Late, patience.Expire = patience.Late+owed, patience.Expire+owed
	w := v.judge(s, patience, clock)
	if clock.Before(now) && !w.NextLook.IsZero() {
		w.Late = w.Late && s.View.Late
		w.NextLook = now.Add(pausedLook)
	}
	return w
}

// OutageOf is the outage that lasts of a carrier who has the parcel or is to get it; nil where none does, or the parcel
// needs no news any more.
func (p Patience) OutageOf(s *Shipment, v *View) (carrier string, outage *Outage) {
	if p.Outages == nil || v.Milestone.Ended() && v.Milestone != Expired {
		return "", nil
	}
	for _, leg := range legsAhead(s, v) {
		for _, o := range p.Outages(leg.Carrier) {
			if o.Lasts() {
				return leg.Carrier, &o
			}
		}
	}
	return "", nil
}

// legsAhead are the leg that the parcel is on and those that are to come.
func legsAhead(s *Shipment, v *View) []ShipmentLeg {
	return s.Legs[min(max(v.Leg, 0), len(s.Legs)):]
}

// pause gives the clock as outages leave it, and how long, since the parcel was last heard of, nothing could be heard.
func (p Patience) pause(s *Shipment, v *View, now time.Time) (clock time.Time, owed time.Duration) {
	if p.Outages == nil {
		return now, 0
	}
	var all []Outage
	for _, leg := range legsAhead(s, v) {
		all = append(all, p.Outages(leg.Carrier)...)
	}
	if len(all) == 0 {
		return now, 0
	}
	heard := heardOf(s, v)
	clock = now
	for _, o := range all {
		if o.Lasts() && o.Since.Before(clock) {
			clock = theLater(o.Since, heard)
		}
	}
	slices.SortFunc(all, func(a, b Outage) int { return a.Since.Compare(b.Since) })
	deafUntil := heard
	for _, o := range all {
		if from := theLater(o.Since, deafUntil); !o.Lasts() && o.Until.After(from) {
			owed += o.Until.Sub(from)
			deafUntil = o.Until
		}
	}
	return clock, owed
}

// heardOf is when a parcel was last heard of.
func heardOf(s *Shipment, v *View) time.Time {
	if at := v.LastAt.Instant(); v.LastAt.Known() && (s.CreatedAt.IsZero() || at.After(s.CreatedAt)) {
		return at
	}
	return s.CreatedAt
}

func theLater(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
