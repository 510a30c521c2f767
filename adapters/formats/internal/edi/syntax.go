package edi

import "strings"

// Skip leaves out what stands between segments: blanks, line ends, fill characters, the mark of an editor's "end of file",
// and the byte-order marks of files that were put together.
func Skip(text string) string {
	for {
		i := 0
		for i < len(text) && (text[i] <= ' ' && text[i] != 0x1c && text[i] != 0x1d && text[i] != 0x1e && text[i] != 0x1f) {
			i++
		}
		rest := strings.TrimPrefix(text[i:], "\ufeff")
		if len(rest) == len(text) {
			return text
		}
		text = rest
	}
}

// Unwrap takes line ends out of a segment: gateways wrap files at 80 characters, wherever that is.
func Unwrap(text string) string {
	if strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') < 0 {
		return text
	}
	return lineEnds.Replace(text)
}

var lineEnds = strings.NewReplacer("\r", "", "\n", "")
