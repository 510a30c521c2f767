// Package table reads sellers' CSV files: whatever separator and encoding a spreadsheet left, and columns by the names that
// people give them in six languages.
package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// The most that a file may hold.
const (
	MaxBytes   = 2 << 20
	MaxRows    = 5000
	maxColumns = 100
)

// ErrFile is wrapped by errors that say what is wrong with a whole file.
var ErrFile = errors.New("the file cannot be read")

// Table is a file that was read: its first row are the names of its columns.
type Table struct {
	Columns []string
	Rows    []Row
}

// Row is a row with its line in the file, from 1.
type Row struct {
	Line  int
	Cells []string
}

// Read reads a CSV file with a first row of names. Separators are comma, semicolon or tab; encodings UTF-8, UTF-16 with a mark
// of byte order, and else Windows-1252.
func Read(data []byte) (*Table, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%w: it has %d bytes, at most %d are taken; cut it into parts", ErrFile, len(data), MaxBytes)
	}
	text, err := decoded(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.TrimLeadingSpace = separator(text), -1, true
	t := &Table{}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		}
		if len(cells) > maxColumns {
			return nil, fmt.Errorf("%w: it has %d columns, at most %d are taken", ErrFile, len(cells), maxColumns)
		}
		line, _ := reader.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case t.Columns == nil:
			t.Columns = cells
		case strings.Join(cells, "") == "": // an empty row
		case len(t.Rows) == MaxRows:
			return nil, fmt.Errorf("%w: it has more than %d rows; cut it into parts", ErrFile, MaxRows)
		default:
			t.Rows = append(t.Rows, Row{line, cells})
		}
	}
	if len(t.Rows) == 0 {
		return nil, fmt.Errorf("%w: it needs a first row with the names of the columns, and a row for each parcel", ErrFile)
	}
	return t, nil
}

// decoded brings a file into UTF-8.
func decoded(data []byte) (string, error) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		return string(text), err
	}
	data = bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf})
	if utf8.Valid(data) {
		return string(data), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	return string(text), err
}

// separator is the one that the first row has most of.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, candidate := range []rune{',', ';', '\t'} {
		if n := strings.Count(first, string(candidate)); n > most {
			best, most = candidate, n
		}
	}
	return best
}

// Cell is what a row has in a column; "" where it has no such column.
func (r Row) Cell(column int) string {
	if column < 0 || column >= len(r.Cells) {
		return ""
	}
	return r.Cells[column]
}

// Guess finds for each field the column that is called so in one of six languages; -1 for none.
func Guess(columns []string) map[string]int {
	found := map[string]int{}
	for _, field := range Fields {
		found[field.Name] = slices.IndexFunc(columns, func(column string) bool {
			return slices.Contains(field.Called, folded(column)) || folded(column) == folded(field.Name)
		})
	}
	return found
}

// folded leaves of a name its letters and digits.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-./()#:", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
}
