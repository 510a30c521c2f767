package drift

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"waybill/tracker"
)

// TestNoiseRaisesNoAlert lets payloads with a steady share of faults of three kinds come in for more than a thousand
// hours.
func TestNoiseRaisesNoAlert(t *testing.T) {
	for name, perHour := range map[string]int{"a small carrier": 3, "a large one": 60} {
		t.Run(name, func(t *testing.T) {
			h, random := newHouse(t), rand.New(rand.NewPCG(7, 11)) //nolint:gosec // a test
			h.hours(1008, perHour, func() (how []func(*tracker.Reading)) {
				if random.Float64() < 0.01 {
					how = append(how, unknownCode)
				}
				if random.Float64() < 0.05 {
					how = append(how, noPlace)
				}
				if random.Float64() < 0.002 {
					how = []func(*tracker.Reading){unreadable}
				}
				return how
			})
			if all := h.alerts(); len(all) > 0 {
				t.Errorf("%d alerts, the first one %+v: %s", len(all), all[0], all[0].Why())
			}
		})
	}
}

func TestAJumpIsFoundWithinAFewPayloads(t *testing.T) {
	for name, c := range map[string]struct {
		kind   string
		before float64
		how    func(*tracker.Reading)
		share  float64
		within int
	}{
		"a new code in half of the payloads":   {"unknown_codes", 0.01, unknownCode, 0.5, 40},
		"places are missing in all":            {"missing_location", 0.02, noPlace, 1, 12},
		"nothing can be read any more":         {"unreadable", 0, unreadable, 1, 12},
		"one in ten cannot be read":            {"unreadable", 0.002, unreadable, 0.1, 250},
		"places are missing in a third, often": {"missing_location", 0.05, noPlace, 0.33, 120},
	} {
		t.Run(name, func(t *testing.T) {
			h, random := newHouse(t), rand.New(rand.NewPCG(3, 5)) //nolint:gosec // a test
			h.hours(7*24, 40, some(c.before, random, c.how))
			tell, needed := some(c.share, random, c.how), 0
			for ; len(h.open()) == 0 && needed < 1000; needed++ {
				h.post(tell()...)
				h.at = h.at.Add(time.Minute)
				h.look()
			}
			open := h.open()
			if needed > c.within || len(open) != 1 || open[0].Kind != c.kind {
				t.Fatalf("%d payloads until %+v, at most %d were allowed", needed, open, c.within)
			}
			if open[0].Samples[0] == "" || open[0].Carrier != "ups" || open[0].Account != "main" {
				t.Errorf("the alert names no receipt or not whose: %+v", open[0])
			}
			h.hours(30, 40, tell)
			if open := h.open(); len(open) != 1 {
				t.Fatalf("a day later, nothing mended, %d alerts are open of %+v", len(open), h.alerts())
			}
			h.hours(4, 40, plain)
			if all := h.alerts(); len(all) != 1 || all[0].End != EndCalm {
				t.Errorf("mended, there are %+v", all)
			}
		})
	}
}

func TestWhatLastsAWeekIsTakenAsUsual(t *testing.T) {
	h := newHouse(t)
	h.hours(3*24, 10, plain)
	h.hours(8*24, 10, func() []func(*tracker.Reading) { return []func(*tracker.Reading){noPlace} })
	if all := h.alerts(); len(all) != 1 || all[0].End != EndLearnt {
		t.Errorf("there are %+v", all)
	}
}

// TestArrearsOfEveryNightAreNoNews has a carrier that sends what piled up at three every night.
func TestArrearsOfEveryNightAreNoNews(t *testing.T) {
	h := newHouse(t)
	for range 21 {
		for hour := range 24 {
			late := func() []func(*tracker.Reading) {
				return []func(*tracker.Reading){func(r *tracker.Reading) {
					r.Shipments[0].Events[0].Time = tracker.StampAt(h.at.Add(-9 * time.Hour))
				}}
			}
			if hour != 3 {
				late = plain
			}
			h.hours(1, 12, late)
		}
	}
	for _, a := range h.alerts() {
		if time.Unix(a.Since, 0).After(monday.AddDate(0, 0, 7)) {
			t.Errorf("after a week an alert of %s opened at %s: %s", a.Kind, time.Unix(a.Since, 0).UTC(), a.Why())
		}
	}
}

