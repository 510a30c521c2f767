package main

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"waybill/api"
	"waybill/notify/email"
	"waybill/notify/email/bounce"
)

// openMail opens e-mail, with what brings bounces back.
func (a *app) openMail() (*email.Channel, error) {
	s, b := a.config.SMTP, a.config.Bounces
	options := email.Options{
		Host: s.Host, Port: s.Port, TLS: email.TLS(s.TLS), User: s.User, Password: s.Password.Reveal(), From: s.From,
	}
	if s.DKIMDomain != "" {
		key, err := readDKIMKey(s.DKIMKeyFile)
		if err != nil {
			return nil, err
		}
		options.DKIM = &email.DKIM{Domain: s.DKIMDomain, Selector: s.DKIMSelector, Key: key}
	}
	if b.Address != "" {
		options.ReturnPath = func(message string) string { return bounce.ReturnPath(a.keys, b.Address, message) }
	}
	if b.Address != "" || b.Provider != "" {
		options.Headers = func(message string) map[string]string { return bounce.Headers(b.Provider, a.keys, message) }
	}
	return email.New(options)
}

func readDKIMKey(path string) (crypto.Signer, error) {
	content, err := readSecretFile("smtp.dkim_key_file", path)
	if err != nil {
		return nil, err
	}
	key, err := gomail.PrivKeyFromPEM(content)
	if err != nil {
		return nil, fmt.Errorf("smtp.dkim_key_file %s is no RSA or Ed25519 key in PEM", path)
	}
	return key, nil
}

// mailDomain is the part of the sender's address behind the @, on which the ids of mails rest.
func (a *app) mailDomain() string {
	from, err := mail.ParseAddress(a.config.SMTP.From)
	if err != nil {
		return "" // checked with the settings; without e-mail there are no mails
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	return domain
}

// openMailEvents takes the mail provider's calls; nil where none is named.
func (a *app) openMailEvents() (api.MailEvents, error) {
	b := a.config.Bounces
	if b.Provider == "" {
		return nil, nil
	}
	provider, err := bounce.NewProvider(bounce.ProviderOptions{
		Name: b.Provider, Secret: b.Secret.Reveal(), Domain: a.mailDomain(), Desk: a.channels.sender, Keys: a.keys, Now: a.program.now,
	})
	if err != nil {
		return nil, err
	}
	return mailEvents{provider}, nil
}

// mailEvents tells the API of a caller that is not the provider in the API's own terms.
type mailEvents struct{ provider *bounce.Provider }

// Take implements api.MailEvents.
func (m mailEvents) Take(ctx context.Context, user, password string, body []byte) error {
	err := m.provider.Take(ctx, bounce.Request{User: user, Password: password, Body: body})
	switch {
	case errors.Is(err, bounce.ErrForged):
		return fmt.Errorf("%w: %w", api.ErrSignature, err)
	case errors.Is(err, bounce.ErrUnreadable):
		return fmt.Errorf("%w: %w", api.ErrMailEvent, err)
	}
	return err
}

// openReturnPath listens for bounces; nil where the settings name no address.
func (a *app) openReturnPath(ctx context.Context) (net.Listener, error) {
	if a.config.Bounces.Listen == "" || a.server == nil {
		return nil, nil
	}
	return bounce.Listen(ctx, a.config.Bounces.Listen)
}

// serveReturnPath takes bounces in until the context ends.
func (a *app) serveReturnPath(ctx context.Context, listener net.Listener) error {
	return bounce.NewMailbox(a.keys, a.channels.sender, a.mailDomain(), a.log).Serve(ctx, listener)
}
