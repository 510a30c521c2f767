// Package push sends messages to browsers: Web Push (RFC 8030), encrypted for the browser alone (RFC 8291), signed with
// the server's VAPID keys (RFC 8292).
package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/dial"
)

// Options are what a Channel needs.
type Options struct {
	// PublicKey and PrivateKey are the VAPID keys in base64url, as NewKeys makes them.
	PublicKey, PrivateKey string
	// Subject is whom a push service may write to: "mailto:ops@example.com" or an https address.
	Subject string
	// Client makes the calls; nil is one that reaches public addresses alone: endpoints come from browsers, that is
	// from anybody.
	Client *http.Client
	Now    func() time.Time
}

// maxPayload is what every push service takes: 4096 bytes with the encryption's header and padding around (RFC 8030,
// 7.2; RFC 8291, 4).
const maxPayload = 3800

// maxTTL is for how long push services keep a message at most.
const maxTTL = 28 * 24 * time.Hour

// Channel sends web pushes.
type Channel struct {
	options Options
	client  *http.Client
}

// New makes a Channel.
func New(o Options) (*Channel, error) {
	for name, key := range map[string]string{"public": o.PublicKey, "private": o.PrivateKey} {
		if key == "" {
			return nil, fmt.Errorf("the %s key of web push is missing; make a pair with: waybill keys webpush", name)
		}
	}
	client := o.Client
	if client == nil {
		client = dial.NewClient(dial.Options{})
	}
	// The library puts "mailto:" in front of whatever is no https address.
	o.Subject = strings.TrimPrefix(o.Subject, "mailto:")
	return &Channel{options: o, client: client}, nil
}

// NewKeys makes a pair of VAPID keys.
func NewKeys() (public, private string, err error) {
	private, public, err = webpush.GenerateVAPIDKeys()
	return public, private, err
}

// Sender is empty: a browser ends its subscription with whoever asks.
func (c *Channel) Sender() string { return "" }

// Send sends a push. Repeated it does no harm: topic and tag make the later one replace the earlier.
func (c *Channel) Send(ctx context.Context, e notify.Envelope) (notify.Receipt, error) {
	subscription, err := parse(e.To)
	if err != nil {
		return notify.Receipt{}, err
	}
	if len(e.Content.Push) > maxPayload {
		return notify.Receipt{}, &notify.Failure{
			Verdict: notify.Permanent, Code: "size",
			What: fmt.Sprintf("the push has %d bytes, at most %d can be sent", len(e.Content.Push), maxPayload),
		}
	}
	ttl := max(0, min(e.Expires.Sub(c.options.Now()), maxTTL))
	options := &webpush.Options{
		HTTPClient: c.client, Subscriber: c.options.Subject, VAPIDPublicKey: c.options.PublicKey,
		VAPIDPrivateKey: c.options.PrivateKey, TTL: int(ttl / time.Second), Topic: e.Topic, Urgency: webpush.UrgencyNormal,
	}
	if e.Urgent {
		options.Urgency = webpush.UrgencyHigh
	}
	response, err := webpush.SendNotificationWithContext(ctx, e.Content.Push, subscription, options)
	if err != nil {
		return notify.Receipt{}, unreached(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return notify.Receipt{}, nil
	}
	return notify.Receipt{}, c.refused(response)
}

// parse reads the address. It was checked when it was taken in; what changed since is no subscription any more.
func parse(address string) (*webpush.Subscription, error) {
	normal, err := notify.NormaliseAddress(tracker.Push, address, "")
	if err != nil {
		return nil, &notify.Failure{Verdict: notify.Permanent, What: "the push subscription cannot be read", Code: "address"}
	}
	var s webpush.Subscription
	if err := json.Unmarshal([]byte(normal), &s); err != nil {
		return nil, &notify.Failure{Verdict: notify.Permanent, What: "the push subscription cannot be read", Code: "address"}
	}
	return &s, nil
}

// unreached is what no answer means. The error's own text holds the endpoint, by which anybody could push.
func unreached(ctx context.Context, err error) error {
	if errors.Is(err, dial.ErrForbidden) {
		return &notify.Failure{Verdict: notify.Gone, What: "the push endpoint is not on the public internet", Code: "forbidden"}
	}
	if cause := ctx.Err(); cause != nil {
		return &notify.Failure{Verdict: notify.Retry, What: "the push service did not answer in time", Cause: cause}
	}
	return &notify.Failure{Verdict: notify.Retry, What: "the push service could not be reached"}
}

// refused is what a status means (RFC 8030, 5 and 7.3).
func (c *Channel) refused(response *http.Response) error {
	status := response.StatusCode
	f := &notify.Failure{
		Verdict: notify.Permanent, Code: strconv.Itoa(status),
		What: fmt.Sprintf("the push service refused the message (%d)", status),
	}
	switch {
	case status == http.StatusNotFound || status == http.StatusGone:
		f.Verdict, f.What = notify.Gone, fmt.Sprintf("the browser's push subscription has ended (%d)", status)
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500:
		f.Verdict, f.After = notify.Retry, notify.RetryAfter(response.Header, c.options.Now())
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		f.What += "; check webpush.public_key and webpush.private_key, or the subscription was made with other keys"
	}
	return f
}
