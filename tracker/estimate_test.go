package tracker

import (
	"testing"
	"time"
)

func TestWhatHasPassedOfAnEstimateIsNotTold(t *testing.T) {
	at := func(hour, minute int) time.Time {
		return time.Date(2026, time.November, 24, hour, minute, 0, 0, time.UTC)
	}
	e := &Estimate{P10: at(10, 0), P50: at(12, 0), P90: at(16, 0), From: at(8, 0), To: at(20, 0)}
	for name, c := range map[string]struct {
		now                      time.Time
		from, first, half, ninth time.Time
	}{
		"before all of it":                      {at(7, 59), at(8, 0), at(10, 0), at(12, 0), at(16, 0)},
		"within its first hours":                {at(11, 7), at(11, 0), at(11, 0), at(12, 0), at(16, 0)},
		"half of such parcels have come":        {at(14, 0), at(14, 0), at(14, 0), at(15, 0), at(16, 0)},
		"nine of ten have, and it is not yet 8": {at(18, 14), at(18, 0), at(18, 0), at(19, 0), at(20, 0)},
	} {
		got := e.Seen(c.now)
		if got == nil || !got.From.Equal(c.from) || !got.P10.Equal(c.first) || !got.P50.Equal(c.half) || !got.P90.Equal(c.ninth) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := e.Seen(at(20, 0)); got != nil {
		t.Errorf("all of it has passed, and it is told as %+v", got)
	}
	if got := e.Seen(at(7, 0)); got != e {
		t.Error("nothing has passed, and it is another one")
	}
	if (*Estimate)(nil).Seen(at(7, 0)) != nil {
		t.Error("of nothing, something is told")
	}
	if !e.P10.Equal(at(10, 0)) {
		t.Error("what is stored was changed")
	}
}
