package label

import (
	"bytes"
	_ "embed"
	"fmt"
	"image/color"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/datamatrix"
	"github.com/boombuler/barcode/qr"
)

// The fonts: what the condensed ones lack, as Chinese, Japanese and Korean, comes from the third. See fonts/LICENSE.md.
var (
	//go:embed fonts/DejaVuSansCondensed.ttf
	plainFont []byte
	//go:embed fonts/DejaVuSansCondensed-Bold.ttf
	boldFont []byte
	//go:embed fonts/DroidSansFallbackFull.ttf
	wideFont []byte
)

// The page in millimetres.
const (
	width, height = 100.0, 150.0
	margin        = 5.0
	inner         = width - 2*margin
)

// PDF writes labels, a page each, which may be a thousand.
func PDF(w io.Writer, labels []Label, matrix Matrix) error {
	p := &printer{Fpdf: fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: width, Ht: height}})}
	p.SetCreationDate(time.Unix(0, 0).UTC())
	p.SetModificationDate(time.Unix(0, 0).UTC())
	p.SetCatalogSort(true)
	p.SetAutoPageBreak(false, 0)
	p.SetMargins(0, 0, 0)
	p.AddUTF8FontFromBytes("plain", "", plainFont)
	p.AddUTF8FontFromBytes("bold", "", boldFont)
	if anyWide(labels) {
		p.AddUTF8FontFromBytes("wide", "", wideFont)
	}
	for i := range labels {
		if err := p.page(&labels[i], matrix); err != nil {
			return fmt.Errorf("label of %s: %w", labels[i].ID, err)
		}
	}
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return fmt.Errorf("write %d labels: %w", len(labels), err)
	}
	_, err := out.WriteTo(w)
	return err
}

type printer struct{ *fpdf.Fpdf }

func (p *printer) page(l *Label, matrix Matrix) error {
	p.AddPage()
	p.fit("bold", 15, margin, 13, 56, l.service())
	p.fit("bold", 22, 62, 13.5, width-margin-62, l.Sort)
	p.rule(17)
	p.lines("plain", 8, 22, 3.6, inner, l.From, 4)
	p.rule(38)
	p.lines("bold", 13, 45, 6, inner-26, l.To, 7)
	p.rule(87)
	tracking, err := code128.Encode(l.ID)
	if err != nil {
		return err
	}
	p.bars(tracking, margin+3, 91, inner-6, 18)
	p.fit("plain", 10, margin, 114, inner, l.ID)
	square, err := encode(l.ID, matrix)
	if err != nil {
		return err
	}
	p.modules(square, width-margin-24, 61, 24)
	if l.SSCC != "" {
		// FNC1 in front makes it GS1-128.
		sscc, err := code128.Encode(string(code128.FNC1) + "00" + l.SSCC)
		if err != nil {
			return err
		}
		p.bars(sscc, margin+3, 118, inner-6, 16)
		p.fit("plain", 10, margin, 138.5, inner, "(00) "+l.SSCC)
	}
	p.fit("plain", 8, margin, 145, inner, l.foot())
	return p.Error()
}

// encode makes the code in two dimensions.
func encode(text string, matrix Matrix) (barcode.Barcode, error) {
	if matrix == QR {
		return qr.Encode(text, qr.M, qr.Auto)
	}
	return datamatrix.Encode(text)
}

// bars draws a code of one dimension as wide as there is room.
func (p *printer) bars(code barcode.Barcode, x, y, w, h float64) {
	n := code.Bounds().Dx()
	each := w / float64(n)
	for i := 0; i < n; {
		run := 0
		for i+run < n && dark(code, i+run, 0) {
			run++
		}
		if run > 0 {
			p.Rect(x+float64(i)*each, y, float64(run)*each, h, "F")
		}
		i += run + 1
	}
}

// modules draws a code of two dimensions as a square.
func (p *printer) modules(code barcode.Barcode, x, y, side float64) {
	n := code.Bounds().Dx()
	each := side / float64(n)
	for row := range n {
		for i := 0; i < n; {
			run := 0
			for i+run < n && dark(code, i+run, row) {
				run++
			}
			if run > 0 {
				p.Rect(x+float64(i)*each, y+float64(row)*each, float64(run)*each, each, "F")
			}
			i += run + 1
		}
	}
}

func dark(code barcode.Barcode, x, y int) bool {
	const middle = 128
	return color.GrayModel.Convert(code.At(x, y)).(color.Gray).Y < middle //nolint:forcetypeassert // the model's own type
}

func (p *printer) rule(y float64) { p.Rect(margin, y, inner, 0.4, "F") }
