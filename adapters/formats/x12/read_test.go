package x12

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"waybill/adapters/formats/internal/formattest"
)

func reader(t testing.TB) *Reader { t.Helper(); return New(formattest.Words(t)) }

// enveloped puts a set's segments (with | and ~) into an interchange with right counts.
func enveloped(segments string) string {
	return "ISA|00|          |00|          |02|TSTC           |ZZ|WAYBILLTEST    |261120|1405|U|00401|000000017|0|T|>~" +
		"GS|QM|TSTC|WAYBILLTEST|20261120|1405|17|X|004010~ST|214|0001~" + segments +
		"SE|" + itoa(strings.Count(segments, "~")+2) + "|0001~GE|1|17~IEA|1|000000017~"
}

func itoa(n int) string {
	return strings.TrimLeft(string([]byte{'0' + byte(n/10), '0' + byte(n%10)}), "0")
}

func TestStatusesAreRead(t *testing.T) {
	read := reader(t).Read
	for _, c := range []struct {
		name, segments string
		want, faults   []string
	}{
		{
			"a status whose time code names a zone", "B10|P1||T~LX|1~AT7|X6|NS|||20261118|0930|ET~MS1|ATHENS|GA~",
			[]string{"P1:", "X6 out_for_delivery 2026-11-18T09:30:00-05:00 ATHENS"},
			nil,
		},
		{
			"an hour of UTC by number, with seconds", "B10|P1||T~LX|1~AT7|D1|NS|||20261118|093015|20~",
			[]string{"P1:", "D1 delivered 2026-11-18T09:30:15-05:00"},
			nil,
		},
		{
			"no time code: the place's", "B10|P1||T~LX|1~AT7|D1|NS|||20260718|0930~MS1|DENVER|CO~",
			[]string{"P1:", "D1 delivered 2026-07-18T09:30:00-06:00 DENVER"},
			nil,
		},
		{
			"no time code, and a place that nobody knows", "B10|P1||T~LX|1~AT7|D1|NS|||20260718|0930~MS1|NOWHERETON~",
			[]string{"P1:", "D1 delivered 2026-07-18T09:30:00 NOWHERETON"},
			nil,
		},
		{
			"a Canadian province without its country", "B10|P1||T~LX|1~AT7|X4|NS|||20260718|0930|LT~MS1|CALGARY|AB~",
			[]string{"P1:", "X4 arrived_at_facility 2026-07-18T09:30:00-06:00 CALGARY"},
			nil,
		},
		{"a reason refines trouble", "B10|P1||T~LX|1~AT7|AP|BS|||20260718|0930|UT~", []string{"P1:", "AP/BS refused 2026-07-18T09:30:00Z"}, nil},
		{"a reason makes no trouble of progress", "B10|P1||T~LX|1~AT7|X4|AO|||20260718|0930|UT~", []string{"P1:", "X4/AO arrived_at_facility 2026-07-18T09:30:00Z"}, nil},
		{"an estimate is no scan", "B10|P1||T~LX|1~AT7|AG|NS|||20261120|1500|ET~", []string{"P1: 2026-11-20T15:00:00-05:00"}, nil},
		{"an appointment is the estimate", "B10|P1||T~LX|1~AT7|||AB|NA|20261120~", []string{"P1: 2026-11-20"}, nil},
		{
			"the carrier's estimate outranks an appointment", "B10|P1||T~LX|1~AT7|AG|NS|||20261120|1500|ET~AT7|||AB|NA|20261121~",
			[]string{"P1: 2026-11-20T15:00:00-05:00"},
			nil,
		},
		{
			"line ends where a gateway wrapped the file", "B10|P1||T~LX|1~AT7|X6|NS|||2026\r\n1118|0930|UT~MS1|ATH\nENS|GA~",
			[]string{"P1:", "X6 out_for_delivery 2026-11-18T09:30:00Z ATHENS"},
			nil,
		},
		{"an appointment for pickup is none", "B10|P1||T~LX|1~AT7|||AA|NA|20261120|0800|ET~", []string{"P1:"}, nil},
		{"an unknown code says nothing", "B10|P1||T~LX|1~AT7|ZZ|NS|||20261118|0930|UT~", []string{"P1:", "ZZ 2026-11-18T09:30:00Z"}, nil},
		{"the shipper's number where the carrier's is missing", "B10||BOL9|T~LX|1~AT7|D1|NS|||20261118~", []string{"BOL9:", "D1 delivered 2026-11-18"}, nil},
		{
			"two statuses of one loop", "B10|P1||T~LX|1~AT7|AF|NS|||20261117|0900|UT~MS1|ERIE|PA~MS2|T|1~AT7|X4|NS|||20261118|0900|UT~",
			[]string{"P1:", "AF picked_up 2026-11-17T09:00:00Z ERIE", "X4 arrived_at_facility 2026-11-18T09:00:00Z"},
			nil,
		},
		{
			"a package of its own in each loop", "B10|P1||T~LX|1~AT7|D1|NS|||20261118~MAN|CP|PK1~LX|2~AT7|A7|NS|||20261118~L11|PK2|2I~",
			[]string{"PK1:", "D1 delivered 2026-11-18", "PK2:", "A7 refused 2026-11-18"},
			nil,
		},
		{
			"a date that is none keeps its event", "B10|P1||T~LX|1~AT7|D1|NS|||20260230|0900|UT~",
			[]string{"P1:", "D1 delivered ?20260230 0900"},
			[]string{"segment 4 AT7: element 5 is no date"},
		},
		{
			"a time that is none leaves the day", "B10|P1||T~LX|1~AT7|D1|NS|||20260228|2560~",
			[]string{"P1:", "D1 delivered 2026-02-28"},
			[]string{"segment 4 AT7: element 6 is no time"},
		},
		{"no B10", "LX|1~AT7|D1|NS|||20260228~", nil, []string{"belongs to no number", "B10 is missing"}},
		{"a status of release 003050", "B10|P1||T~Q5|X1|991231|2359|ES||ERIE|PA|US~", []string{"P1:", "X1 arrived_at_delivery_facility 1999-12-31T23:59:00-05:00 ERIE"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) { formattest.Check(t, read, enveloped(c.segments), c.want, c.faults) })
	}
}

