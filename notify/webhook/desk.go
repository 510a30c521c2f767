package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Desk keeps sellers' endpoints.
type Desk struct {
	Store tracker.Store
	Keys  *seal.Keys
	// AllowPrivate lets addresses be private, and plain http.
	AllowPrivate bool
	Now          func() time.Time
}

// Wishes are what a seller says of an endpoint.
type Wishes struct {
	URL, Description string
	Form             tracker.WebhookForm
	// Types, Carriers and Tags are what it wants to be told of; empty for everything.
	Types, Carriers, Tags []string
	// Contact is the e-mail address of who is told when it is disabled; "" for the seller's own.
	Contact string
	// Headers are sent with every post; see CheckHeaders.
	Headers []Header
}

// The errors of a Desk, beside ErrURL and ErrSecret.
var (
	// ErrTooMany: a seller has as many endpoints as can be, or an endpoint as many replays.
	ErrTooMany = errors.New("there are too many already")
	// ErrType: no event has such a type.
	ErrType = errors.New("no event has this type")
	// ErrContact: the contact is no e-mail address.
	ErrContact = errors.New("the contact is no e-mail address")
	// ErrBusy: the delivery is in line or being sent already.
	ErrBusy = errors.New("it is in line already")
)

const (
	endpointsMost = 50
	replaysMost   = 10
)

// Create makes an endpoint. secret is the seller's own, or "" for a new one; the secret that holds is shown this once.
func (d *Desk) Create(ctx context.Context, tenant string, w Wishes, secret string) (*tracker.Endpoint, string, error) {
	if err := d.check(&w); err != nil {
		return nil, "", err
	}
	n, err := d.Store.Count(ctx, tracker.Webhooks, tracker.ListOfTenant(tenant), endpointsMost)
	if err != nil {
		return nil, "", err
	}
	if n >= endpointsMost {
		return nil, "", fmt.Errorf("%w: a seller has at most %d endpoints", ErrTooMany, endpointsMost)
	}
	now := d.Now().UTC()
	e := &tracker.Endpoint{ID: "ep_" + tracker.NewID(now), Tenant: tenant, Form: w.Form, CreatedAt: now}
	if err := d.put(e, &w); err != nil {
		return nil, "", err
	}
	if secret, err = d.addSecret(e, secret, 0); err != nil {
		return nil, "", err
	}
	return e, secret, tracker.Save(ctx, d.Store, e)
}

// Update changes what an endpoint wants. Its form stays.
func (d *Desk) Update(ctx context.Context, id string, change func(*Wishes)) (*tracker.Endpoint, error) {
	return d.change(ctx, id, func(e *tracker.Endpoint) error {
		contact, err := OpenContact(d.Keys, e)
		if err != nil {
			return err
		}
		headers, err := OpenHeaders(d.Keys, e)
		if err != nil {
			return err
		}
		w := Wishes{
			URL: e.URL, Description: e.Description, Form: e.Form, Types: e.Types, Carriers: e.Carriers, Tags: e.Tags, Contact: contact,
			Headers: headers,
		}
		change(&w)
		w.Form = e.Form
		if err := d.check(&w); err != nil {
			return err
		}
		return d.put(e, &w)
	})
}

// Disable ends sending to an endpoint at its seller's wish; what happens meanwhile is kept.
func (d *Desk) Disable(ctx context.Context, id string) (*tracker.Endpoint, error) {
	return d.change(ctx, id, func(e *tracker.Endpoint) error {
		if e.Disabled == "" {
			e.Disabled, e.DisabledAt = "disabled by its seller", d.Now().UTC()
		}
		return nil
	})
}

// Enable puts an endpoint in force again. What was kept is delivered, oldest first, and so is what failed for good since
// the endpoint began to fail. Of one that is in force nothing changes.
func (d *Desk) Enable(ctx context.Context, id string) (*tracker.Endpoint, error) {
	return d.change(ctx, id, func(e *tracker.Endpoint) error {
		if e.Disabled == "" {
			return nil
		}
		if !e.FailingSince.IsZero() {
			// The events that failed came before the attempts that did.
			from := e.FailingSince.Add(-disableAfter)
			e.Replays = append(e.Replays, tracker.WebhookReplay{From: from, To: d.Now().UTC(), Failed: true})
		}
		e.Disabled, e.DisabledAt, e.Notice, e.FailingSince = "", time.Time{}, time.Time{}, time.Time{}
		return nil
	})
}

