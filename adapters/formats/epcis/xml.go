package epcis

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// xmlEvent is an event of EPCIS 1.0 to 1.2, and of 2.0's XML. What came with 1.2 stands in baseExtension there.
type xmlEvent struct {
	EventTime   string   `xml:"eventTime"`
	Offset      string   `xml:"eventTimeZoneOffset"`
	EventID     []string `xml:"eventID"`
	BaseEventID []string `xml:"baseExtension>eventID"`
	ParentID    string   `xml:"parentID"`
	EPCs        []string `xml:"epcList>epc"`
	Children    []string `xml:"childEPCs>epc"`
	Inputs      []string `xml:"inputEPCList>epc"`
	Outputs     []string `xml:"outputEPCList>epc"`
	BizStep     string   `xml:"bizStep"`
	Disposition string   `xml:"disposition"`
	ReadPoint   string   `xml:"readPoint>id"`
	BizLocation string   `xml:"bizLocation>id"`
	Declared    []struct {
		Reason string `xml:"reason"`
	} `xml:"errorDeclaration"`
	BaseDeclared []struct {
		Reason string `xml:"reason"`
	} `xml:"baseExtension>errorDeclaration"`
}

// xml reads the events of a document one by one, wherever they stand in it.
func (r *reading) xml(body []byte) {
	d := xml.NewDecoder(bytes.NewReader(body))
	root := false
	for n := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && root {
			return
		}
		if err != nil {
			r.b.Faultf(fmt.Sprintf("byte %d", d.InputOffset()), "the XML cannot be read on from here: %v", xmlCause(err))
			return
		}
		start, ok := token.(xml.StartElement)
		root = root || ok
		if !ok || !strings.HasSuffix(start.Name.Local, "Event") {
			continue
		}
		var x xmlEvent
		if err := d.DecodeElement(&x, &start); err != nil {
			r.b.Faultf(fmt.Sprintf("byte %d", d.InputOffset()), "the XML cannot be read on from here: %v", xmlCause(err))
			return
		}
		e := x.event(start.Name.Local)
		r.event(fmt.Sprintf("%s[%d]", start.Name.Local, n), &e)
		n++
	}
}

// xmlCause is an error without the names it quotes, which the payload gives.
func xmlCause(err error) string {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return fmt.Sprintf("syntax error on line %d", syntax.Line)
	}
	return "not well-formed"
}

func (x *xmlEvent) event(kind string) event {
	e := event{
		Type: kind, EventTime: strings.TrimSpace(x.EventTime), Offset: x.Offset, ParentID: x.ParentID, EPCs: x.EPCs, Children: x.Children,
		Inputs: x.Inputs, Outputs: x.Outputs, BizStep: x.BizStep, Disposition: x.Disposition,
		ReadPoint: site{strings.TrimSpace(x.ReadPoint)}, BizLocation: site{strings.TrimSpace(x.BizLocation)},
	}
	for _, id := range append(x.EventID, x.BaseEventID...) {
		e.EventID = strings.TrimSpace(id)
	}
	for _, declared := range append(x.Declared, x.BaseDeclared...) {
		e.ErrorDeclaration = &declaration{Reason: declared.Reason}
	}
	return e
}
