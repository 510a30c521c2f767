package epcis

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"waybill/adapters/mapping"
	"waybill/tracker"
)

// event adds an event to the shipments that it tells of.
func (r *reading) event(where string, e *event) {
	numbers := e.numbers()
	if len(numbers) == 0 {
		return // of quantities of a class, which are no objects that could be followed
	}
	step, disposition := word(e.BizStep), word(e.Disposition)
	out := tracker.Event{
		Code: strings.Trim(step+"/"+disposition, "/"), Kind: step + "/" + disposition, Ref: e.EventID, Location: e.place(),
	}
	if e.EventID != "" { // a corrected event has the same time and step, and another id
		sum := fnv.New32a()
		_, _ = sum.Write([]byte(e.EventID))
		out.Kind += "#" + strconv.FormatUint(uint64(sum.Sum32()), 36)
	}
	out.Substatus = r.meaning(step, disposition)
	var ok bool
	if out.Time, ok = e.time(); !ok {
		out.RawTime = e.EventTime
		r.b.Faultf(where, "eventTime is missing or cannot be read; expected 2026-11-23T14:05:00+01:00")
	}
	mapping.GiveZone(&out.Time, mapping.Locate(&out.Location), tracker.ZoneFromLocation)
	if e.ErrorDeclaration != nil {
		// The declaration repeats the event it takes back, under its id where it has one.
		out.Voids, out.Ref, out.Substatus = e.EventID, "", ""
		if out.Voids == "" {
			out.Voids = out.ID()
		}
		out.Kind = "error " + out.Kind
		out.Text = strings.TrimSpace("declared an error: " + strings.ReplaceAll(word(e.ErrorDeclaration.Reason), "_", " "))
	}
	for _, number := range numbers {
		if len(number) > mapping.MaxNumber {
			r.b.Faultf(where, "an identifier is longer than %d characters", mapping.MaxNumber)
			continue
		}
		r.add(number, out)
	}
}

// numbers are those of the objects that travel: the parent of an aggregation, transaction or association, else those
// of all lists.
func (e *event) numbers() []string {
	if parent := Number(e.ParentID); parent != "" {
		return []string{parent}
	}
	var numbers []string
	seen := map[string]bool{"": true}
	for _, list := range [][]string{e.EPCs, e.Children, e.Outputs, e.Inputs} {
		for _, epc := range list {
			if number := Number(epc); !seen[number] {
				seen[number] = true
				numbers = append(numbers, number)
			}
		}
	}
	return numbers
}

// meaning is what step and disposition say together: a mishap outranks the step, the step any other disposition.
func (r *reading) meaning(step, disposition string) tracker.Substatus {
	does, knownStep := r.steps.Read(step)
	is, knownDisposition := r.dispositions.Read(disposition)
	if !knownStep {
		r.b.Unknown(step)
	}
	if !knownDisposition {
		r.b.Unknown(disposition)
	}
	switch {
	case is == "returned" && (does == "departed_facility" || does == "on_the_way" || does == "picked_up"):
		return "returning"
	case is.Milestone() > tracker.InTransit, does == "":
		return is
	}
	return does
}

// word is the word of a vocabulary: bare ("shipping"), as the Core Business Vocabulary's URN or web URI
// (urn:epcglobal:cbv:bizstep:shipping, https://ref.gs1.org/cbv/BizStep-shipping) or short (cbv:BizStep-shipping). Words of
// other vocabularies stay as they are.
func word(text string) string {
	text = strings.TrimSpace(text)
	for _, prefix := range []string{
		"urn:epcglobal:cbv:", "https://ref.gs1.org/cbv/", "http://ref.gs1.org/cbv/", "https://gs1.org/cbv/", "https://gs1.org/voc/",
		"https://www.gs1.org/voc/", "https://ns.gs1.org/cbv/", "cbv:", "gs1:",
	} {
		rest, found := strings.CutPrefix(text, prefix)
		if !found {
			continue
		}
		for _, separator := range []string{":", "-"} {
			if _, local, found := strings.Cut(rest, separator); found {
				return local
			}
		}
		return rest
	}
	return text
}

// time is the event's, on the clock of the place, whose offset EPCIS gives beside it.
func (e *event) time() (tracker.Stamp, bool) {
	offset, offsetErr := time.Parse("-07:00", strings.TrimSpace(e.Offset))
	instant, err := time.Parse(time.RFC3339, strings.TrimSpace(e.EventTime))
	if err == nil {
		if offsetErr == nil {
			instant = instant.In(offset.Location())
		}
		stamp := tracker.StampAt(instant)
		return stamp, mapping.Plausible(stamp)
	}
	stamp, err := tracker.ParseStamp(e.EventTime)
	if err != nil || !mapping.Plausible(stamp) {
		return tracker.Stamp{}, false
	}
	if offsetErr == nil && stamp.Precision > tracker.PrecisionDay {
		_, seconds := offset.Zone()
		stamp.Offset, stamp.Source = int16(seconds/60), tracker.ZoneFromPayload //nolint:gosec // within ±24 h
	}
	return stamp, true
}

// place is the business location, where the object is afterwards, else the read point: a GLN, or a point (geo:).
func (e *event) place() tracker.Location {
	id := e.BizLocation.ID
	if id == "" {
		id = e.ReadPoint.ID
	}
	l := tracker.Location{Facility: id}
	for _, id := range []string{e.BizLocation.ID, e.ReadPoint.ID} {
		var lat, lon float64
		if n, _ := fmt.Sscanf(id, "geo:%g,%g", &lat, &lon); n == 2 && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 {
			l.Point = &tracker.Point{Lat: float32(lat), Lon: float32(lon)}
			if l.Facility == id {
				l.Facility = ""
			}
			break
		}
	}
	return l
}
