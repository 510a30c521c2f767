package easypost

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"waybill/tracker"
	"waybill/tracker/vocabulary"
)

// Writer makes EasyPost's objects of our records. They hold nothing personal.
type Writer struct {
	publicURL string
	words     *vocabulary.Vocabulary
}

// NewWriter makes a Writer; publicURL is the address of the tracking pages, without a slash at its end.
func NewWriter(publicURL string) (*Writer, error) {
	all, err := vocabulary.Load()
	if err != nil {
		return nil, fmt.Errorf("load EasyPost's words: %w", err)
	}
	return &Writer{publicURL: publicURL, words: all["easypost"]}, nil
}

// Tracker says the state of a shipment. Scans stand the oldest first, as EasyPost's do.
func (w *Writer) Tracker(c *tracker.WebhookChange) *Tracker {
	leg := c.Current()
	status, detail := w.status(c.View.Substatus)
	t := &Tracker{
		ID: TrackerID(c.Shipment), Object: "Tracker", Mode: ModeOf(c.Test), TrackingCode: leg.Number, Status: status, StatusDetail: detail,
		Carrier: CarrierName(leg.Carrier), CarrierDetail: carriageOf(c), TrackingDetails: []Detail{},
		PublicURL: w.publicURL + "/t/" + c.Shipment, Finalized: c.View.Milestone.Ended(), IsReturn: c.Return,
		CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.At.UTC(),
		Metadata: map[string]any{"seq": c.View.Seq, "order": c.Order, "reference": c.Reference}, Fees: []struct{}{},
	}
	if e := c.View.Estimate.Seen(c.At); e != nil {
		expected := e.P50.UTC()
		t.EstDeliveryDate = &expected
	}
	for i := range slices.Backward(c.Events) {
		t.TrackingDetails = append(t.TrackingDetails, w.detail(c, &c.Events[i]))
	}
	return t
}

// Event says a change, without the shipment's state.
func (w *Writer) Event(c *tracker.WebhookChange, created bool) *Event {
	e := &Event{
		ID: EventID(c.Shipment, c.View.Seq), Object: "Event", Mode: ModeOf(c.Test), Description: "tracker.updated",
		Previous: map[string]any{}, Status: "pending", PendingURLs: []string{}, CompletedURLs: []string{},
		CreatedAt: c.At.UTC(), UpdatedAt: c.At.UTC(),
	}
	if created {
		e.Description = "tracker.created"
	}
	return e
}

// Body is what endpoints are posted of a change, below so many bytes: of the scans the oldest are left out where all would
// be too many.
func (w *Writer) Body(c *tracker.WebhookChange, created bool, below int) ([]byte, error) {
	e := w.Event(c, created)
	e.Result = w.Tracker(c)
	for {
		body, err := json.Marshal(e)
		if err != nil || len(body) < below || len(e.Result.TrackingDetails) == 0 {
			return body, err
		}
		e.Result.TrackingDetails = e.Result.TrackingDetails[1:]
	}
}

func (w *Writer) detail(c *tracker.WebhookChange, e *tracker.WebhookEvent) Detail {
	status, detail := w.status(e.Substatus)
	source := tracker.FleetCarrier
	if e.Leg >= 0 && e.Leg < len(c.Legs) {
		source = c.Legs[e.Leg].Carrier
	}
	return Detail{
		Object: "TrackingDetail", Message: e.Text, Status: status, StatusDetail: detail, Source: CarrierName(source), CarrierCode: e.Code,
		DateTime: dateTime(e.Time), TrackingLocation: locationOf(e.Location),
	}
}

// dateTime: EasyPost knows no local times; its own are UTC where the carrier gave an offset, else the carrier's as given.
func dateTime(t tracker.Stamp) string {
	if !t.Known() {
		return ""
	}
	return t.Instant().Format(time.RFC3339)
}

func locationOf(l tracker.Location) Location {
	return Location{Object: "TrackingLocation", City: l.City, State: l.State, Country: l.Country}
}

func carriageOf(c *tracker.WebhookChange) Carriage {
	out := Carriage{Object: "CarrierDetail", Service: c.View.CarrierService}
	if e := c.View.Estimate.Seen(c.At); e != nil {
		zone, err := time.LoadLocation(e.Zone)
		if err != nil {
			zone = time.UTC
		}
		day, hour := e.P50.In(zone).Format(time.DateOnly), e.P50.In(zone).Format(time.TimeOnly)
		out.EstDeliveryDateLocal, out.EstDeliveryTimeLocal = &day, &hour
	}
	if first := c.View.Reached[tracker.AttemptFailed]; first.Known() {
		at := dateTime(first)
		out.InitialDeliveryAttempt = &at
	}
	return out
}

// Way says where a parcel comes from and goes to.
func (c *Carriage) Way(from, to tracker.Location) {
	for _, end := range []struct {
		is    tracker.Location
		text  *string
		place **Location
	}{{from, &c.OriginLocation, &c.OriginTrackingLocation}, {to, &c.DestinationLocation, &c.DestinationTrackingLocation}} {
		if end.is.IsZero() {
			continue
		}
		place := locationOf(end.is)
		*end.place = &place
		*end.text = strings.ToUpper(strings.TrimSpace(strings.Join([]string{end.is.City, end.is.State, end.is.Country}, " ")))
	}
}

// status says a substatus in EasyPost's words.
func (w *Writer) status(s tracker.Substatus) (status, detail string) {
	code, ok := w.words.Write(s)
	if !ok {
		code = "unknown/unknown"
	}
	status, detail, _ = strings.Cut(code, "/")
	return status, detail
}
