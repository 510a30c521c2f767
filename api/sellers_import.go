package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"waybill/api/table"
	"waybill/api/web"
	"waybill/tracker"
)

// Sellers bring shipments in by a file: its columns are guessed, shown with the first rows, changed where the guess is wrong,
// and then each row is registered once. A row that is wrong costs no other.

// importPage is the page of an import: the file as it was read, or what came of it.
type importPage struct {
	web.Desk

	Problem string
	Table   *table.Table
	// Text is the file, carried along while its columns are chosen.
	Text   string
	Fields []table.Field
	Chosen map[string]int
	Sample []table.Row
	Done   *imported
}

// imported is what came of an import.
type imported struct {
	Registered, Known int
	Errors            []rowProblem
}

// rowProblem is what is wrong with a row, by its line in the file.
type rowProblem struct {
	Line           int
	Field, Problem string
}

// sampleRows is how many rows are shown beforehand.
const sampleRows = 5

func (s *Server) getImportPage(c *fiber.Ctx) error {
	return s.sendDesk(c, "import.html", importPage{Desk: s.desktop(c, "Import shipments")})
}

func (s *Server) postImportPage(c *fiber.Ctx) error {
	page := importPage{Desk: s.desktop(c, "Import shipments"), Fields: table.Fields, Chosen: map[string]int{}}
	data, err := importedFile(c)
	if err == nil {
		page.Table, err = table.Read(data)
	}
	if err != nil {
		page.Problem = err.Error()
		return s.sendDesk(c, "import.html", page)
	}
	page.Text = c.FormValue("text")
	if page.Text == "" { // the file just came: show it, with the columns as they were guessed
		page.Text, page.Chosen = string(data), table.Guess(page.Table.Columns)
		page.Sample = page.Table.Rows[:min(len(page.Table.Rows), sampleRows)]
		return s.sendDesk(c, "import.html", page)
	}
	for _, field := range table.Fields {
		column, err := strconv.Atoi(c.FormValue("column-" + field.Name))
		if err != nil {
			column = -1
		}
		page.Chosen[field.Name] = column
	}
	if page.Done, err = s.importRows(c.UserContext(), page.Table.Rows, page.Chosen); err != nil {
		return err
	}
	page.Table = nil
	return s.sendDesk(c, "import.html", page)
}

// importedFile is the file of the form, or its text where it was shown already.
func importedFile(c *fiber.Ctx) ([]byte, error) {
	if text := c.FormValue("text"); text != "" {
		return []byte(text), nil
	}
	header, err := c.FormFile("file")
	if err != nil {
		return nil, errors.New("choose a file")
	}
	if header.Size > table.MaxBytes {
		return nil, fmt.Errorf("the file has %d bytes, at most %d are taken; cut it into parts", header.Size, table.MaxBytes)
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(file)
}

// importBatch is how many rows are registered together.
const importBatch = 200

// importRows registers each row once: one whose reference, or whose number in its order, is registered already is left alone, so
// that a file may be sent again after it was mended.
func (s *Server) importRows(ctx context.Context, rows []table.Row, chosen map[string]int) (*imported, error) {
	done := &imported{}
	for start := 0; start < len(rows); start += importBatch {
		batch, lines, err := s.rowsToRegister(ctx, rows[start:min(start+importBatch, len(rows))], chosen, done)
		if err != nil {
			return nil, err
		}
		for i, result := range s.register(ctx, batch, func(int) string { return "" }) {
			if result.Error == nil {
				done.Registered++
				continue
			}
			done.Errors = append(done.Errors, problemsOf(lines[i], result.Error)...)
		}
	}
	return done, nil
}

// rowsToRegister are the rows that are right and not registered yet, with their lines; what becomes of the others is noted.
func (s *Server) rowsToRegister(
	ctx context.Context, rows []table.Row, chosen map[string]int, done *imported,
) (batch []ShipmentInput, lines []int, err error) {
	seen := map[string]bool{}
	for _, row := range rows {
		in := shipmentOfRow(row, chosen)
		known, err := s.isRegistered(ctx, &in)
		if err != nil {
			return nil, nil, err
		}
		name := rowName(&in)
		if known || name != "" && seen[name] {
			done.Known++
			continue
		}
		problems, err := s.rowMistakes(row.Line, &in)
		if err != nil {
			return nil, nil, err
		}
		if done.Errors = append(done.Errors, problems...); len(problems) > 0 {
			continue
		}
		seen[name] = true
		batch, lines = append(batch, in), append(lines, row.Line)
	}
	return batch, lines, nil
}

// rowName is what tells a row's shipment from others: its reference, else its number in its order; "" where it has neither.
func rowName(in *ShipmentInput) string {
	if in.Reference != "" || in.TrackingNumber == "" {
		return in.Reference
	}
	return in.Order + "\x00" + in.TrackingNumber
}

// rowMistakes holds a row against the schema that calls of the API are held against.
func (s *Server) rowMistakes(line int, in *ShipmentInput) ([]rowProblem, error) {
	text, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	schemas, result := s.api.OpenAPI().Components.Schemas, &huma.ValidateResult{}
	schema := schemas.Schema(reflect.TypeFor[ShipmentInput](), true, "ShipmentInput")
	huma.Validate(schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, value, result)
	var problems []rowProblem
	for _, err := range result.Errors {
		p := rowProblem{Line: line, Problem: err.Error()}
		if detail, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			p.Field, p.Problem = strings.TrimPrefix(detail.Location, "body."), detail.Message
		}
		problems = append(problems, p)
	}
	return problems, nil
}

