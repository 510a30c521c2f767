package label

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/programtest"
)

func sample(id string) Label {
	return Label{
		ID: id, SSCC: "340123450000000017", Sort: "DE-10", Service: tracker.Express, Reference: "Order 1001", Piece: 1, Pieces: 2,
		From: Lines("Acme Tea", tracker.Address{Lines: []string{"Warehouse 1"}, PostalCode: "20095", City: "Hamburg", Country: "DE"}),
		To:   Lines("Łukasz Ångström 山田太郎", tracker.Address{Lines: []string{"Улица 5", "東京都千代田区"}, PostalCode: "10115", City: "Αθήνα", Country: "DE"}),
	}
}

func tried(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput() //nolint:gosec // programs of the test
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// TestPrintedLabelsAreReadByIndependentDecoders prints labels, renders them and reads the codes back.
func TestPrintedLabelsAreReadByIndependentDecoders(t *testing.T) {
	const poppler, codes = "apt-get install poppler-utils", "apt-get install zbar-tools dmtx-utils"
	render, words := programtest.Find(t, poppler, "pdftoppm"), programtest.Find(t, poppler, "pdftotext")
	zbar, dmtx := programtest.Find(t, codes, "zbarimg"), programtest.Find(t, codes, "dmtxread")
	for _, matrix := range []Matrix{DataMatrix, QR} {
		t.Run(string(matrix), func(t *testing.T) {
			id := tracker.NewTrackingID()
			folder := t.TempDir()
			file := filepath.Join(folder, "label.pdf")
			var pdf bytes.Buffer
			if err := PDF(&pdf, []Label{sample(id)}, matrix); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, pdf.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			tried(t, render, "-r", "150", "-png", "-singlefile", file, filepath.Join(folder, "page"))
			page := filepath.Join(folder, "page.png")
			read := tried(t, zbar, "-q", page)
			for _, code := range []string{"CODE-128:" + id, "340123450000000017"} {
				if !strings.Contains(read, code) {
					t.Errorf("zbar reads no %s:\n%s", code, read)
				}
			}
			if matrix == QR && !strings.Contains(read, "QR-Code:"+id) {
				t.Errorf("zbar reads no QR code:\n%s", read)
			}
			if matrix == DataMatrix {
				if got := tried(t, dmtx, "-N1", "-m10000", page); got != id {
					t.Errorf("dmtx reads %q", got)
				}
			}
			text := tried(t, words, file, "-")
			for _, name := range []string{"Łukasz Ångström", "山田太郎", "Улица 5", "東京都千代田区", "10115 Αθήνα", "EXPRESS", "DE-10"} {
				if !strings.Contains(text, name) {
					t.Errorf("the label does not say %q:\n%s", name, text)
				}
			}
		})
	}
}

func TestSSCCsAreChecked(t *testing.T) {
	for code, good := range map[string]bool{
		"340123450000000017": true, "106141412345678908": true, "340123450000000018": false, "34012345000000001": false,
		"": false, "00340123450000000017": false, "34012345000000001X": false,
	} {
		if err := CheckSSCC(code); (err == nil) != good {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestANameIsNoCommandOfThePrinter(t *testing.T) {
	l := sample("WB2345679ABCDEFGJ")
	l.To = []string{"^XZ^XA~JR Eve_5E", "line\nbreak"}
	var out bytes.Buffer
	if err := ZPL(&out, []Label{l, sample("WB2345679ABCDEFGK")}, DataMatrix); err != nil {
		t.Fatal(err)
	}
	zpl := out.String()
	if strings.Count(zpl, "^XA") != 2 || strings.Count(zpl, "^XZ") != 2 || strings.Contains(zpl, "~JR") {
		t.Errorf("a name commands the printer:\n%s", zpl)
	}
	for _, part := range []string{"_5EXZ_5EXA_7EJR Eve_5F5E", "line break", "^FD(00)340123450000000017^FS", "^BXN", "^FDWB2345679ABCDEFGJ^FS", "山田太郎"} {
		if !strings.Contains(zpl, part) {
			t.Errorf("it lacks %s:\n%s", part, zpl)
		}
	}
}

func TestALongAddressAndOddNamesStayOnTheLabel(t *testing.T) {
	l := sample("WB2345679ABCDEFGJ")
	l.To = nil
	for i := range 20 {
		l.To = append(l.To, strings.Repeat(fmt.Sprintf("very long line %d ", i), 8))
	}
	l.From, l.Sort, l.Reference, l.SSCC = []string{"\x00\x07 \U0001F4E6 مرحبا"}, strings.Repeat("W", 60), "", ""
	var out bytes.Buffer
	if err := PDF(&out, []Label{l}, QR); err != nil {
		t.Fatal(err)
	}
}

func TestTheSameLabelsGiveTheSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	for _, out := range []*bytes.Buffer{&a, &b} {
		if err := PDF(out, []Label{sample("WB2345679ABCDEFGJ")}, DataMatrix); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("they differ")
	}
}

// BenchmarkPDF and BenchmarkZPL print a thousand labels and tell how many a second.
func BenchmarkPDF(b *testing.B) { benchmark(b, PDF) }

func BenchmarkZPL(b *testing.B) { benchmark(b, ZPL) }

func benchmark(b *testing.B, lay func(io.Writer, []Label, Matrix) error) {
	b.Helper()
	labels := make([]Label, 1000)
	for i := range labels {
		labels[i] = sample(tracker.NewTrackingID())
	}
	for b.Loop() {
		if err := lay(io.Discard, labels, DataMatrix); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(labels)*b.N)/b.Elapsed().Seconds(), "labels/s")
}
