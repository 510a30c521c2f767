package edifact

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"waybill/adapters/formats/internal/formattest"
)

func reader(t testing.TB) *Reader { t.Helper(); return New(formattest.Words(t)) }

// enclosed puts segments into a message of a directory ("D:96A"), with the right count and without an interchange.
func enclosed(directory, segments string) string {
	n := strings.Count(segments, "'") - strings.Count(segments, "?'") + 2
	return "UNH+1+IFTSTA:" + directory + ":UN'" + segments + "UNT+" + string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) + "+1'"
}

func TestStatusesAreRead(t *testing.T) {
	read := reader(t).Read
	for _, c := range []struct {
		name, directory, segments string
		want, faults              []string
	}{
		{"a status of D.96A", "D:96A", "CNI+1+C1'STS+1+21'DTM+334:202611181030:203'", []string{"C1:", "21 delivered 2026-11-18T10:30:00"}, nil},
		{"a reason refines trouble", "D:96A", "CNI+1+C1'STS+1+20+63'DTM+334:202611181030:203'", []string{"C1:", "20/63 delayed_by_weather 2026-11-18T10:30:00"}, nil},
		{"the second reason may be the telling one", "D:96A", "CNI+1+C1'STS+1+23+5+7'DTM+334:20261118:102'", []string{"C1:", "23/5 business_closed 2026-11-18"}, nil},
		{"a status of Recommendation 24 in D.21B", "D:21B", "CNI+1+C1'STS+1+31:162:6'DTM+334:202611181030:203'", []string{"C1:", "31 on_the_way 2026-11-18T10:30:00"}, nil},
		{"a status of an order says nothing of goods", "D:21B", "CNI+1+C1'STS+2+21'DTM+334:20261118:102'", []string{"C1:", "21 2026-11-18"}, nil},
		{"partners' own codes mean nothing", "D:96A", "CNI+1+C1'STS+1+21::ZZZ'DTM+334:20261118:102'", []string{"C1:", "21 2026-11-18"}, nil},
		{"codes of container lines", "D:00B", "CNI+1+C1'STS+1+VD'DTM+334:20261118:102'", []string{"C1:", "VD departed_facility 2026-11-18"}, nil},
		{"the status in the place of UPS", "D:07B", "RFF+CW:PK1'CNI+1'STS+1:D2:21'DTM+78:20261118101530:204'", []string{"PK1:", "21 delivered 2026-11-18T10:15:30"}, nil},
		{"a zone of three letters", "D:96A", "CNI+1+C1'STS+1+1'DTM+334:202611181030EST:303'", []string{"C1:", "1 arrived_at_facility 2026-11-18T10:30:00-05:00"}, nil},
		{"an offset", "D:96A", "CNI+1+C1'STS+1+1'DTM+334:202611181030?+0100:205'", []string{"C1:", "1 arrived_at_facility 2026-11-18T10:30:00+01:00"}, nil},
		{"two digits of year", "D:96A", "CNI+1+C1'STS+1+1'DTM+334:2611181030:201'", []string{"C1:", "1 arrived_at_facility 2026-11-18T10:30:00"}, nil},
		{"seconds without century", "D:96A", "CNI+1+C1'STS+1+1'DTM+334:261118103015:202'", []string{"C1:", "1 arrived_at_facility 2026-11-18T10:30:15"}, nil},
		{"a format that does not fit its value", "D:96A", "CNI+1+C1'STS+1+1'DTM+334:20261118103015:203'", []string{"C1:", "1 arrived_at_facility 2026-11-18T10:30:15"}, nil},
		{"a UN/LOCODE tells the offset", "D:96A", "CNI+1+C1'STS+1+1'DTM+334:202607181030:203'LOC+175+DEHAM:139:6:Hamburg'", []string{"C1:", "1 arrived_at_facility 2026-07-18T10:30:00+02:00 Hamburg"}, nil},
		{"the most telling of several times", "D:96A", "CNI+1+C1'STS+1+1'DTM+137:20261101:102'DTM+11:20261102:102'DTM+334:20261118:102'", []string{"C1:", "1 arrived_at_facility 2026-11-18"}, nil},
		{
			"several consignments and statuses", "D:96A", "CNI+1+C1'STS+1+13'DTM+334:20261117:102'STS+1+24'DTM+334:20261118:102'CNI+2+C2'STS+1+49'DTM+334:20261119:102'",
			[]string{"C1:", "13 picked_up 2026-11-17", "24 departed_facility 2026-11-18", "C2:", "49 lost 2026-11-19"},
			nil,
		},
		{
			"statuses of one consignment under their own numbers", "D:96A", "CNI+1'STS+1+21'RFF+CW:A1'DTM+334:20261118:102'STS+1+77'RFF+CW:A2'DTM+334:20261118:102'",
			[]string{"A1:", "21 delivered 2026-11-18", "A2:", "77 refused 2026-11-18"},
			nil,
		},
		{"no CNI at all", "D:96A", "BGM+23+DOC7'STS+1+21'DTM+334:20261118:102'", []string{"DOC7:", "21 delivered 2026-11-18"}, nil},
		{
			"the arrival expected at the place of delivery", "D:00B", "CNI+1+C1'STS+1+24'DTM+334:20261118:102'TDT+20'LOC+29+USCHI'DTM+132:20261121:102'LOC+7+USNYC'DTM+132:20261122:102'LOC+9+NLRTM'DTM+132:20261110:102'",
			[]string{"C1: 2026-11-22", "24 departed_facility 2026-11-18"},
			nil,
		},
		{"a promised window", "D:96A", "CNI+1+C1'STS+1+24'DTM+334:20261118:102'DTM+17:20261120-20261122:718'", []string{"C1: 2026-11-22", "24 departed_facility 2026-11-18"}, nil},
		{"released separators are text", "D:96A", "CNI+1+C?+1?:2?'3??4'STS+1+21'DTM+334:20261118:102'", []string{"C+1:2'3?4:", "21 delivered 2026-11-18"}, nil},
		{"a time that is none keeps its event", "D:96A", "CNI+1+C1'STS+1+21'DTM+334:202613401030:203'", []string{"C1:", "21 delivered ?202613401030"}, []string{"time of the status"}},
		{"no time", "D:96A", "CNI+1+C1'STS+1+21'", []string{"C1:", "21 delivered ?"}, []string{"has no time"}},
		{
			"no time, and one that has it", "D:96A", "CNI+1+C1'STS+1+21'STS+1+24'DTM+334:20261118:102'",
			[]string{"C1:", "21 delivered ?", "24 departed_facility 2026-11-18"},
			[]string{"has no time"},
		},
		{"the document's time with the status", "D:96A", "CNI+1+C1'STS+1+21'DTM+137:20261118:102'", []string{"C1:", "21 delivered 2026-11-18"}, nil},
		{"the document's time in the head is not the status'", "D:96A", "DTM+137:20261119:102'CNI+1+C1'STS+1+21'", []string{"C1:", "21 delivered ?"}, []string{"has no time"}},
		{
			"a status in the category, with a time of its own kind", "D:97A", "CNI+1+C1'STS+1:PUP'DTM+145:20261115130000:203'DTM+133:202611162025:203'DTM+132:202611180955:203'",
			[]string{"C1: 2026-11-18T09:55:00", "PUP 2026-11-15T13:00:00"},
			nil,
		},
		{"no code, but words", "D:96A", "CNI+1+C1'STS+1'DTM+334:20261118:102'FTX+AAI+++gate closed'", []string{"C1:", "2026-11-18"}, []string{"has no code"}},
		{"a cancelled message", "D:96A", "BGM+23+1+1'CNI+1+C1'STS+1+21'DTM+334:20261118:102'", nil, []string{"takes an earlier message back"}},
		{"no code", "D:96A", "CNI+1+C1'STS+1'DTM+334:20261118:102'", []string{"C1:"}, []string{"has no code"}},
	} {
		t.Run(c.name, func(t *testing.T) { formattest.Check(t, read, enclosed(c.directory, c.segments), c.want, c.faults) })
	}
}

