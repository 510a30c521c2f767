package mapping

import (
	"strings"
	"testing"

	"waybill/tracker"
)

// readWith reads a payload with the plain mapping after changing things in it, given as old, new, old, new…
func readWith(t *testing.T, body string, changes ...string) tracker.Reading {
	t.Helper()
	c, err := Load("test", "carrier.yaml", []byte(strings.NewReplacer(changes...).Replace(plain)))
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
	return format.Read(&tree, nil)
}

// parcel is a payload with one parcel and one scan.
func parcel(scan string) string { return `{"parcels":[{"id":"P1","scans":[` + scan + `]}]}` }

func firstEvent(t *testing.T, r tracker.Reading) tracker.Event {
	t.Helper()
	if len(r.Shipments) != 1 || len(r.Shipments[0].Events) != 1 {
		t.Fatalf("want one event: %+v", r)
	}
	return r.Shipments[0].Events[0]
}

func TestWhatACodeMeans(t *testing.T) {
	for _, test := range []struct {
		name, scan string
		changes    []string
		substatus  tracker.Substatus
		kind       string
		unknown    string
	}{
		{"a code of the table", `{"code":"A1","at":"2026-01-02"}`, nil, "picked_up", "A1", ""},
		{"in small letters", `{"code":"a1","at":"2026-01-02"}`, nil, "picked_up", "a1", ""},
		{"with a canonical kind", `{"code":"D1","at":"2026-01-02"}`, nil, "delivered_signed", "delivery", ""},
		{"known and without meaning", `{"code":"N1","at":"2026-01-02"}`, nil, "", "N1", ""},
		{"an unknown code means nothing", `{"code":"Z9","text":"Delivered","at":"2026-01-02"}`, nil, "", "Z9", "Z9"},
		{"a number for a code", `{"code":7,"at":"2026-01-02"}`, nil, "", "7", "7"},
		{
			"a coarser signal, and still unknown", `{"code":"Z9","type":"A1","at":"2026-01-02"}`,
			[]string{"        - {by: code, in: scans}", "        - {by: code, in: scans}\n        - {by: type, in: scans, fallback: true}"},
			"picked_up", "Z9", "Z9",
		},
		{
			"by code and reason", `{"code":"D1","why":"A1","at":"2026-01-02"}`,
			[]string{"{by: code, in: scans}", "{by: [code, why], in: scans}", "N1: none", "D1/A1: returned"},
			"returned", "D1", "",
		},
		{
			"by words within the text", `{"code":"D1","text":"it was left with a neighbour","at":"2026-01-02"}`,
			[]string{"{by: code, in: scans}", "{by: [code, text], in: scans, contains: true}", "N1: none", "D1/NEIGHBOUR: delivered_to_neighbour\n    D1/LEFT: delivered_to_safe_place"},
			"delivered_to_neighbour", "D1", "",
		},
		{"words without a code, known", `{"text":"A1","at":"2026-01-02"}`, []string{"{by: code,", "{by: text,"}, "picked_up", "a1", ""},
		{"words without a code, unknown", `{"text":"Gone fishing","at":"2026-01-02"}`, nil, "", "gone fishing", "Gone fishing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			reading := readWith(t, parcel(test.scan), test.changes...)
			e := firstEvent(t, reading)
			if e.Substatus != test.substatus || e.Kind != test.kind || strings.Join(reading.UnknownCodes, ",") != test.unknown {
				t.Errorf("%q %q %v, want %q %q %q", e.Substatus, e.Kind, reading.UnknownCodes, test.substatus, test.kind, test.unknown)
			}
		})
	}
}