// Replay has the events of a time sent again, oldest first and behind the new: all that the endpoint wants, or those
// that failed for good.
func (d *Desk) Replay(ctx context.Context, id string, from, to time.Time, failed bool) (*tracker.Endpoint, error) {
	return d.change(ctx, id, func(e *tracker.Endpoint) error {
		if len(e.Replays) >= replaysMost {
			return fmt.Errorf("%w: %d replays wait; the first must end before another can be asked for", ErrTooMany, len(e.Replays))
		}
		e.Replays = append(e.Replays, tracker.WebhookReplay{From: from.UTC(), To: to.UTC(), Failed: failed})
		return nil
	})
}

// Test sends a test event to an endpoint.
func (d *Desk) Test(ctx context.Context, e *tracker.Endpoint) (*tracker.WebhookDelivery, error) {
	test := NewTest(e, d.Now())
	if err := tracker.Save(ctx, d.Store, test); err != nil {
		return nil, err
	}
	return test, d.wake(ctx, e)
}

// Resend has one delivery sent again, under the same id, whatever came of it before. ErrBusy where it is about to be
// sent anyway.
func (d *Desk) Resend(ctx context.Context, e *tracker.Endpoint, event string) (*tracker.WebhookDelivery, error) {
	for {
		again, err := tracker.Load[tracker.WebhookDelivery](ctx, d.Store, tracker.WebhookDeliveryKey(e.ID, event))
		if err != nil {
			return nil, err
		}
		if again.State == tracker.WebhookPending || again.State == tracker.WebhookSending {
			return nil, ErrBusy
		}
		again.Tries = 0
		again.PutInLine()
		if err := tracker.Save(ctx, d.Store, again); err == nil {
			return again, d.wake(ctx, e)
		} else if !errors.Is(err, tracker.ErrConflict) {
			return nil, err
		}
	}
}

// Delete removes an endpoint. Its deliveries stay until their retention ends; none is sent any more.
func (d *Desk) Delete(ctx context.Context, id string) error {
	for {
		e, err := tracker.Load[tracker.Endpoint](ctx, d.Store, id)
		if err != nil {
			return err
		}
		write, err := tracker.Encode(e)
		if err != nil {
			return err
		}
		write.Delete = true
		if err := tracker.ErrorOf(d.Store.Apply(ctx, []tracker.Write{write})); !errors.Is(err, tracker.ErrConflict) {
			return err
		}
	}
}

// wake has an endpoint looked at, unless it is disabled: then what stands in its line waits.
func (d *Desk) wake(ctx context.Context, e *tracker.Endpoint) error {
	if e.Disabled != "" {
		return nil
	}
	return Wake(ctx, d.Store, d.Now(), e.ID)
}

func (d *Desk) change(ctx context.Context, id string, apply func(*tracker.Endpoint) error) (*tracker.Endpoint, error) {
	var changed *tracker.Endpoint
	err := Change(ctx, d.Store, id, func(e *tracker.Endpoint) error {
		if err := apply(e); err != nil {
			return err
		}
		e.UpdatedAt = d.Now().UTC()
		changed = e
		return nil
	})
	return changed, err
}

func (d *Desk) check(w *Wishes) error {
	if err := CheckURL(w.URL, d.AllowPrivate); err != nil {
		return err
	}
	for _, kind := range w.Types {
		if !IsType(kind) {
			return fmt.Errorf("%w: %.60q", ErrType, kind)
		}
	}
	if err := CheckHeaders(w.Headers); err != nil {
		return err
	}
	if w.Contact == "" {
		return nil
	}
	if parsed, err := mail.ParseAddress(w.Contact); err != nil || parsed.Address != w.Contact {
		return ErrContact
	}
	return nil
}

func (d *Desk) put(e *tracker.Endpoint, w *Wishes) (err error) {
	e.URL, e.Description, e.Types, e.Carriers, e.Tags = w.URL, w.Description, w.Types, w.Carriers, w.Tags
	e.UpdatedAt, e.Contact = d.Now().UTC(), nil
	if w.Contact != "" {
		e.Contact = d.Keys.Wrap([]byte(w.Contact), contactContext(e.ID))
	}
	e.Headers, err = sealHeaders(d.Keys, e.ID, w.Headers)
	return err
}