func TestTheEnvelopeIsChecked(t *testing.T) {
	read := reader(t).Read
	good := enveloped("B10|P1||T~LX|1~AT7|D1|NS|||20261118~")
	shipment := []string{"P1:", "D1 delivered 2026-11-18"}
	for _, c := range []struct {
		name, payload string
		want, faults  []string
	}{
		{"all as it should be", good, shipment, nil},
		{"line ends between segments", strings.ReplaceAll(good, "~", "~\r\n"), shipment, nil},
		{"line ends as terminators", strings.ReplaceAll(good, "~", "\n"), shipment, nil},
		{"other separators", strings.NewReplacer("|", "\x1d", "~", "\x1c").Replace(good), shipment, nil},
		{"an ISA whose fields lost their blanks", strings.ReplaceAll(good, " ", ""), shipment, nil},
		{"no ISA", good[strings.Index(good, "GS|"):strings.Index(good, "IEA|")], shipment, nil},
		{"no ISA and no GS", good[strings.Index(good, "ST|214"):strings.Index(good, "GE|")], shipment, nil},
		{
			"a second interchange with other separators", good + strings.NewReplacer("|", "*", "~", "'", "P1", "P2").Replace(good),
			append(shipment, "P2:", "D1 delivered 2026-11-18"), nil,
		},
		{"another set in the file", strings.Replace(good, "GE|1|17", "ST|990|0002~SE|2|0002~GE|2|17", 1), shipment, nil},
		{"a wrong count of segments", strings.Replace(good, "SE|5|", "SE|6|", 1), shipment, []string{"SE01"}},
		{"another set's trailer", strings.Replace(good, "SE|5|0001", "SE|5|0002", 1), shipment, []string{"SE02"}},
		{"a wrong count of sets", strings.Replace(good, "GE|1|", "GE|2|", 1), shipment, []string{"GE01"}},
		{"another group's trailer", strings.Replace(good, "GE|1|17", "GE|1|18", 1), shipment, []string{"GE02"}},
		{"a wrong count of groups", strings.Replace(good, "IEA|1|", "IEA|x|", 1), shipment, []string{"IEA01"}},
		{"another interchange's trailer", strings.Replace(good, "IEA|1|000000017", "IEA|1|000000018", 1), shipment, []string{"IEA02"}},
		{"no trailers", until(good, "SE|"), shipment, []string{"trailer SE", "trailer GE", "breaks off"}},
		{"no 214", "hello", nil, []string{"breaks off", "no transaction set 214"}},
		{"nothing", "", nil, []string{"no transaction set 214"}},
	} {
		t.Run(c.name, func(t *testing.T) { formattest.Check(t, read, c.payload, c.want, c.faults) })
	}
}

