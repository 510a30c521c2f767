package mapping

import (
	"testing"

	"waybill/tracker"
)

// current is a mapping of a payload that states the status now beside its scans, the oldest first.
const current = `name: Test Post
home: https://example.org
countries: [CA]
webhooks: {verification: none}
dates: [iso]
codes:
  scans: {A1: picked_up, A2: on_the_way}
  now: {DONE: delivered}
formats:
  - name: test-v1
    syntax: json
    arrives: reply
    recognise: scans
    shipments: .
    shipment: {number: ref}
    events: 'scans[]'
    event:
      code: code
      meaning:
        - {by: ^.now, in: now, last: true}
        - {by: code, in: scans}
      time: at
      location: {city: city, state: province, parse: [{path: province, pattern: '^(?:ON|QC)$', home_country: CA}]}
`

func readCurrent(t *testing.T, body string) []tracker.Event {
	t.Helper()
	c, err := Load("test", "carrier.yaml", []byte(current))
	if err != nil {
		t.Fatal(err)
	}
	var tree Tree
	syntax, err := tree.Decode([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	format, weight := c.Recognise(&tree, syntax)
	if weight == 0 {
		t.Fatal("the format was not recognised")
	}
	reading := format.Read(&tree, nil)
	if len(reading.Shipments) != 1 {
		t.Fatalf("read %+v", reading)
	}
	return reading.Shipments[0].Events
}

func TestTheStatusNowIsThatOfTheLastEventWhereTheOldestStandsFirst(t *testing.T) {
	events := readCurrent(t, `{"ref":"T1","now":"done","scans":[
		{"code":"A1","at":"2026-01-02T10:00:00Z"},{"code":"A2","at":"2026-01-03T10:00:00Z"}]}`)
	for i, want := range []tracker.Substatus{"picked_up", "delivered"} {
		if events[i].Substatus != want {
			t.Errorf("event %d is %s, want %s", i, events[i].Substatus, want)
		}
	}
}

func TestPlacesOfACertainFormAreInTheHomeCountry(t *testing.T) {
	events := readCurrent(t, `{"ref":"T1","scans":[
		{"code":"A1","at":"2026-01-02T10:00:00","city":"OTTAWA","province":"ON"},
		{"code":"A2","at":"2026-01-03T10:00:00","city":"FRANCE"}]}`)
	for i, want := range []string{"CA", "FR"} {
		if events[i].Location.Country != want {
			t.Errorf("event %d is in %q, want %s", i, events[i].Location.Country, want)
		}
	}
}
