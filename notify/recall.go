package notify

import (
	"context"
	"errors"
	"time"

	"waybill/tracker"
)

// Recaller is a Channel whose provider can be asked later what it took: that settles messages of which nobody knows
// whether they were sent.
type Recaller interface {
	// Recall lists what was taken for an address since a moment, the newest first.
	Recall(ctx context.Context, to string, since time.Time) ([]Taken, error)
}

// Taken is a message as its provider keeps it.
type Taken struct {
	Arrival

	Text string
	At   time.Time
}

// recalls is after how long, counted from its attempt, a provider is asked about a message of unknown fate: at once after
// a crash is noticed, and once more for providers whose lists lag. What is not found then stays unknown: that a list lacks
// it is no proof, and nothing is sent twice on a guess.
var recalls = []time.Duration{settleWithin, 20 * time.Minute}

// print is the mark by which a message is found again at its provider: a keyed hash of its text, since the text itself is
// not kept.
func (s *Sender) print(text string) string { return s.keys.Blind("print", text) }

// recallable reports whether the provider of a message's channel can be asked about it.
func (s *Sender) recallable(m *tracker.Message) bool {
	_, ok := s.channels[m.Channel].(Recaller)
	return ok && m.Print != "" && !m.TriedAt.IsZero()
}

// nextRecall is when the provider is next asked about a message; zero where it cannot be, or was often enough.
func (s *Sender) nextRecall(m *tracker.Message, now time.Time) time.Time {
	if !s.recallable(m) {
		return time.Time{}
	}
	for _, after := range recalls {
		if at := m.TriedAt.Add(after); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// recall asks the provider about a message of unknown fate.
func (s *Sender) recall(ctx context.Context, m *tracker.Message) error {
	now := s.now()
	if s.recallable(m) {
		taken, err := s.takenOf(ctx, m)
		if err != nil {
			return err
		}
		if taken != nil {
			return s.Arrived(ctx, m.Channel, taken.Arrival)
		}
	}
	m.State, m.Reason = tracker.MessageUnknown, "the process ended while it was being sent; nobody knows whether it was"
	if m.DueAt = s.nextRecall(m, now); m.DueAt.IsZero() && s.recallable(m) {
		m.Reason = "nobody knows whether it was sent: the provider's list lacks it"
	}
	err := tracker.Save(ctx, s.store, m)
	if err == nil && m.DueAt.IsZero() {
		s.observe.Told(m, string(m.State), "")
	}
	return ignoreConflict(err)
}

// takenOf finds a message among what its provider took; nil where it is not there, or the provider does not answer.
func (s *Sender) takenOf(ctx context.Context, m *tracker.Message) (*Taken, error) {
	subscription, err := tracker.Load[tracker.Subscription](ctx, s.store, m.Subscription)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, nil //nolint:nilnil // erased: there is nobody left to ask about
	}
	if err != nil {
		return nil, err
	}
	to, err := tracker.OpenAddress(ctx, s.store, s.keys, subscription)
	if err != nil || to == "" {
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	list, err := s.channels[m.Channel].(Recaller).Recall(asking, to, m.TriedAt.Add(-time.Minute)) //nolint:forcetypeassert // see recallable
	if err != nil {
		s.log.Warn("a provider could not be asked about a message of unknown fate", "message", m.ID, "channel", m.Channel, "error", err)
		return nil, nil //nolint:nilnil // it stays unknown
	}
	for i := range list {
		if s.print(list[i].Text) != m.Print {
			continue
		}
		others, err := tracker.LoadList[tracker.Message](ctx, s.store, tracker.ListOfProvider(m.Channel, list[i].Provider), tracker.Page{Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(others) == 0 || others[0].ID == m.ID { // else it is another message of the same words
			list[i].Message = m.ID
			return &list[i], nil
		}
	}
	return nil, nil //nolint:nilnil // not there
}
