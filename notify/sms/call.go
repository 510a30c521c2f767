package sms

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"

	"waybill/notify"
)

// call is the transport of one request to Twilio. It brings the context along that Twilio's client has no place for,
// leads to another host where asked, and remembers what the client's errors do not tell.
type call struct {
	ctx  context.Context //nolint:containedctx // see above
	base *url.URL
	next http.RoundTripper

	// written: the request left, so that Twilio may have acted on it.
	written atomic.Bool
	// status and header are the response's; 0 where none came.
	status int
	header http.Header
}

// RoundTrip implements http.RoundTripper.
func (c *call) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := httptrace.WithClientTrace(c.ctx, &httptrace.ClientTrace{WroteHeaders: func() { c.written.Store(true) }})
	r = r.Clone(ctx)
	if c.base != nil {
		r.URL.Scheme, r.URL.Host, r.Host = c.base.Scheme, c.base.Host, c.base.Host
	}
	response, err := c.next.RoundTrip(r)
	if err == nil {
		c.status, c.header = response.StatusCode, response.Header
	}
	return response, err
}

// failure says what an error means. Twilio's own texts hold the phone number and are not passed on.
func (c *call) failure(err error, now time.Time) *notify.Failure {
	switch {
	case c.status == 0 && !c.written.Load():
		return &notify.Failure{Verdict: notify.Retry, What: "Twilio could not be reached", Cause: c.ctx.Err()}
	case c.status == 0:
		return &notify.Failure{Verdict: notify.Unsure, What: "Twilio did not answer: it may have taken the message", Cause: c.ctx.Err()}
	case c.status < 300:
		return &notify.Failure{Verdict: notify.Unsure, What: "Twilio's answer cannot be read: it may have taken the message"}
	}
	f := &notify.Failure{Code: strconv.Itoa(c.status), After: notify.RetryAfter(c.header, now)}
	if refused, ok := errors.AsType[*client.TwilioRestError](err); ok && refused.Code != 0 {
		f.Code = strconv.Itoa(refused.Code)
		if known, ok := codes[refused.Code]; ok {
			f.Verdict, f.What = known.verdict, fmt.Sprintf("Twilio refused the message: %s (%d)", known.what, refused.Code)
			return f
		}
	}
	f.Verdict, f.What = byStatus(c.status), fmt.Sprintf("Twilio refused the message (%s)", f.Code)
	return f
}

// byStatus is what a status means where the code beside it is not in our table.
func byStatus(status int) notify.Verdict {
	switch {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		return notify.Retry
	case status == http.StatusUnauthorized:
		return notify.Retry // the operator will mend the settings
	case status >= 500:
		return notify.Unsure // it broke in the middle: nobody knows how far it came
	}
	return notify.Permanent
}
