package upu

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"waybill/adapters/formats/internal/edi"
)

// columns are what the columns of a table are about, and what separates them.
type columns struct {
	fields    []field
	separator rune
}

// header reads the names of a table's columns; nil where the line names no item or no event.
func header(line string) *columns {
	line = strings.TrimRight(line, "\r\n")
	for _, separator := range ";,\t|" {
		found := columns{separator: separator}
		item, event := false, false
		for name := range strings.SplitSeq(line, string(separator)) {
			f := fieldOf(name)
			item, event = item || f == itemField, event || f == eventField
			found.fields = append(found.fields, f)
		}
		if item && event {
			return &found
		}
	}
	return nil
}

// table reads a line per event. A last line without its end is cut off and left out.
func (r *Reader) table(b *edi.Builder, text string) {
	first, rest, _ := strings.Cut(text, "\n")
	names := header(first)
	if names == nil {
		b.Faultf("line 1", "expected the names of columns, among them the item's identifier and the event's code")
		return
	}
	if end := strings.LastIndexByte(rest, '\n') + 1; end < len(rest) || !strings.Contains(text, "\n") {
		b.Faultf("the last line", "it has no end; the table breaks off")
		rest = rest[:end]
	}
	lines := csv.NewReader(strings.NewReader(rest))
	lines.Comma, lines.LazyQuotes, lines.FieldsPerRecord = names.separator, true, -1
	for {
		values, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		line, _ := lines.FieldPos(0)
		where := fmt.Sprintf("line %d", line+1)
		if err != nil {
			b.Faultf(where, "the table cannot be read on from here")
			return
		}
		var rec record
		for i, value := range values {
			if i < len(names.fields) {
				rec.set(names.fields[i], value)
			}
		}
		r.event(b, where, rec)
	}
}

// xml reads an event of every element that has an event's code, as an attribute or child, with what the elements around it tell too.
func (r *Reader) xml(b *edi.Builder, text string) {
	d := xml.NewDecoder(strings.NewReader(text))
	var open []element
	for {
		token, err := d.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) || len(open) > 0 || d.InputOffset() == 0 {
				b.Faultf(fmt.Sprintf("byte %d", d.InputOffset()), "the XML breaks off or is not well-formed from here on")
			} else if len(b.Shipments)+len(b.Faults) == 0 {
				b.Faultf("", "no element has an event's code")
			}
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			e := element{name: fieldOf(t.Name.Local)}
			for _, a := range t.Attr {
				e.own.set(fieldOf(a.Name.Local), a.Value)
			}
			open = append(open, e)
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(t)
			}
		case xml.EndElement:
			last := open[len(open)-1]
			open = open[:len(open)-1]
			if last.own[eventField] != "" {
				r.event(b, fmt.Sprintf("byte %d", d.InputOffset()), last.within(open))
			} else if len(open) > 0 {
				open[len(open)-1].own.set(last.name, last.text)
			}
		}
	}
}

// element is an XML element while it is read.
type element struct {
	name field
	own  record
	text string
}

// within is what the element tells, and of what it leaves open the elements around it, the nearest first.
func (e element) within(around []element) record {
	rec := e.own
	for _, o := range slices.Backward(around) {
		for f, value := range o.own {
			rec.set(field(f), value)
		}
	}
	return rec
}
