package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
)

// Phones lose messages: a push that no device shows, an SMS that is not delivered. What a recipient should know then
// goes by e-mail, once: its message has the id that it would have had anyway, so where the e-mail was decided already
// nothing is added.

// shownWithin is how long a device may take to say that it showed a push.
const (
	shownWithin       = 2 * time.Hour
	urgentShownWithin = 20 * time.Minute
)

// fallsBack reports whether a message is told by e-mail where its own channel fails: one to the shipment's recipient
// that is worth an SMS.
func fallsBack(m *tracker.Message) bool {
	r, _ := ruleOf(m.Moment)
	own := m.Subscription == recipientID(m.Shipment, m.Channel)
	return own && r.text && (m.Channel == tracker.Push || m.Channel == tracker.SMS)
}

// fallBack decides the e-mail in a message's place; why says what became of the message. The e-mail is stored before the
// message's own outcome, so that a crash between loses neither.
func (s *Sender) fallBack(ctx context.Context, m *tracker.Message, why string) error {
	if !fallsBack(m) || s.channels[tracker.Email] == nil {
		return nil
	}
	id := recipientID(m.Shipment, tracker.Email)
	subscription, err := tracker.Load[tracker.Subscription](ctx, s.store, id)
	if errors.Is(err, tracker.ErrNotFound) || (err == nil && !subscription.Active()) {
		return nil // there is no address that may be written to
	}
	if err != nil {
		return fmt.Errorf("look for an e-mail address in place of message %s: %w", m.ID, err)
	}
	r, _ := ruleOf(m.Moment)
	now := s.now()
	mail := &tracker.Message{
		ID:     MessageID(m.Shipment, m.Moment, m.Occurrence, id, tracker.Email),
		Tenant: m.Tenant, Shipment: m.Shipment, Moment: m.Moment, Occurrence: m.Occurrence, Channel: tracker.Email, Subscription: id,
		Locale: m.Locale, State: tracker.MessageDecided, Reason: "in place of the " + nameOf(m.Channel) + ": " + why,
		DueAt: now, Expires: now.Add(r.keeps), DecidedAt: now, Seq: m.Seq, CausedAt: m.CausedAt, Urgent: m.Urgent, Service: m.Service,
	}
	if err := ignoreConflict(tracker.Save(ctx, s.store, mail)); err != nil {
		return fmt.Errorf("decide the e-mail in place of message %s: %w", m.ID, err)
	}
	return nil
}

// unconfirmed takes up a push that no device has shown in time.
func (s *Sender) unconfirmed(ctx context.Context, m *tracker.Message) error {
	if err := s.fallBack(ctx, m, "no device said that it showed it"); err != nil {
		return err
	}
	m.DueAt = time.Time{}
	return ignoreConflict(tracker.Save(ctx, s.store, m))
}

// awaitShown has a push that was sent taken up again where no device shows it; other messages are done.
func awaitShown(m *tracker.Message, now time.Time) {
	if m.Channel != tracker.Push || !fallsBack(m) {
		return
	}
	within := shownWithin
	if m.Urgent {
		within = urgentShownWithin
	}
	m.DueAt = now.Add(within)
}

// Shown notes that a device showed a push, by the signature that the push carried. Noted again it stays so.
func (s *Sender) Shown(ctx context.Context, id, signature string) error {
	if !s.keys.Verify(LinkShown, id, signature) {
		return ErrLink
	}
	m, err := tracker.Load[tracker.Message](ctx, s.store, id)
	if errors.Is(err, tracker.ErrNotFound) {
		return ErrLink // erased
	}
	if err != nil {
		return err
	}
	return s.change(ctx, m, "", func(m *tracker.Message) bool {
		if m.State == tracker.MessageArrived || m.State == tracker.MessageSuppressed {
			return false
		}
		m.State, m.Reason, m.DueAt, m.Token = tracker.MessageArrived, "", time.Time{}, nil
		if m.SentAt.IsZero() {
			m.SentAt = s.now()
		}
		return true
	})
}

// recipientID is the id of the subscription of a shipment's own recipient on a channel: there is one.
func recipientID(shipment string, channel tracker.Channel) string {
	return "r" + MessageID(shipment, "", "", "recipient", channel)
}

func nameOf(channel tracker.Channel) string {
	if channel == tracker.SMS {
		return "SMS"
	}
	return string(channel)
}
