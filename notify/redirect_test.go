package notify

import (
	"testing"
	"time"

	"waybill/tracker"
)

func TestARedirectionToAnotherPickupPointIsTold(t *testing.T) {
	at := tracker.StampAt(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	before := tracker.View{Milestone: tracker.InTransit, Substatus: "on_the_way"}
	to := func(pickup string) tracker.View {
		return tracker.View{Milestone: tracker.InTransit, Substatus: "redirected", Pickup: pickup, LastAt: at}
	}
	for name, c := range map[string]struct {
		before, after tracker.View
		told          bool
	}{
		"to another point":                   {before, to("Locker 7"), true},
		"and from there to one more":         {to("Locker 7"), to("Locker 9"), true},
		"another scan of the same":           {to("Locker 7"), to("Locker 7"), false},
		"a carrier's, to nobody knows where": {before, to(""), false},
	} {
		told := false
		for _, found := range candidates(&Input{Before: c.before, After: c.after, Now: at.Instant()}, time.UTC) {
			told = told || found.moment == tracker.MomentRedirected
		}
		if told != c.told {
			t.Errorf("%s: told %v", name, told)
		}
	}
}