func TestTimesStayTrue(t *testing.T) {
	for _, test := range []struct {
		name, scan string
		changes    []string
		want       string
		source     tracker.ZoneSource
		zone       string
	}{
		{"an offset in the payload", `"at":"2026-07-01T10:00:00+02:00","city":"Berlin","country":"DE"`, nil, "2026-07-01T10:00:00+02:00", tracker.ZoneFromPayload, "Europe/Berlin"},
		{"an offset that is not the place's", `"at":"2026-07-01T10:00:00-05:00","city":"Berlin","country":"DE"`, nil, "2026-07-01T10:00:00-05:00", tracker.ZoneFromPayload, ""},
		{"from the place", `"at":"2026-07-01T10:00:00","city":"Berlin","country":"DE"`, nil, "2026-07-01T10:00:00+02:00", tracker.ZoneFromLocation, "Europe/Berlin"},
		{"from the place in winter", `"at":"2026-01-01T10:00:00","city":"Berlin","country":"DE"`, nil, "2026-01-01T10:00:00+01:00", tracker.ZoneFromLocation, "Europe/Berlin"},
		{"from the carrier", `"at":"2026-07-01T10:00:00"`, []string{"dates:", "zone: Europe/Lisbon\ndates:"}, "2026-07-01T10:00:00+01:00", tracker.ZoneFromCarrier, "Europe/Lisbon"},
		{"from nowhere: the local time stays", `"at":"2026-07-01T10:00:00"`, nil, "2026-07-01T10:00:00", tracker.ZoneUnknown, ""},
		{"a Z that is true", `"at":"2026-07-01T10:00:00Z"`, nil, "2026-07-01T10:00:00Z", tracker.ZoneFromPayload, ""},
		{"a Z that the carrier does not mean", `"at":"2026-07-01T10:00:00Z","city":"Berlin","country":"DE"`, []string{"time: at", "time: {local: at, local_z: true}"}, "2026-07-01T10:00:00+02:00", tracker.ZoneFromLocation, "Europe/Berlin"},
		{"the offset in a field of its own", `"at":"2026-07-01T10:00:00","off":"-0330"`, []string{"time: at", "time: {local: at, offset: off}"}, "2026-07-01T10:00:00-03:30", tracker.ZoneFromPayload, ""},
		{"the zone's name in the payload", `"at":"2026-07-01T10:00:00","tz":"Asia/Tokyo"`, []string{"time: at", "time: {local: at, zone: tz}"}, "2026-07-01T10:00:00+09:00", tracker.ZoneFromPayload, "Asia/Tokyo"},
		{"the same moment in UTC", `"at":"2026-07-01T10:00:00","utc":"2026-07-01T15:00:00"`, []string{"time: at", "time: {local: at, utc: utc}"}, "2026-07-01T10:00:00-05:00", tracker.ZoneFromPayload, ""},
		{"UTC alone", `"utc":"2026-07-01T15:00:00"`, []string{"time: at", "time: {local: at, utc: utc}"}, "2026-07-01T15:00:00Z", tracker.ZoneFromPayload, ""},
		{"UTC that cannot be of that moment", `"at":"2026-07-01T10:00:00","utc":"2026-07-09T15:00:07"`, []string{"time: at", "time: {local: at, utc: utc}"}, "2026-07-01T10:00:00", tracker.ZoneUnknown, ""},
		{"a day in two parts", `"at":"2026-07-01","time":"10:15"`, []string{"time: at", "time: {local: [at, time]}"}, "2026-07-01T10:15:00", tracker.ZoneUnknown, ""},
		{"the time missing: a day", `"at":"2026-07-01","time":""`, []string{"time: at", "time: {local: [at, time]}"}, "2026-07-01", tracker.ZoneUnknown, ""},
		{"the time unreadable: a day", `"at":"2026-07-01","time":"noonish"`, []string{"time: at", "time: {local: [at, time]}"}, "2026-07-01", tracker.ZoneUnknown, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := firstEvent(t, readWith(t, parcel(`{"code":"A1",`+test.scan+`}`), test.changes...))
			if e.Time.String() != test.want || e.Time.Source != test.source || e.Time.Zone != test.zone {
				t.Errorf("%s %s %q, want %s %s %q", e.Time, e.Time.Source, e.Time.Zone, test.want, test.source, test.zone)
			}
		})
	}
}

func TestTimesThatCannotBeReadAreKeptAsGiven(t *testing.T) {
	for _, at := range []string{"2026-02-30T10:00:00", "9999-12-31", "string"} {
		reading := readWith(t, parcel(`{"code":"A1","at":"`+at+`"}`))
		e := firstEvent(t, reading)
		if e.Time.Known() || e.RawTime != at || len(reading.Faults) != 1 || reading.Faults[0].Where != "parcels[0].scans[0].at" {
			t.Errorf("%+v, faults %v", e, reading.Faults)
		}
	}
}

