package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/seal"
)

const (
	// noticeEvery is after how long telling an owner is tried again, noticesMost how often.
	noticeEvery = time.Hour
	noticesMost = 24
	noticeTime  = time.Minute
)

// tellOwner tells by e-mail that an endpoint was disabled. The next attempt is noted before this one is made, and taken
// back once it went well: a crash in between may tell twice, under the same message id, but never not at all.
func (o *Office) tellOwner(ctx context.Context, e *tracker.Endpoint) error {
	noticed := e.Notice
	err := Change(ctx, o.Store, e.ID, func(now *tracker.Endpoint) error {
		if !now.Notice.Equal(noticed) || now.Notice.IsZero() {
			return errUnchanged
		}
		if now.Notices++; now.Notices >= noticesMost || now.Disabled == "" {
			now.Notice = time.Time{}
			return nil
		}
		now.Notice = o.Now().Add(noticeEvery).UTC()
		return nil
	})
	if errors.Is(err, errUnchanged) || e.Disabled == "" {
		return nil
	}
	if err != nil {
		return err
	}
	return o.sendNotice(ctx, e)
}

func (o *Office) sendNotice(ctx context.Context, e *tracker.Endpoint) error {
	to, err := o.contact(ctx, e)
	if err != nil {
		return err
	}
	switch {
	case to == "":
		o.Log.Warn("nobody is told that a webhook endpoint was disabled: it has no contact, and its seller no address for answers",
			"endpoint", e.ID, "tenant", e.Tenant)
		return o.noticed(ctx, e.ID)
	case o.Mail == nil:
		o.Log.Warn("nobody is told that a webhook endpoint was disabled: no e-mail is set up", "endpoint", e.ID, "tenant", e.Tenant)
		return o.noticed(ctx, e.ID)
	}
	content, err := disabledMail(e)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte("disabled " + e.ID + e.DisabledAt.String()))
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), noticeTime)
	defer cancel()
	_, err = o.Mail.Send(sending, notify.Envelope{
		ID: hex.EncodeToString(sum[:16]), To: to, From: "Waybill", Content: content, Topic: e.ID, Locale: "en", Urgent: true,
		Expires: o.Now().Add(noticesMost * noticeEvery),
	})
	if err != nil && notify.VerdictOf(err) != notify.Permanent && notify.VerdictOf(err) != notify.Gone {
		o.Log.Warn("an owner could not be told yet that a webhook endpoint was disabled", "endpoint", e.ID, "error", err)
		return nil
	}
	if err != nil {
		o.Log.Warn("an owner cannot be told that a webhook endpoint was disabled", "endpoint", e.ID, "error", err)
	}
	return o.noticed(ctx, e.ID)
}

// noticed ends the telling.
func (o *Office) noticed(ctx context.Context, id string) error {
	return Change(context.WithoutCancel(ctx), o.Store, id, func(e *tracker.Endpoint) error {
		e.Notice = time.Time{}
		return nil
	})
}

// contact is whom to tell: the endpoint's own contact, else where the seller takes answers.
func (o *Office) contact(ctx context.Context, e *tracker.Endpoint) (string, error) {
	if len(e.Contact) > 0 {
		return OpenContact(o.Keys, e)
	}
	tenant, err := tracker.TenantOf(ctx, o.Store, e.Tenant)
	if errors.Is(err, tracker.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return tenant.Brand.ReplyTo, nil
}

// OpenContact opens the address of an endpoint's contact; "" where it has none of its own.
func OpenContact(keys *seal.Keys, e *tracker.Endpoint) (string, error) {
	if len(e.Contact) == 0 {
		return "", nil
	}
	address, err := keys.Unwrap(e.Contact, contactContext(e.ID))
	if err != nil {
		return "", fmt.Errorf("contact of webhook endpoint %s: %w", e.ID, err)
	}
	return string(address), nil
}

func contactContext(id string) string { return "webhook-contact:" + id }

// disabledText is the notice. The address is named by its host alone: a path may hold a secret.
var disabledText = template.Must(template.New("disabled").Parse(`<p>Your webhook endpoint at <b>{{.Host}}</b> was disabled on {{.At}}.</p>
<p>Why: {{.Why}}.</p>
<p>Nothing is lost: what happens to your shipments meanwhile is kept for thirty days. Once your server is well, enable the
endpoint again, and all of it is delivered, oldest first:</p>
<pre>POST /v1/webhooks/{{.ID}}/enable</pre>
`))

func disabledMail(e *tracker.Endpoint) (notify.Content, error) {
	host := "its address"
	if u, err := url.Parse(e.URL); err == nil {
		host = u.Host
	}
	at := e.DisabledAt.UTC().Format("2 January 2006 at 15:04 UTC")
	var html strings.Builder
	err := disabledText.Execute(&html, map[string]string{"Host": host, "At": at, "Why": e.Disabled, "ID": e.ID})
	text := fmt.Sprintf("Your webhook endpoint at %s was disabled on %s.\n\nWhy: %s.\n\n"+
		"Nothing is lost: what happens to your shipments meanwhile is kept for thirty days. Once your\nserver is well, enable the "+
		"endpoint again, and all of it is delivered, oldest first:\n\n    POST /v1/webhooks/%s/enable\n", host, at, e.Disabled, e.ID)
	return notify.Content{Subject: "Your webhook endpoint was disabled", Text: text, HTML: html.String()}, err
}
