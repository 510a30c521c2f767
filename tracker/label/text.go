package label

import (
	"strings"
	"unicode"
)

// lines writes lines one below the other; what there is no room for joins the last.
func (p *printer) lines(font string, size, y, step, w float64, lines []string, most int) {
	if len(lines) > most {
		lines = append(append([]string{}, lines[:most-1]...), strings.Join(lines[most-1:], ", "))
	}
	for i, line := range lines {
		p.fit(font, size, margin, y+float64(i)*step, w, line)
	}
}

// fit writes a text at its base line, smaller where it would not fit into the width.
func (p *printer) fit(font string, size, x, y, w float64, text string) {
	runs := runsOf(plain(text))
	total := 0.0
	for _, r := range runs {
		p.use(font, r, size)
		total += p.GetStringWidth(r.text)
	}
	if total > w {
		size *= w / total
	}
	for _, r := range runs {
		p.use(font, r, size)
		p.Text(x, y, r.text)
		x += p.GetStringWidth(r.text)
	}
}

func (p *printer) use(font string, r run, size float64) {
	if r.wide {
		font = "wide"
	}
	p.SetFont(font, "", size)
}

// run is a part of a text that one font has.
type run struct {
	text string
	wide bool
}

// runsOf cuts a text by the font that has its letters.
func runsOf(text string) []run {
	var runs []run
	for _, r := range text {
		if n := len(runs) - 1; n >= 0 && (runs[n].wide == wide(r) || r == ' ') {
			runs[n].text += string(r)
			continue
		}
		runs = append(runs, run{string(r), wide(r)})
	}
	return runs
}

// wide reports whether a letter is of East Asia, which the condensed fonts do not have.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) ||
		r >= 0x3000 && r <= 0x30ff || r >= 0xff00 && r <= 0xffef
}

func anyWide(labels []Label) bool {
	for i := range labels {
		l := &labels[i]
		for _, text := range append(append([]string{l.Sort, l.Reference}, l.From...), l.To...) {
			if strings.ContainsFunc(text, wide) {
				return true
			}
		}
	}
	return false
}

// plain is a text without what no label can show: control characters, and letters beyond the basic plane, as emoji.
func plain(text string) string {
	const basic = 0xffff
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r > basic:
			return '□'
		}
		return r
	}, text)
}
