package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
)

// note puts the outcome of an attempt into a message. down: its provider takes nothing from anybody.
func note(m *tracker.Message, receipt Receipt, failed error, down bool, now time.Time) {
	m.Reason, m.DueAt = "", time.Time{}
	if failed == nil {
		m.State, m.Provider, m.SentAt, m.Token = tracker.MessageSent, receipt.ProviderID, now, nil
		awaitShown(m, now)
		return
	}
	m.Reason = failed.Error()
	switch VerdictOf(failed) {
	case Unsure:
		m.State = tracker.MessageUnknown
	case Permanent, Gone:
		m.State = tracker.MessageFailed
	case Retry:
		if finally(m, failed, down) {
			m.State, m.Reason = tracker.MessageFailed, fmt.Sprintf("given up after %d attempts: %s", m.Attempts, m.Reason)
			return
		}
		m.State = tracker.MessageDecided
		m.DueAt = now.Add(max(retries[min(m.Attempts, len(retries))-1], waitOf(failed)))
	}
}

// finally reports whether an attempt of a message was its last, without success. While the provider is down there is no
// last one: the message waits for as long as it is news.
func finally(m *tracker.Message, failed error, down bool) bool {
	switch VerdictOf(failed) {
	case Permanent, Gone:
		return true
	case Retry:
		return m.Attempts > len(retries) && !down
	case Unsure:
	}
	return false
}

// Arrival is what a provider's callback tells of a message.
type Arrival struct {
	// Message is our own id of it, Provider the provider's.
	Message, Provider string
	// State is MessageSent (taken over by the provider), MessageArrived or MessageFailed.
	State tracker.MessageState
	// Reason and Code explain a failure.
	Reason, Code string
	// Gone: nothing can be sent to the address any more.
	Gone bool
}

// Arrived takes what a provider's callback tells, in any order and any number of times: what is known only grows, from
// sent to arrived or failed. ErrNotFound where there is no such message on the channel.
func (s *Sender) Arrived(ctx context.Context, channel tracker.Channel, a Arrival) error {
	m, err := tracker.Load[tracker.Message](ctx, s.store, a.Message)
	if err != nil {
		return err
	}
	if m.Channel != channel {
		return fmt.Errorf("message %q was not sent by %s: %w", a.Message, channel, tracker.ErrNotFound)
	}
	if a.Gone {
		d := &delivery{channel: s.channels[channel]}
		if d.subscription, err = tracker.Load[tracker.Subscription](ctx, s.store, m.Subscription); err == nil && d.channel != nil {
			err = s.suppress(ctx, d, a.Reason)
		}
		if err != nil && !errors.Is(err, tracker.ErrNotFound) {
			return err
		}
	}
	if a.State == tracker.MessageFailed && advances(m, a) {
		if err := s.fallBack(ctx, m, "it was not delivered"); err != nil {
			return err
		}
	}
	return s.change(ctx, m, a.Code, func(m *tracker.Message) bool {
		if !advances(m, a) {
			return false
		}
		m.State, m.Reason, m.Provider, m.DueAt, m.Token = a.State, a.Reason, a.Provider, time.Time{}, nil
		if m.SentAt.IsZero() {
			m.SentAt = s.now()
		}
		return true
	})
}

// advances reports whether a callback tells more than is known. A message that nobody knew the fate of is settled by it.
func advances(m *tracker.Message, a Arrival) bool {
	if m.Provider != "" && m.Provider != a.Provider {
		return false // of an earlier attempt
	}
	switch m.State {
	case tracker.MessageSending, tracker.MessageUnknown:
		return true
	case tracker.MessageDecided:
		return m.Attempts > 0 // an attempt that seemed to fail got through: it must not be made again
	case tracker.MessageSent:
		return a.State != tracker.MessageSent
	case tracker.MessageFailed:
		return a.State == tracker.MessageArrived
	case tracker.MessageArrived, tracker.MessageSuppressed:
	}
	return false
}

// Resend decides a message anew that failed or whose fate nobody knows: a person asked for it. It is refused, with
// the reason, for one that is under way, arrived, or is not true any more.
func (s *Sender) Resend(ctx context.Context, id string) error {
	m, err := tracker.Load[tracker.Message](ctx, s.store, id)
	if err != nil {
		return err
	}
	switch m.State {
	case tracker.MessageFailed, tracker.MessageUnknown, tracker.MessageSuppressed:
	case tracker.MessageDecided, tracker.MessageSending, tracker.MessageSent, tracker.MessageArrived:
		return fmt.Errorf("%w: it is %s", ErrResend, m.State)
	}
	m.State, m.Reason, m.Attempts, m.Provider, m.Stale = tracker.MessageDecided, "sent again by hand", 0, "", false
	m.DueAt, m.Urgent, m.Expires = s.now(), true, s.now().Add(day)
	return tracker.Save(ctx, s.store, m)
}

// ErrResend is returned for a message that cannot be sent again.
var ErrResend = errors.New("the message is not sent again")

// suppress notes that nothing may be sent to an address any more, and ends the subscription.
func (s *Sender) suppress(ctx context.Context, d *delivery, reason string) error {
	key := SuppressionKey(d.subscription.Channel, d.channel.Sender(), d.subscription.Blind)
	err := tracker.Save(ctx, s.store, &tracker.Suppression{Key: key, Reason: reason, At: s.now()})
	if ignoreConflict(err) != nil {
		return err
	}
	_, err = s.desk().End(ctx, d.subscription.ID)
	return err
}

func (s *Sender) desk() *Desk { return NewDesk(s.store, s.keys, s.now) }

// settle writes the end of a message.
func (s *Sender) settle(ctx context.Context, m *tracker.Message) error {
	m.DueAt = time.Time{}
	err := tracker.Save(ctx, s.store, m)
	if err == nil {
		s.observe.Told(m, string(m.State), "")
	}
	return ignoreConflict(err)
}

// change applies a change to a message and writes it, reading it anew where somebody else wrote it meanwhile; apply
// reports whether there is anything to write.
func (s *Sender) change(ctx context.Context, m *tracker.Message, code string, apply func(*tracker.Message) bool) error {
	for apply(m) {
		err := tracker.Save(ctx, s.store, m)
		if err == nil {
			s.observe.Told(m, outcomeOf(m), code)
			return nil
		}
		if !errors.Is(err, tracker.ErrConflict) {
			return err
		}
		if m, err = tracker.Load[tracker.Message](ctx, s.store, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// outcomeOf names what became of an attempt.
func outcomeOf(m *tracker.Message) string {
	if m.State == tracker.MessageDecided {
		return "retried"
	}
	return string(m.State)
}

func codeOf(err error) string {
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure.Code
	}
	return ""
}

// ignoreConflict: whoever wrote the record meanwhile sees to it.
func ignoreConflict(err error) error {
	if errors.Is(err, tracker.ErrConflict) {
		return nil
	}
	return err
}
