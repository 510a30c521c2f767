package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"waybill/notify"
	"waybill/notify/webhook/easypost"
	"waybill/tracker"
	"waybill/tracker/seal"
)

// bodies writes payloads in the form that an endpoint wants.
type bodies struct {
	writer

	easyPost *easypost.Writer
}

// request makes what is posted: the body, and the headers that prove whose it is.
func (b *bodies) request(
	e *tracker.Endpoint, d *tracker.WebhookDelivery, c *tracker.WebhookChange, own own, now time.Time,
) (Request, error) {
	r := Request{URL: e.URL, Header: http.Header{"User-Agent": {"Waybill-Webhooks/1"}}}
	for _, h := range own.headers {
		r.Header.Set(h.Name, h.Value)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Webhook-Id", d.Event)
	r.Header.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
	var err error
	if e.Form == tracker.WebhookEasyPost {
		if r.Body, err = EasyPostBody(b.easyPost, c); err == nil {
			r.Header.Set("X-Hmac-Signature", easyPostSignature(r.Body, own.secrets[0]))
		}
		return r, err
	}
	if r.Body, err = b.standard(c, d.Type); err != nil {
		return r, err
	}
	proof, err := signature(d.Event, now, r.Body, own.secrets)
	r.Header.Set("Webhook-Signature", proof)
	return r, err
}

// EasyPostBody is the body of a change in EasyPost's form.
func EasyPostBody(w *easypost.Writer, c *tracker.WebhookChange) ([]byte, error) {
	return w.Body(c, IsFirst(c), maxBody)
}

// IsFirst reports whether a change is that a shipment was registered.
func IsFirst(c *tracker.WebhookChange) bool { return slices.Contains(c.Types, Registered) }

// own is what is the endpoint's own in its posts: its secrets that hold, the newest first, and its headers.
type own struct {
	secrets []string
	headers []Header
}

func openOwn(e *tracker.Endpoint, keys *seal.Keys, now time.Time) (own, error) {
	secrets, err := openSecrets(e, keys, now)
	if err != nil {
		return own{}, err
	}
	headers, err := OpenHeaders(keys, e)
	return own{secrets, headers}, err
}

// openSecrets gives an endpoint's secrets that hold now, the newest first.
func openSecrets(e *tracker.Endpoint, keys *seal.Keys, now time.Time) ([]string, error) {
	var open []string
	for _, s := range e.Secrets {
		if !s.Holds(now) {
			continue
		}
		secret, err := keys.Unwrap(s.Sealed, secretContext(e.ID))
		if err != nil {
			return nil, fmt.Errorf("secret of webhook endpoint %s: %w", e.ID, err)
		}
		open = append(open, string(secret))
	}
	if len(open) == 0 {
		return nil, fmt.Errorf("webhook endpoint %s has no secret that holds; rotate it", e.ID)
	}
	return open, nil
}

func secretContext(id string) string { return "webhook:" + id }

// lane sends deliveries one after another. Those that are not begun in time, or while the office closes, stay in line.
func (o *Office) lane(
	ctx context.Context, e *tracker.Endpoint, h *health, list []*tracker.WebhookDelivery,
	changes map[string]*tracker.WebhookChange, own own, until time.Time,
) {
	for _, d := range list {
		c := changes[d.Change]
		if d.Change == "" {
			c = sample(d)
		}
		err := errNotBegun
		if ctx.Err() == nil && o.Now().Before(until) {
			err = o.deliver(ctx, e, h, d, c, own)
		}
		// What was taken in hand is put back even while shutting down: else it would wait for its turn to run out.
		if errors.Is(err, errNotBegun) {
			d.Tries--
			d.PutInLine()
			err = ignoreConflict(tracker.Save(context.WithoutCancel(ctx), o.Store, d))
		}
		if err != nil {
			o.Log.Warn("what became of a webhook could not be noted; it is sent again", "endpoint", e.ID, "event", d.Event, "error", err)
		}
	}
}

// errNotBegun: the delivery was not sent, and keeps its turn.
var errNotBegun = errors.New("not begun")

// deliver makes one attempt, as soon as there is room for it, and notes what came of it.
func (o *Office) deliver(
	ctx context.Context, e *tracker.Endpoint, h *health, d *tracker.WebhookDelivery, c *tracker.WebhookChange, own own,
) error {
	if c == nil {
		return o.note(ctx, e, d, result{err: &notify.Failure{
			Verdict: notify.Permanent, Code: "erased", What: "not sent: what it tells of is past its retention",
		}})
	}
	free, err := o.slot(ctx, h)
	if err != nil {
		return errNotBegun
	}
	defer free()
	now := o.Now()
	request, err := o.bodies.request(e, d, c, own, now)
	if err != nil {
		return o.note(ctx, e, d, result{err: &notify.Failure{Verdict: notify.Permanent, Code: "payload", What: "not sent: " + err.Error()}})
	}
	// An attempt that was begun is finished while shutting down: it ends by itself soon enough.
	r, begun := h.try(func() result {
		began := time.Now()
		answer, err := o.Poster.Post(context.WithoutCancel(ctx), request)
		return result{answer: answer, err: err, at: now, took: time.Since(began)}
	})
	if !begun {
		return errNotBegun
	}
	return o.note(ctx, e, d, r)
}

// slot waits for a place among the attempts under way.
func (o *Office) slot(ctx context.Context, h *health) (free func(), err error) {
	if h.failing() {
		if err := o.doubtful.Acquire(ctx, 1); err != nil {
			return nil, err
		}
		defer func() {
			if err != nil {
				o.doubtful.Release(1)
			}
		}()
		if err := o.slots.Acquire(ctx, 1); err != nil {
			return nil, err
		}
		return func() { o.slots.Release(1); o.doubtful.Release(1) }, nil
	}
	if err := o.slots.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { o.slots.Release(1) }, nil
}
