package tracker

import (
	"slices"
	"strings"
	"time"
)

// Generation is one carriage among those that had the same number: carriers use numbers again.
type Generation struct {
	// Lifecycle is the carrier's own id of the carriage, where it gives one.
	Lifecycle string
	// Events are sorted.
	Events []Event
	State  State
	Facts  Facts
	// First and Last are the moments of the first and the last event; zero where no event has a time.
	First, Last time.Time
}

const (
	// relabelAfter is how long after the end a new label means a new parcel: labels are at times
	// reported some hours late.
	relabelAfter = 24 * time.Hour
	// reuseAfter is the gap after the end from which any event is another parcel's. Carriers that reuse
	// numbers wait months; claims and late scans come within weeks.
	reuseAfter = 60 * 24 * time.Hour
	// abandonAfter is the gap that parts two parcels even where the first never came to an end.
	abandonAfter = 240 * 24 * time.Hour
	// joinWithin is how long after its last event a generation still is what somebody means who registers the number.
	joinWithin = 120 * 24 * time.Hour
)

// Generations cuts the events of a number into the parcels that bore it, the oldest first. It depends on the
// events alone: on the carrier's own id, a label or a long gap after the end; never on the order of arrival.
func Generations(events []Event) []Generation {
	sorted, _ := mergeEvents(nil, events)
	return generations(sorted, nil)
}

// Generations of a leg carry the facts that its claims tell of each.
func (l *Leg) Generations() []Generation { return generations(l.Events, l.Claims) }

func generations(sorted []Event, claims []Claims) []Generation {
	parts := byLifecycle(sorted)
	if parts == nil {
		parts = byGap(sorted)
	}
	list := make([]Generation, 0, len(parts))
	for _, part := range parts {
		g := Generation{Events: part, State: foldSorted(part)}
		g.First, g.Last = span(part)
		for i := range part {
			g.Lifecycle = max(g.Lifecycle, part[i].Lifecycle)
		}
		list = append(list, g)
	}
	slices.SortStableFunc(list, func(a, b Generation) int {
		if c := a.First.Compare(b.First); c != 0 {
			return c
		}
		return strings.Compare(a.Lifecycle, b.Lifecycle)
	})
	giveFacts(list, claims)
	return list
}

// byLifecycle parts events by the carrier's own id; nil where no event has one. Events without one go to the
// carriage that was under way at their time.
func byLifecycle(sorted []Event) [][]Event {
	parts := map[string][]Event{}
	for i := range sorted {
		if id := sorted[i].Lifecycle; id != "" {
			parts[id] = append(parts[id], sorted[i])
		}
	}
	if len(parts) == 0 {
		return nil
	}
	ids := make([]string, 0, len(parts))
	starts := map[string]time.Time{}
	for id, part := range parts {
		ids = append(ids, id)
		starts[id], _ = span(part)
	}
	slices.SortFunc(ids, func(a, b string) int {
		if c := starts[a].Compare(starts[b]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	for i := range sorted {
		if sorted[i].Lifecycle != "" {
			continue
		}
		home := ids[0]
		for _, id := range ids[1:] {
			if sorted[i].Time.Known() && !starts[id].After(sorted[i].Time.Instant()) {
				home = id
			}
		}
		parts[home] = append(parts[home], sorted[i])
	}
	list := make([][]Event, 0, len(ids))
	for _, id := range ids {
		slices.SortFunc(parts[id], compareEvents)
		list = append(list, parts[id])
	}
	return list
}

// byGap parts events where one parcel has ended and another began.
func byGap(sorted []Event) [][]Event {
	var parts [][]Event
	start := 0
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Time.Known() && anotherParcel(sorted[start:i], &sorted[i]) {
			parts = append(parts, sorted[start:i])
			start = i
		}
	}
	if start < len(sorted) {
		parts = append(parts, sorted[start:])
	}
	return parts
}

// anotherParcel says whether an event cannot belong to the parcel of the events before it.
func anotherParcel(before []Event, next *Event) bool {
	gap := next.Time.Instant().Sub(before[len(before)-1].Time.Instant())
	if gap < relabelAfter {
		return false
	}
	if gap >= abandonAfter {
		return true
	}
	if !foldSorted(before).Milestone.Ended() {
		return false
	}
	return gap >= reuseAfter || next.Milestone() == InfoReceived
}

// giveFacts hands each generation the facts told of it: by the carrier's id, else by the moment they speak for.
func giveFacts(list []Generation, claims []Claims) {
	for _, c := range claims { // newest first
		home := -1
		for i := range list {
			if c.Lifecycle != "" && c.Lifecycle == list[i].Lifecycle {
				home = i
				break
			}
			if list[i].First.IsZero() || list[i].First.Unix() <= c.AsOf {
				home = i
			}
		}
		if home >= 0 {
			list[home].Facts = list[home].Facts.or(c.Facts)
		}
	}
}

// GenerationFor is the index of the parcel that somebody means who registered the number at a moment: the first
// that had not long ended by then. -1 where all had: the parcel's own scans are still to come.
func GenerationFor(list []Generation, registered time.Time) int {
	for i := range list {
		if list[i].Last.IsZero() || list[i].Last.Add(joinWithin).After(registered) {
			return i
		}
	}
	return -1
}
