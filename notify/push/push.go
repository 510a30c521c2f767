// Package push sends messages to devices: to browsers by Web Push, to Android by Firebase Cloud Messaging, to Apple's by
// APNs. The address tells which of them it is.
package push

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/dial"
)

// Options are the services that are set up; a nil one is not.
type Options struct {
	Browsers *Browsers
	FCM      *FCM
	APNs     *APNs
	Now      func() time.Time
}

// maxTTL is for how long push services keep a message at most.
const maxTTL = 28 * 24 * time.Hour

// platform sends to the devices of one platform. Its address is normal, its failures are *notify.Failure.
type platform interface {
	send(ctx context.Context, address string, e *notify.Envelope, ttl time.Duration) (notify.Receipt, error)
}

// Channel sends pushes.
type Channel struct {
	platforms map[notify.Platform]platform
	now       func() time.Time
}

// New makes a Channel.
func New(o Options) (*Channel, error) {
	c := &Channel{platforms: map[notify.Platform]platform{}, now: o.Now}
	var errs [3]error
	if o.Browsers != nil {
		c.platforms[notify.PlatformWeb], errs[0] = newBrowsers(o.Browsers, o.Now)
	}
	if o.FCM != nil {
		c.platforms[notify.PlatformFCM], errs[1] = newFCM(o.FCM, o.Now)
	}
	if o.APNs != nil {
		c.platforms[notify.PlatformAPNs], errs[2] = newAPNs(o.APNs)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	return c, nil
}

// Sender is empty: a device ends its subscription with whoever asks.
func (c *Channel) Sender() string { return "" }

// Send sends a push. Repeated it does no harm: the topic makes the later one replace the earlier on the screen.
func (c *Channel) Send(ctx context.Context, e notify.Envelope) (notify.Receipt, error) {
	address, err := notify.NormaliseAddress(tracker.Push, e.To, "")
	if err != nil { // it was checked when it was taken in; what changed since is no subscription any more
		return notify.Receipt{}, unusable()
	}
	kind := notify.PlatformOf(address)
	to := c.platforms[kind]
	if to == nil {
		return notify.Receipt{}, &notify.Failure{
			Verdict: notify.Permanent, Code: "not set up", What: "no push to " + string(kind) + " is set up any more",
		}
	}
	if err := ctx.Err(); err != nil {
		return notify.Receipt{}, &notify.Failure{Verdict: notify.Retry, What: "the push was not begun in time", Cause: err}
	}
	return to.send(ctx, address, &e, max(0, min(e.Expires.Sub(c.now()), maxTTL)))
}

func unusable() *notify.Failure {
	return &notify.Failure{Verdict: notify.Permanent, What: "the push subscription cannot be read", Code: "address"}
}

// content reads what the push says. Browsers are given it as it is.
func content(e *notify.Envelope) (notify.Notification, error) {
	var n notify.Notification
	if err := json.Unmarshal(e.Content.Push, &n); err != nil {
		return n, &notify.Failure{Verdict: notify.Permanent, What: "the push is not worded as JSON", Code: "content"}
	}
	return n, nil
}

// unreached is what no answer means. The error's own text holds the address, by which anybody could push.
func unreached(ctx context.Context, who string, err error) *notify.Failure {
	if errors.Is(err, dial.ErrForbidden) {
		return &notify.Failure{Verdict: notify.Gone, What: "the push endpoint is not on the public internet", Code: "forbidden"}
	}
	if cause := ctx.Err(); cause != nil {
		return &notify.Failure{Verdict: notify.Retry, What: who + " did not answer in time", Cause: cause}
	}
	return &notify.Failure{Verdict: notify.Retry, What: who + " could not be reached"}
}

// passing reports whether a status says that another attempt may succeed.
func passing(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= http.StatusInternalServerError
}
