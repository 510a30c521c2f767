package mapping

import (
	"strings"
	"testing"

	"waybill/tracker"
)

// answer is a mapping of a reply that does not repeat the number that was asked about.
const answer = `name: Test Post
home: https://example.org
countries: [DE]
webhooks: {verification: none}
dates: [iso]
codes:
  scans: {A1: picked_up}
formats:
  - name: test-v1
    syntax: json
    arrives: reply
    recognise: [['answer[scans]'], [history, kind]]
    shipments: [answer, '[history]']
    shipment:
      number: ref
      number_asked: true
      service: [product, line]
      partners: [{number: onward.number, named: onward.by, carriers: {Other Post: other, DHL: dhl}}]
    events: ['scans[]', 'history[]']
    event:
      code: code
      meaning: [{by: code, in: scans}]
      time: at
    recognise_error: unknown
    errors:
      - {each: 'unknown[]', number: ., default: No such parcel}
`

func readAnswer(t *testing.T, asked, body string) tracker.Reading {
	t.Helper()
	c, err := Load("test", "carrier.yaml", []byte(answer))
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
	return format.Asked(asked).Read(&tree, nil)
}

func TestTheNumberThatWasAskedAboutNamesTheShipment(t *testing.T) {
	const scan = `{"code":"A1","at":"2026-01-02T10:00:00Z"}`
	for _, test := range []struct{ name, asked, body, numbers, fault string }{
		{"a payload without a number", "T1", `{"answer":{"scans":[` + scan + `]}}`, "T1", ""},
		{"a payload that calls it otherwise", "T1", `{"answer":{"ref":"X9","scans":[` + scan + `]}}`, "T1", ""},
		{"a payload that nobody asked for", "", `{"answer":{"ref":"X9","scans":[` + scan + `]}}`, "X9", ""},
		{"no number anywhere", "", `{"answer":{"scans":[` + scan + `]}}`, "(none)", "which number"},
		{"neither number nor scans", "", `{"answer":{"scans":[]}}`, "", ""},
		{"the other group of signs", "T1", `{"kind":"x","history":[` + scan + `]}`, "T1", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			reading := readAnswer(t, test.asked, test.body)
			var numbers, faults []string
			for i := range reading.Shipments {
				numbers = append(numbers, strings.ReplaceAll("("+reading.Shipments[i].Number+")", "()", "(none)"))
			}
			for _, fault := range reading.Faults {
				faults = append(faults, fault.What)
			}
			if got := strings.Join(numbers, " "); strings.Trim(got, "()") != strings.Trim(test.numbers, "()") {
				t.Errorf("numbers %s, want %s", got, test.numbers)
			}
			if got := strings.Join(faults, "; "); (test.fault == "") != (got == "") || !strings.Contains(got, test.fault) {
				t.Errorf("faults %q, want %q", got, test.fault)
			}
		})
	}
}

func TestAPartnerIsKnownByItsName(t *testing.T) {
	for _, test := range []struct{ name, by, want string }{
		{"as the mapping writes it", "Other Post", "other"},
		{"in other letters", "dhl", "dhl"},
		{"a name that means nobody", "To Be Routed", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			reading := readAnswer(t, "T1", `{"answer":{"onward":{"number":"P1","by":"`+test.by+`"},"scans":[{"code":"A1","at":"2026-01-02"}]}}`)
			var got string
			var gotSb92 strings.Builder
			for _, partner := range reading.Shipments[0].Partners {
				gotSb92.WriteString(partner.Carrier)
			}
			got += gotSb92.String()
			if got != test.want {
				t.Errorf("partner %q, want %q", got, test.want)
			}
		})
	}
}

func TestAnEmptyObjectIsNoText(t *testing.T) {
	reading := readAnswer(t, "T1", `{"answer":{"product":{},"line":"Parcel","scans":[{"code":"A1","at":"2026-01-02"}]}}`)
	if got := reading.Shipments[0].Facts.Service; got != "Parcel" || len(reading.Faults) > 0 {
		t.Errorf("service %q, faults %v", got, reading.Faults)
	}
}

func TestANumberThatIsListedAsUnknownIsAnErrorWithWords(t *testing.T) {
	reading := readAnswer(t, "", `{"unknown":["T1","T2"]}`)
	if len(reading.Errors) != 2 || reading.Errors[1] != (tracker.ReadError{Number: "T2", Text: "No such parcel"}) {
		t.Errorf("errors %+v", reading.Errors)
	}
}
