package sms

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/twilio/twilio-go/client"

	"waybill/notify"
	"waybill/tracker"
)

// ErrSignature is returned for a callback whose caller did not prove to be Twilio.
var ErrSignature = errors.New("the signature is not Twilio's; check twilio.auth_token and public_url")

// Desk takes what callbacks tell. notify.Sender is one.
type Desk interface {
	Arrived(ctx context.Context, channel tracker.Channel, a notify.Arrival) error
	OptOut(ctx context.Context, channel tracker.Channel, sender, address, reason string) error
	OptIn(ctx context.Context, channel tracker.Channel, sender, address string) error
}

// Callbacks take what Twilio calls with: what became of messages, and what people answer.
type Callbacks struct {
	validator client.RequestValidator
	desk      Desk
}

// NewCallbacks makes Callbacks for the account with the token.
func NewCallbacks(authToken string, desk Desk) *Callbacks {
	return &Callbacks{validator: client.NewRequestValidator(authToken), desk: desk}
}

// verify checks X-Twilio-Signature: an HMAC over the exact public address that was called and the form's fields.
func (c *Callbacks) verify(address string, form url.Values, signature string) error {
	if !c.validator.ValidateBody(address, []byte(form.Encode()), signature) {
		return ErrSignature
	}
	return nil
}

// states are Twilio's statuses of a message, as ours.
var states = map[string]tracker.MessageState{
	"accepted": tracker.MessageSent, "scheduled": tracker.MessageSent, "queued": tracker.MessageSent,
	"sending": tracker.MessageSent, "sent": tracker.MessageSent,
	"delivered": tracker.MessageArrived, "read": tracker.MessageArrived,
	"undelivered": tracker.MessageFailed, "failed": tracker.MessageFailed, "canceled": tracker.MessageFailed,
}

// Status takes a status callback. address is the whole address that Twilio called, as it was given to it. Callbacks
// come out of order and more than once; what is not ours, or tells nothing, is passed over: Twilio must not repeat it.
func (c *Callbacks) Status(ctx context.Context, address string, form url.Values, signature string) error {
	if err := c.verify(address, form, signature); err != nil {
		return err
	}
	called, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("read the callback's address: %w", err)
	}
	state, known := states[strings.ToLower(form.Get("MessageStatus"))]
	id := called.Query().Get("message")
	if !known || !isMessageID(id) {
		return nil
	}
	a := notify.Arrival{Message: id, Provider: form.Get("MessageSid"), State: state}
	if state == tracker.MessageFailed {
		explain(&a, form.Get("ErrorCode"))
	}
	if err := c.desk.Arrived(ctx, tracker.SMS, a); !errors.Is(err, tracker.ErrNotFound) {
		return err
	}
	return nil // erased meanwhile
}

// explain puts the reason of a failure into words.
func explain(a *notify.Arrival, errorCode string) {
	a.Reason = "Twilio could not deliver the message"
	number, err := strconv.Atoi(errorCode)
	if err != nil {
		return
	}
	a.Code = strconv.Itoa(number)
	if known, ok := codes[number]; ok {
		a.Reason += ": " + known.what
		a.Gone = known.verdict == notify.Gone
	}
	a.Reason += " (" + a.Code + ")"
}

// The words that end and resume messages, as Twilio and the networks know them.
var (
	stopWords  = map[string]bool{"STOP": true, "STOPALL": true, "UNSUBSCRIBE": true, "CANCEL": true, "END": true, "QUIT": true, "REVOKE": true, "OPTOUT": true}
	startWords = map[string]bool{"START": true, "YES": true, "UNSTOP": true}
)

// Inbound takes a text that somebody sent to the sender's number. STOP and START are kept by sender and phone; Twilio
// answers them, and HELP, by itself. Nothing else is read.
func (c *Callbacks) Inbound(ctx context.Context, address string, form url.Values, signature string) error {
	if err := c.verify(address, form, signature); err != nil {
		return err
	}
	sender := form.Get("MessagingServiceSid")
	if sender == "" {
		sender = form.Get("To")
	}
	word := strings.ToUpper(strings.Trim(form.Get("Body"), " \t\r\n.!\"'"))
	if kind := form.Get("OptOutType"); kind != "" { // Twilio itself recognised it, in whatever language
		word = kind
	}
	phone, err := notify.NormaliseAddress(tracker.SMS, form.Get("From"), "")
	if person := err == nil; person && stopWords[word] { // else a short code or a name: no customer's phone
		return c.desk.OptOut(ctx, tracker.SMS, sender, phone, "the person answered STOP")
	} else if person && startWords[word] {
		return c.desk.OptIn(ctx, tracker.SMS, sender, phone)
	}
	return nil
}
