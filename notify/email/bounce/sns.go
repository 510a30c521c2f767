package bounce

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // see check
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// topic is a topic of Amazon SNS, through which SES tells of mails.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
type topic struct {
	arn    string
	client *http.Client
	// certificates are those that were fetched, by address.
	certificates sync.Map
}

// snsHost is where SNS keeps its certificates, and where subscriptions are confirmed.
var snsHost = regexp.MustCompile(`^sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?$`)

// envelope is what SNS posts.
type envelope struct {
	Type, MessageID, TopicARN, Subject, Message, Timestamp string
	Token, SubscribeURL                                    string
	SignatureVersion, Signature, SigningCertURL            string
}

// UnmarshalJSON reads the names as SNS spells them.
func (e *envelope) UnmarshalJSON(data []byte) error {
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	for name, field := range map[string]*string{
		"Type": &e.Type, "MessageId": &e.MessageID, "TopicArn": &e.TopicARN, "Subject": &e.Subject, "Message": &e.Message,
		"Timestamp": &e.Timestamp, "Token": &e.Token, "SubscribeURL": &e.SubscribeURL, "SignatureVersion": &e.SignatureVersion,
		"Signature": &e.Signature, "SigningCertURL": &e.SigningCertURL,
	} {
		*field, _ = fields[name].(string)
	}
	return nil
}

// signed is the text that the signature is of.
func (e *envelope) signed() string {
	var b strings.Builder
	add := func(name, value string) { b.WriteString(name + "\n" + value + "\n") }
	add("Message", e.Message)
	add("MessageId", e.MessageID)
	if e.Type == "Notification" {
		if e.Subject != "" {
			add("Subject", e.Subject)
		}
	} else {
		add("SubscribeURL", e.SubscribeURL)
	}
	add("Timestamp", e.Timestamp)
	if e.Type != "Notification" {
		add("Token", e.Token)
	}
	add("TopicArn", e.TopicARN)
	add("Type", e.Type)
	return b.String()
}

// verify gives what SES tells. The request to confirm the subscription of our own topic is answered, and tells nothing.
func (t *topic) verify(ctx context.Context, r Request) ([]byte, error) {
	var e envelope
	if err := unmarshal(r.Body, &e); err != nil {
		return nil, fmt.Errorf("%w (ses): %w", ErrUnreadable, err)
	}
	if e.TopicARN != t.arn {
		return nil, fmt.Errorf("%w: it is of another topic than bounces.secret names", ErrForged)
	}
	if err := t.check(ctx, &e); err != nil {
		return nil, err
	}
	switch e.Type {
	case "Notification":
		return []byte(e.Message), nil
	case "SubscriptionConfirmation":
		_, err := t.fetch(ctx, e.SubscribeURL)
		return nil, err
	}
	return nil, nil // UnsubscribeConfirmation: somebody took us off the topic, which is theirs to do
}

func (t *topic) check(ctx context.Context, e *envelope) error {
	signature, err := base64.StdEncoding.DecodeString(e.Signature)
	if err != nil {
		return ErrForged
	}
	certificate, err := t.certificate(ctx, e.SigningCertURL)
	if err != nil {
		return err
	}
	key, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return ErrForged
	}
	hash, sum := crypto.SHA1, sha1.Sum([]byte(e.signed())) //nolint:gosec // version 1, which SNS signs by unless the topic says 2
	digest := sum[:]
	if e.SignatureVersion == "2" {
		sum := sha256.Sum256([]byte(e.signed()))
		hash, digest = crypto.SHA256, sum[:]
	}
	if err := rsa.VerifyPKCS1v15(key, hash, digest, signature); err != nil {
		return ErrForged
	}
	return nil
}

func (t *topic) certificate(ctx context.Context, address string) (*x509.Certificate, error) {
	if known, ok := t.certificates.Load(address); ok {
		return known.(*x509.Certificate), nil //nolint:forcetypeassert // nothing else is stored
	}
	body, err := t.fetch(ctx, address)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(body)
	if block == nil {
		return nil, ErrForged
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, ErrForged
	}
	t.certificates.Store(address, certificate)
	return certificate, nil
}

// fetch gets something of SNS itself, and of nobody else: the address comes from the caller.
func (t *topic) fetch(ctx context.Context, address string) ([]byte, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" || parsed.User != nil || parsed.Port() != "" || !snsHost.MatchString(parsed.Hostname()) {
		return nil, fmt.Errorf("%w: it names an address that is not of Amazon SNS", ErrForged)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, ErrForged
	}
	response, err := t.client.Do(request)
	if err != nil {
		return nil, errors.New("the SNS of Amazon could not be reached for its certificate or to confirm the subscription")
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, partMost))
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the SNS of Amazon answered %d where its certificate or the confirmation was asked for", response.StatusCode)
	}
	return body, nil
}
