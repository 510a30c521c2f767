package eval

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Skipped tells of the lines that could not be read.
type Skipped struct {
	Rows int
	// First holds an error, with file and line, of each of the first few.
	First []error
}

const skippedShown = 20

func (s *Skipped) add(err error) {
	s.Rows++
	if len(s.First) < skippedShown {
		s.First = append(s.First, err)
	}
}

// read reads files as one stream of rows; .gz files are unpacked. A damaged
// line is skipped and counted, a file without the columns is an error.
func read(ctx context.Context, files []string) (rows []Row, skipped Skipped, err error) {
	for _, name := range files {
		rows, err = readFile(ctx, name, rows, &skipped)
		if err != nil {
			return nil, skipped, fmt.Errorf("reading %s: %w", name, err)
		}
	}
	return rows, skipped, nil
}

func readFile(ctx context.Context, name string, rows []Row, skipped *Skipped) ([]Row, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	var source io.Reader = bufio.NewReaderSize(file, 1<<18)
	if strings.HasSuffix(name, ".gz") {
		unpacked, err := gzip.NewReader(source)
		if err != nil {
			return nil, err
		}
		defer func() { _ = unpacked.Close() }()
		source = unpacked
	}
	return readRows(ctx, name, source, rows, skipped)
}

func readRows(ctx context.Context, name string, source io.Reader, rows []Row, skipped *Skipped) ([]Row, error) {
	lines := csv.NewReader(source)
	header, err := lines.Read()
	if err != nil {
		return nil, fmt.Errorf("its header: %w", err)
	}
	reader, err := newRowReader(header)
	if err != nil {
		return nil, err
	}
	for {
		fields, err := lines.Read()
		var damaged *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case errors.As(err, &damaged):
			skipped.add(fmt.Errorf("%s: %w", name, err)) // names the line itself
			continue
		case err != nil:
			return nil, err
		}
		row, err := reader.read(fields)
		if err != nil {
			line, _ := lines.FieldPos(0)
			skipped.add(fmt.Errorf("%s:%d: %w", name, line, err))
			continue
		}
		rows = append(rows, row)
		if len(rows)%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// tell reports the first lines that were skipped, and that there are more.
func (s *Skipped) tell(problem func(error)) {
	for _, err := range s.First {
		problem(err)
	}
	if more := s.Rows - len(s.First); more > 0 {
		problem(fmt.Errorf("%d more lines could not be read", more))
	}
}
