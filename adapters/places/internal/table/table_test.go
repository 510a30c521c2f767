package table

import (
	"bytes"
	"strings"
	"testing"
)

func TestKeyFoldsTheWaysANameIsWritten(t *testing.T) {
	for name, want := range map[string]string{
		"ELK GROVE VILLAGE": "elkgrovevillage",
		"Köln":              "koln",
		"Straßburg":         "strassburg",
		"Łódź":              "lodz",
		"Tromsø":            "tromso",
		"St. Louis":         "stlouis",
		"Saint Louis":       "stlouis",
		"O’Fallon":          "ofallon",
		"50667 KOELN":       "koeln",
		"東京":                "",
		"\xff\xfe":          "",
	} {
		if got := string(AppendKey(nil, name)); got != want {
			t.Errorf("%q: key %q, want %q", name, got, want)
		}
	}
}

func TestKeyIsBounded(t *testing.T) {
	for _, name := range []string{strings.Repeat("a", 10_000), strings.Repeat("ab ", 10_000), strings.Repeat("ß", 10_000)} {
		if got := AppendKey(nil, name); len(got) > MaxKey {
			t.Errorf("%d bytes", len(got))
		}
	}
}

func TestWrittenTableReadsBackWithItsNames(t *testing.T) {
	own, alias := Hash([]byte("koln")), Hash([]byte("cologne"))
	in := &Table{NameBucket: make([]uint32, 1<<16)}
	first, second := own, alias
	in.NameCity = []uint32{0, 1}
	if alias < own {
		first, second = alias, own
		in.NameCity = []uint32{1, 0}
	}
	in.NameLow = []uint32{uint32(first), uint32(second)}
	in.NameBucket[first>>32]++
	in.NameBucket[second>>32]++
	var buf bytes.Buffer
	if err := in.Write(&buf); err != nil {
		t.Fatal(err)
	}
	out, err := Read(&buf)
	if err != nil {
		t.Fatal(err)
	}
	for hash, isOwn := range map[uint64]bool{own: true, alias: false} {
		from, to := out.Names(hash)
		if to != from+1 {
			t.Fatalf("%x: names %d to %d, want one", hash, from, to)
		}
		if city, o := out.City(from); city != 0 || o != isOwn {
			t.Errorf("%x: city %d, own %t", hash, city, o)
		}
	}
	if from, to := out.Names(Hash([]byte("berlin"))); from != to {
		t.Error("an unknown name is found")
	}
}

func TestReadRefusesWhatIsNoTable(t *testing.T) {
	for _, raw := range []string{"", "not gzip"} {
		if _, err := Read(strings.NewReader(raw)); err == nil {
			t.Errorf("%q is taken for a table", raw)
		}
	}
	var buf bytes.Buffer
	if err := (&Table{}).Write(&buf); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(&buf); err == nil {
		t.Error("a table without buckets is taken for one")
	}
}
