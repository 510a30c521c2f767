package tracker

import (
	"testing"
	"time"
)

// at is an event some hours after the start of the table's journey.
func at(hours int, substatus Substatus) Event {
	start := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	return Event{Kind: string(substatus), Time: StampAt(start.Add(time.Duration(hours) * time.Hour)), Substatus: substatus}
}

func TestFold(t *testing.T) {
	unknown := at(20, "")
	unknown.Kind = "ZZ"
	undated := Event{Kind: "FD", RawTime: "30 February", Substatus: "delivered"}
	wrong := at(30, "delivered")
	wrong.Ref = "scan-7"
	correction := at(40, "")
	correction.Kind, correction.Voids = "void", "scan-7"
	dayOnly := at(0, "delivered")
	dayOnly.Time = Stamp{Local: dayOnly.Time.Local + 40*3600, Precision: PrecisionDay}

	for name, c := range map[string]struct {
		events    []Event
		milestone Milestone
		substatus Substatus
		since     int // index of the event that began the milestone
	}{
		"nothing known is pending":                           {nil, Pending, "awaiting_information", -1},
		"a label alone":                                      {[]Event{at(0, "label_created")}, InfoReceived, "label_created", 0},
		"the latest scan wins":                               {[]Event{at(1, "picked_up"), at(5, "out_for_delivery")}, OutForDelivery, "out_for_delivery", 1},
		"since is the start of the present run":              {[]Event{at(1, "picked_up"), at(2, "departed_facility"), at(3, "arrived_at_facility")}, InTransit, "arrived_at_facility", 0},
		"a failed attempt, then on its way again":            {[]Event{at(1, "out_for_delivery"), at(2, "recipient_unavailable"), at(20, "out_for_delivery")}, OutForDelivery, "out_for_delivery", 2},
		"paper that follows the parcel changes nothing":      {[]Event{at(1, "picked_up"), at(3, "label_created")}, InTransit, "picked_up", 0},
		"delivered stays delivered":                          {[]Event{at(1, "delivered"), at(3, "arrived_at_facility"), at(4, "delayed")}, Delivered, "delivered", 0},
		"a late scan of before changes nothing":              {[]Event{at(9, "delivered"), at(3, "arrived_at_facility")}, Delivered, "delivered", 0},
		"a more telling delivery tells more":                 {[]Event{at(9, "delivered"), at(10, "delivered_to_neighbour")}, Delivered, "delivered_to_neighbour", 0},
		"a plainer one does not tell less":                   {[]Event{at(9, "delivered_to_neighbour"), at(10, "delivered")}, Delivered, "delivered_to_neighbour", 0},
		"delivered, then sent back":                          {[]Event{at(9, "delivered"), at(30, "returning")}, Returning, "returning", 1},
		"on its way back, scans keep it returning":           {[]Event{at(9, "returning"), at(30, "arrived_at_facility")}, Returning, "returning", 0},
		"what reaches the sender again was returned":         {[]Event{at(9, "returning"), at(30, "delivered")}, Returned, "returned", 1},
		"cancelled, yet somebody has it in hand":             {[]Event{at(1, "cancelled"), at(5, "picked_up")}, InTransit, "picked_up", 1},
		"cancelled, and a label after it":                    {[]Event{at(1, "cancelled"), at(5, "label_created")}, Cancelled, "cancelled", 0},
		"an unknown code moves nothing":                      {[]Event{at(1, "out_for_delivery"), unknown}, OutForDelivery, "out_for_delivery", 0},
		"an exception resolved":                              {[]Event{at(1, "delayed_by_weather"), at(5, "departed_facility")}, InTransit, "departed_facility", 1},
		"an unreadable time decides nothing":                 {[]Event{at(1, "picked_up"), undated}, InTransit, "picked_up", 0},
		"nothing but an unreadable time is told nonetheless": {[]Event{undated}, Delivered, "delivered", 0},
		"a corrected scan did not happen":                    {[]Event{at(1, "picked_up"), wrong, correction}, InTransit, "picked_up", 0},
		"a delivery known by its day alone holds":            {[]Event{at(45, "out_for_delivery"), dayOnly}, Delivered, "delivered", 1},
		"at one minute the further milestone is last":        {[]Event{at(4, "delivered"), at(4, "out_for_delivery")}, Delivered, "delivered", 0},
	} {
		t.Run(name, func(t *testing.T) {
			got := FoldEvents(c.events)
			if got.Milestone != c.milestone || got.Substatus != c.substatus {
				t.Errorf("got %s/%s, want %s/%s", got.Milestone, got.Substatus, c.milestone, c.substatus)
			}
			if c.since >= 0 && got.Since != c.events[c.since].Time {
				t.Errorf("since %v, want the time of event %d, %v", got.Since, c.since, c.events[c.since].Time)
			}
		})
	}
}

