// Package sms sends text messages through Twilio, and takes what Twilio calls back with.
package sms

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"waybill/notify"
	"waybill/tracker"
)

// Options are what a Channel needs.
type Options struct {
	AccountSID, AuthToken string
	// From is the sending number or name. Either this or MessagingServiceSID, which chooses the sender itself.
	From, MessagingServiceSID string
	// PublicURL is under what address Twilio reaches the API, for its status callbacks; empty for none.
	PublicURL string
	// BaseURL is Twilio's API; empty for the real one. It is for a fake of it.
	BaseURL string
	Now     func() time.Time
}

// The paths that Twilio calls back, under the public address.
const (
	StatusPath  = "/v1/providers/twilio/status"
	InboundPath = "/v1/providers/twilio/inbound"
)

// Channel sends SMS.
type Channel struct {
	options   Options
	base      *url.URL
	transport http.RoundTripper
}

// New makes a Channel.
func New(o Options) (*Channel, error) {
	if o.AccountSID == "" || o.AuthToken == "" {
		return nil, errors.New("the Twilio account is not complete; set twilio.account_sid and twilio.auth_token")
	}
	if (o.From == "") == (o.MessagingServiceSID == "") {
		return nil, errors.New("set either twilio.from or twilio.messaging_service_sid, for the sender of SMS")
	}
	c := &Channel{options: o, transport: http.DefaultTransport.(*http.Transport).Clone()} //nolint:forcetypeassert // it is one
	if o.BaseURL != "" {
		base, err := url.Parse(o.BaseURL)
		if err != nil || base.Host == "" {
			return nil, fmt.Errorf("twilio.base_url %q is no address", o.BaseURL)
		}
		c.base = base
	}
	return c, nil
}

// Sender is the number or service that a STOP holds for.
func (c *Channel) Sender() string {
	if c.options.MessagingServiceSID != "" {
		return c.options.MessagingServiceSID
	}
	return c.options.From
}

// Send hands a text to Twilio, once: creating a message is not idempotent there, so an attempt whose outcome is not
// known is Unsure, and the callback, which carries our id, settles it.
func (c *Channel) Send(ctx context.Context, e notify.Envelope) (notify.Receipt, error) {
	to, err := notify.NormaliseAddress(tracker.SMS, e.To, "")
	if err != nil {
		return notify.Receipt{}, &notify.Failure{Verdict: notify.Permanent, What: "the phone number cannot be read", Code: "address"}
	}
	params := (&api.CreateMessageParams{}).SetTo(to).SetBody(e.Content.SMS)
	if c.options.MessagingServiceSID != "" {
		params.SetMessagingServiceSid(c.options.MessagingServiceSID)
	} else {
		params.SetFrom(c.options.From)
	}
	if c.options.PublicURL != "" {
		params.SetStatusCallback(c.options.PublicURL + StatusPath + "?message=" + url.QueryEscape(e.ID))
	}
	if seconds := int(e.Expires.Sub(c.options.Now()) / time.Second); seconds > 0 {
		params.SetValidityPeriod(min(max(seconds, 1), maxValidity))
	}
	attempt := &call{ctx: ctx, base: c.base, next: c.transport}
	message, err := c.service(attempt).CreateMessage(params)
	if err != nil {
		return notify.Receipt{}, attempt.failure(err, c.options.Now())
	}
	if message.Sid == nil {
		return notify.Receipt{}, &notify.Failure{Verdict: notify.Unsure, What: "Twilio took the message but did not say under what id"}
	}
	return notify.Receipt{ProviderID: *message.Sid}, nil
}

// maxValidity is for how many seconds Twilio keeps a message at most that it cannot send at once.
const maxValidity = 36000

// service is Twilio's client for one call: it knows no contexts, so each call brings its own through the transport.
func (c *Channel) service(attempt *call) *api.ApiService {
	twilio := &client.Client{
		Credentials: client.NewCredentials(c.options.AccountSID, c.options.AuthToken),
		HTTPClient: &http.Client{
			Transport:     attempt,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	twilio.SetAccountSid(c.options.AccountSID)
	// Not by its constructor: that one lets environment variables choose the host.
	return api.NewApiService(&client.RequestHandler{Client: twilio})
}

// isMessageID tells our ids from anything else that somebody may put into a callback's address.
func isMessageID(id string) bool {
	return len(id) == 32 && strings.Trim(id, "0123456789abcdef") == ""
}
