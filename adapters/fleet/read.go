package fleet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"waybill/adapters/mapping"
	"waybill/tracker"
)

// Read reads scans. One that cannot be read becomes a fault and leaves the others alone.
func Read(body []byte) tracker.Reading {
	r := reader{out: tracker.Reading{Carrier: tracker.FleetCarrier, Format: Format}}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	switch {
	case len(body) == 0:
		r.fault("", "the payload is empty")
	case body[0] == '[':
		r.list(body)
	default:
		r.lines(body)
	}
	return r.out
}

type reader struct {
	out tracker.Reading
}

func (r *reader) fault(where, what string) {
	r.out.Faults = append(r.out.Faults, tracker.Fault{Where: where, What: what})
}

// list reads a JSON list, up to where it breaks off.
func (r *reader) list(body []byte) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	_, _ = decoder.Token() // the opening bracket
	for i := 0; decoder.More(); i++ {
		var one json.RawMessage
		where := fmt.Sprintf("[%d]", i)
		if err := decoder.Decode(&one); err != nil {
			r.fault(where, "the list breaks off here: "+err.Error())
			return
		}
		r.scan(where, one)
	}
	if _, err := decoder.Token(); err != nil {
		r.fault("", "the list is not closed")
	}
}

// lines reads one object, or one a line.
func (r *reader) lines(body []byte) {
	if json.Valid(body) {
		r.scan("", body)
		return
	}
	i := 0
	for line := range bytes.Lines(body) {
		i++
		if line = bytes.TrimSpace(line); len(line) > 0 {
			r.scan(fmt.Sprintf("line %d", i), line)
		}
	}
}

func (r *reader) scan(where string, data []byte) {
	var s Scan
	err := json.Unmarshal(data, &s)
	var odd *json.UnmarshalTypeError
	switch {
	case errors.As(err, &odd) && odd.Field != "": // the other fields are read
		r.fault(where, fmt.Sprintf("%s: expected %s, found a %s", odd.Field, odd.Type, odd.Value))
	case err != nil:
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it breaks off")
		}
		r.fault(where, "not a scan: "+err.Error())
		return
	}
	number := strings.ReplaceAll(s.Code, " ", "")
	if number == "" || len(number) > mapping.MaxNumber {
		r.fault(where, "code is needed: what was scanned, at most 64 characters")
		return
	}
	shipment := tracker.ReadShipment{Number: number}
	if s.Action == position || s.Action == "" && s.Kind == "gps" {
		if r.position(where, &s, &shipment) {
			r.out.Shipments = append(r.out.Shipments, shipment)
		}
		return
	}
	event, ok := r.event(where, &s)
	if !ok {
		return
	}
	shipment.Events = []tracker.Event{event}
	if s.Proof != nil {
		shipment.Personal = tracker.Personal{
			SignedBy: s.Proof.SignedBy, Place: s.Proof.Place, PhotoURL: s.Proof.PhotoURL, SignatureURL: s.Proof.SignatureURL,
		}
	}
	if p := s.Pickup; p != nil {
		shipment.Facts.Pickup, shipment.Facts.PickupHours = strings.TrimSpace(p.Name), strings.TrimSpace(p.Hours)
		shipment.Personal.PickupCode = strings.TrimSpace(p.Code)
	}
	if s.EstimatedDelivery != "" {
		stamp, err := tracker.ParseStamp(s.EstimatedDelivery)
		if err != nil {
			r.fault(where, "estimated_delivery: "+err.Error())
		}
		shipment.Facts.Estimate.To = stamp
	}
	r.out.Shipments = append(r.out.Shipments, shipment)
}

// position takes where a vehicle is: no event, and nothing of it stays but the latest.
func (r *reader) position(where string, s *Scan, shipment *tracker.ReadShipment) bool {
	place := s.place()
	if place.Point == nil {
		r.fault(where, "location.lat and location.lon are needed for a position")
		return false
	}
	at, err := tracker.ParseStamp(s.At)
	if err != nil || !mapping.Plausible(at) {
		r.fault(where, fmt.Sprintf("at: %.40q cannot be read; give it as 2026-11-23T14:05:00+01:00", s.At))
		return false
	}
	mapping.GiveZone(&at, mapping.Locate(&place), tracker.ZoneFromLocation)
	shipment.Facts.Position = tracker.Position{Point: *place.Point, At: at}
	return true
}

// event makes the event of a scan; !ok where it says nothing.
func (r *reader) event(where string, s *Scan) (tracker.Event, bool) {
	if s.Action == "" {
		r.fault(where, "action is needed: what was done, as arrived or delivered")
		return tracker.Event{}, false
	}
	action, known := actionsByName[s.Action]
	if !known && !slices.Contains(r.out.UnknownCodes, s.Action) {
		r.out.UnknownCodes = append(r.out.UnknownCodes, s.Action)
	}
	e := tracker.Event{
		Kind: s.Action, Code: s.Action, Text: strings.TrimSpace(s.Note), Substatus: r.why(where, action.Substatus, s.Reason),
		Location: s.place(), Ref: s.ref(s.ID), Voids: s.ref(s.Voids),
	}
	if e.Text == "" {
		e.Text = action.Text
	}
	zone := mapping.Locate(&e.Location)
	stamp, err := tracker.ParseStamp(s.At)
	if err != nil || !mapping.Plausible(stamp) {
		e.RawTime = s.At
		r.fault(where, fmt.Sprintf("at: %.40q cannot be read; give it as 2026-11-23T14:05:00+01:00", s.At))
		return e, true
	}
	mapping.GiveZone(&stamp, zone, tracker.ZoneFromLocation)
	e.Time = stamp
	return e, true
}

// why is the more telling substatus where a reason is given: one of the same milestone, or of another where the
// action itself says only that something went wrong.
func (r *reader) why(where string, plain tracker.Substatus, reason string) tracker.Substatus {
	if reason == "" {
		return plain
	}
	milestone, substatus, err := tracker.ParseStatus(reason)
	if err != nil {
		r.fault(where, "reason: "+err.Error())
		return plain
	}
	if milestone == plain.Milestone() || plain.Milestone() == tracker.Exception && milestone == tracker.AttemptFailed ||
		plain.Milestone() == tracker.AttemptFailed && milestone == tracker.Exception {
		return substatus
	}
	r.fault(where, fmt.Sprintf("reason %s does not go with the action", substatus))
	return plain
}

// ref is the name of a scan among all devices'.
func (s *Scan) ref(id string) string {
	if id == "" || s.Device == "" {
		return id
	}
	return s.Device + "/" + id
}

// coarse brings degrees to about a kilometre: a scan at the door would give the door away.
func coarse(degrees float32) float32 {
	const perDegree = 100
	return float32(math.Round(float64(degrees)*perDegree) / perDegree)
}

func (s *Scan) place() tracker.Location {
	l := tracker.Location{Facility: s.Facility}
	if p := s.Location; p != nil {
		l.Text, l.City, l.State, l.PostalCode, l.Country = p.Text, p.City, p.State, p.PostalCode, p.Country
		if p.Lat != nil && p.Lon != nil {
			l.Point = &tracker.Point{Lat: coarse(*p.Lat), Lon: coarse(*p.Lon)}
		}
	}
	return l
}