func TestFoldTellsMoreThanTheMilestone(t *testing.T) {
	hub := at(3, "arrived_at_facility")
	hub.Location = Location{City: "Leipzig", Country: "DE"}
	label := at(0, "label_created")
	label.Location = Location{City: "Hamburg", Country: "DE"}
	got := FoldEvents([]Event{
		label, at(1, "picked_up"), at(2, "customs_started"), hub, at(4, "held_at_customs"), at(6, "customs_cleared"),
		at(8, "recipient_unavailable"), at(20, "business_closed"),
	})
	if got.Location.City != "Leipzig" {
		t.Errorf("it was last seen in %q; a label's address is no place of the parcel", got.Location.City)
	}
	if got.Customs != "cleared" {
		t.Errorf("customs %q, want cleared", got.Customs)
	}
	if got.Attempts != 2 {
		t.Errorf("%d attempts, want 2", got.Attempts)
	}
	if got.DelayReason != "business_closed" {
		t.Errorf("the delay's reason is %q, want the latest", got.DelayReason)
	}
	if got.Reached[InTransit] != at(1, "").Time {
		t.Errorf("in transit first reached at %v", got.Reached[InTransit])
	}
}

func TestGenerations(t *testing.T) {
	day := 24
	withID := func(e Event, id string) Event { e.Lifecycle = id; return e }
	for name, c := range map[string]struct {
		events []Event
		sizes  []int
		last   Milestone
	}{
		"one journey": {[]Event{at(0, "label_created"), at(5, "picked_up"), at(50, "delivered")}, []int{3}, Delivered},
		"a label days after the end is another parcel": {
			[]Event{at(0, "picked_up"), at(50, "delivered"), at(50+3*day, "label_created"), at(50+4*day, "picked_up")},
			[]int{2, 2},
			InTransit,
		},
		"a label told late on the day of the end is not": {
			[]Event{at(0, "picked_up"), at(50, "delivered"), at(55, "label_created")}, []int{3}, Delivered,
		},
		"months after the end any scan is another parcel's": {
			[]Event{at(0, "picked_up"), at(50, "delivered"), at(50+90*day, "picked_up")}, []int{2, 1}, InTransit,
		},
		"a return weeks after the end is the same parcel": {
			[]Event{at(0, "picked_up"), at(50, "delivered"), at(50+21*day, "returning")}, []int{3}, Returning,
		},
		"silence for weeks does not end a journey": {
			[]Event{at(0, "picked_up"), at(100*day, "delivered")}, []int{2}, Delivered,
		},
		"silence for most of a year does": {
			[]Event{at(0, "picked_up"), at(300*day, "picked_up")}, []int{1, 1}, InTransit,
		},
		"the carrier's own ids part even what overlaps": {
			[]Event{
				withID(at(0, "picked_up"), "A"), withID(at(10, "delayed"), "A"),
				withID(at(5, "picked_up"), "B"), withID(at(20, "delivered"), "B"),
			},
			[]int{2, 2},
			Delivered,
		},
		"an event without the id goes to the carriage under way": {
			[]Event{withID(at(0, "picked_up"), "A"), withID(at(100, "picked_up"), "B"), at(50, "delayed")},
			[]int{2, 1},
			InTransit,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := Generations(c.events)
			if len(got) != len(c.sizes) {
				t.Fatalf("%d generations, want %d", len(got), len(c.sizes))
			}
			for i, size := range c.sizes {
				if len(got[i].Events) != size {
					t.Errorf("generation %d has %d events, want %d", i, len(got[i].Events), size)
				}
			}
			if last := got[len(got)-1].State.Milestone; last != c.last {
				t.Errorf("the last one is %s, want %s", last, c.last)
			}
		})
	}
}

func TestGenerationMeantByARegistration(t *testing.T) {
	day := 24
	list := Generations([]Event{at(0, "picked_up"), at(50, "delivered"), at(200*day, "label_created"), at(201*day, "picked_up")})
	start := at(0, "").Time.Instant()
	for name, c := range map[string]struct {
		days int
		want int
	}{
		"before the first scan":              {-1, 0},
		"while the first is under way":       {1, 0},
		"weeks after the first ended":        {30, 0},
		"long after the first, before reuse": {180, 1},
		"years later, before any new scan":   {900, -1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := GenerationFor(list, start.AddDate(0, 0, c.days)); got != c.want {
				t.Errorf("generation %d, want %d", got, c.want)
			}
		})
	}
}
