package tracker

import (
	"slices"
	"time"
)

// Endpoint is a seller's endpoint: where it wants to be told of its shipments.
//
//	key    random id, "ep_…"
//	lists  "tenant:<tenant>", "all"
//	due    when its line of deliveries is to be looked at; a disabled one only while its owner is still to be told
type Endpoint struct {
	ID          string `cbor:"1,keyasint"`
	Tenant      string `cbor:"2,keyasint"`
	URL         string `cbor:"3,keyasint"`
	Description string `cbor:"4,keyasint,omitempty"`
	// Form is how its payloads look and how they are signed.
	Form WebhookForm `cbor:"5,keyasint"`
	// Types, Carriers and Tags are what it wants to be told of; an empty list is everything.
	Types    []string `cbor:"6,keyasint,omitempty"`
	Carriers []string `cbor:"7,keyasint,omitempty"`
	Tags     []string `cbor:"8,keyasint,omitempty"`
	// Secrets are sealed; while one is being rotated, payloads are signed with both.
	Secrets []AccountSecret `cbor:"9,keyasint"`
	// Contact is the e-mail address, sealed, of who is told when it is disabled; nil for the seller's own.
	Contact []byte `cbor:"10,keyasint,omitempty"`
	// Disabled says why nothing is sent to it; empty while it is in force. What happens meanwhile is kept.
	Disabled   string    `cbor:"11,keyasint,omitempty"`
	DisabledAt time.Time `cbor:"12,keyasint,omitempty"`
	// SucceededAt is its latest success, to a minute; FailingSince the first failure after the latest success, zero
	// while it succeeds.
	SucceededAt  time.Time `cbor:"13,keyasint,omitempty"`
	FailingSince time.Time `cbor:"14,keyasint,omitempty"`
	// Replays are sendings of the past that were asked for and are not through yet, the first under way. Only while there
	// are some does anything stand in the list "again:<endpoint>".
	Replays []WebhookReplay `cbor:"15,keyasint,omitempty"`
	// Notice is when its owner is to be told next that it was disabled; zero when there is nothing to tell. Notices
	// counts the attempts.
	Notice    time.Time `cbor:"16,keyasint,omitempty"`
	Notices   int       `cbor:"17,keyasint,omitempty"`
	CreatedAt time.Time `cbor:"18,keyasint"`
	UpdatedAt time.Time `cbor:"19,keyasint"`
	// Headers are the seller's own headers of every post, sealed: they may hold its server's secrets.
	Headers []byte `cbor:"20,keyasint,omitempty"`

	meta
}

// WebhookForm is a form of payload.
type WebhookForm string

// The forms: Standard Webhooks, and EasyPost's event object for who moves from there.
const (
	WebhookStandard WebhookForm = "standard"
	WebhookEasyPost WebhookForm = "easypost"
)

// WebhookReplay asks for changes of the past to be sent again.
type WebhookReplay struct {
	From time.Time `cbor:"1,keyasint"`
	To   time.Time `cbor:"2,keyasint"`
	// Failed limits it to deliveries that failed for good.
	Failed bool `cbor:"3,keyasint,omitempty"`
	// Order and Key are the place in the list up to which it is done; Key is empty at the start.
	Order int64  `cbor:"4,keyasint,omitempty"`
	Key   string `cbor:"5,keyasint,omitempty"`
	// Done: all of it is in line, where some of it may still stand.
	Done bool `cbor:"6,keyasint,omitempty"`
}

// Wants reports whether the endpoint is to be told of a type of event about a shipment of such carriers and tags.
func (e *Endpoint) Wants(kind string, c *WebhookChange) bool {
	has := func(wanted, there []string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(wanted, func(s string) bool { return slices.Contains(there, s) })
	}
	return (len(e.Types) == 0 || slices.Contains(e.Types, kind)) && has(e.Carriers, c.Carriers()) && has(e.Tags, c.Tags)
}