const delivery = "CNI+1+C1'STS+1+21'DTM+334:20261118:102'"

func TestTheEnvelopeIsChecked(t *testing.T) {
	read := reader(t).Read
	inner := enclosed("D:96A", delivery)
	good := "UNB+UNOC:3+A+B+261118:1200+9'" + inner + "UNZ+1+9'"
	shipment := []string{"C1:", "21 delivered 2026-11-18"}
	for _, c := range []struct {
		name, payload string
		want, faults  []string
	}{
		{"all as it should be", good, shipment, nil},
		{"the service string", "UNA:+.? '" + good, shipment, nil},
		{"other service characters", "UNA|*.\\ ~" + strings.NewReplacer(":", "|", "+", "*", "'", "~").Replace(good), shipment, nil},
		{"line ends and blanks between segments", strings.ReplaceAll(good, "'", "'  \r\n"), shipment, nil},
		{"line ends where a gateway wrapped the file", strings.Replace(good, "20261118", "2026\r\n1118", 1), shipment, nil},
		{"a byte-order mark before each of two files", "\ufeff" + good + "\ufeff" + good, append(shipment, shipment...), nil},
		{"no interchange", inner, shipment, nil},
		{"a functional group", "UNB+UNOC:3+A+B+261118:1200+9'UNG+IFTSTA+A+B+261118:1200+1+UN+D:96A'" + inner + "UNE+1+1'UNZ+1+9'", shipment, nil},
		{"another message in the file", strings.Replace(good, "UNZ+1", "UNH+2+CONTRL:D:3:UN'UNT+2+2'UNZ+2", 1), shipment, nil},
		{
			"a second interchange with other characters", "UNA|*.\\ ~" + strings.NewReplacer(":", "|", "+", "*", "'", "~", "C1", "C2").Replace(good) + good,
			append([]string{"C2:", "21 delivered 2026-11-18"}, shipment...), nil,
		},
		{"a wrong count of segments", strings.Replace(good, "UNT+05", "UNT+06", 1), shipment, []string{"number of segments"}},
		{"another message's trailer", strings.Replace(good, "UNT+05+1", "UNT+05+2", 1), shipment, []string{"UNT has another reference"}},
		{"a wrong count of messages", strings.Replace(good, "UNZ+1", "UNZ+2", 1), shipment, []string{"number of messages"}},
		{"another interchange's trailer", strings.Replace(good, "UNZ+1+9", "UNZ+1+8", 1), shipment, []string{"UNZ has another reference"}},
		{"no trailers", until(good, "UNT"), shipment, []string{"trailer UNT", "breaks off"}},
		{"no message", "hello", nil, []string{"breaks off", "no message IFTSTA"}},
		{"nothing", "", nil, []string{"no message IFTSTA"}},
	} {
		t.Run(c.name, func(t *testing.T) { formattest.Check(t, read, c.payload, c.want, c.faults) })
	}
}

