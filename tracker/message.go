package tracker

import "time"

// Moment is a point of a parcel's journey at which somebody may be told.
type Moment string

// The moments.
const (
	MomentConfirmed      Moment = "order_confirmed"
	MomentBackOrdered    Moment = "back_ordered"
	MomentPacked         Moment = "packed"
	MomentInfoReceived   Moment = "info_received"
	MomentShipped        Moment = "shipped"
	MomentInTransit      Moment = "in_transit"
	MomentArrivingToday  Moment = "arriving_today"
	MomentOutForDelivery Moment = "out_for_delivery"
	MomentFewStopsAway   Moment = "few_stops_away"
	MomentAttemptFailed  Moment = "attempt_failed"
	MomentReadyForPickup Moment = "ready_for_pickup"
	MomentRedirected     Moment = "redirected"
	MomentReturnUpdate   Moment = "return_update"
	MomentPickupReminder Moment = "pickup_reminder"
	MomentDelivered      Moment = "delivered"
	MomentDelayed        Moment = "delayed"
	MomentException      Moment = "exception"
	MomentCustoms        Moment = "customs"
	MomentReturned       Moment = "returned"
	MomentCancelled      Moment = "cancelled"
	MomentCaseUpdate     Moment = "case_update"
	MomentConfirmChannel Moment = "confirm_subscription"
	MomentSignIn         Moment = "sign_in"
)

// Channel is how a message travels.
type Channel string

// The channels.
const (
	Email   Channel = "email"
	SMS     Channel = "sms"
	Push    Channel = "push"
	Webhook Channel = "webhook"
)

// MessageState is how far a message has come.
type MessageState string

// A message goes decided -> sending -> sent (-> arrived), or failed, or suppressed with its reason.
// One that was being sent when the process died is unknown: it is shown with resend, never sent again blindly.
const (
	MessageDecided    MessageState = "decided"
	MessageSending    MessageState = "sending"
	MessageSent       MessageState = "sent"
	MessageArrived    MessageState = "arrived"
	MessageFailed     MessageState = "failed"
	MessageUnknown    MessageState = "unknown"
	MessageSuppressed MessageState = "suppressed"
)

// Message is the decision to tell somebody something, once (rule 10), and what became of it.
//
//	key    MessageID: shipment, moment, occurrence, recipient, channel
//	lists  "shipment:<id>", "tenant:<tenant>", "provider:<channel>/<provider id>",
//	       "all", "unsent", "digest:<preference>" while it waits for a daily mail
//	due    when it is next to be sent, or its provider to be asked about it; 0 when there is nothing left to do
type Message struct {
	ID       string `cbor:"1,keyasint"`
	Tenant   string `cbor:"2,keyasint"`
	Shipment string `cbor:"3,keyasint"`
	Moment   Moment `cbor:"4,keyasint"`
	// Occurrence tells two messages of one moment apart: the causing event, attempt number or new date.
	Occurrence string  `cbor:"5,keyasint"`
	Channel    Channel `cbor:"6,keyasint"`
	// Subscription is who is told; the address stands there, sealed. "recipient" is the shipment's own recipient.
	Subscription string `cbor:"7,keyasint"`
	// Locale of the text, as known when it was decided.
	Locale string       `cbor:"8,keyasint,omitempty"`
	State  MessageState `cbor:"9,keyasint"`
	// Reason explains State in words ("not sent: delivered in the meantime").
	Reason   string `cbor:"10,keyasint,omitempty"`
	Attempts int    `cbor:"11,keyasint,omitempty"`
	// DueAt is when it is next taken up: at once, after quiet hours, or for another attempt.
	// Expires is when it would be stale.
	DueAt   time.Time `cbor:"12,keyasint,omitempty"`
	Expires time.Time `cbor:"13,keyasint,omitempty"`
	// Provider is the provider's id of the message, by which its callbacks name it.
	Provider  string    `cbor:"14,keyasint,omitempty"`
	DecidedAt time.Time `cbor:"15,keyasint"`
	SentAt    time.Time `cbor:"16,keyasint,omitempty"`
	// Seq is the shipment's sequence number at the decision, CausedAt when the receipt that caused it came in.
	Seq      int64     `cbor:"17,keyasint,omitempty"`
	CausedAt time.Time `cbor:"18,keyasint,omitempty"`
	// Urgent messages pass quiet hours.
	Urgent bool `cbor:"19,keyasint,omitempty"`
	// Token is a sealed secret that the text needs and no list may show (the confirmation link's token).
	Token []byte `cbor:"20,keyasint,omitempty"`
	// Service is the shipment's service level, from which the queue follows without reading the shipment.
	Service ServiceLevel `cbor:"21,keyasint,omitempty"`
	// Digest is the key of the preference by which it waits for a daily mail; empty for those sent alone.
	Digest string `cbor:"22,keyasint,omitempty"`
	// Stale: it was suppressed because it was not true then. Should it become true again before anybody was told, it is
	// told after all.
	Stale bool `cbor:"23,keyasint,omitempty"`
	// TriedAt is when the latest attempt began, Print a keyed hash of its text: by both it is found at a provider that can
	// be asked what it took.
	TriedAt time.Time `cbor:"24,keyasint,omitempty"`
	Print   string    `cbor:"25,keyasint,omitempty"`

	meta
}

// Subscription is somebody's wish to be told of one shipment over one channel, in force once confirmed.
//
//	key    random id
//	lists  "shipment:<id>", "address:<blind index of the address>"
type Subscription struct {
	ID       string  `cbor:"1,keyasint"`
	Tenant   string  `cbor:"2,keyasint"`
	Shipment string  `cbor:"3,keyasint"`
	Channel  Channel `cbor:"4,keyasint"`
	// Sealed is the address: e-mail, E.164 phone, or the browser's push subscription as JSON; under DataKey.
	Sealed  []byte `cbor:"5,keyasint"`
	DataKey string `cbor:"6,keyasint"`
	// Blind is the address' blind index, for suppressions and for counting.
	Blind string `cbor:"7,keyasint"`
	// Moments that were chosen; empty for the channel's defaults.
	Moments []Moment `cbor:"8,keyasint,omitempty"`
	Locale  string   `cbor:"9,keyasint,omitempty"`
	// ConfirmHash is the SHA-256 of the token that confirms it, nil where nothing had to be confirmed. It is kept, so
	// that a link followed twice, as mail scanners do, is answered alike.
	ConfirmHash []byte    `cbor:"10,keyasint,omitempty"`
	ConfirmedAt time.Time `cbor:"11,keyasint,omitempty"`
	EndedAt     time.Time `cbor:"12,keyasint,omitempty"`
	// Consent says how consent was given ("tracking page", "seller's check-out"), for the record.
	Consent   string    `cbor:"13,keyasint,omitempty"`
	CreatedAt time.Time `cbor:"14,keyasint"`
	// Recipient marks the shipment's own recipient, registered by the seller with consent.
	Recipient bool `cbor:"15,keyasint,omitempty"`

	meta
}

// Active reports whether messages may go to it.
func (s *Subscription) Active() bool { return !s.ConfirmedAt.IsZero() && s.EndedAt.IsZero() }

// Suppression is an address to which nothing may be sent on a channel: STOP, a hard bounce, an expired push.
//
//	key  "<channel>:<sender, for SMS>:<blind index of the address>"
type Suppression struct {
	Key    string    `cbor:"1,keyasint"`
	Reason string    `cbor:"2,keyasint"`
	At     time.Time `cbor:"3,keyasint"`

	meta
}
