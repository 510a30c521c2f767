package notify

import (
	"context"
	"time"

	"waybill/tracker"
)

// Channel carries messages to people. Every channel passes notifytest.
type Channel interface {
	// Send hands a message to the provider and waits for its answer. What goes wrong is a *Failure, whose text holds
	// neither the address nor a secret.
	Send(ctx context.Context, e Envelope) (Receipt, error)
	// Sender is who messages come from where a STOP holds for that sender alone (SMS); else "".
	Sender() string
}

// Envelope is a message ready to go.
type Envelope struct {
	// ID is the message's id, stable over attempts: providers are given it, so that they tell of the message by it.
	ID string
	// To is an e-mail address, a phone number in E.164, or a browser's push subscription or a Device as JSON.
	To string
	// From is the seller's name, ReplyTo where answers go; both may be empty.
	From, ReplyTo string
	Content       Content
	// Unsubscribe is the link that ends the subscription with one click.
	Unsubscribe string
	// Topic is shared by the messages of one shipment, of which the latest replaces the others on a screen.
	Topic string
	// Locale is the language of the content.
	Locale string
	Urgent bool
	// Expires is when the message is not worth delivering any more.
	Expires time.Time
}

// Content is a message in words, for whichever channel carries it.
type Content struct {
	// Subject, Text and HTML are an e-mail.
	Subject, Text, HTML string
	// SMS is a short text.
	SMS string
	// Push is the JSON that the page's service worker shows: see Notification.
	Push []byte
}

// Receipt is the provider's answer.
type Receipt struct {
	// ProviderID is what the provider calls the message in its callbacks; it may be empty.
	ProviderID string
}

// Queue names the asynq queue of a shipment's messages: express parcels go first.
func Queue(service tracker.ServiceLevel) string {
	switch service {
	case tracker.SameDay, tracker.Express:
		return "express"
	case tracker.Economy:
		return "economy"
	case tracker.Standard:
	}
	return "standard"
}