// WebhookChange is one change of a shipment's view as endpoints are told of it, kept so that it reads the same however
// often it is sent. It holds nothing personal.
//
//	key    see Key: there is one of each shipment and sequence number, and of each case and its count of entries
//	lists  "tenant:<tenant>"
type WebhookChange struct {
	Tenant   string `cbor:"1,keyasint"`
	Shipment string `cbor:"2,keyasint"`
	// Types are the types of the events that the change is, the most telling first.
	Types       []string     `cbor:"3,keyasint"`
	At          time.Time    `cbor:"4,keyasint"`
	Order       string       `cbor:"5,keyasint,omitempty"`
	Consignment string       `cbor:"6,keyasint,omitempty"`
	Reference   string       `cbor:"7,keyasint,omitempty"`
	Tags        []string     `cbor:"8,keyasint,omitempty"`
	Service     ServiceLevel `cbor:"9,keyasint,omitempty"`
	Promise     Promise      `cbor:"10,keyasint,omitempty"`
	Legs        []LegKey     `cbor:"11,keyasint"`
	// View is the state after the change, with its sequence number.
	View View `cbor:"12,keyasint"`
	// Events are the latest, the newest first, and no more than are ever sent.
	Events    []WebhookEvent `cbor:"13,keyasint,omitempty"`
	Return    bool           `cbor:"14,keyasint,omitempty"`
	Test      bool           `cbor:"15,keyasint,omitempty"`
	CreatedAt time.Time      `cbor:"16,keyasint"`
	// Case is set where what changed is a case of the shipment.
	Case *WebhookCase `cbor:"17,keyasint,omitempty"`
	// Back is set where what changed is a return of the shipment.
	Back *WebhookReturn `cbor:"18,keyasint,omitempty"`
	// Alternative is set where somebody else would keep the promise of a parcel that nobody has yet.
	Alternative *WebhookAlternative `cbor:"19,keyasint,omitempty"`

	meta
}

// WebhookReturn is where a return stands.
type WebhookReturn struct {
	ID       string         `cbor:"1,keyasint" json:"id" example:"WB2345679ABCDEFGJ-R1"`
	State    ReturnState    `cbor:"2,keyasint" json:"state" example:"received"`
	Shipment string         `cbor:"3,keyasint,omitempty" json:"shipment,omitempty" doc:"The parcel that goes back, once it was approved."`
	Items    []ReturnItem   `cbor:"4,keyasint" json:"items"`
	Method   ReturnMethod   `cbor:"5,keyasint" json:"method" example:"drop_off"`
	PaidBy   string         `cbor:"6,keyasint" json:"paid_by" example:"seller"`
	Received []ReceivedItem `cbor:"7,keyasint,omitempty" json:"received,omitempty" doc:"What came back: yours to refund and restock."`
	Steps    int            `cbor:"8,keyasint" json:"steps" doc:"How much has happened to it: of two events the one with more is the newer." example:"3"`
}

// WebhookAlternative is who would keep a promise that the chosen carrier would not.
type WebhookAlternative struct {
	Chosen   Choice `cbor:"1,keyasint" json:"chosen"`
	Better   Choice `cbor:"2,keyasint" json:"better"`
	Tellings int    `cbor:"3,keyasint" json:"tellings" doc:"How often something better was told of this parcel." example:"1"`
}

// Apart names what else than the shipment's view changed, and counts its changes: a case, a return, an allocation. It is empty for a
// change of the view.
func (c *WebhookChange) Apart() (id string, n int64) {
	switch {
	case c.Case != nil:
		return c.Case.ID, int64(c.Case.Entries)
	case c.Back != nil:
		return c.Back.ID, int64(c.Back.Steps)
	case c.Alternative != nil:
		return "allocation", int64(c.Alternative.Tellings)
	}
	return "", 0
}

// WebhookCase is where a case stands. What people wrote is not in it.
type WebhookCase struct {
	ID          string       `cbor:"1,keyasint"`
	Kind        CaseKind     `cbor:"2,keyasint"`
	State       CaseState    `cbor:"3,keyasint"`
	Decision    CaseDecision `cbor:"4,keyasint,omitempty"`
	Replacement string       `cbor:"5,keyasint,omitempty"`
	// Entries is how many entries it had: of two events the one with more is the newer.
	Entries int `cbor:"6,keyasint"`
}

// WebhookEvent is an event with the leg that it was seen on.
type WebhookEvent struct {
	Event `cbor:"1,keyasint"`
	// Leg is an index into the change's legs, -1 for a step of the order.
	Leg int `cbor:"2,keyasint"`
}

// Carriers are those of the shipment's legs.
func (c *WebhookChange) Carriers() []string {
	carriers := make([]string, len(c.Legs))
	for i, leg := range c.Legs {
		carriers[i] = leg.Carrier
	}
	return carriers
}

