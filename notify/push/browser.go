package push

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"waybill/notify"
	"waybill/tracker/dial"
)

// Browsers is Web Push (RFC 8030), encrypted for the browser alone (RFC 8291), signed with the server's VAPID keys
// (RFC 8292).
type Browsers struct {
	// PublicKey and PrivateKey are the VAPID keys in base64url, as NewKeys makes them.
	PublicKey, PrivateKey string
	// Subject is whom a push service may write to: "mailto:ops@example.com" or an https address.
	Subject string
	// Client makes the calls; nil is one that reaches public addresses alone: endpoints come from browsers, that is
	// from anybody.
	Client *http.Client
}

// maxPayload is what every push service takes: 4096 bytes with the encryption's header and padding around (RFC 8030,
// 7.2; RFC 8291, 4).
const maxPayload = 3800

// browsers sends to browsers.
type browsers struct {
	Browsers

	now func() time.Time
}

func newBrowsers(o *Browsers, now func() time.Time) (*browsers, error) {
	b := &browsers{Browsers: *o, now: now}
	for name, key := range map[string]string{"public": o.PublicKey, "private": o.PrivateKey} {
		if key == "" {
			return nil, fmt.Errorf("the %s key of web push is missing; make a pair with: waybill keys webpush", name)
		}
	}
	if b.Client == nil {
		b.Client = dial.NewClient(dial.Options{})
	}
	// The library puts "mailto:" in front of whatever is no https address.
	b.Subject = strings.TrimPrefix(o.Subject, "mailto:")
	return b, nil
}

// NewKeys makes a pair of VAPID keys.
func NewKeys() (public, private string, err error) {
	private, public, err = webpush.GenerateVAPIDKeys()
	return public, private, err
}

func (b *browsers) send(ctx context.Context, address string, e *notify.Envelope, ttl time.Duration) (notify.Receipt, error) {
	var subscription webpush.Subscription
	if err := json.Unmarshal([]byte(address), &subscription); err != nil {
		return notify.Receipt{}, unusable()
	}
	if len(e.Content.Push) > maxPayload {
		return notify.Receipt{}, &notify.Failure{
			Verdict: notify.Permanent, Code: "size",
			What: fmt.Sprintf("the push has %d bytes, at most %d can be sent", len(e.Content.Push), maxPayload),
		}
	}
	options := &webpush.Options{
		HTTPClient: b.Client, Subscriber: b.Subject, VAPIDPublicKey: b.PublicKey, VAPIDPrivateKey: b.PrivateKey,
		TTL: int(ttl / time.Second), Topic: e.Topic, Urgency: webpush.UrgencyNormal,
	}
	if e.Urgent {
		options.Urgency = webpush.UrgencyHigh
	}
	response, err := webpush.SendNotificationWithContext(ctx, e.Content.Push, &subscription, options)
	if err != nil {
		return notify.Receipt{}, unreached(ctx, "the push service", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return notify.Receipt{}, nil
	}
	return notify.Receipt{}, b.refused(response)
}

// refused is what a status means (RFC 8030, 5 and 7.3).
func (b *browsers) refused(response *http.Response) *notify.Failure {
	status := response.StatusCode
	f := &notify.Failure{
		Verdict: notify.Permanent, Code: strconv.Itoa(status),
		What: fmt.Sprintf("the push service refused the message (%d)", status),
	}
	switch {
	case status == http.StatusNotFound || status == http.StatusGone:
		f.Verdict, f.What = notify.Gone, fmt.Sprintf("the browser's push subscription has ended (%d)", status)
	case passing(status):
		f.Verdict, f.After = notify.Retry, notify.RetryAfter(response.Header, b.now())
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		f.What += "; check webpush.public_key and webpush.private_key, or the subscription was made with other keys"
	}
	return f
}
