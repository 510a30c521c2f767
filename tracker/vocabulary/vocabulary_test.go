package vocabulary

import (
	"strings"
	"testing"

	"waybill/tracker"
)

func load(t *testing.T) map[string]*Vocabulary {
	t.Helper()
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestReading(t *testing.T) {
	all := load(t)
	for _, c := range []struct {
		vocabulary, code string
		want             tracker.Substatus
	}{
		{"easypost", "in_transit/weather_delay", "delayed_by_weather"},
		{"aftership", "Delivered_005", "delivered_to_neighbour"},
		{"aftership", "OutForDelivery_002", "available_for_pickup"},
		{"17track", "Exception_Returned", "returned"},
		{"karrio_incident", "customs_duties_unpaid", "held_for_payment"},
		{"amazon_mcf", "EVENT_801", "in_locker"},
		{"epcis_bizstep", "void_shipping", "label_voided"},
		{"epcis_bizstep", "cycle_counting", ""},
		{"upu_emsevt", "EMI", "delivered"},
		{"x12_1650", "D1", "delivered"},
		{"x12_1651", "AO", "delayed_by_weather"},
		{"x12_1652", "AB", "delivery_scheduled"},
		{"iftsta_9011", "21", "delivered"},
		{"iftsta_9011", "95", ""},
		{"iftsta_9013", "63", "delayed_by_weather"},
	} {
		got, known := all[c.vocabulary].Read(c.code)
		if !known || got != c.want {
			t.Errorf("%s %s reads as %q (known %v), want %q", c.vocabulary, c.code, got, known, c.want)
		}
	}
	if _, known := all["x12_1650"].Read("ZZ"); known {
		t.Error("a code that the list does not have is known")
	}
}

// The lists of the standards are complete: a code that is missing would be taken for unknown.
func TestTheListsAreComplete(t *testing.T) {
	all := load(t)
	for name, want := range map[string]int{
		"iftsta_9011": 103, "iftsta_9013": 142, "x12_1650": 42, "x12_1651": 86, "x12_1652": 9, "epcis_bizstep": 41,
		"epcis_disposition": 33, "17track": 30, "karrio_incident": 35, "amazon_mcf": 35,
	} {
		if got := len(all[name].Codes()); got != want {
			t.Errorf("%s has %d codes, want %d", name, got, want)
		}
	}
}

// What is written for other systems' clients must have a word for every substatus of ours, within the milestone.
func TestWritingKnowsEveryStatus(t *testing.T) {
	all := load(t)
	for _, name := range []string{"easypost", "easypost_status", "aftership", "aftership_tag", "17track", "karrio", "shippo", "ship24"} {
		for _, s := range tracker.Substatuses() {
			code, ok := all[name].Write(s)
			if !ok {
				t.Errorf("%s has no word for %s", name, s)
				continue
			}
			if back, known := all[name].Read(code); known && back.Milestone() == tracker.Delivered && s.Milestone() != tracker.Delivered {
				t.Errorf("%s writes %s as %s, which reads as delivered", name, s, code)
			}
		}
	}
	for _, c := range []struct {
		vocabulary string
		substatus  tracker.Substatus
		want       string
	}{
		{"easypost", "delayed_by_weather", "in_transit/weather_delay"},
		{"easypost", "delivered_to_safe_place", "delivered/arrived_at_destination"},
		{"easypost_status", "returned", "return_to_sender"},
		{"aftership", "picked_up", "InTransit_002"},
		{"aftership", "stuck", "Exception_001"},
		{"17track", "customs_started", "InTransit_CustomsProcessing"},
	} {
		if got, _ := all[c.vocabulary].Write(c.substatus); got != c.want {
			t.Errorf("%s writes %s as %s, want %s", c.vocabulary, c.substatus, got, c.want)
		}
	}
}

func TestAFaultyTableIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"an invented substatus":    {"A\tteleported", "not in the status model"},
		"a code that stands twice": {"A\tdelivered\nA\tlost", "line 2: code \"A\" stands twice"},
		"an unknown direction":     {"A\tdelivered\tback", "neither in nor out"},
		"too few columns":          {"A", "1 columns"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parse(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error that says %q", err, c.says)
			}
		})
	}
}