func TestAReleaseCharacterThatIsASeparatorStallsNothing(t *testing.T) {
	read := reader(t).Read
	// Were each looked back on all before it, this would take longer than tests may.
	if reading := read([]byte("UNA:+.? ?" + strings.Repeat("?", 2_000_000))); len(reading.Faults) == 0 {
		t.Error("read without a fault")
	}
}

func TestCharacterSets(t *testing.T) {
	read := reader(t).Read
	for _, c := range []struct {
		identifier, text string
		set              *charmap.Charmap
	}{
		{"UNOC", "Späterer Termin", charmap.ISO8859_1},
		{"UNOD", "późniejszy", charmap.ISO8859_2},
		{"UNOE", "позже", charmap.ISO8859_5},
		{"UNOF", "αργότερα", charmap.ISO8859_7},
		{"UNOY", "später, позже", nil},
		{"UNOC", "später in UTF-8", nil},
	} {
		text := c.text
		if c.set != nil {
			var err error
			if text, err = c.set.NewEncoder().String(text); err != nil {
				t.Fatal(err)
			}
		}
		got := read([]byte("UNB+" + c.identifier + ":3+A+B+261118:1200+9'" + enclosed("D:96A", "CNI+1+C1'STS+1+20:::"+text+"'DTM+334:20261118:102'") + "UNZ+1+9'"))
		if len(got.Shipments) != 1 || got.Shipments[0].Events[0].Text != c.text {
			t.Errorf("%s: %+v, want the text %q", c.identifier, got.Shipments, c.text)
		}
	}
}

