package tracker

import "time"

// State is what a set of events of one carriage amounts to.
type State struct {
	Milestone Milestone
	Substatus Substatus
	// Since is when the milestone was reached for the current time, Reached when each was first.
	Since   Stamp
	Reached [MilestoneCount]Stamp
	// Location is where the parcel was last seen, LocationAt when.
	Location   Location
	LocationAt Stamp
	// Last is the index of the latest event in the folded slice, -1 where there is none.
	Last int
	// Attempts counts failed delivery attempts, AttemptAt is the latest of them.
	Attempts  int
	AttemptAt Stamp
	// Customs is "", "started", "held" or "cleared".
	Customs string
	// DelayReason is the latest substatus that explains a delay.
	DelayReason Substatus
}

// FoldEvents makes the state of a set of events in any order (rule 2: a pure function of the set).
// It takes the events to be of one carriage: see Generations for numbers that were reused.
func FoldEvents(events []Event) State {
	sorted, _ := mergeEvents(nil, events)
	return foldSorted(sorted)
}

// foldSorted folds events as mergeEvents leaves them.
func foldSorted(events []Event) State {
	state := State{Last: -1}
	void := voided(events)
	for i := range events {
		e := &events[i]
		if !e.Time.Known() || e.Voids != "" || (void != nil && (void[e.Ref] || void[e.ID()])) {
			continue
		}
		state.Last = i
		state.see(e)
		state.move(e)
	}
	if state.Milestone == NoMilestone {
		state.guess(events, void)
	}
	return state
}

// guess is for parcels of which no event has a readable time: what was told of them still holds, in the order of the
// milestones; else nothing is known.
func (s *State) guess(events []Event, void map[string]bool) {
	for i := range events {
		e := &events[i]
		if !e.Time.Known() && e.Voids == "" && !void[e.Ref] && !void[e.ID()] {
			s.move(e)
		}
	}
	if s.Milestone == NoMilestone {
		s.Milestone, s.Substatus = Pending, Pending.Plain()
	}
}

// voided are the Refs and IDs of events that others declare never to have happened.
func voided(events []Event) map[string]bool {
	var void map[string]bool
	for i := range events {
		if events[i].Voids != "" {
			if void == nil {
				void = make(map[string]bool)
			}
			void[events[i].Voids] = true
		}
	}
	return void
}

// see takes what an event tells beside the milestone.
func (s *State) see(e *Event) {
	m := e.Milestone()
	if !e.Location.IsZero() && (m == NoMilestone || m.Physical()) {
		s.Location, s.LocationAt = e.Location, e.Time
	}
	if m == AttemptFailed {
		s.Attempts++
		s.AttemptAt = e.Time
	}
	switch e.Substatus {
	case "customs_started":
		s.Customs = "started"
	case "customs_cleared":
		s.Customs = "cleared"
	case "held_at_customs", "delayed_by_customs", "customs_needs_information":
		s.Customs = "held"
	}
	if m == Exception || m == AttemptFailed {
		s.DelayReason = e.Substatus
	}
}

// move takes the milestone of an event, where the journey so far allows it (rules 5 and 7).
func (s *State) move(e *Event) {
	m, sub := e.Milestone(), e.Substatus
	if m == NoMilestone || !s.admits(m) {
		return
	}
	// What reaches the sender again was returned, whatever word the carrier has for it.
	if s.Milestone == Returning && m == Delivered {
		m, sub = Returned, Returned.Plain()
	}
	if !s.Reached[m].Known() {
		s.Reached[m] = e.Time
	}
	if m == s.Milestone {
		if m != Delivered || compareDetail(sub, s.Substatus) > 0 {
			s.Substatus = sub
		}
		return
	}
	s.Milestone, s.Substatus, s.Since = m, sub, e.Time
}

// admits says whether the journey can go on to a milestone.
func (s *State) admits(next Milestone) bool {
	if next == Pending || next == InfoReceived {
		// Paper follows the parcel at times: it never moves it back.
		return s.Milestone <= next
	}
	switch s.Milestone {
	case Delivered:
		return next == Delivered || next == Returning || next == Returned
	case Returning:
		return next == Returning || next == Returned || next == Delivered
	case Returned:
		return next == Returned
	case Cancelled, Expired:
		return next.Physical()
	case NoMilestone, Pending, InfoReceived, InTransit, OutForDelivery, AttemptFailed, AvailableForPickup, Exception:
	}
	return true
}

// span gives the moments of the first and last event that have a time; zero where none has.
func span(events []Event) (first, last time.Time) {
	for i := range events {
		if !events[i].Time.Known() {
			continue
		}
		at := events[i].Time.Instant()
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	return first, last
}
