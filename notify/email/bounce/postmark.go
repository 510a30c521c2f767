package bounce

import (
	"context"
	"crypto/subtle"
)

// postmark is told by user and password in the address that Postmark is given: it signs nothing.
// https://postmarkapp.com/developer/webhooks/bounce-webhook
type postmark struct{ password string }

// PostmarkUser is the user in the webhook's address.
const PostmarkUser = "waybill"

func (p *postmark) verify(_ context.Context, r Request) ([]byte, error) {
	user := subtle.ConstantTimeCompare([]byte(r.User), []byte(PostmarkUser))
	password := subtle.ConstantTimeCompare([]byte(r.Password), []byte(p.password))
	if user&password != 1 {
		return nil, ErrForged
	}
	return r.Body, nil
}

// postmarkGone are the kinds of bounces after which Postmark itself sends nothing to the address any more.
var postmarkGone = map[string]bool{"HardBounce": true, "BadEmailAddress": true, "ManuallyDeactivated": true}

func readPostmark(payload []byte) (event, error) {
	var p struct {
		RecordType string
		Type       string
		Metadata   map[string]string
		// SuppressSending of a SubscriptionChange: the person left by Postmark's own link.
		SuppressSending bool
	}
	if err := unmarshal(payload, &p); err != nil {
		return event{}, err
	}
	e := event{token: p.Metadata["waybill"]}
	switch p.RecordType {
	case "Delivery":
		e.outcome = arrived
	case "SpamComplaint":
		e.outcome = complained
	case "Bounce":
		switch {
		case p.Type == "SpamComplaint" || p.Type == "SpamNotification":
			e.outcome = complained
		case postmarkGone[p.Type]:
			e.outcome = noMailbox
		case p.Type != "Transient" && p.Type != "AutoResponder" && p.Type != "AddressChange" && p.Type != "Subscribe":
			e.outcome = bounced
		}
	case "SubscriptionChange":
		if p.SuppressSending {
			e.outcome = complained
		}
	}
	return e, nil
}