func TestFactsAndPersonsAreKept(t *testing.T) {
	got := reader(t).Read([]byte(enclosed("D:01C", "CNI+1+C1'CNT+7:41.5:KGM'STS+1+21:::angenommen'DTM+334:20261118:102'"+
		"NAD+AP+++E. XAMPLE'NAD+CN+++X++Wien++1010+AT'NAD+CZ+++Y++Ulm++89073+DE'GID+1+3:PK'")))
	s := got.Shipments[0]
	if s.Facts.WeightGrams != 41500 || s.Facts.Pieces != 3 || s.Facts.Destination.City != "Wien" || s.Facts.Origin.Country != "DE" ||
		s.Personal.SignedBy != "E. XAMPLE" || s.Events[0].Text != "angenommen" {
		t.Errorf("%+v", s)
	}
}

func TestDamageCostsOneMessage(t *testing.T) {
	read := reader(t).Read
	one := "UNB+UNOC:3+A+B+261118:1200+9'" + enclosed("D:96A", delivery+"NAD+AP+++X'LOC+175+DEHAM:139:6:Hamburg'") + "UNZ+1+9'"
	payload := one + strings.ReplaceAll(one, "C1", "C2")
	formattest.DamageElements(t, read, payload, "+:'", 1)
	for cut := range payload {
		if got := read([]byte(payload[:cut])); len(got.Faults) == 0 && cut != len(one) {
			t.Errorf("cut at byte %d: not a word about it", cut)
		}
	}
}

func FuzzRead(f *testing.F) {
	r := reader(f)
	f.Add([]byte("UNA:+.? 'UNB+UNOC:3+A+B+261118:1200+9'" + enclosed("D:96A", delivery+"NAD+AP+++X'TDT+20'LOC+7+USNYC'DTM+132:20261122?-1:718'EQD+CN+X'") + "UNZ+1+9'"))
	f.Add([]byte("UNH+1+IFTSTA'STS+1:D2:21'DTM+78:202611181054:204'UNT+4+1'"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if answer, err := Acknowledge(body, 1, time.Unix(0, 0)); err == nil && len(answer) == 0 {
			t.Error("an empty answer")
		}
		formattest.Sound(t, r.Read, body)
		r.Recognise(body)
	})
}

// BenchmarkRead compares with splitting the same bytes into segments, elements and components.
func BenchmarkRead(b *testing.B) {
	r := reader(b)
	body := []byte(strings.Repeat("UNB+UNOC:3+A+B+261118:1200+9'"+enclosed("D:96A", delivery+"NAD+AP+++X'STS+1+24'DTM+334:202611181030:203'LOC+175+DEHAM:139:6:Hamburg'")+"UNZ+1+9'", 20))
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
			for segment := range strings.SplitSeq(string(body), "'") {
				for element := range strings.SplitSeq(segment, "+") {
					_ = strings.Split(element, ":")
				}
			}
		}
	})
}

// BenchmarkConsignments reads a message of many: what one takes must not grow with their number.
func BenchmarkConsignments(b *testing.B) {
	r := reader(b)
	for _, n := range []int{100, 10_000} {
		var text strings.Builder
		text.WriteString("UNH+1+IFTSTA:D:96A:UN'")
		for i := range n {
			fmt.Fprintf(&text, "CNI+%d+C%d'STS+1+21'DTM+334:20261118:102'", i+1, i)
		}
		fmt.Fprintf(&text, "UNT+%d+1'", 3*n+2)
		body := []byte(text.String())
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				if got := len(r.Read(body).Shipments); got != n {
					b.Fatal(got, "shipments")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/consignment")
		})
	}
}

// until is a text up to a mark in it.
func until(text, mark string) string {
	before, _, _ := strings.Cut(text, mark)
	return before
}
