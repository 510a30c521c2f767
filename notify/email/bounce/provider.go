package bounce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"waybill/tracker/dial"
)

// The mail providers whose webhooks are understood.
const (
	SES      = "ses"
	Mailgun  = "mailgun"
	Postmark = "postmark"
)

// Request is a provider's call.
type Request struct {
	// User and Password are those of Basic authentication, where the call has them.
	User, Password string
	Body           []byte
}

// Provider takes the webhook of a mail provider.
type Provider struct {
	name   string
	verify func(ctx context.Context, r Request) (payload []byte, err error)
	read   func(payload []byte) (event, error)
	desk   Desk
	keys   Signer
	domain string
}

// event is what a provider tells of one mail.
type event struct {
	// token, or the message's id where the provider keeps our Message-ID.
	token, message string
	outcome        outcome
	code           string
}

// ProviderOptions are what a Provider needs.
type ProviderOptions struct {
	// Name is one of SES, Mailgun, Postmark.
	Name string
	// Secret proves the calls. SES: the ARN of the SNS topic; Mailgun: the webhook signing key; Postmark: the password
	// of the user "waybill" in the webhook's address.
	Secret string
	// Domain is that of the mails' ids.
	Domain string
	Desk   Desk
	Keys   Signer
	// Client fetches what SNS has fetched; nil is one that reaches public addresses alone.
	Client *http.Client
	Now    func() time.Time
}

// NewProvider makes a Provider.
func NewProvider(o ProviderOptions) (*Provider, error) {
	p := &Provider{name: o.Name, desk: o.Desk, keys: o.Keys, domain: o.Domain}
	switch o.Name {
	case SES:
		if o.Client == nil {
			o.Client = dial.NewClient(dial.Options{})
		}
		topic := &topic{arn: o.Secret, client: o.Client}
		p.verify, p.read = topic.verify, readSES
	case Mailgun:
		p.verify, p.read = (&mailgun{key: []byte(o.Secret), now: o.Now}).verify, readMailgun
	case Postmark:
		p.verify, p.read = (&postmark{password: o.Secret}).verify, readPostmark
	default:
		return nil, fmt.Errorf("bounces.provider %q is none of %s, %s, %s", o.Name, SES, Mailgun, Postmark)
	}
	return p, nil
}

// Headers are what a mail carries so that the provider names the message in its calls. Every mail carries Header, which
// SES repeats where it is told to include the original headers.
func Headers(provider string, keys Signer, message string) map[string]string {
	token := Token(keys, message)
	headers := map[string]string{Header: token}
	switch provider {
	case SES:
		headers["X-SES-MESSAGE-TAGS"] = "waybill=" + token
	case Mailgun:
		headers["X-Mailgun-Variables"] = `{"waybill":"` + token + `"}`
	case Postmark:
		headers["X-PM-Metadata-waybill"] = token
	}
	return headers
}

// Take takes a call in: ErrForged where it proves nothing, ErrUnreadable where it says nothing that is documented. What
// is of no mail of ours is passed over, or the provider would repeat it for days.
func (p *Provider) Take(ctx context.Context, r Request) error {
	payload, err := p.verify(ctx, r)
	if err != nil || payload == nil {
		return err
	}
	e, err := p.read(payload)
	if err != nil {
		return fmt.Errorf("%w (%s): %w", ErrUnreadable, p.name, err)
	}
	message, ours := messageOf(p.keys, e.token)
	if !ours {
		message = strings.ToLower(e.message)
		ours = messageID.MatchString(message)
	}
	if !ours {
		return nil
	}
	return tell(ctx, p.desk, message, message+"@"+p.domain, e.outcome, e.code)
}

// idIn is the message in a Message-ID of ours; "" for any other.
func idIn(header string) string {
	id, _, _ := strings.Cut(strings.Trim(header, "<> "), "@")
	return id
}

// bounceOf is what a failure means: final ones by their status, others say nothing against the address.
func bounceOf(final bool, status string) (o outcome, code string) {
	if !enhancedStatus.MatchString(status) {
		status = ""
	}
	if final && status == "" {
		return noMailbox, "" // the provider itself calls it so
	}
	return failed(status), status
}

func unmarshal(payload []byte, into any) error {
	if err := json.Unmarshal(payload, into); err != nil {
		return fmt.Errorf("it is not the JSON that was expected: %w", err)
	}
	return nil
}
