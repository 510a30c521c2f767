// Package oidc has an OpenID provider say who a member of staff is: the authorization code flow, with PKCE, state and nonce.
package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// What a sign-in may fail with. Other errors are the provider's or the network's.
var (
	// ErrFlow is wrapped where an answer belongs to no sign-in that this browser began.
	ErrFlow = errors.New("the answer belongs to no sign-in that began here")
	// ErrUnverified is wrapped where the provider does not say that the e-mail address is the person's.
	ErrUnverified = errors.New("the provider has not verified the e-mail address")
)

// Options are an installation's account with a provider.
type Options struct {
	// Issuer is the provider's address, below which its configuration is found.
	Issuer, ClientID, ClientSecret string
	// Redirect is where the provider sends people back to.
	Redirect string
	// TrustEmails takes addresses of which the provider does not say whether it verified them.
	TrustEmails bool
	Client      *http.Client
}

// Provider is an OpenID provider. Its configuration is fetched when first needed, so that one that is down stops no start.
type Provider struct {
	o        Options
	mu       sync.Mutex
	verifier *oidc.IDTokenVerifier
	endpoint oauth2.Endpoint
}

// New makes a Provider.
func New(o Options) *Provider { return &Provider{o: o} }

// Flow is a sign-in under way; the browser keeps it, sealed, and brings it back.
type Flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	// Next is the page that the person wanted.
	Next string `json:"next"`
}

// Person is whom a provider vouches for. Issuer and Subject together never change.
type Person struct{ Issuer, Subject, Email string }

// Begin starts a sign-in, and gives the address to send the browser to.
func (p *Provider) Begin(ctx context.Context, next string) (flow *Flow, address string, err error) {
	config, _, err := p.discover(ctx)
	if err != nil {
		return nil, "", err
	}
	flow = &Flow{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier(), Next: next}
	return flow, config.AuthCodeURL(flow.State, oidc.Nonce(flow.Nonce), oauth2.S256ChallengeOption(flow.Verifier)), nil
}

// Finish exchanges the code that the browser came back with for who the person is.
func (p *Provider) Finish(ctx context.Context, flow *Flow, state, code string) (*Person, error) {
	if subtle.ConstantTimeCompare([]byte(state), []byte(flow.State)) != 1 {
		return nil, fmt.Errorf("%w: another state", ErrFlow)
	}
	config, verifier, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, p.o.Client)
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		return nil, exchangeError(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("%w: its ID token: %w", ErrFlow, err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(flow.Nonce)) != 1 {
		return nil, fmt.Errorf("%w: another nonce", ErrFlow)
	}
	var claims struct {
		Email    string `json:"email"`
		Verified *bool  `json:"email_verified"`
	}
	if err := token.Claims(&claims); err != nil {
		return nil, fmt.Errorf("read the claims of the ID token: %w", err)
	}
	if claims.Email == "" || claims.Verified == nil && !p.o.TrustEmails || claims.Verified != nil && !*claims.Verified {
		return nil, ErrUnverified
	}
	return &Person{Issuer: token.Issuer, Subject: token.Subject, Email: claims.Email}, nil
}

// exchangeError keeps the provider's word for what is wrong and leaves out its body, which may hold what is secret.
func exchangeError(err error) error {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil {
		if refused.ErrorCode == "invalid_grant" {
			return fmt.Errorf("%w: the code is used or too old", ErrFlow)
		}
		return fmt.Errorf("the provider refuses the code: %d %s", refused.Response.StatusCode, refused.ErrorCode)
	}
	return fmt.Errorf("exchange the code: %w", err)
}

// discover is the provider's configuration, fetched once.
func (p *Provider) discover(ctx context.Context) (*oauth2.Config, *oidc.IDTokenVerifier, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.verifier == nil {
		// The keys are fetched anew by this context for as long as the process runs.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.o.Client), p.o.Issuer)
		if err != nil {
			return nil, nil, fmt.Errorf("ask the OpenID provider for its configuration: %w", err)
		}
		p.verifier, p.endpoint = found.Verifier(&oidc.Config{ClientID: p.o.ClientID}), found.Endpoint()
	}
	return &oauth2.Config{
		ClientID: p.o.ClientID, ClientSecret: p.o.ClientSecret, Endpoint: p.endpoint, RedirectURL: p.o.Redirect,
		Scopes: []string{oidc.ScopeOpenID, "email"},
	}, p.verifier, nil
}