// office posts on weekdays from 6 to 20, on Saturdays until 12, never on Sundays.
func office(at time.Time) int {
	switch {
	case at.Weekday() == time.Sunday, at.Hour() < 6, at.Hour() >= 20, at.Weekday() == time.Saturday && at.Hour() >= 12:
		return 0
	}
	return 20
}

func TestAWeekendIsNoSilence(t *testing.T) {
	h := newHouse(t)
	for h.at.Before(monday.AddDate(0, 0, 35)) {
		h.hours(1, office(h.at), plain)
		if f := h.feed(); f.State != "" || len(f.Past) > 0 {
			t.Fatalf("%s: the feed is %+v", h.at, f)
		}
	}
}

func TestASilentFeedIsFoundAndHeardAgain(t *testing.T) {
	h := newHouse(t)
	stop := monday.AddDate(0, 0, 30).Add(10 * time.Hour) // a Wednesday at ten
	for h.at.Before(stop) {
		h.hours(1, office(h.at), plain)
	}
	h.post()
	h.look()
	last := h.at
	for h.feed().State == "" && h.at.Before(stop.Add(12*time.Hour)) {
		h.hours(1, 0, plain)
	}
	f := h.feed()
	if f.State != tracker.FeedSilent || f.Since != last.Unix() || h.at.Sub(last) > 2*time.Hour {
		t.Fatalf("after %s the feed is %+v", h.at.Sub(last), f)
	}
	var health Health
	if err := health.Refresh(context.Background(), h.store); err != nil {
		t.Fatal(err)
	}
	if o := health.Outages("ups"); len(o) != 1 || !o[0].Lasts() || !o[0].Since.Equal(last) || health.Outages("dhl") != nil {
		t.Errorf("outages are %+v", o)
	}
	h.post()
	h.look()
	if f := h.feed(); f.State != "" || len(f.Past) != 1 || f.Past[0].Until.IsZero() {
		t.Errorf("heard again it is %+v", f)
	}
}

// TestOurOwnSilenceIsNotTheCarriers stops the process that takes posts in for a night and half a day.
func TestOurOwnSilenceIsNotTheCarriers(t *testing.T) {
	h := newHouse(t)
	for h.at.Before(monday.AddDate(0, 0, 30)) {
		h.hours(1, office(h.at), plain)
	}
	h.flush.Listens = false
	h.hours(12, 0, plain)
	if f := h.feed(); f.State != "" {
		t.Errorf("while nobody listens the feed is %+v", f)
	}
	h.flush.Listens = true
	h.look()
	if f := h.feed(); f.State != "" {
		t.Errorf("right after the start the feed is %+v", f)
	}
	h.hours(3, 0, plain)
	if f := h.feed(); f.State != tracker.FeedSilent {
		t.Errorf("three hours after the start the feed is %+v", f)
	}
}

func TestAFeedThatErrs(t *testing.T) {
	h := newHouse(t)
	ask := func(failure string) {
		h.flush.Collector.Pulled("ups", "main", failure, h.at)
		h.at = h.at.Add(4 * time.Minute)
		h.look()
	}
	for range 10 {
		ask("")
	}
	answered := h.at.Add(-4 * time.Minute)
	for range 4 {
		ask("status 503")
	}
	if f := h.feed(); f.State != "" {
		t.Fatalf("four failures make it %+v", f)
	}
	ask("status 503")
	if f := h.feed(); f.State != tracker.FeedErring || f.Reason != "status 503" || f.Since != answered.Unix() {
		t.Fatalf("five failures make it %+v", f)
	}
	ask("")
	if f := h.feed(); f.State != "" {
		t.Errorf("answered again it is %+v", f)
	}
}

func TestAFeedOfWhichNothingCanBeReadErrs(t *testing.T) {
	h := newHouse(t)
	h.hours(48, 20, plain)
	h.hours(2, 20, func() []func(*tracker.Reading) { return []func(*tracker.Reading){unreadable} })
	if f := h.feed(); f.State != tracker.FeedErring || f.Since == 0 {
		t.Errorf("it is %+v", f)
	}
}
