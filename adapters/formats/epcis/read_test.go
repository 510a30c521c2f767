package epcis

import (
	"encoding/json"
	"strings"
	"testing"

	"waybill/adapters/formats/internal/formattest"
	"waybill/tracker"
)

func reader(t testing.TB) *Reader { t.Helper(); return New(formattest.Words(t)) }

const (
	sscc   = "urn:epc:id:sscc:4012345.1234567890"
	number = "140123452345678902"
)

func capture(fields string) string {
	return `{"type":"ObjectEvent","eventTime":"2026-11-18T08:30:00Z","eventTimeZoneOffset":"+01:00","epcList":["` + sscc + `"],` + fields + `}`
}

func TestEventsAreRead(t *testing.T) {
	read := reader(t).Read
	shipping := capture(`"bizStep":"shipping","disposition":"in_transit"`)
	shipped := []string{number + ":", "shipping/in_transit departed_facility 2026-11-18T09:30:00+01:00"}
	for _, c := range []struct {
		name, payload string
		want, faults  []string
	}{
		{"a document", `{"type":"EPCISDocument","epcisBody":{"eventList":[` + shipping + `]}}`, shipped, nil},
		{"a document of a draft", strings.ReplaceAll(`{"type":"EPCISDocument","epcisBody":{"eventList":[`+shipping+`]}}`, `"type"`, `"isA"`), shipped, nil},
		{"a query document", `{"type":"EPCISQueryDocument","epcisBody":{"queryResults":{"queryName":"q","resultsBody":{"eventList":[` + shipping + `]}}}}`, shipped, nil},
		{"a single event", shipping, shipped, nil},
		{"a list of events", "\ufeff[" + shipping + "]", shipped, nil},
		{"the vocabulary's URNs", capture(`"bizStep":"urn:epcglobal:cbv:bizstep:departing"`), []string{number + ":", "departing departed_facility 2026-11-18T09:30:00+01:00"}, nil},
		{
			"its web URIs", capture(`"bizStep":"https://ref.gs1.org/cbv/BizStep-collecting","disposition":"https://ref.gs1.org/cbv/Disp-active"`),
			[]string{number + ":", "collecting/active picked_up 2026-11-18T09:30:00+01:00"},
			nil,
		},
		{"a mishap outranks the step", capture(`"bizStep":"receiving","disposition":"damaged"`), []string{number + ":", "receiving/damaged damaged 2026-11-18T09:30:00+01:00"}, nil},
		{"what is sent back is on its way", capture(`"bizStep":"shipping","disposition":"returned"`), []string{number + ":", "shipping/returned returning 2026-11-18T09:30:00+01:00"}, nil},
		{"a step of warehouses says nothing", capture(`"bizStep":"cycle_counting"`), []string{number + ":", "cycle_counting 2026-11-18T09:30:00+01:00"}, nil},
		{"somebody's own step says nothing", capture(`"bizStep":"https://example.org/shipping"`), []string{number + ":", "https://example.org/shipping 2026-11-18T09:30:00+01:00"}, nil},
		{
			"an aggregation is its parent", `{"type":"AggregationEvent","eventTime":"2026-11-18T08:30:00+01:00","parentID":"` + sscc + `","childEPCs":["urn:a"],"bizStep":"loading"}`,
			[]string{number + ":", "loading departed_facility 2026-11-18T08:30:00+01:00"},
			nil,
		},
		{
			"an aggregation without parent is its contents", `{"type":"AggregationEvent","eventTime":"2026-11-18T08:30:00Z","childEPCs":["urn:a","urn:b"],"bizStep":"loading"}`,
			[]string{"urn:a:", "loading departed_facility 2026-11-18T08:30:00Z", "urn:b:", "loading departed_facility 2026-11-18T08:30:00Z"},
			nil,
		},
		{
			"a transformation has inputs and outputs", `{"type":"TransformationEvent","eventTime":"2026-11-18T08:30:00Z","inputEPCList":["urn:a"],"outputEPCList":["urn:b"]}`,
			[]string{"urn:b:", "2026-11-18T08:30:00Z", "urn:a:", "2026-11-18T08:30:00Z"},
			nil,
		},
		{"quantities are nobody's parcel", `{"type":"ObjectEvent","eventTime":"2026-11-18T08:30:00Z","quantityList":[{"epcClass":"urn:c","quantity":3}]}`, nil, nil},
		{"a time without its offset", strings.Replace(capture(`"bizStep":"arriving"`), "30:00Z", "30:00", 1), []string{number + ":", "arriving arrived_at_facility 2026-11-18T08:30:00+01:00"}, nil},
		{"a time that is none", strings.Replace(capture(`"bizStep":"arriving"`), "2026-11-18", "2026-11-31", 1), []string{number + ":", "arriving arrived_at_facility ?2026-11-31T08:30:00Z"}, []string{"eventTime"}},
		{"a field of another type costs no other", capture(`"bizStep":7`), []string{number + ":", "2026-11-18T09:30:00+01:00"}, []string{"bizStep"}},
		{"an event without type in a list", `{"epcisBody":{"eventList":[{"eventTime":"2026-11-18T08:30:00Z","epcList":["urn:a"]}]}}`, []string{"urn:a:", "2026-11-18T08:30:00Z"}, []string{"no type"}},
		{"XML of 1.2", `<EPCISDocument><EPCISBody><EventList><ObjectEvent><eventTime>2026-11-18T08:30:00Z</eventTime><eventTimeZoneOffset>+01:00</eventTimeZoneOffset><epcList><epc>` +
			sscc + `</epc></epcList><bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep><disposition>in_transit</disposition></ObjectEvent></EventList></EPCISBody></EPCISDocument>`, shipped, nil},
		{"what breaks off", `{"epcisBody":{"eventList":[` + shipping + `,{"type":`, shipped, []string{"it breaks off"}},
		{"nothing", "", nil, []string{"empty"}},
		{"a text", `"x"`, nil, []string{"expected an event"}},
	} {
		t.Run(c.name, func(t *testing.T) { formattest.Check(t, read, c.payload, c.want, c.faults) })
	}
}

