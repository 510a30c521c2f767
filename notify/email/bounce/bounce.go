// Package bounce takes in what becomes of e-mails after the mail server took them: bounces and complaints, which end
// the sending to an address. They come to the mails' return path and are handed on over LMTP (Mailbox), or a provider
// tells of them by a webhook (SES, Mailgun, Postmark).
package bounce

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"waybill/notify"
	"waybill/tracker"
)

// Desk takes what is told of a message. notify.Sender is one.
type Desk interface {
	Arrived(ctx context.Context, channel tracker.Channel, a notify.Arrival) error
}

// Signer signs what leaves and comes back. seal.Keys is one.
type Signer interface {
	Sign(purpose, content string) string
}

// The errors of a provider's webhook.
var (
	// ErrForged: the caller did not prove to be the provider.
	ErrForged = errors.New("the caller did not prove to be the mail provider; check bounces.provider and bounces.secret")
	// ErrUnreadable: the body is not what the provider documents.
	ErrUnreadable = errors.New("the body is not what the mail provider documents")
)

// Header carries a message's Token in the mail: complaints quote the mail, not its return path.
const Header = "X-Waybill-Message"

var messageID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Token is a message's id with a signature, so that nobody can have an address suppressed by inventing a bounce. It is
// made of letters and digits that no mail server changes: 32 of the id, 16 of the signature.
func Token(keys Signer, message string) string {
	signature, _ := base64.RawURLEncoding.DecodeString(keys.Sign("bounce", message)) // it is what Sign made
	return message + hex.EncodeToString(signature[:8])
}

// messageOf is the message of a token; false for one that is not ours.
func messageOf(keys Signer, token string) (string, bool) {
	token = strings.ToLower(strings.TrimSpace(token))
	if len(token) != 48 || !messageID.MatchString(token[:32]) {
		return "", false
	}
	return token[:32], Token(keys, token[:32]) == token
}

// ReturnPath is where bounces of a message go: the address with the message's token behind a plus sign.
func ReturnPath(keys Signer, address, message string) string {
	local, domain, _ := strings.Cut(address, "@")
	return local + "+" + Token(keys, message) + "@" + domain
}

// tokenIn is the token in a return path; "" where there is none.
func tokenIn(address string) string {
	local, _, _ := strings.Cut(strings.Trim(address, "<>"), "@")
	_, token, _ := strings.Cut(local, "+")
	return token
}

// outcome is what a report says of a mail.
type outcome uint8

const (
	// nothing: a delay, a reply of a machine; what else comes to a return path.
	nothing outcome = iota
	arrived
	// bounced: it was not delivered, but may be another time.
	bounced
	// noMailbox: nothing can be delivered to the address.
	noMailbox
	// complained: the recipient called it spam.
	complained
)

// tell brings an outcome onto the message. code is the enhanced status (RFC 3463) where there is one.
func tell(ctx context.Context, desk Desk, message, provider string, o outcome, code string) error {
	a := notify.Arrival{Message: message, Provider: provider, State: tracker.MessageFailed, Code: code}
	switch o {
	case nothing:
		return nil
	case arrived:
		a.State = tracker.MessageArrived
	case bounced:
		a.Reason = "the mail came back undelivered"
	case noMailbox:
		a.Reason, a.Gone = "the mail came back: there is no such mailbox", true
	case complained:
		a.State, a.Reason, a.Gone = tracker.MessageArrived, "the recipient complained of the mail as unwanted", true
	}
	if code != "" && a.Reason != "" {
		a.Reason = fmt.Sprintf("%s (%s)", a.Reason, code)
	}
	err := desk.Arrived(ctx, tracker.Email, a)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil // erased meanwhile
	}
	return err
}

var enhancedStatus = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)

// failed is what an enhanced status of a failure means; anything else is an ordinary bounce. Codes of what the mailbox
// or its policy does not take now (full, 5.2.2; spam rules, 5.7) say nothing against the address.
func failed(status string) outcome {
	switch status {
	case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1":
		return noMailbox
	}
	return bounced
}
