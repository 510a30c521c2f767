package webhook

import (
	"encoding/json"
	"fmt"
	"time"

	"waybill/tracker"
	"waybill/tracker/words"
)

// maxBody is how long a payload is at most: Standard Webhooks asks for less than 20 kB.
const maxBody = 20_000

// Payload is the body of an event in the form of Standard Webhooks.
type Payload struct {
	Type string `json:"type" doc:"What happened." example:"shipment.out_for_delivery"`
	// Timestamp is when it became known to us; of when it happened Data tells.
	Timestamp time.Time `json:"timestamp" doc:"When it became known."`
	Data      Data      `json:"data"`
}

// Data is a shipment's state after the event. It holds nothing personal.
type Data struct {
	Shipment string `json:"shipment" doc:"The shipment's own tracking ID." example:"WB2345679ABCDEFGJ"`
	Seq      int64  `json:"seq" doc:"Counts the changes of the shipment: of two events the one with the higher number is the newer state." example:"4"`

	Order       string   `json:"order,omitempty"`
	Reference   string   `json:"reference,omitempty"`
	Consignment string   `json:"consignment,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	Service     string   `json:"service,omitempty"`
	Return      bool     `json:"return,omitempty"`
	Test        bool     `json:"test,omitempty"`

	Carrier        string           `json:"carrier,omitempty" doc:"Who has the parcel, or had it last." example:"ups"`
	TrackingNumber string           `json:"tracking_number,omitempty" example:"1Z999AA10123456784"`
	Legs           []tracker.LegKey `json:"legs" doc:"The carriages in their order."`
	PageURL        string           `json:"page_url" doc:"The public tracking page."`

	Milestone   string       `json:"milestone" example:"out_for_delivery"`
	Substatus   string       `json:"substatus" example:"out_for_delivery"`
	Status      string       `json:"status" doc:"The substatus in English words." example:"Out for delivery"`
	Since       string       `json:"since,omitempty" doc:"When the milestone was reached, in the time of the place."`
	Location    *Whereabouts `json:"location,omitempty"`
	LastEvent   *Scan        `json:"last_event,omitempty"`
	Estimate    *Span        `json:"estimate,omitempty"`
	Promise     *Span        `json:"promise,omitempty"`
	Late        bool         `json:"late"`
	DelayReason string       `json:"delay_reason,omitempty"`
	Attempts    int          `json:"attempts" doc:"Failed delivery attempts."`
	AttemptAt   string       `json:"attempt_at,omitempty"`
	BackOrdered string       `json:"back_ordered_until,omitempty"`
	Pickup      string       `json:"pickup,omitempty" doc:"The pickup point where it waits."`
	Customs     string       `json:"customs,omitempty" doc:"started, held or cleared."`
	Papers      []string     `json:"papers,omitempty" doc:"Documents that customs still wants."`

	Case        *CaseSummary                `json:"case,omitempty" doc:"In case.updated: where the case stands."`
	Alternative *tracker.WebhookAlternative `json:"alternative,omitempty" doc:"In shipment.alternative: who would keep the promise."`
	// ReturnWish is named so since return says that the shipment itself is one.
	ReturnWish *tracker.WebhookReturn `json:"return_request,omitempty" doc:"In return.…: where the return stands."`
}

// CaseSummary is where a case stands. Read it at /v1/cases for what was written.
type CaseSummary struct {
	ID          string `json:"id" example:"case_1a208e3f2b308634c92871e7"`
	Kind        string `json:"kind" example:"missing"`
	State       string `json:"state" example:"resolved"`
	Decision    string `json:"decision,omitempty" doc:"refund, replacement or nothing: yours to carry out." example:"refund"`
	Replacement string `json:"replacement,omitempty" doc:"The shipment that is sent in place of this one."`
	Entries     int    `json:"entries" doc:"How much has happened to it: of two events the one with more is the newer." example:"4"`
}

// Whereabouts are where something is: no street, no postal code, no name.
type Whereabouts struct {
	Text    string `json:"text,omitempty"`
	City    string `json:"city,omitempty"`
	State   string `json:"state,omitempty"`
	Country string `json:"country,omitempty"`
}

// Scan is one event.
type Scan struct {
	Time      string       `json:"time,omitempty" doc:"RFC 3339, or a local time without offset where none is known."`
	Milestone string       `json:"milestone,omitempty"`
	Substatus string       `json:"substatus,omitempty"`
	Code      string       `json:"code,omitempty" doc:"The carrier's own code."`
	Text      string       `json:"text,omitempty" doc:"The carrier's own words."`
	Carrier   string       `json:"carrier,omitempty"`
	Location  *Whereabouts `json:"location,omitempty"`
}

// Span is a span of time in which the parcel is expected, or was promised.
type Span struct {
	From     *time.Time `json:"from,omitempty"`
	Expected *time.Time `json:"expected,omitempty"`
	To       time.Time  `json:"to"`
	Zone     string     `json:"zone,omitempty"`
	Source   string     `json:"source,omitempty" doc:"model, carrier or blend."`
}

// writer makes bodies. Its words are English: servers read them, and people in logs.
type writer struct {
	publicURL string
	english   *words.Words
}

// standard is the body of an event in the form of Standard Webhooks.
func (w *writer) standard(c *tracker.WebhookChange, kind string) ([]byte, error) {
	v := &c.View
	leg := c.Current()
	p := Payload{Type: kind, Timestamp: c.At.UTC(), Data: Data{
		Shipment: c.Shipment, Seq: v.Seq, Order: c.Order, Reference: c.Reference, Consignment: c.Consignment, Tags: c.Tags,
		Service: string(c.Service), Return: c.Return, Test: c.Test, Carrier: leg.Carrier, TrackingNumber: leg.Number, Legs: c.Legs,
		PageURL: w.pageURL(c), Milestone: v.Milestone.String(), Substatus: string(v.Substatus), Status: w.english.Substatus(v.Substatus),
		Since: v.Since.String(), Location: placeOf(v.Location), Estimate: estimateOf(v.Estimate.Seen(c.At)), Promise: promiseOf(c.Promise),
		Late: v.Late, DelayReason: string(v.DelayReason), Attempts: v.Attempts, AttemptAt: v.AttemptAt.String(),
		BackOrdered: v.BackOrdered.String(), Pickup: shortened(v.Pickup), Customs: v.Customs, Papers: v.Papers,
	}}
	p.Data.ReturnWish, p.Data.Alternative = c.Back, c.Alternative
	if k := c.Case; k != nil {
		p.Data.Case = &CaseSummary{k.ID, string(k.Kind), string(k.State), string(k.Decision), k.Replacement, k.Entries}
	}
	if len(c.Events) > 0 {
		p.Data.LastEvent = eventOf(c, &c.Events[0])
	}
	body, err := json.Marshal(p)
	if err == nil && len(body) >= maxBody {
		err = fmt.Errorf("the payload has %d bytes, more than endpoints take", len(body))
	}
	return body, err
}

func (w *writer) pageURL(c *tracker.WebhookChange) string { return w.publicURL + "/t/" + c.Shipment }

func placeOf(l tracker.Location) *Whereabouts {
	if p := (Whereabouts{Text: shortened(l.Text), City: l.City, State: l.State, Country: l.Country}); p != (Whereabouts{}) {
		return &p
	}
	return nil
}

func eventOf(c *tracker.WebhookChange, e *tracker.WebhookEvent) *Scan {
	out := &Scan{
		Time: e.Time.String(), Milestone: e.Milestone().String(), Substatus: string(e.Substatus), Code: e.Code, Text: e.Text,
		Location: placeOf(e.Location),
	}
	if e.Leg >= 0 && e.Leg < len(c.Legs) {
		out.Carrier = c.Legs[e.Leg].Carrier
	}
	return out
}

func estimateOf(e *tracker.Estimate) *Span {
	if e == nil {
		return nil
	}
	from, expected := e.P10.UTC(), e.P50.UTC()
	return &Span{From: &from, Expected: &expected, To: e.P90.UTC(), Zone: e.Zone, Source: e.Source}
}

func promiseOf(p tracker.Promise) *Span {
	if p.To.IsZero() {
		return nil
	}
	w := &Span{To: p.To.UTC()}
	if !p.From.IsZero() {
		from := p.From.UTC()
		w.From = &from
	}
	return w
}
