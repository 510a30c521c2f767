package table_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"waybill/api/table"
)

func TestFilesThatSpreadsheetsLeave(t *testing.T) {
	const want = "Müller|Köln"
	encode := func(text string, encoder interface{ String(string) (string, error) }) string {
		out, err := encoder.String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	files := map[string]string{
		"comma, UTF-8":               "Name,City\nMüller,Köln\n",
		"semicolon, mark, CRLF":      "\ufeffName;City\r\nMüller;Köln\r\n",
		"tab":                        "Name\tCity\nMüller\tKöln",
		"quoted, with a line in it":  "Name,City\n\"Müller\",\"Köln\"\n",
		"Windows-1252":               encode("Name;City\nMüller;Köln\n", charmap.Windows1252.NewEncoder()),
		"UTF-16 as Excel writes it":  encode("Name\tCity\nMüller\tKöln\n", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()),
		"empty rows and blanks":      "Name,City\n,\n  Müller , Köln \n\n",
		"a row that is short":        "Name,City,Zip\nMüller,Köln\n",
		"columns in another order":   "City,Name\nKöln,Müller\n",
		"columns in German":          "Empfänger;Ort\nMüller;Köln\n",
		"columns in Japanese":        "氏名,都市\nMüller,Köln\n",
		"columns that nobody knows ": "Foo,Name,City\nx,Müller,Köln\n",
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			read, err := table.Read([]byte(file))
			if err != nil {
				t.Fatal(err)
			}
			at := table.Guess(read.Columns)
			if got := read.Rows[0].Cell(at["name"]) + "|" + read.Rows[0].Cell(at["city"]); len(read.Rows) != 1 || got != want {
				t.Errorf("%d rows, the first %q, want %q", len(read.Rows), got, want)
			}
		})
	}
}

func TestFilesThatCannotBe(t *testing.T) {
	for name, file := range map[string]string{
		"nothing": "", "names alone": "Name,City\n", "an open quote": "Name\n\"Müller\n",
		"too many rows": "Name\n" + strings.Repeat("x\n", table.MaxRows+1), "too large": strings.Repeat("x", table.MaxBytes+1),
		"too many columns": strings.Repeat("a,", 200) + "\n1\n",
	} {
		if _, err := table.Read([]byte(file)); !errors.Is(err, table.ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoFormulaGoesOut(t *testing.T) {
	var out strings.Builder
	w, err := table.NewWriter(&out, "id", "title")
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{`=HYPERLINK("http://x")`, "+1", "-2", "@x", "tea, black"} {
		if err := w.Write("a", cell); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "id,title\na,\"'=HYPERLINK(\"\"http://x\"\")\"\na,'+1\na,'-2\na,'@x\na,\"tea, black\"\n"
	if out.String() != want {
		t.Errorf("%q\nwant %q", out.String(), want)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"Name,City\nMüller,Köln\n", "a;b\n\"x\ny\";2", "\xff\xfea\x00", "\xe4;\xf6\n1;2"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read, err := table.Read(data)
		if err == nil && (len(read.Rows) == 0 || len(read.Rows) > table.MaxRows) {
			t.Errorf("%d rows", len(read.Rows))
		}
	})
}
