package web

import (
	"strings"
	"testing"

	"waybill/api/view"
	"waybill/tracker/words"
)

func TestTheBarShowsHowFarAParcelIs(t *testing.T) {
	for name, c := range map[string]struct {
		milestone string
		reached   string
		want      string
	}{
		"nothing yet":                 {"pending", "", "ahead ahead ahead ahead"},
		"announced":                   {"info_received", "info_received", "now ahead ahead ahead"},
		"on its way, never announced": {"in_transit", "in_transit", "done now ahead ahead"},
		"delivered":                   {"delivered", "in_transit out_for_delivery delivered", "done done done done"},
		"delivered without a van":     {"delivered", "in_transit delivered", "done done done done"},
		"a failed attempt":            {"attempt_failed", "in_transit out_for_delivery attempt_failed", "done done now ahead"},
		"a problem under way":         {"exception", "info_received in_transit exception", "done now ahead ahead"},
		"a problem before":            {"exception", "exception", "ahead ahead ahead ahead"},
		"waiting to be picked up":     {"available_for_pickup", "in_transit available_for_pickup", "done done now ahead"},
		"picked up":                   {"delivered", "in_transit available_for_pickup delivered", "done done done done"},
		"on its way back":             {"returning", "in_transit out_for_delivery returning", "done done now ahead"},
		"back":                        {"returned", "in_transit returned", "done done done done"},
		"expired":                     {"expired", "in_transit", "done now ahead ahead"},
	} {
		t.Run(name, func(t *testing.T) {
			v := &view.Tracking{Milestone: c.milestone}
			for m := range strings.FieldsSeq(c.reached) {
				v.Progress = append(v.Progress, view.Step{Milestone: m, At: "2026-11-23T11:00:00+01:00"})
			}
			var states []string
			for _, step := range barOf(v, words.For("en")) {
				states = append(states, step.State)
				if step.State == "ahead" && step.At != "" {
					t.Errorf("%s lies ahead and has a day", step.Name)
				}
			}
			if got := strings.Join(states, " "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestTheWindowInWords(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"hours of a day":      {"2026-11-23T14:00:00+01:00", "2026-11-23T16:00:00+01:00", "Monday 23 November, 14:00–16:00"},
		"odd minutes":         {"2026-11-23T14:07:31+01:00", "2026-11-23T15:52:00+01:00", "Monday 23 November, 14:00–16:00"},
		"two days":            {"2026-11-23T14:00:00+01:00", "2026-11-25T16:00:00+01:00", "Monday 23 November – Wednesday 25 November"},
		"over the new year":   {"2026-12-31T14:00:00+01:00", "2027-01-01T16:00:00+01:00", "Thursday 31 December – Friday 1 January"},
		"no beginning at all": {"", "2026-11-25T16:00:00+01:00", ""},
	} {
		if got := windowText(&view.Window{From: c.from, To: c.to}, words.For("en")); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := windowText(nil, words.For("en")); got != "" {
		t.Errorf("no estimate: %q", got)
	}
}