func TestAnErrorDeclarationUndoesItsEvent(t *testing.T) {
	wrong := `"bizStep":"receiving","disposition":"damaged"`
	for name, id := range map[string]string{"by its id": `,"eventID":"urn:uuid:1"`, "by what it tells": ""} {
		t.Run(name, func(t *testing.T) {
			got := reader(t).Read([]byte("[" + strings.Join([]string{
				capture(`"bizStep":"shipping"`), capture(wrong + id),
				capture(wrong + id + `,"errorDeclaration":{"declarationTime":"2026-11-19T08:30:00Z","reason":"incorrect_data","correctiveEventIDs":["urn:uuid:2"]}`),
				capture(`"bizStep":"receiving","eventID":"urn:uuid:2"`),
			}, ",") + "]"))
			if len(got.Shipments) != 1 || len(got.Shipments[0].Events) != 4 {
				t.Fatalf("%+v", got)
			}
			state := tracker.FoldEvents(got.Shipments[0].Events)
			if state.Milestone != tracker.InTransit {
				t.Errorf("%s (%s), though the damage was taken back", state.Milestone, state.Substatus)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	for epc, want := range map[string]string{
		sscc: number,
		"https://id.gs1.org/00/140123452345678902":                number,
		"https://example.com/some/path/00/140123452345678902?x=1": number,
		"urn:epc:id:sgtin:0614141.107346.2017":                    "https://id.gs1.org/01/10614141073464/21/2017",
		"https://example.com/01/10614141073464/10/L1/21/2017":     "https://id.gs1.org/01/10614141073464/21/2017",
		"urn:epc:id:grai:4012345.12345.8":                         "https://id.gs1.org/8003/040123451234568",
		"urn:epc:id:giai:4012345.67":                              "https://id.gs1.org/8004/401234567",
		"urn:epc:id:ginc:4012345.67":                              "https://id.gs1.org/401/401234567",
		"urn:epc:id:gsin:4012345.678901234":                       "https://id.gs1.org/402/40123456789012349",
		"urn:epc:id:sscc:short.1":                                 "urn:epc:id:sscc:short.1", "\thttp://example.org/box/7\n": "http://example.org/box/7", "": "",
	} {
		if got := Number(epc); got != want {
			t.Errorf("%s: %s, want %s", epc, got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	got := reader(t).Read([]byte(capture(`"readPoint":{"id":"geo:48.40,9.99"},"bizLocation":{"id":"urn:epc:id:sgln:4012345.00001.0"}`)))
	l := got.Shipments[0].Events[0].Location
	if l.Facility != "urn:epc:id:sgln:4012345.00001.0" || l.Point == nil || l.Point.Lat != 48.4 {
		t.Errorf("%+v", l)
	}
}

func TestRecognise(t *testing.T) {
	r := reader(t)
	for payload, want := range map[string]bool{
		`{"type":"EPCISDocument"}`: true, capture(`"bizStep":"x"`): true, `<x:EPCISQueryDocument/>`: true, `{"eventTime":1}`: false, "{}": false, "": false, "x": false,
	} {
		if got := r.Recognise([]byte(payload)); got != want {
			t.Errorf("%s: recognised %v", payload, got)
		}
	}
}

func document(n int) string {
	return `{"@context":[],"type":"EPCISDocument","epcisBody":{"eventList":[` + strings.TrimSuffix(strings.Repeat(
		capture(`"bizStep":"shipping","eventID":"urn:uuid:1","readPoint":{"id":"urn:epc:id:sgln:4012345.00001.0"},"sensorElementList":[{"sensorReport":[{"value":7}]}]`)+",", n), ",") + `]}}`
}

func TestDamageCostsOneEvent(t *testing.T) {
	read := reader(t).Read
	payload := strings.Replace(document(2), "4012345.1234567890", "4012345.1234567891", 1)
	formattest.DamageElements(t, read, payload, `"`, 2) // JSON that is broken ends there
	for cut := range payload {
		if got := read([]byte(payload[:cut])); len(got.Faults) == 0 {
			t.Errorf("cut at byte %d: not a word about it", cut)
		}
	}
}

func FuzzRead(f *testing.F) {
	r := reader(f)
	f.Add([]byte(document(1)))
	f.Add([]byte(`<EPCISDocument><ObjectEvent><eventTime>2026-11-18T08:30:00Z</eventTime><epcList><epc>urn:a</epc></epcList></ObjectEvent></EPCISDocument>`))
	f.Add([]byte("[" + capture(`"errorDeclaration":{}`) + "]"))
	f.Fuzz(func(t *testing.T, body []byte) {
		formattest.Sound(t, r.Read, body)
		r.Recognise(body)
	})
}

// BenchmarkRead compares with decoding the same bytes into a generic tree.
func BenchmarkRead(b *testing.B) {
	r, body := reader(b), []byte(document(20))
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			r.Read(body)
		}
	})
	b.Run("plain", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			var tree any
			if err := json.Unmarshal(body, &tree); err != nil {
				b.Fatal(err)
			}
		}
	})
}