func TestRecognise(t *testing.T) {
	r := reader(t)
	good := enveloped("B10|P1||T~")
	for payload, want := range map[string]bool{
		good: true, "\n" + good: true, "ST*214*1~": true, strings.Replace(strings.Replace(good, "214", "990", 1), "QM", "GF", 1): false,
		"ISABEL": false, "{}": false, "": false, "UNB+UNOA:1": false,
	} {
		if got := r.Recognise([]byte(payload)); got != want {
			t.Errorf("%q: recognised %v", payload, got)
		}
	}
}

func TestAcknowledge(t *testing.T) {
	now := time.Date(2026, 11, 23, 15, 4, 0, 0, time.UTC)
	good := enveloped("B10|P1||T~LX|1~AT7|D1|NS|||20261118~")
	for _, c := range []struct{ name, payload, want string }{
		{"accepted", good, "AK1|QM|17~AK2|214|0001~AK5|A~AK9|A|1|1|1~SE|6|0001~"},
		{
			"accepted with errors", strings.Replace(good, "20261118", "20261318", 1),
			"AK1|QM|17~AK2|214|0001~AK3|AT7|4||8~AK4|5|373|8~AK5|E|5~AK9|E|1|1|1~SE|8|0001~",
		},
		{"rejected for its count", strings.Replace(good, "SE|5|", "SE|6|", 1), "AK1|QM|17~AK2|214|0001~AK5|R|4~AK9|R|1|1|0~SE|6|0001~"},
		{"rejected without its beginning", enveloped("LX|1~"), "AK1|QM|17~AK2|214|0001~AK3|B10|2||3~AK5|R|5~AK9|R|1|1|0~SE|7|0001~"},
		{
			"one of two sets", strings.Replace(good, "GE|1|17", "ST|990|0002~SE|2|0002~GE|2|17", 1),
			"AK1|QM|17~AK2|214|0001~AK5|A~AK2|990|0002~AK5|R|1~AK9|P|2|2|1~SE|8|0001~",
		},
		{"without the group's trailer", strings.Replace(good, "GE|1|17~", "", 1), "AK1|QM|17~AK2|214|0001~AK5|A~AK9|E|1|1|1|3~SE|6|0001~"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Acknowledge([]byte(c.payload), 8, now)
			if err != nil {
				t.Fatal(err)
			}
			want := "ISA|00|          |00|          |ZZ|WAYBILLTEST    |02|TSTC           |261123|1504|U|00401|000000008|0|T|>~" +
				"GS|FA|WAYBILLTEST|TSTC|20261123|1504|8|X|004010~ST|997|0001~" + c.want + "GE|1|8~IEA|1|000000008~"
			if string(got) != want {
				t.Errorf("\n%s\nwant\n%s", got, want)
			}
			if !bytes.HasPrefix(got, []byte("ISA")) || len(parse(string(got))) != 1 {
				t.Error("the answer is no interchange")
			}
		})
	}
	asking := strings.Replace(good, "|0|T|>", "|1|T|>", 1)
	for payload, want := range map[string]string{
		asking: "~TA1|000000017|261120|1405|A|000~GS|FA",
		strings.Replace(asking, "IEA|1|000000017", "IEA|1|000000018", 1): "|R|001~GS|FA",
		strings.Replace(asking, "IEA|1|", "IEA|2|", 1):                   "|E|021~GS|FA",
		strings.Replace(asking, "IEA|1|000000017~", "", 1):               "|R|023~GS|FA",
	} {
		if got, err := Acknowledge([]byte(payload), 8, now); err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
	two, err := Acknowledge([]byte(good+good), 999_999_999, now)
	if err != nil || strings.Count(string(two), "ISA|") != 2 || !strings.Contains(string(two), "IEA|1|000000001~") {
		t.Errorf("%s, %v", two, err)
	}
	for _, payload := range []string{"", "ST|214|1~", string(two)} {
		if got, err := Acknowledge([]byte(payload), 1, now); err == nil {
			t.Errorf("%q is answered by %s", payload, got)
		}
	}
	if _, err := Acknowledge([]byte(good), 0, now); err == nil {
		t.Error("control number 0 must be refused")
	}
}

