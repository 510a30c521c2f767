package allocate

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var promise = time.Date(2026, 11, 25, 18, 0, 0, 0, time.UTC)

func TestOptionsAreRanked(t *testing.T) {
	sure := Option{P90: promise.Add(-time.Hour), Chance: 0.95}
	with := func(name string, o Option, change func(*Option)) Option {
		o.Carrier = name
		change(&o)
		return o
	}
	nothing := func(*Option) {}
	for name, c := range map[string]struct {
		options []Option
		promise time.Time
		want    string
	}{
		"the cheapest of those that keep the promise": {[]Option{
			with("dear", sure, func(o *Option) { o.Cost, o.Chance = new(float64(9)), 0.99 }), with("cheap", sure, func(o *Option) { o.Cost = new(float64(4)) }), with("unpriced", sure, nothing),
		}, promise, "cheap dear unpriced"},
		"a cheap one that is late comes after": {[]Option{
			with("late", sure, func(o *Option) { o.P90, o.Chance, o.Cost = promise.Add(time.Hour), 0.7, new(float64(1)) }), with("sure", sure, func(o *Option) { o.Cost = new(float64(9)) }),
		}, promise, "sure late"},
		"the likeliest of those that do not": {[]Option{
			with("a", sure, func(o *Option) { o.P90, o.Chance, o.Cost = promise.Add(2*time.Hour), 0.3, new(float64(1)) }),
			with("b", sure, func(o *Option) { o.P90, o.Chance, o.Cost = promise.Add(time.Hour), 0.8, new(float64(9)) }),
		}, promise, "b a"},
		"full ones last": {[]Option{
			with("full", sure, func(o *Option) { o.Bounded, o.Cost = true, new(float64(1)) }), with("late", sure, func(o *Option) { o.P90, o.Chance = promise.Add(time.Hour), 0.2 }),
			with("room", sure, func(o *Option) { o.Bounded, o.Left = true, 1 }),
		}, promise, "room late full"},
		"one that broke its promises of late": {[]Option{
			with("broke", sure, func(o *Option) { o.Kept, o.Promised, o.Cost = 100, 200, new(float64(1)) }), with("kept", sure, func(o *Option) { o.Kept, o.Promised, o.Cost = 195, 200, new(float64(5)) }),
		}, promise, "kept broke"},
		"nearer where all else is equal": {[]Option{
			with("far", sure, func(o *Option) { o.Metres = 90_000 }), with("near", sure, func(o *Option) { o.Metres = 9_000 }),
		}, promise, "near far"},
		"without a promise the cheaper, then the sooner": {[]Option{
			with("slow", sure, func(o *Option) { o.P90, o.Cost = promise.Add(72*time.Hour), new(float64(4)) }), with("dear", sure, func(o *Option) { o.Cost = new(float64(8)) }),
			with("soon", sure, func(o *Option) { o.Cost = new(float64(4)) }),
		}, time.Time{}, "soon slow dear"},
		"nothing": {nil, promise, ""},
	} {
		var got []string
		for _, r := range Rank(c.options, c.promise) {
			got = append(got, r.Carrier)
			if len(r.Reasons) == 0 {
				t.Errorf("%s: %s has no reason", name, r.Carrier)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func TestNoFullOptionComesBeforeOneWithRoomAndNoLateOneBeforeASureOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Option {
			o := Option{
				P90: promise.Add(time.Duration(rapid.IntRange(-48, 48).Draw(t, "hours")) * time.Hour), Chance: rapid.Float64Range(0, 1).Draw(t, "chance"),
				Bounded: rapid.Bool().Draw(t, "bounded"), Left: rapid.IntRange(0, 2).Draw(t, "left"), Promised: 100, Kept: rapid.Int64Range(0, 100).Draw(t, "kept"),
			}
			if rapid.Bool().Draw(t, "priced") {
				o.Cost = new(rapid.Float64Range(0, 20).Draw(t, "cost"))
			}
			return o
		}), 0, 8).Draw(t, "options")
		ranked := Rank(options, promise)
		if len(ranked) != len(options) {
			t.Fatalf("%d of %d", len(ranked), len(options))
		}
		for i := 1; i < len(ranked); i++ {
			a, b := ranked[i-1], ranked[i]
			if a.Full() && !b.Full() || a.Full() == b.Full() && !a.Meets && b.Meets {
				t.Fatalf("%+v stands before %+v", a, b)
			}
			if b.Chance < 0 || b.Chance > 1 {
				t.Fatalf("a chance of %v", b.Chance)
			}
		}
	})
}
