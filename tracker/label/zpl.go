package label

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// zplReserved are the characters that would begin a command, and the one that escapes them.
const zplReserved = "^~_\\"

// ZPL writes labels for printers of 203 dots an inch: 800 by 1200 dots.
func ZPL(w io.Writer, labels []Label, matrix Matrix) error {
	out := bufio.NewWriter(w)
	for i := range labels {
		zplLabel(out, &labels[i], matrix)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %d labels: %w", len(labels), err)
	}
	return nil
}

// zplLabel writes one label. The writer keeps its first error for Flush.
func zplLabel(out *bufio.Writer, l *Label, matrix Matrix) {
	write := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	text := func(x, y, size, width int, words string) {
		if words = plain(words); words != "" {
			write("^FO%d,%d^A0N,%d,%d^FB%d,1^FH_^FD%s^FS", x, y, size, size*4/5, width, zplText(words))
		}
	}
	write("^XA^CI28^PW800^LL1200") // CI28: texts are UTF-8
	text(40, 50, 56, 440, l.service())
	text(480, 40, 80, 290, l.Sort)
	write("^FO40,130^GB720,3,3^FS")
	for i, line := range l.From[:min(len(l.From), 4)] {
		text(40, 145+i*32, 28, 720, line)
	}
	write("^FO40,300^GB720,3,3^FS")
	for i, line := range l.To[:min(len(l.To), 7)] {
		text(40, 320+i*52, 46, 720, line)
	}
	write("^FO40,695^GB720,3,3^FS")
	write("^FO40,725^BY2^BCN,140,Y,N,N,A^FD%s^FS", zplText(l.ID))
	if matrix == QR {
		write("^FO590,715^BQN,2,6^FDMA,%s^FS", zplText(l.ID))
	} else {
		write("^FO590,725^BXN,8,200^FD%s^FS", zplText(l.ID))
	}
	if l.SSCC != "" {
		write("^FO40,945^BY3^BCN,130,Y,N,N,D^FD(00)%s^FS", zplText(l.SSCC))
	}
	text(40, 1150, 28, 720, l.foot())
	write("^XZ")
}

// zplText escapes what would begin a command: a name is no command, whatever it holds.
func zplText(text string) string {
	var out strings.Builder
	for _, r := range text {
		if strings.ContainsRune(zplReserved, r) {
			fmt.Fprintf(&out, "_%02X", r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}
