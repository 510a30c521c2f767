package table

import (
	"encoding/csv"
	"io"
	"strings"
)

// Writer writes rows for spreadsheets: what would be a formula there is marked as a text.
type Writer struct{ csv *csv.Writer }

// NewWriter makes a Writer, after the names of the columns.
func NewWriter(w io.Writer, columns ...string) (*Writer, error) {
	out := &Writer{csv.NewWriter(w)}
	return out, out.csv.Write(columns)
}

// Write writes a row.
func (w *Writer) Write(cells ...string) error {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			cell = "'" + cell
		}
		safe[i] = cell
	}
	return w.csv.Write(safe)
}

// Flush brings out what is still in hand.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
}
