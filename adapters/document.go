package adapters

import (
	"slices"

	"waybill/adapters/fleet"
	"waybill/tracker"
)

// Document is what `waybill adapters read` prints of one file.
type Document struct {
	File         string             `json:"file,omitempty"`
	Carrier      string             `json:"carrier"`
	Format       string             `json:"format"`
	Shipments    []DocumentShipment `json:"shipments"`
	Errors       []DocumentError    `json:"errors"`
	UnknownCodes []string           `json:"unknown_codes"`
	// Faults are the parts that could not be read.
	Faults []DocumentFault `json:"faults,omitempty"`
}

// DocumentShipment is one carriage: of a number that was used again, the latest.
type DocumentShipment struct {
	TrackingNumber *string           `json:"tracking_number"`
	Milestone      tracker.Milestone `json:"milestone"`
	Substatus      tracker.Substatus `json:"substatus"`
	// EstimatedDelivery is a day, or a time with its offset where that is known.
	EstimatedDelivery *string         `json:"estimated_delivery"`
	Events            []DocumentEvent `json:"events"`
}

// DocumentEvent is one event. OccurredAt bears an offset only where one is known; both times are null where the
// payload's cannot be read.
type DocumentEvent struct {
	OccurredAt *string            `json:"occurred_at"`
	LocalTime  *string            `json:"local_time"`
	Zone       *string            `json:"zone"`
	ZoneSource tracker.ZoneSource `json:"zone_source"`
	RawTime    string             `json:"raw_time,omitempty"`
	Code       string             `json:"code"`
	Text       string             `json:"text"`
	Milestone  tracker.Milestone  `json:"milestone"`
	Substatus  tracker.Substatus  `json:"substatus"`
	Location   DocumentLocation   `json:"location"`
}

// DocumentLocation is a place with its map point beside the address.
type DocumentLocation struct {
	Text       string   `json:"text,omitempty"`
	City       string   `json:"city,omitempty"`
	State      string   `json:"state,omitempty"`
	PostalCode string   `json:"postal_code,omitempty"`
	Country    string   `json:"country,omitempty"`
	Facility   string   `json:"facility,omitempty"`
	Lat        *float32 `json:"lat,omitempty"`
	Lon        *float32 `json:"lon,omitempty"`
}

// DocumentError is a carrier's error answer.
type DocumentError struct {
	TrackingNumber *string `json:"tracking_number"`
	Code           string  `json:"code"`
	Text           string  `json:"text"`
}

// DocumentFault is a part that could not be read.
type DocumentFault struct {
	Where string `json:"where"`
	What  string `json:"what"`
}

// ReadDocument reads a payload as the product does and tells all of it. carrier "" recognises it from the content; a
// carrier whose formats do not fit is a hint only.
func (r *Registry) ReadDocument(file, carrier string, body []byte) Document {
	reading := r.Read(&tracker.Receipt{Carrier: carrier, Body: body})
	if unread := len(reading.Shipments)+len(reading.Errors) == 0; unread || carrier == "" {
		if found, _, ok := r.Recognise(body); ok {
			reading = r.Read(&tracker.Receipt{Carrier: found, Body: body})
		} else if scans := fleet.Read(body); carrier == "" && len(scans.Shipments) > 0 {
			reading = scans
		}
	}
	return document(file, &reading)
}

func document(file string, reading *tracker.Reading) Document {
	d := Document{
		File: file, Carrier: reading.Carrier, Format: reading.Format,
		Shipments: []DocumentShipment{}, Errors: []DocumentError{}, UnknownCodes: []string{},
	}
	d.UnknownCodes = append(d.UnknownCodes, reading.UnknownCodes...)
	var numbers []string
	for i := range reading.Shipments {
		if number := reading.Shipments[i].Number; !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
			d.Shipments = append(d.Shipments, documentShipment(number, reading.Shipments))
		}
	}
	for _, e := range reading.Errors {
		d.Errors = append(d.Errors, DocumentError{TrackingNumber: optional(e.Number), Code: e.Code, Text: e.Text})
	}
	for _, f := range reading.Faults {
		d.Faults = append(d.Faults, DocumentFault{Where: f.Where, What: f.What})
	}
	return d
}

// documentShipment joins what a payload tells of a number, which may have several parts, and keeps the latest
// carriage where the number was used again.
func documentShipment(number string, all []tracker.ReadShipment) DocumentShipment {
	var events []tracker.Event
	for i := range all {
		if all[i].Number == number {
			events = append(events, all[i].Events...)
		}
	}
	d := DocumentShipment{
		TrackingNumber: optional(number), Milestone: tracker.Pending, Substatus: tracker.Pending.Plain(), Events: []DocumentEvent{},
	}
	lifecycle := ""
	if generations := tracker.Generations(events); len(generations) > 0 {
		latest := &generations[len(generations)-1]
		d.Milestone, d.Substatus, lifecycle = latest.State.Milestone, latest.State.Substatus, latest.Lifecycle
	}
	for i := range all {
		if all[i].Number != number {
			continue
		}
		if len(all[i].Events) == 0 || all[i].Events[0].Lifecycle == lifecycle {
			if estimate := all[i].Facts.Estimate; estimate.Known() {
				d.EstimatedDelivery = optional(estimate.To.String())
			}
		}
	}
	d.Events = documentEvents(d.Events, events, lifecycle)
	return d
}

// documentEvents lists the events of a carriage in the payload's order, each once.
func documentEvents(list []DocumentEvent, events []tracker.Event, lifecycle string) []DocumentEvent {
	type same struct{ id, code, text string }
	seen := map[same]bool{}
	for i := range events {
		e := &events[i]
		key := same{e.ID(), e.Code, e.Text}
		if e.Lifecycle == lifecycle && !seen[key] {
			seen[key] = true
			list = append(list, documentEvent(e))
		}
	}
	return list
}

func documentEvent(e *tracker.Event) DocumentEvent {
	d := DocumentEvent{
		OccurredAt: optional(e.Time.String()), LocalTime: optional(e.Time.LocalText()), Zone: optional(e.Time.Zone),
		ZoneSource: e.Time.Source, RawTime: e.RawTime, Code: e.Code, Text: e.Text,
		Milestone: e.Milestone(), Substatus: e.Substatus,
		Location: DocumentLocation{
			Text: e.Location.Text, City: e.Location.City, State: e.Location.State, PostalCode: e.Location.PostalCode,
			Country: e.Location.Country, Facility: e.Location.Facility,
		},
	}
	if point := e.Location.Point; point != nil {
		d.Location.Lat, d.Location.Lon = &point.Lat, &point.Lon
	}
	return d
}

// optional is nil for "", which JSON shows as null.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
