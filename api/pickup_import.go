package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// mostImported is how many points one import may have.
const mostImported = 10_000

// ImportedPoints says what became of the rows of an import.
type ImportedPoints struct {
	Imported int        `json:"imported"`
	Errors   []RowError `json:"errors" doc:"Rows that were left out, with what to mend."`
}

// RowError is what is wrong with one row.
type RowError struct {
	Row     int    `json:"row" doc:"The line of the file, from 1."`
	Field   string `json:"field,omitempty"`
	Problem string `json:"problem"`
}

// pointRow is one point of an import.
type pointRow struct {
	row int
	ID  string `json:"id"`
	PickupPointFields
	err error
}

var pointID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// importPickupPoints registers many points. What is wrong with a row is told; the others are kept.
func (s *Server) importPickupPoints(c *fiber.Ctx) error {
	body, err := inflated(c, c.BodyRaw(), s.maxBody)
	if err != nil {
		return err
	}
	var rows []pointRow
	switch contentType := c.Get(fiber.HeaderContentType); {
	case strings.Contains(contentType, "csv"):
		if rows, err = pointsOfCSV(body); err != nil {
			return err
		}
	case strings.Contains(contentType, "ndjson"), strings.Contains(contentType, "jsonl"):
		rows = pointsOfLines(body)
	default:
		return problem("unsupported_media_type", "Send text/csv or application/x-ndjson.")
	}
	if len(rows) > mostImported {
		return problem("too_large", fmt.Sprintf("Send at most %d points at once.", mostImported))
	}
	out, err := s.importPoints(c.UserContext(), rows)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

func (s *Server) importPoints(ctx context.Context, rows []pointRow) (*ImportedPoints, error) {
	out := &ImportedPoints{Errors: []RowError{}}
	for i := range rows {
		r := &rows[i]
		if r.err == nil && !pointID.MatchString(r.ID) {
			r.err = invalid("id", "is not 1 to 64 of letters, digits, . _ and -", "BER-L12")
		}
		if r.err == nil {
			_, r.err = s.keepPoint(ctx, r.ID, &r.PickupPointFields)
		}
		if r.err == nil {
			out.Imported++
			continue
		}
		p := problemOf(r.err)
		if p.Status >= fiber.StatusInternalServerError {
			return nil, p
		}
		wrong := RowError{Row: r.row, Problem: p.Detail}
		if len(p.Errors) > 0 {
			wrong.Field, wrong.Problem = p.Errors[0].Field, p.Errors[0].Problem
		}
		out.Errors = append(out.Errors, wrong)
	}
	return out, nil
}

// pointsOfLines reads one point a line.
func pointsOfLines(body []byte) []pointRow {
	var rows []pointRow
	n := 0
	for line := range bytes.Lines(body) {
		n++
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		r := pointRow{row: n}
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&r); err != nil {
			r.err = problem("malformed", "The line is not a point: "+strings.TrimPrefix(err.Error(), "json: "))
		}
		rows = append(rows, r)
	}
	return rows
}

// pointsOfCSV reads a table with a head line.
func pointsOfCSV(body []byte) ([]pointRow, error) {
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))))
	reader.FieldsPerRecord = -1
	head, err := reader.Read()
	if err != nil {
		return nil, problem("malformed", "The file has no head line; it begins with id,kind,name,lat,lon,hours,…")
	}
	columns := map[string]int{}
	for i, name := range head {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range []string{"id", "kind", "name", "lat", "lon", "hours"} {
		if _, ok := columns[name]; !ok {
			return nil, problem("malformed", "The head line lacks the column "+name+".")
		}
	}
	var rows []pointRow
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		line, _ := reader.FieldPos(0)
		if err != nil {
			rows = append(rows, pointRow{row: line, err: problem("malformed", "The row cannot be read: "+err.Error())})
			continue
		}
		rows = append(rows, pointOfRecord(line, func(name string) string {
			if i, ok := columns[name]; ok && i < len(record) {
				return strings.TrimSpace(record[i])
			}
			return ""
		}))
	}
}

func pointOfRecord(line int, field func(name string) string) pointRow {
	r := pointRow{row: line, ID: field("id")}
	r.Kind, r.Name, r.Hours = field("kind"), field("name"), field("hours")
	number := func(name string) float32 {
		n, err := strconv.ParseFloat(field(name), 32)
		if err != nil && field(name) != "" && r.err == nil {
			r.err = invalid(name, "is no number", 52.5212)
		}
		return float32(n)
	}
	r.Lat, r.Lon, r.KeepDays, r.Capacity = number("lat"), number("lon"), int(number("keep_days")), int(number("capacity"))
	r.Address = &AddressInput{City: field("city"), State: field("state"), PostalCode: field("postal_code"), Country: field("country")}
	if lines := field("lines"); lines != "" {
		r.Address.Lines = strings.Split(lines, "|")
	}
	for group := range strings.FieldsSeq(field("compartments")) {
		size, count, _ := strings.Cut(group, "=")
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 || n > 500 {
			r.err = invalid("compartments", "is not of the form S=10 M=8", "S=10 M=8 L=2")
			break
		}
		for i := range n {
			r.Compartments = append(r.Compartments, CompartmentInput{ID: size + strconv.Itoa(i+1), Size: size})
		}
	}
	return r
}
