package eta

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker"
)

// TestWhatIsShownLiesNeverInThePast looks at a parcel as workers do, and at what is shown of it at any time in between.
func TestWhatIsShownLiesNeverInThePast(t *testing.T) {
	m := newModel(inMemory(), monday)
	rapid.Check(t, func(t *rapid.T) {
		scans := []tracker.Substatus{"label_created", "picked_up", "arrived_at_facility", "arrived_at_delivery_facility", "out_for_delivery"}
		p := parcel{scans: []mark{{rapid.SampledFrom(scans).Draw(t, "first"), 0}}}
		if second := rapid.Float64Range(1, 200).Draw(t, "hours to the second scan"); second < 150 {
			p.scans = append(p.scans, mark{rapid.SampledFrom(scans[1:]).Draw(t, "second"), second})
		}
		var shown *tracker.Estimate
		for now := monday; now.Before(at(400)); {
			shown = Steady(shown, estimate(m.t(t), m, p, now))
			if shown == nil {
				t.Fatal("nothing is estimated")
			}
			next := NextRefresh(&tracker.View{Milestone: tracker.InTransit, Estimate: shown}, now)
			if !next.After(now) {
				t.Fatalf("at %s the next look is at %s", now, next)
			}
			late := time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes that workers are late")) * time.Minute
			for at := now; at.Before(next.Add(late)); at = at.Add(37 * time.Minute) {
				inOrder(t, shown.Seen(at), at)
			}
			now = next.Add(late)
		}
	})
}

// inOrder fails where an estimate that is shown at a moment says what cannot be; nil says nothing.
func inOrder(t *rapid.T, e *tracker.Estimate, now time.Time) {
	if e == nil {
		return
	}
	passed := now.Truncate(quarter)
	if e.P10.Before(passed) || e.P50.Before(e.P10) || e.P90.Before(e.P50) || e.From.Before(passed) || e.To.Before(e.From) || !e.To.After(now) {
		t.Fatalf("at %s it is shown as p10 %s, p50 %s, p90 %s, from %s to %s", now, e.P10, e.P50, e.P90, e.From, e.To)
	}
}

func TestADisruptionHoldsUpWhatIsOnTheVehicleToo(t *testing.T) {
	paris := newModel(inMemory(), monday).doorAt(tracker.Location{Country: "FR"}, "Europe/Paris")
	sunday := time.Date(2026, time.November, 29, 9, 0, 0, 0, paris.zone)
	strike := tracker.Disruption{ID: "d1", Countries: []string{"FR"}, Reason: "strike", ExtraHours: 24, From: monday.Add(-time.Hour), CreatedAt: monday}
	for name, c := range map[string]struct {
		scan tracker.Substatus
		now  time.Time
	}{
		"out for delivery":                    {"out_for_delivery", monday},
		"out for delivery on a Sunday":        {"out_for_delivery", sunday},
		"to be brought again":                 {"recipient_unavailable", monday},
		"on the vehicle since yesterday":      {"out_for_delivery", monday.Add(26 * time.Hour)},
		"on the vehicle when the day is over": {"out_for_delivery", monday.Add(13 * time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			store := inMemory()
			p := parcel{scans: []mark{{c.scan, c.now.Truncate(24 * time.Hour).Add(7 * time.Hour).Sub(monday).Hours()}}}
			if name == "on the vehicle since yesterday" {
				p.scans[0].hour -= 24
			}
			before := estimate(t, newModel(store, c.now), p, c.now)
			declared := strike
			if err := tracker.Save(t.Context(), store, &declared); err != nil {
				t.Fatal(err)
			}
			during := estimate(t, newModel(store, c.now), p, c.now)
			if during.Why.Disruption != "strike" || during.Why.Kind != before.Why.Kind || during.Confidence != confidenceLow {
				t.Errorf("it rests on %+v with confidence %s", during.Why, during.Confidence)
			}
			if !during.P50.After(before.P50) || !during.P90.After(before.P90) || !during.To.After(before.To) || during.P10.Before(before.P10) {
				t.Errorf("%s to %s, before %s to %s", during.From, during.To, before.From, before.To)
			}
			if during.Today > before.Today+0.01 || before.Today > 0.5 && during.Today < 0.05 {
				t.Errorf("it comes today with %v, before with %v", during.Today, before.Today)
			}
		})
	}
}
