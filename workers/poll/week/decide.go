package week

import (
	"time"

	"waybill/adapters/pull"
	"waybill/tracker"
)

// Decide plays the week by the schedule alone: no store, no carrier, no limits. It takes microseconds a look-up, and
// comes to the same as Play where no limit bites; a test holds the two against each other. most is how many numbers go
// into one call, tick how often it is looked at what is due.
func (w *World) Decide(s pull.Schedule, most int, tick time.Duration) *Report {
	m := &measure{known: map[scanKey]bool{}}
	due := map[int64]int{}
	lookups := 0
	for i := range w.Parcels {
		p := &w.Parcels[i]
		l := pull.Look{Key: "fedex:" + p.Number, Now: p.Registered, Since: p.Registered, Service: p.Service, Zone: time.UTC}
		for {
			next := s.Next(l)
			if next.IsZero() {
				break
			}
			l.Now = next.Truncate(tick).Add(tick)
			if !l.Now.Before(Begin.Add(Length)) {
				break
			}
			lookups++
			due[l.Now.Unix()]++
			l.Asked = l.Now
			told := p.Told(l.Now)
			m.told(p, told, l.Now)
			see(&l, p, told)
		}
	}
	r := m.report(w)
	r.Lookups = lookups
	for _, n := range due {
		r.Calls += (n + most - 1) / most
	}
	return r
}

// statuses are what the carrier's mapping makes of its codes.
var statuses = map[string]tracker.Substatus{
	label: "label_created", collected: "picked_up", arrived: "arrived_at_facility", departed: "departed_facility",
	customs: "delayed_by_customs", depot: "arrived_at_delivery_facility", out: "out_for_delivery", attempt: "attempt_failed",
	pickup: "at_pickup_point", delivered: "delivered",
}

// see brings what was told into what the schedule goes by.
func see(l *pull.Look, p *Parcel, told int) {
	if told == 0 {
		return
	}
	last := p.Scans[told-1]
	l.Substatus, l.Heard = statuses[last.Code], last.At
	l.Milestone = l.Substatus.Milestone()
	l.From, l.To = p.Expected, p.Expected
}