func TestOneOddShipmentCostsNoOther(t *testing.T) {
	reading := readWith(t, `{"parcels":[{"id":"P1","scans":[{"code":"A1","at":"2026-01-02"}]},
		{"id":"","scans":[{"code":"A1","at":"2026-01-02"}]}, "odd", null, {"id":{"x":"P3"}},
		{"id":"`+strings.Repeat("9", 65)+`"}, {"id":"P 4","scans":{"code":"D1","at":"2026-01-03"}}]}`)
	var numbers []string
	for _, s := range reading.Shipments {
		numbers = append(numbers, s.Number)
	}
	if got := strings.Join(numbers, " "); got != "P1 P4" || len(reading.Faults) < 4 {
		t.Errorf("%s, faults %v", got, reading.Faults)
	}
	if len(reading.Shipments[1].Events) != 1 {
		t.Error("an object in place of the list of events is one event")
	}
}

// A reader that is quadratic in any of them would outlast the time that a suite has.
func TestALargePayloadOfNonsenseIsReadToItsEnd(t *testing.T) {
	const many = 200_000
	for _, test := range []struct{ name, body string }{
		{"scans without a time", parcel(strings.Repeat(`{"code":"A1"},`, many) + `{"code":"A1"}`)},
		{"codes that are all unknown", parcel(distinct(many, func(i string) string { return `{"code":"` + i + `","at":"2026-01-02"}` }))},
		{"places that are all unknown", parcel(distinct(many, func(i string) string { return `{"code":"A1","at":"2026-01-02","city":"` + i + `"}` }))},
		{"parcels without a number", `{"parcels":[` + distinct(many, func(string) string { return `{"scans":[]}` }) + `]}`},
		{"an object of many members", `{"parcels":[{` + distinct(many, func(i string) string { return `"m` + i + `":1` }) + `}]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			reading := readWith(t, test.body)
			if len(reading.Faults) > maxReadFaults+1 || len(reading.UnknownCodes) > maxUnknown {
				t.Errorf("%d faults, %d unknown codes", len(reading.Faults), len(reading.UnknownCodes))
			}
		})
	}
}

// distinct joins n pieces, each made of its own number.
func distinct(n int, piece func(i string) string) string {
	pieces := make([]string, n)
	for i := range pieces {
		pieces[i] = piece(itoa(i))
	}
	return strings.Join(pieces, ",")
}

func TestAPlaceIsTakenApart(t *testing.T) {
	e := firstEvent(t, readWith(t, parcel(`{"code":"A1","at":"2026-01-02T10:00:00","place":"Some Street 1, PORTO - PORTUGAL"}`),
		"location: {city: city, country: country}",
		`location: {parse: [{path: place, pattern: '^(?:.*,\s*)?(?P<city>[^,]+?)\s+-\s+(?P<country>.+)$'}]}`))
	if e.Location.City != "PORTO" || e.Location.Country != "PT" || e.Location.Text != "" || e.Location.Point == nil {
		t.Errorf("%+v", e.Location)
	}
	if e.Time.String() != "2026-01-02T10:00:00Z" || e.Time.Zone != "Europe/Lisbon" {
		t.Error(e.Time, e.Time.Zone)
	}
}

func TestACountryInPlaceOfACityIsTheCountry(t *testing.T) {
	e := firstEvent(t, readWith(t, parcel(`{"code":"A1","at":"2026-07-02T10:00:00","city":"Netherlands"}`)))
	if e.Location.Country != "NL" || e.Time.String() != "2026-07-02T10:00:00+02:00" {
		t.Errorf("%+v %s", e.Location, e.Time)
	}
}

func TestFactsBesideTheEvents(t *testing.T) {
	reading := readWith(t, `{"parcels":[{"id":"P1","kg":"2,5","pieces":"3","by":"2026-01-05T00:00:00","from":"2026-01-04T08:00:00",
		"post":[{"no":"AB 1"},{"no":"P1"}],"who":"Somebody","pic":"https://example.org/p","sig":"base64"}]}`,
		"number: id", `number: id
      weight: {value: kg, in: kg}
      pieces: pieces
      estimates: [{to: by, from: from}]
      partners: [{number: 'post[].no', carrier: usps}]
      signed_by: who
      photo: pic
      signature: sig`)
	s := reading.Shipments[0]
	if s.Facts.WeightGrams != 2500 || s.Facts.Pieces != 3 || s.Facts.Estimate.To.String() != "2026-01-05" {
		t.Errorf("%+v", s.Facts)
	}
	if len(s.Partners) != 1 || s.Partners[0] != (tracker.LegKey{Carrier: "usps", Number: "AB1"}) {
		t.Errorf("%+v", s.Partners)
	}
	if s.Personal != (tracker.Personal{SignedBy: "Somebody", PhotoURL: "https://example.org/p"}) {
		t.Errorf("an image that is no link is not kept: %+v", s.Personal)
	}
}

func TestTraceNamesTheRule(t *testing.T) {
	c, err := Load("test", "carrier.yaml", []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	var tree Tree
	syntax, err := tree.Decode([]byte(parcel(`{"code":"D1","at":"2026-01-02"}`)))
	if err != nil {
		t.Fatal(err)
	}
	format, _ := c.Recognise(&tree, syntax)
	var trace Trace
	format.Read(&tree, &trace)
	want := map[string]TraceLine{
		"number":        {Field: "number", Rule: "id", Line: 19, Where: "parcels[0].id", Value: "P1"},
		"event.code":    {Field: "event.code", Rule: "code", Line: 22, Where: "parcels[0].scans[0].code", Value: "D1"},
		"event.meaning": {Field: "event.meaning", Rule: "scans", Line: 10, Where: "parcels[0].scans[0]", Value: "D1 -> delivered_signed"},
	}
	for _, line := range trace.Lines {
		if w, ok := want[line.Field]; ok && line == w {
			delete(want, line.Field)
		}
	}
	if len(want) > 0 {
		t.Errorf("missing %+v in\n%+v", want, trace.Lines)
	}
}

func TestTextsAreFitToShow(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain", "Out for delivery", "Out for delivery"},
		{"line breaks", "Arrived at\n      Milan ", "Arrived at Milan"},
		{"markup", "USPS Tracking<SUP>&#174;</SUP>", "USPS Tracking®"},
		{"markup escaped once more", "USPS Tracking&lt;SUP&gt;&amp;#153;&lt;/SUP&gt;", "USPS Tracking™"},
		{"a sign that is no tag", "weight < 5 kg & more", "weight < 5 kg & more"},
		{"a script", "a<script>b</script>", "ab"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := clean(test.text); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestWhoSignedIsKeptApart(t *testing.T) {
	for _, test := range []struct{ name, text, want, signer string }{
		{"behind a dash", "Delivered - Signed for by: A PERSON", "Delivered", "A PERSON"},
		{"in brackets", "Delivered (signed by A Person)", "Delivered", "A Person"},
		{"alone", "Signed by: A Person.", "Signed for", "A Person"},
		{"nobody", "Assigned to a courier", "Assigned to a courier", ""},
		{"a signature that is wanted", "Adult signature required", "Adult signature required", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			reading := readWith(t, parcel(`{"code":"D1","at":"2026-01-02","text":"`+test.text+`"}`), "      code: code", "      code: code\n      kind: [text]", "kind: delivery, ", "")
			e := firstEvent(t, reading)
			if e.Text != test.want || reading.Shipments[0].Personal.SignedBy != test.signer {
				t.Errorf("%q %q, want %q %q", e.Text, reading.Shipments[0].Personal.SignedBy, test.want, test.signer)
			}
			if e.Kind != strings.ToLower(test.want) {
				t.Errorf("the kind is stored as well: %q", e.Kind)
			}
		})
	}
}

func TestCountriesBecomeCodes(t *testing.T) {
	for country, want := range map[string]string{
		"de": "DE", "DE": "DE", "UK": "GB", "JAM": "JM", "USA": "US", "Germany": "DE", "Deutschland": "DE",
		"United States": "US", "GREAT BRITAIN": "GB", "Italia": "IT", "Korea, Republic of": "KR", "Atlantis": "Atlantis", "": "", "ZZ": "ZZ",
	} {
		if got := ISOCountry(country); got != want {
			t.Errorf("%q became %q, want %q", country, got, want)
		}
	}
}
