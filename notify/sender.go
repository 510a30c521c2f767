package notify

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Observer is told what becomes of messages, for metrics. outcome is a message state ("sent", "suppressed"), or
// "retried" for an attempt that will be repeated; code is the provider's, where it gave one.
type Observer interface {
	Told(m *tracker.Message, outcome, code string)
}

// Sender sends messages that are due. It is safe for concurrent use, by several processes too: the intent is written
// before anything leaves, and of two that want to send the same message one fails to write it.
type Sender struct {
	store    tracker.Store
	keys     *seal.Keys
	finder   *tracker.Finder
	channels map[tracker.Channel]Channel
	gates    map[tracker.Channel]*gate
	writer   *Writer
	observe  Observer
	now      func() time.Time
	log      *slog.Logger
}

// SenderOptions are what a Sender needs.
type SenderOptions struct {
	Store  tracker.Store
	Keys   *seal.Keys
	Finder *tracker.Finder
	// Channels that are configured. Messages for others fail, saying so.
	Channels map[tracker.Channel]Channel
	// PublicURL is the base of the links in messages.
	PublicURL string
	Observer  Observer
	Now       func() time.Time
	Log       *slog.Logger
}

// NewSender makes a Sender.
func NewSender(o SenderOptions) *Sender {
	return &Sender{
		store: o.Store, keys: o.Keys, finder: o.Finder, channels: o.Channels, observe: o.Observer, now: o.Now, log: o.Log,
		gates:  map[tracker.Channel]*gate{tracker.Email: {}, tracker.SMS: {}, tracker.Push: {}},
		writer: NewWriter(Links{Base: o.PublicURL, Keys: o.Keys}),
	}
}

const (
	// sendWithin bounds one attempt; settleWithin is when a message still being sent counts as left by a crash. The gap
	// between them is for writing the outcome.
	sendWithin   = time.Minute
	settleWithin = 3 * time.Minute
)

// retries is after how long a message is tried again that the provider did not take; then it has failed.
var retries = []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, 2 * time.Hour, 4 * time.Hour}

// Send takes up a message that is due, by its id. It may be called any number of times: what is settled, or in
// another's hands, is left alone. An error means that the store failed: the message falls due again by itself.
func (s *Sender) Send(ctx context.Context, id string) error {
	m, err := tracker.Load[tracker.Message](ctx, s.store, id)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil // erased
	}
	if err != nil {
		return err
	}
	now := s.now()
	switch {
	case m.DueAt.After(now):
		return nil
	case m.State == tracker.MessageSending, m.State == tracker.MessageUnknown && !m.DueAt.IsZero():
		return s.recall(ctx, m) // the process died while it was being sent, or nobody answered
	case m.State == tracker.MessageSent:
		return s.unconfirmed(ctx, m)
	case m.State != tracker.MessageDecided:
		return nil
	}
	d, err := s.prepare(ctx, m)
	if err != nil {
		return err
	}
	if d.reason != "" {
		m.State, m.Reason, m.Stale, m.Token = tracker.MessageSuppressed, d.reason, d.stale, nil
		return s.settle(ctx, m)
	}
	if !d.wait.IsZero() {
		m.DueAt = d.wait
		return ignoreConflict(tracker.Save(ctx, s.store, m))
	}
	hold, leave := s.gates[m.Channel].enter(now)
	if !hold.IsZero() {
		m.DueAt, m.Reason = hold, "waits: the provider is down"
		return ignoreConflict(tracker.Save(ctx, s.store, m))
	}
	defer leave()
	if m.Digest != "" {
		return s.digest(ctx, m, d)
	}
	return s.alone(ctx, m, d)
}

// alone sends a message that shares its way with no other: intent first.
func (s *Sender) alone(ctx context.Context, m *tracker.Message, d *delivery) error {
	enough, err := s.charge(ctx, m, d)
	if err != nil {
		return err
	}
	if !enough {
		return s.unpaid(ctx, m)
	}
	m.State, m.Attempts, m.TriedAt = tracker.MessageSending, m.Attempts+1, s.now().UTC()
	m.DueAt = m.TriedAt.Add(settleWithin)
	if text := d.envelope.Content.SMS; text != "" {
		m.Print = s.print(text)
	}
	if err := tracker.Save(ctx, s.store, m); err != nil {
		return ignoreConflict(err)
	}
	return s.attempt(ctx, m, d)
}

// attempt sends a message whose intent is written, and writes the outcome.
func (s *Sender) attempt(ctx context.Context, m *tracker.Message, d *delivery) error {
	sending, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	receipt, failed := d.channel.Send(sending, d.envelope)
	// The outcome is written even while shutting down: without it the message would end as unknown.
	return s.conclude(context.WithoutCancel(ctx), m, d, receipt, failed)
}

// conclude writes the outcome of an attempt.
func (s *Sender) conclude(ctx context.Context, m *tracker.Message, d *delivery, receipt Receipt, failed error) error {
	s.gates[m.Channel].note(m.ID, failed, s.now())
	down := s.gates[m.Channel].shut()
	if failed != nil {
		s.log.Warn("a message was not sent", "message", m.ID, "channel", m.Channel, "moment", m.Moment,
			"attempt", m.Attempts, "error", failed)
		if VerdictOf(failed) == Gone {
			if err := s.suppress(ctx, d, failed.Error()); err != nil {
				return err
			}
		}
	}
	if err := s.refund(ctx, m, d, failed); err != nil {
		return err
	}
	if finally(m, failed, down) {
		if err := s.fallBack(ctx, m, "it was not taken"); err != nil {
			return err
		}
	}
	return s.change(ctx, m, codeOf(failed), func(m *tracker.Message) bool {
		if m.State != tracker.MessageSending && m.State != tracker.MessageUnknown {
			return false // a callback was faster
		}
		note(m, receipt, failed, down, s.now())
		if m.State == tracker.MessageUnknown {
			m.DueAt = s.nextRecall(m, s.now())
		}
		return true
	})
}
