package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
	"waybill/tracker/words"
)

// delivery is a message made ready to go, or the reason why it does not.
type delivery struct {
	channel      Channel
	envelope     Envelope
	subscription *tracker.Subscription
	tenant       *tracker.Tenant
	// page is what it says, before it is laid out: a daily mail lays several out as one.
	page *page
	// reason is why it is not sent, stale that this is because it is not true; wait, where it is set, until when it has to
	// wait.
	reason string
	stale  bool
	wait   time.Time
}

// prepare looks again whether a message is still true and wanted, and words it.
func (s *Sender) prepare(ctx context.Context, m *tracker.Message) (*delivery, error) {
	d := &delivery{channel: s.channels[m.Channel]}
	if d.channel == nil {
		d.reason = fmt.Sprintf("not sent: no %s is configured", m.Channel)
		return d, nil
	}
	shipment, err := tracker.Load[tracker.Shipment](ctx, s.store, m.Shipment)
	if errors.Is(err, tracker.ErrNotFound) {
		d.reason = "not sent: the shipment is gone"
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	if shipment.Test {
		d.reason = "not sent: the parcel is made up"
		return d, nil
	}
	tracking, err := s.finder.Shipment(ctx, shipment)
	if err != nil {
		return nil, err
	}
	now := s.now()
	if d.reason = Stale(m, shipment, &tracking.View, now); d.reason != "" {
		d.stale = true
		return d, nil
	}
	if !m.Urgent {
		if wait := afterQuiet(now, ZoneOf(shipment, &tracking.View)); wait.After(now) {
			d.wait = wait
			return d, nil
		}
	}
	if err := s.address(ctx, m, d); err != nil || d.reason != "" {
		return d, err
	}
	return d, s.word(ctx, m, &tracking, d)
}

// address finds out where to send, and whether one may.
func (s *Sender) address(ctx context.Context, m *tracker.Message, d *delivery) error {
	subscription, err := tracker.Load[tracker.Subscription](ctx, s.store, m.Subscription)
	if errors.Is(err, tracker.ErrNotFound) {
		d.reason = "not sent: the subscription is gone"
		return nil
	}
	if err != nil {
		return err
	}
	d.subscription = subscription
	asking := asks(m.Moment)
	switch {
	case !subscription.EndedAt.IsZero():
		d.reason = "not sent: unsubscribed"
	case asking && !subscription.ConfirmedAt.IsZero():
		d.reason = "not sent: confirmed in the meantime"
	case !asking && subscription.ConfirmedAt.IsZero():
		d.reason = "not sent: the subscription was never confirmed"
	}
	if d.reason != "" {
		return nil
	}
	key := SuppressionKey(m.Channel, d.channel.Sender(), subscription.Blind)
	suppression, err := tracker.Load[tracker.Suppression](ctx, s.store, key)
	if err == nil {
		d.reason = "not sent: nothing may be sent to this address any more: " + suppression.Reason
		return nil
	}
	if !errors.Is(err, tracker.ErrNotFound) {
		return err
	}
	d.envelope.To, err = tracker.OpenAddress(ctx, s.store, s.keys, subscription)
	if d.envelope.To == "" && err == nil {
		d.reason = "not sent: the person's data was erased"
	}
	return err
}

// word renders a message.
func (s *Sender) word(ctx context.Context, m *tracker.Message, t *tracker.Tracking, d *delivery) error {
	tenant, err := tracker.TenantOf(ctx, s.store, m.Tenant)
	if errors.Is(err, tracker.ErrNotFound) {
		tenant, err = &tracker.Tenant{ID: m.Tenant, Name: m.Tenant}, nil
	}
	if err != nil {
		return err
	}
	d.tenant = tenant
	token := ""
	if len(m.Token) > 0 {
		plain, err := s.keys.Unwrap(m.Token, "confirm:"+m.ID)
		if err != nil {
			return fmt.Errorf("open the token of message %s: %w", m.ID, err)
		}
		token = string(plain)
	}
	handed, err := s.handed(ctx, m, t, d)
	if err != nil {
		return fmt.Errorf("what message %s tells of the handover: %w", m.ID, err)
	}
	said := Said{
		Message: m.ID, Moment: m.Moment, Occurrence: m.Occurrence, Channel: m.Channel, Locale: m.Locale, Shipment: t.Shipment, View: &t.View,
		Tenant: tenant, Subscription: d.subscription, Token: token, Handed: handed, Now: s.now(),
	}
	if d.page, err = s.writer.page(&said); err != nil {
		return fmt.Errorf("word message %s: %w", m.ID, err)
	}
	if d.envelope.Content, err = d.page.content(&said); err != nil {
		return fmt.Errorf("render message %s: %w", m.ID, err)
	}
	d.envelope.ID, d.envelope.From, d.envelope.ReplyTo = m.ID, sellerName(tenant), tenant.Brand.ReplyTo
	d.envelope.Unsubscribe = s.writer.links.Unsubscribe(d.subscription.ID)
	d.envelope.Topic, d.envelope.Locale = m.Shipment, words.For(m.Locale).Tag()
	d.envelope.Urgent, d.envelope.Expires = m.Urgent, m.Expires
	return nil
}
