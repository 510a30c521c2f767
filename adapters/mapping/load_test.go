package mapping

import (
	"strings"
	"testing"
)

// plain is a mapping without a mistake; tests change one thing in it.
const plain = `name: Test Post
home: https://example.org
tracking_url: https://example.org/{number}
countries: [DE]
webhooks: {verification: none}
dates: [iso]
codes:
  scans:
    A1: picked_up
    D1: {status: delivered_signed, kind: delivery, text: Delivered}
    N1: none
formats:
  - name: test-v1
    syntax: json
    arrives: reply
    recognise: parcels
    shipments: 'parcels[]'
    shipment:
      number: id
    events: 'scans[]'
    event:
      code: code
      text: text
      meaning:
        - {by: code, in: scans}
      time: at
      location: {city: city, country: country}
`

func TestAMappingWithoutAMistakeLoads(t *testing.T) {
	c, err := Load("test", "carrier.yaml", []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.KnownCodes(), " "); got != "A1 D1 N1" {
		t.Error(got)
	}
	other, err := Load("test", "carrier.yaml", []byte(plain+"# a remark\n"))
	if err != nil || other.Version() == c.Version() {
		t.Error("a changed file must have another version", err)
	}
}

func TestMistakesAreNamedByFileAndLine(t *testing.T) {
	for _, test := range []struct{ name, old, new, want string }{
		{"an unknown key", "home: https://example.org\n", "home: https://example.org\ncolour: red\n", `carrier.yaml:3: unknown key "colour"`},
		{"an unknown key deep down", "number: id", "number: id\n      nummer: id", `carrier.yaml:20: unknown key "nummer"`},
		{"an unknown key of a code", "kind: delivery", "sort: delivery", `carrier.yaml:10: unknown key "sort"`},
		{"an unknown key of a look-up", "{by: code, in: scans}", "{by: code, into: scans}", `carrier.yaml:25: unknown key "into"`},
		{"an unknown status", "A1: picked_up", "A1: gone", `carrier.yaml:9: status "gone"`},
		{"a code without a status", "N1: none", "N1: {text: Nothing}", `carrier.yaml:11: status ""`},
		{"a code that is mapped twice", "N1: none", "A1: none", `carrier.yaml:11: code "A1" is mapped twice, first in line 9`},
		{"a code that is mapped twice but for its case", "N1: none", "a1: none", `carrier.yaml:11: code "a1" is mapped twice, first in line 9`},
		{"a path that cannot be", "number: id", "number: 'id['", `carrier.yaml:19: path "id["`},
		{"a date format that cannot be", "dates: [iso]", "dates: [QQ]", `carrier.yaml:6: date format "QQ"`},
		{"a look-up in no table", "in: scans}", "in: skans}", `"skans", which is no code table`},
		{"a table that nobody uses", "formats:", "  more: {X: delivered}\nformats:", `code table "more" is used by no format`},
		{"no number", "number: id", "service: id", "shipment.number is missing"},
		{"no dates", "dates: [iso]\n", "", "no dates are given"},
		{"no sign of the format", "recognise: parcels", "dates: [iso]", "recognise names no path"},
		{"a syntax that is none", "syntax: json", "syntax: yaml", `syntax "yaml"`},
		{"a tracking page without a number", "/{number}", "/", "needs {number}"},
		{"a verification that is none", "verification: none", "verification: magic", `webhooks.verification "magic"`},
		{"a country that is none", "countries: [DE]", "countries: [Germany]", `country "Germany"`},
		{"a number form that its example does not fit", "dates:", "numbers: [{name: n, pattern: '^[0-9]$', example: x}]\ndates:", `does not match`},
		{"a pattern with a group that is no part of a place", "{city: city,", "{parse: [{path: x, pattern: '(?P<town>.*)'}],", `group "town"`},
		{"a list where a text is due", "time: at", "time: {local: [[[at]]]}", "expected a text"},
		{"no YAML at all", plain, "a: [", "carrier.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load("test", "carrier.yaml", []byte(strings.Replace(plain, test.old, test.new, 1)))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	broken := strings.NewReplacer("A1: picked_up", "A1: gone", "number: id", "number: 'id['").Replace(plain)
	_, err := Load("test", "carrier.yaml", []byte(broken))
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("want two lines, got: %v", err)
	}
}
