package epcis

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// event is an EPCIS event, of any type.
type event struct {
	Type             string       `json:"type"`
	IsA              string       `json:"isA"` // the type's name in drafts of the standard
	EventID          string       `json:"eventID"`
	EventTime        string       `json:"eventTime"`
	Offset           string       `json:"eventTimeZoneOffset"`
	ParentID         string       `json:"parentID"`
	EPCs             []string     `json:"epcList"`
	Children         []string     `json:"childEPCs"`
	Inputs           []string     `json:"inputEPCList"`
	Outputs          []string     `json:"outputEPCList"`
	BizStep          string       `json:"bizStep"`
	Disposition      string       `json:"disposition"`
	ReadPoint        site         `json:"readPoint"`
	BizLocation      site         `json:"bizLocation"`
	ErrorDeclaration *declaration `json:"errorDeclaration"`
}

// site is a read point or business location.
type site struct {
	ID string `json:"id"`
}

// declaration says that its event did not happen, or not so.
type declaration struct {
	Reason string `json:"reason"`
}

// json reads a document, a list of events, or an event.
func (r *reading) json(body []byte) {
	d := decoder{Decoder: json.NewDecoder(bytes.NewReader(body)), body: body, r: r}
	if err := d.value(""); err != nil {
		if text := err.Error(); strings.Contains(text, "EOF") || strings.Contains(text, "unexpected end") {
			err = errors.New("it breaks off")
		}
		r.b.Faultf(fmt.Sprintf("byte %d", d.InputOffset()), "the JSON cannot be read on from here: %v", err)
	} else if rest := bytes.TrimSpace(body[d.InputOffset():]); len(rest) > 0 {
		r.b.Faultf(fmt.Sprintf("byte %d", d.InputOffset()), "something stands behind the document")
	}
}

// decoder walks to the events, and decodes them one by one, so that one that breaks off costs no other.
type decoder struct {
	*json.Decoder
	body []byte
	r    *reading
}

// value reads what comes next: a list of events, or an object that is an event or holds them.
func (d *decoder) value(where string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		one := d.value
		if strings.HasSuffix(where, "eventList") {
			one = d.listed
		}
		for i := 0; d.More(); i++ {
			if err := one(fmt.Sprintf("%s[%d]", where, i)); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	case json.Delim('{'):
		return d.object(where)
	}
	d.r.b.Faultf(where, "expected an event, or a list or document of events")
	return nil
}

// object reads an object whose brace is read already.
func (d *decoder) object(where string) error {
	start := d.InputOffset() - 1
	isEvent := false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		switch key {
		case "epcisBody", "queryResults", "resultsBody", "eventList", "event":
			if err := d.value(strings.TrimPrefix(fmt.Sprintf("%s.%s", where, key), ".")); err != nil {
				return err
			}
		default:
			var raw json.RawMessage
			if err := d.Decode(&raw); err != nil {
				return err
			}
			isEvent = isEvent || (key == "type" || key == "isA") && bytes.HasSuffix(raw, []byte(`Event"`))
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if isEvent {
		var e event
		return d.event(where, &e, json.Unmarshal(d.body[start:d.InputOffset()], &e))
	}
	return nil
}

// listed reads an event of a document's list.
func (d *decoder) listed(where string) error {
	var e event
	err := d.Decode(&e)
	if err == nil && e.Type == "" && e.IsA == "" {
		d.r.b.Faultf(where, "an event has no type; expected ObjectEvent, AggregationEvent and so on")
	}
	return d.event(where, &e, err)
}

// event takes an event that was decoded with that outcome: of one with a field of another type the others are read.
func (d *decoder) event(where string, e *event, err error) error {
	if e.Type == "" {
		e.Type = e.IsA
	}
	var odd *json.UnmarshalTypeError
	switch {
	case errors.As(err, &odd):
		d.r.b.Faultf(where, "%s: expected %s, found a %s", odd.Field, odd.Type, odd.Value)
	case err != nil:
		return err
	}
	d.r.event(where, e)
	return nil
}