func TestRemarksExceptionsAndSignersAreRead(t *testing.T) {
	read := reader(t).Read
	for _, c := range []struct {
		name, segments, text, signer string
		substatus                    string
	}{
		{"a remark", "LX|1~AT7|D1|NS|||20261118|0930|UT~K1|LEFT AT DOCK|DOOR 4~", "LEFT AT DOCK DOOR 4", "", "delivered"},
		{"who signed", "LX|1~AT7|D1|NS|||20261118|0930|UT~MS1|ERIE|PA~K1|SIGNED BY: E XAMPLE~", "Signed for", "E XAMPLE", "delivered"},
		{"who signed, before the loops", "K1|DELIVERED SIGNED BY E XAMPLE~LX|1~AT7|D1|NS|||20261118|0930|UT~", "", "E XAMPLE", "delivered"},
		{"an exception with its quantity", "LX|1~AT7|A9|NS|||20261118|0930|UT~Q7|A|CTN|2~", "lading exception A 2 CTN", "", "damaged"},
		{"damage refines trouble", "LX|1~AT7|AP|NS|||20261118|0930|UT~Q7|D~K1|TORN~", "lading exception D; TORN", "", "damaged"},
		{"damage makes no trouble of a delivery", "LX|1~AT7|D1|NS|||20261118|0930|UT~Q7|D|PCS|1~", "lading exception D 1 PCS", "", "delivered"},
		{"words behind an estimate are of no status", "LX|1~AT7|D1|NS|||20261118|0930|UT~AT7|AG|NS|||20261120~K1|SOON~", "", "", "delivered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read([]byte(enveloped("B10|P1||T~" + c.segments)))
			if len(got.Shipments) != 1 || len(got.Shipments[0].Events) != 1 || len(got.Faults) > 0 {
				t.Fatalf("%+v", got)
			}
			s := got.Shipments[0]
			if e := s.Events[0]; e.Text != c.text || string(e.Substatus) != c.substatus || s.Personal.SignedBy != c.signer {
				t.Errorf("%q %s, signed by %q; want %q %s, %q", e.Text, e.Substatus, s.Personal.SignedBy, c.text, c.substatus, c.signer)
			}
		})
	}
}

func TestDamageCostsOneSet(t *testing.T) {
	read := reader(t).Read
	good := enveloped("B10|P1||T~LX|1~AT7|D1|NS|||20261118|1000|ET~MS1|ERIE|PA|USA|0800500|420700|W|N~AT8|G|L|20|1~")
	payload := good + strings.ReplaceAll(good, "P1", "P2")
	formattest.DamageElements(t, read, payload, "|~", 1)
	for cut := range payload {
		if got := read([]byte(payload[:cut])); len(got.Faults) == 0 && cut != len(good) {
			t.Errorf("cut at byte %d: not a word about it", cut)
		}
	}
}

func FuzzRead(f *testing.F) {
	r := reader(f)
	f.Add([]byte(enveloped("B10|P1||T~LX|1~AT7|D1|NS|||20261118|1000|ET~MS1|ERIE|PA~MAN|CP|A|||GM|B~Q7|D|PCS|1~K1|SIGNED BY X~")))
	f.Add([]byte("ST*214*1~B10*1~Q5*X1*991231*2359*ES~SE*4*1~"))
	f.Add([]byte("ST*214*1~B10*0~Q5*0~SE*4*1~")) // a status without a date
	f.Fuzz(func(t *testing.T, body []byte) {
		formattest.Sound(t, r.Read, body)
		r.Recognise(body)
		if answer, err := Acknowledge(body, 1, time.Unix(0, 0)); err == nil && len(answer) == 0 {
			t.Error("an empty answer")
		}
	})
}

// BenchmarkRead compares with splitting the same bytes into segments and elements.
func BenchmarkRead(b *testing.B) {
	r := reader(b)
	body := []byte(strings.Repeat(enveloped("B10|P1||T~N1|SH|X~N4|DENVER|CO|80202~LX|1~AT7|AF|NS|||20261117|0900|MT~MS1|DENVER|CO~AT7|D1|NS|||20261118|1000|ET~MS1|ATHENS|GA~"), 20))
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
			for segment := range strings.SplitSeq(string(body), "~") {
				_ = strings.Split(segment, "|")
			}
		}
	})
}

// until is a text up to a mark in it.
func until(text, mark string) string {
	before, _, _ := strings.Cut(text, mark)
	return before
}
