// Package email sends messages over SMTP.
package email

import (
	"context"
	"crypto"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"waybill/notify"
)

// TLS is how the connection to the mail server is protected.
type TLS string

// The ways to speak to a mail server.
const (
	// StartTLS upgrades a plain connection, and refuses a server that cannot (port 587).
	StartTLS TLS = "starttls"
	// Implicit speaks TLS from the first byte (port 465).
	Implicit TLS = "implicit"
	// None does without, for a server on the same machine.
	None TLS = "none"
)

// Options are what a Channel needs.
type Options struct {
	Host string
	Port int
	TLS  TLS
	// User and Password log in; an empty User does not.
	User, Password string
	// From is the sender, "Waybill <parcels@example.com>" or the bare address. The seller's name takes the name's place.
	From string
	// DKIM signs mails, where the mail server does not do so itself; nil does not.
	DKIM *DKIM
	// ReturnPath is where bounces of a message go; nil has them go to From.
	ReturnPath func(message string) string
	// Headers are what a mail carries besides, so that a provider's calls name the message; nil are none.
	Headers func(message string) map[string]string
	// Connections are how many are held at most; 0 is 4.
	Connections int
	// Roots are the certificates trusted, nil for the system's.
	Roots *tls.Config
	// Timeout bounds a connection's set-up and each mail; 0 is 30 s.
	Timeout time.Duration
}

// DKIM is a domain's signature (RFC 6376).
type DKIM struct {
	Domain, Selector string
	// Key is an RSA or Ed25519 private key.
	Key crypto.Signer
}

// Channel sends e-mail. It keeps connections open between mails; Close ends them.
type Channel struct {
	from       *mail.Address
	pool       *pool
	dkim       *gomail.DKIMSigner
	returnPath func(message string) string
	headers    func(message string) map[string]string
}

// New makes a Channel. It does not connect yet.
func New(o Options) (*Channel, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("the sender of e-mails %q is no e-mail address; write it as Waybill <parcels@example.com>", o.From)
	}
	client, err := newClient(&o)
	if err != nil {
		return nil, err
	}
	c := &Channel{from: from, pool: newPool(client, o.Connections), returnPath: o.ReturnPath, headers: o.Headers}
	if o.DKIM != nil {
		c.dkim = gomail.NewDKIMSigner(o.DKIM.Domain, o.DKIM.Selector, o.DKIM.Key)
	}
	return c, nil
}

func newClient(o *Options) (*gomail.Client, error) {
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	options := []gomail.Option{gomail.WithPort(o.Port), gomail.WithTimeout(o.Timeout)}
	switch o.TLS {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Implicit:
		options = append(options, gomail.WithSSL())
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("TLS %q is none of starttls, implicit, none", o.TLS)
	}
	if o.Roots != nil {
		options = append(options, gomail.WithTLSConfig(o.Roots))
	}
	if o.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if o.TLS == None {
			auth = gomail.SMTPAuthPlainNoEnc // the operator chose so, for a server on this machine
		}
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(o.User), gomail.WithPassword(o.Password))
	}
	client, err := gomail.NewClient(o.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("set up the mail server %s:%d: %w", o.Host, o.Port, err)
	}
	return client, nil
}

// Sender is empty: a bounce holds for whoever writes to the address.
func (c *Channel) Sender() string { return "" }

// Close ends the connections that are not in use.
func (c *Channel) Close() { c.pool.close() }

// Send sends a mail. The receipt's id is its Message-ID, which is made of the message's own id: a mail sent twice by
// hand is recognised as one.
func (c *Channel) Send(ctx context.Context, e notify.Envelope) (notify.Receipt, error) {
	message, id, err := c.compose(e)
	if err != nil {
		return notify.Receipt{}, err
	}
	if err := c.pool.send(ctx, message); err != nil {
		return notify.Receipt{}, err
	}
	return notify.Receipt{ProviderID: id}, nil
}

// compose makes the mail.
func (c *Channel) compose(e notify.Envelope) (*gomail.Msg, string, error) {
	var options []gomail.MsgOption
	if c.dkim != nil {
		options = append(options, gomail.WithDKIM(c.dkim))
	}
	m := gomail.NewMsg(append(options, gomail.WithNoDefaultUserAgent())...)
	_, domain, _ := strings.Cut(c.from.Address, "@")
	id := e.ID + "@" + domain
	name := e.From
	if name == "" {
		name = c.from.Name
	}
	err := errors.Join(m.FromFormat(name, c.from.Address), m.To(e.To))
	if e.ReplyTo != "" {
		err = errors.Join(err, m.ReplyTo(e.ReplyTo))
	}
	if err != nil {
		// The library's error holds the address.
		return nil, "", &notify.Failure{Verdict: notify.Permanent, What: "the recipient's or the seller's address is no e-mail address", Code: "address"}
	}
	if err := c.mark(m, e.ID); err != nil {
		return nil, "", err
	}
	m.Subject(e.Content.Subject)
	m.SetMessageIDWithValue(id)
	m.SetDate()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office replies
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	if e.Locale != "" {
		m.SetGenHeader("Content-Language", e.Locale)
	}
	if err := m.SetListUnsubscribeOneClick(e.Unsubscribe); err != nil && e.Unsubscribe != "" {
		m.SetListUnsubscribe(e.Unsubscribe) // one click needs https (RFC 8058); without, the link alone
	}
	m.SetBodyString(gomail.TypeTextPlain, e.Content.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, e.Content.HTML)
	return m, id, nil
}

// mark has what becomes of the mail come back with the message's name on it.
func (c *Channel) mark(m *gomail.Msg, message string) error {
	if c.returnPath != nil {
		if err := m.EnvelopeFrom(c.returnPath(message)); err != nil {
			return &notify.Failure{Verdict: notify.Permanent, What: "the return path is no e-mail address; check bounces.address", Code: "address"}
		}
	}
	if c.headers != nil {
		for name, value := range c.headers(message) {
			m.SetGenHeaderPreformatted(gomail.Header(name), value)
		}
	}
	return nil
}