func problemsOf(line int, p *Problem) []rowProblem {
	if len(p.Errors) == 0 {
		return []rowProblem{{line, "", p.Detail}}
	}
	list := make([]rowProblem, len(p.Errors))
	for i, e := range p.Errors {
		list[i] = rowProblem{line, e.Field, e.Problem}
		if e.Example != nil {
			list[i].Problem += fmt.Sprintf(" (as %v)", e.Example)
		}
	}
	return list
}

// isRegistered reports whether a row's shipment is there already.
func (s *Server) isRegistered(ctx context.Context, in *ShipmentInput) (bool, error) {
	tenant := callerOf(ctx).Tenant
	var list string
	switch {
	case in.Reference != "":
		list = tracker.ListOfReference(tenant, in.Reference)
	case in.TrackingNumber != "":
		list = tracker.ListOfTrackingNumber(tenant, tracker.NormaliseNumber(in.TrackingNumber))
	default:
		return false, nil
	}
	found, err := tracker.LoadList[tracker.Shipment](ctx, s.store, list, tracker.Page{Limit: importBatch})
	if err != nil {
		return false, err
	}
	for _, shipment := range found {
		if in.Reference != "" || shipment.Order == in.Order {
			return true, nil
		}
	}
	return false, nil
}

// shipmentOfRow is the shipment that a row tells of.
func shipmentOfRow(row table.Row, chosen map[string]int) ShipmentInput {
	cell := func(field string) string { return row.Cell(chosen[field]) }
	in := ShipmentInput{
		Order: cell("order"), Reference: cell("reference"), Carrier: strings.ToLower(cell("carrier")), TrackingNumber: cell("tracking_number"),
		Service: strings.ToLower(cell("service")), Locale: cell("locale"),
	}
	to := RecipientInput{Name: cell("name"), Email: cell("email"), Phone: cell("phone")}
	address := AddressInput{City: cell("city"), PostalCode: cell("postal_code"), Country: strings.ToUpper(cell("country"))}
	if line := cell("address"); line != "" {
		address.Lines = []string{line}
	}
	if address.City+address.PostalCode+address.Country != "" || address.Lines != nil {
		to.Address = &address
	}
	if to.Name+to.Email+to.Phone != "" || to.Address != nil {
		in.Recipient = &to
	}
	if sku, title := cell("sku"), cell("title"); sku+title != "" {
		quantity := 1
		if text := cell("quantity"); text != "" {
			if n, err := strconv.Atoi(text); err == nil {
				quantity = n
			} else {
				quantity = 0 // which the schema refuses
			}
		}
		in.Items = []ItemInput{{SKU: sku, Title: title, Quantity: quantity}}
	}
	return in
}
