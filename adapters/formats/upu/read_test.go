package upu

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waybill/adapters/formats/internal/formattest"
)

func reader(t testing.TB) *Reader { t.Helper(); return New(formattest.Words(t)) }

func TestATableIsRead(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("testdata", "events.csv"))
	if err != nil {
		t.Fatal(err)
	}
	r := reader(t)
	want := []string{
		"RR000000015DE:", "EMA accepted 2026-11-10T09:12:00+01:00", "EMC departed_origin_country 2026-11-11T22:40:00+01:00",
		"EMD arrived_in_destination_country 2026-11-13T06:05:00+01:00", "EDB customs_started 2026-11-13T07:00:00+01:00",
		"EDC customs_cleared 2026-11-13T12:00:00+01:00", "EMI delivered 2026-11-16T10:31:00+01:00 Lyon",
		"CP000000025CN:", "EMH/12/B attempt_failed 2026-11-16T15:02:00+01:00", "EZZ 2026-11-17",
	}
	formattest.Check(t, r.Read, string(table), want, nil)
	if !r.Recognise(table) {
		t.Error("the table is not recognised")
	}
	got := r.Read(table)
	if got.Shipments[0].Personal.SignedBy != "E. XAMPLE" || got.Shipments[0].Events[0].Location.Facility != "DEFRAA" || len(got.UnknownCodes) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestOtherForms(t *testing.T) {
	read := reader(t).Read
	moved := []string{"RR000000015DE:", "EMD arrived_in_destination_country 2026-11-13T06:05:00Z"}
	for _, c := range []struct {
		name, payload string
		want, faults  []string
	}{
		{"commas and tabs", "item_id,event_code,event_date,event_time,utc_offset\r\nRR000000015DE,EMD,2026-11-13,06:05:00,+00:00\r\n", moved, nil},
		{"tabs", "ItemId\tTncvEvent\tEvent\tTimestamp\nRR000000015DE\t\tEMD\t2026-11-13T06:05:00Z\n", moved, nil},
		{"XML with attributes", `<EMSEVT><Event itemId="RR000000015DE" eventCode="EMD" eventDateTime="2026-11-13T06:05:00Z"/></EMSEVT>`, moved, nil},
		{"XML with elements", `<m:EMSEVT xmlns:m="x"><Item><ItemID>RR000000015DE</ItemID><Ev><Code/><EventCode>EMD</EventCode><DateTime>2026-11-13T06:05:00Z</DateTime></Ev></Item></m:EMSEVT>`, moved, nil},
		{"an EDIFACT message", "UNH+1+EMSEVT:3:0:UP'CNI+1+RR000000015DE'STS++EMD'DTM+334:202611130605UTC:303'UNT+5+1'", moved, nil},
		{"its number among the goods", "UNH+1+EMSEVT:3:0:UP'CNI+1'STS++EMD'DTM+334:202611130605UTC:303'GIN+BN+RR000000015DE'UNT+6+1'", moved, nil},
		{"a line without its end", "item;event;date\nRR000000015DE;EMD;2026-11-13T06:05:00Z\nRR000000025DE;EM", moved, []string{"breaks off"}},
		{"a line without a number", "item;event;date\n;EMD;2026-11-13\nRR000000015DE;EMD;2026-11-13T06:05:00Z\n", moved, []string{"line 2"}},
		{"a time that is none", "item;event;date\nRR000000015DE;EMD;2026-11-31\n", []string{"RR000000015DE:", "EMD arrived_in_destination_country ?2026-11-31"}, []string{"the time is missing"}},
		{"a table of something else", "a;b\n1;2\n", nil, []string{"names of columns"}},
		{"XML of something else", "<a><b/></a>", nil, []string{"no element"}},
		{"nothing", " ", nil, []string{"empty"}},
	} {
		t.Run(c.name, func(t *testing.T) { formattest.Check(t, read, c.payload, c.want, c.faults) })
	}
}

func TestRecognise(t *testing.T) {
	r := reader(t)
	for payload, want := range map[string]bool{
		"UNH+1+EMSEVT:3:0:UP'": true, "UNH+1+IFTSTA:D:96A:UN'": false, `<EMSEVT a="RR000000015DE" b="EMD"/>`: true, "{}": false, "": false,
		"item;event\nRR000000015DE;EMD\n": true, "number;status\nRR000000015DE;EMD\n": false,
	} {
		if got := r.Recognise([]byte(payload)); got != want {
			t.Errorf("%q: recognised %v", payload, got)
		}
	}
}

func TestDamageCostsOneEvent(t *testing.T) {
	read := reader(t).Read
	formattest.DamageElements(t, read, "item;event;date\nRR000000015DE;EMD;2026-11-13\nRR000000025DE;EMD;2026-11-13\n", ";\n", 2)
	formattest.DamageElements(t, read, "UNH+1+EMSEVT:3:0:UP'CNI+1+RR000000015DE'STS++EMD'DTM+334:202611130605:203'UNT+5+1'", "+:'", 1)
}

func FuzzRead(f *testing.F) {
	r := reader(f)
	f.Add([]byte("item;event;date;office\nRR000000015DE;EMD;2026-11-13;DEFRAA\n"))
	f.Add([]byte(`<EMSEVT><Event itemId="RR000000015DE" eventCode="EMD"><Date>2026-11-13</Date></Event></EMSEVT>`))
	f.Add([]byte("UNH+1+EMSEVT:3:0:UP'CNI+1+RR000000015DE'STS++EMD'UNT+4+1'"))
	f.Fuzz(func(t *testing.T, body []byte) {
		formattest.Sound(t, r.Read, body)
		r.Recognise(body)
	})
}

// BenchmarkRead compares with splitting the same bytes into lines and columns.
func BenchmarkRead(b *testing.B) {
	r := reader(b)
	body := []byte("item;event;date;office\n" + strings.Repeat("RR000000015DE;EMD;2026-11-13T06:05:00;DEFRAA\n", 50))
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
			lines := csv.NewReader(strings.NewReader(string(body)))
			lines.Comma = ';'
			if _, err := lines.ReadAll(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