// Current is the carriage that the parcel is on, by the number that its carrier knows.
func (c *WebhookChange) Current() LegKey {
	if c.View.Leg < len(c.Legs) && (c.View.Leg > 0 || len(c.Legs) == 1) {
		return c.Legs[c.View.Leg]
	}
	if len(c.Legs) > 1 { // on the first leg, our own number, nothing was scanned yet
		return c.Legs[1]
	}
	return LegKey{Carrier: FleetCarrier, Number: c.Shipment}
}

// WebhookState is how far a delivery has come.
type WebhookState string

// A delivery is pending -> sending -> delivered, or retrying until it is put in line again; failed is for good, until
// somebody asks for it again.
const (
	WebhookPending   WebhookState = "pending"
	WebhookSending   WebhookState = "sending"
	WebhookRetrying  WebhookState = "retrying"
	WebhookDelivered WebhookState = "delivered"
	WebhookFailed    WebhookState = "failed"
)

// WebhookDelivery is one event on its way to one endpoint: there is one of each.
//
//	key    "<endpoint>/<event>"
//	lists  "endpoint:<endpoint>", and by state "line:<endpoint>", "again:<endpoint>", "retrying:<endpoint>",
//	       "failed:<endpoint>"
//	due    when it is put in line again: for another attempt, or since whoever was sending it died
type WebhookDelivery struct {
	Endpoint string `cbor:"1,keyasint"`
	// Event is the event's id, the webhook-id of every attempt.
	Event  string `cbor:"2,keyasint"`
	Tenant string `cbor:"3,keyasint"`
	// Change is the key of the change, empty for a test event.
	Change   string       `cbor:"4,keyasint,omitempty"`
	Type     string       `cbor:"5,keyasint"`
	Shipment string       `cbor:"6,keyasint,omitempty"`
	Seq      int64        `cbor:"7,keyasint,omitempty"`
	State    WebhookState `cbor:"8,keyasint"`
	// Tries counts the attempts since it was last put in line by hand; Attempts are the latest of all.
	Tries    int              `cbor:"9,keyasint,omitempty"`
	Attempts []WebhookAttempt `cbor:"10,keyasint,omitempty"`
	// Replayed ones stand behind the new.
	Replayed bool `cbor:"11,keyasint,omitempty"`
	// NextAt is when it is next put in line.
	NextAt time.Time `cbor:"12,keyasint,omitempty"`
	// CausedAt is when the receipt came in that the event goes back to; zero where the clock made it.
	CausedAt  time.Time `cbor:"13,keyasint,omitempty"`
	CreatedAt time.Time `cbor:"14,keyasint"`

	meta
}

// WebhookAttempt is one attempt and what came of it.
type WebhookAttempt struct {
	At time.Time `cbor:"1,keyasint"`
	// Status is the response's, 0 where none came; Body its beginning, as far as it is text.
	Status int    `cbor:"2,keyasint,omitempty"`
	Body   string `cbor:"3,keyasint,omitempty"`
	// Error says what went wrong, without the address.
	Error string        `cbor:"4,keyasint,omitempty"`
	Took  time.Duration `cbor:"5,keyasint"`
}

// webhookAttemptsKept bounds the attempts that a delivery keeps.
const webhookAttemptsKept = 20

// Note adds an attempt to those that are kept.
func (d *WebhookDelivery) Note(a WebhookAttempt) {
	d.Attempts = append(d.Attempts, a)
	d.Attempts = d.Attempts[max(0, len(d.Attempts)-webhookAttemptsKept):]
}

// PutInLine has a delivery sent as soon as its turn comes.
func (d *WebhookDelivery) PutInLine() {
	d.State, d.NextAt, d.Replayed = WebhookPending, time.Time{}, false
}

// PutBehind has a delivery of the past sent again, behind the new.
func (d *WebhookDelivery) PutBehind() {
	d.PutInLine()
	d.Replayed, d.Tries = true, 0
}

// AddSecret gives an endpoint another secret, sealed; those it has go on for the overlap.
func (e *Endpoint) AddSecret(sealed []byte, overlap time.Duration, now time.Time) {
	e.Secrets = addSecret(e.Secrets, sealed, overlap, now)
}
