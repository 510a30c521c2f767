// Package formattest holds what the tests of all formats' readers check alike.
package formattest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"waybill/tracker"
	"waybill/tracker/vocabulary"
)

// Words loads the code lists.
func Words(t testing.TB) map[string]*vocabulary.Vocabulary {
	t.Helper()
	words, err := vocabulary.Load()
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// Read is a reader's method.
type Read func(body []byte) tracker.Reading

// Lines writes a reading as one line a shipment and one an event, for comparing with what is expected:
// "number: estimate" and "code substatus time city".
func Lines(reading *tracker.Reading) []string {
	var lines []string
	for i := range reading.Shipments {
		s := &reading.Shipments[i]
		lines = append(lines, strings.TrimSpace(s.Number+": "+s.Facts.Estimate.To.String()))
		for j := range s.Events {
			e := &s.Events[j]
			at := e.Time.String()
			if at == "" {
				at = "?" + e.RawTime
			}
			lines = append(lines, strings.Join(strings.Fields(strings.Join([]string{e.Code, string(e.Substatus), at, e.Location.City}, " ")), " "))
		}
	}
	return lines
}

// Check reads a payload and compares its lines and its faults; each of the faults expected is a part of one found.
func Check(t *testing.T, read Read, payload string, want, faults []string) {
	t.Helper()
	reading := read([]byte(payload))
	if got := Lines(&reading); !slices.Equal(got, want) {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(reading.Faults) != len(faults) {
		t.Errorf("faults %v, want %v", reading.Faults, faults)
		return
	}
	for i, part := range faults {
		if f := reading.Faults[i]; !strings.Contains(f.Where+": "+f.What, part) {
			t.Errorf("fault %v, want one that says %q", f, part)
		}
	}
}

// DamageElements leaves out each piece between separators in turn, and makes it odd: reading never panics, and loses the
// shipments of one unit (a message, a transaction set) at most.
func DamageElements(t *testing.T, read Read, payload, separators string, most int) {
	t.Helper()
	whole := len(read([]byte(payload)).Shipments)
	start := 0
	for i := 0; i <= len(payload); i++ {
		if i < len(payload) && !strings.ContainsRune(separators, rune(payload[i])) {
			continue
		}
		for _, other := range []string{"", "?", "0", strings.Repeat("X", 70), "\x00\xff"} {
			got := read([]byte(payload[:start] + other + payload[i:]))
			if lost := whole - len(got.Shipments); lost > most {
				t.Errorf("%q in place of %q: %d shipments were lost", other, payload[start:i], lost)
			}
		}
		start = i + 1
	}
}

// Sound checks what holds of every reading, whatever was read: the same bytes read the same, statuses are the model's,
// no shipment is without number, and who reads nothing says why.
func Sound(t *testing.T, read Read, body []byte) {
	t.Helper()
	reading := read(body)
	if again := read(body); !reflect.DeepEqual(reading, again) {
		t.Errorf("read differently: %+v and %+v", reading, again)
	}
	for _, s := range reading.Shipments {
		if s.Number == "" {
			t.Error("a shipment without a number")
		}
		for i := range s.Events {
			e := &s.Events[i]
			if e.Substatus != "" && e.Substatus.Milestone() == tracker.NoMilestone {
				t.Errorf("status %q is not in the model", e.Substatus)
			}
			if !e.Time.Known() && e.RawTime == "" && len(reading.Faults) == 0 {
				t.Error("an event without a time, and not a word about it")
			}
		}
	}
}
