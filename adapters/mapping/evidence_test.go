package mapping

import (
	"strings"
	"testing"
)

// guessed has rules that the example of TestWhatNoExampleShowsIsNamed does not need.
const guessed = `name: Test Post
home: https://example.org
countries: [DE]
webhooks: {verification: none}
dates: [iso, d.M.yyyy]
codes:
  scans: {A1: picked_up, D1: delivered}
  words: {GONE: delivered}
formats:
  - name: test-v1
    syntax: json
    arrives: reply
    recognise: parcels
    shipments: 'parcels[]'
    shipment:
      number: [id, barcode]
      service: product
    events: 'scans[]'
    event:
      code: code
      meaning:
        - {by: code, in: scans}
        - {by: code, in: words, contains: true}
      time: at
      location:
        parse:
          - {path: place, pattern: '^(?P<city>.+) \(.+\)$'}
  - name: test-v2
    syntax: json
    arrives: webhook
    recognise: push
    shipments: push
    shipment: {number: id}
    events: scan
    event: {code: code, meaning: [{by: code, in: scans}], time: at}
`

func TestWhatNoExampleShowsIsNamed(t *testing.T) {
	c, err := Load("test", "carrier.yaml", []byte(guessed))
	if err != nil {
		t.Fatal(err)
	}
	evidence := c.Evidence()
	collect := func(body string) {
		t.Helper()
		if format, err := evidence.Collect([]byte(body), nil); err != nil || format.Name() == "" {
			t.Fatalf("%s is not read: %v", body, err)
		}
	}
	collect(`{"parcels":[{"id":"P1","barcode":"P1","scans":[{"code":"A1","at":"2026-01-02","place":"Wien"}]}]}`)
	var told []string
	for _, f := range evidence.Unshown() {
		told = append(told, itoa(f.Line)+" "+f.What)
	}
	want := []string{
		`5 date format "d.M.yyyy" reads no time in any example`, `17 path "product" finds nothing in any example`,
		`23 this look-up in "words" knows no code in any example`, `27 pattern "^(?P<city>.+) \\(.+\\)$" fits nothing in any example`,
		`28 format "test-v2" is not met in any example`, `31 path "push" finds nothing in any example`,
	}
	for _, w := range want {
		if !strings.Contains(strings.Join(told, "\n"), w) {
			t.Errorf("%q is not in\n%s", w, strings.Join(told, "\n"))
		}
	}
	for _, line := range told {
		if strings.Contains(line, `"barcode"`) || strings.Contains(line, `"id" finds nothing in any example`) && strings.HasPrefix(line, "16") {
			t.Errorf("an alternative that would find something is shown: %s", line)
		}
	}
	collect(`{"push":{"id":"P2","scan":{"code":"X","at":"3.1.2026"}}}`)
	if left := evidence.Unshown(); len(left) != 4 {
		t.Errorf("left %+v", left)
	}
	if uses := evidence.Codes(); len(uses) != 2 || uses[0].Met != 1 || strings.Join(uses[0].Unmet, " ") != "D1" || uses[1].Met != 0 {
		t.Errorf("codes %+v", uses)
	}
	if format, err := evidence.Collect([]byte(`{"other":1}`), nil); err != nil || format.Name() != "" {
		t.Errorf("a payload of another is %q, %v", format.Name(), err)
	}
}
