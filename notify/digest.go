package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"waybill/tracker"
)

// A daily mail tells a person with many parcels all at once. Its messages are decided, explained and kept like any others,
// each with its own id; only on the way out they share one mail. The one with the smallest id takes the others along: they
// are all marked as being sent before it leaves, so that none goes twice.

// digestMost is how many messages one mail takes along.
const digestMost = 100

// followAfter is when a message that another one was to take along looks again whether it did.
const followAfter = 30 * time.Second

// bundle is a daily mail on its way: its messages and what each would have said alone.
type bundle struct {
	messages   []*tracker.Message
	deliveries []*delivery
}

// digest sends a message of a daily mail with the others of the same address that are due.
func (s *Sender) digest(ctx context.Context, m *tracker.Message, d *delivery) error {
	b, err := s.gathered(ctx, m, d)
	if err != nil {
		return err
	}
	if b == nil { // the leader may turn out to be no longer true: then another leads
		again := tracker.Due{Key: m.ID, At: s.now().Add(followAfter).UnixMilli()}
		return s.store.Reschedule(ctx, tracker.Messages, []tracker.Due{again})
	}
	if b, err = s.intend(ctx, b); err != nil || len(b.messages) == 0 {
		return err
	}
	envelope := b.deliveries[0].envelope
	if len(b.messages) > 1 {
		if envelope.Content, err = s.writer.Digest(b.entries()); err != nil {
			return fmt.Errorf("word a daily mail: %w", err)
		}
		envelope.Topic, envelope.Urgent, envelope.Unsubscribe = "", false, b.deliveries[0].page.unsubscribeAll
	}
	return s.carry(ctx, b, envelope)
}

// gathered collects the messages that share the mail. It is nil where another message leads: whoever takes up that one
// takes this one along.
func (s *Sender) gathered(ctx context.Context, m *tracker.Message, d *delivery) (*bundle, error) {
	waiting, err := tracker.LoadList[tracker.Message](ctx, s.store, tracker.ListOfDigest(m.Digest), tracker.Page{Limit: digestMost})
	if err != nil {
		return nil, fmt.Errorf("look for the other messages of a daily mail: %w", err)
	}
	now := s.now()
	b := &bundle{messages: []*tracker.Message{m}, deliveries: []*delivery{d}}
	for _, other := range waiting {
		if other.ID == m.ID || other.State != tracker.MessageDecided || other.DueAt.After(now) {
			continue
		}
		if other.ID < m.ID {
			return nil, nil
		}
		prepared, err := s.prepare(ctx, other)
		switch {
		case err != nil:
			return nil, err
		case prepared.reason != "":
			other.State, other.Reason, other.Stale = tracker.MessageSuppressed, prepared.reason, prepared.stale
			if err := s.settle(ctx, other); err != nil {
				return nil, err
			}
		case prepared.wait.IsZero():
			b.messages, b.deliveries = append(b.messages, other), append(b.deliveries, prepared)
		}
	}
	return b, nil
}

// intend marks the messages as being sent. Those that somebody else has written meanwhile are left out.
func (s *Sender) intend(ctx context.Context, b *bundle) (*bundle, error) {
	writes := make([]tracker.Write, len(b.messages))
	for i, m := range b.messages {
		m.State, m.Attempts, m.TriedAt = tracker.MessageSending, m.Attempts+1, s.now().UTC()
		m.DueAt = m.TriedAt.Add(settleWithin)
		var err error
		if writes[i], err = tracker.Encode(m); err != nil {
			return nil, err
		}
	}
	results, err := s.store.Apply(ctx, writes)
	if err != nil {
		return nil, fmt.Errorf("mark the messages of a daily mail as being sent: %w", err)
	}
	kept := &bundle{}
	for i, result := range results {
		if result != nil {
			if !errors.Is(result, tracker.ErrConflict) {
				return nil, result
			}
			continue
		}
		// Its version has moved on with the write: it is read anew.
		m, err := tracker.Load[tracker.Message](ctx, s.store, b.messages[i].ID)
		if err != nil {
			return nil, err
		}
		kept.messages, kept.deliveries = append(kept.messages, m), append(kept.deliveries, b.deliveries[i])
	}
	return kept, nil
}

// carry sends the mail and writes the outcome of each message.
func (s *Sender) carry(ctx context.Context, b *bundle, envelope Envelope) error {
	sending, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	receipt, failed := b.deliveries[0].channel.Send(sending, envelope)
	ctx = context.WithoutCancel(ctx)
	var errs []error
	for i, m := range b.messages {
		errs = append(errs, s.conclude(ctx, m, b.deliveries[i], receipt, failed))
	}
	return errors.Join(errs...)
}

// entry is a parcel in a daily mail: the latest that is told of it.
type entry struct {
	message *tracker.Message
	page    *page
}

// entries lists the parcels, those told of last at the top, each once.
func (b *bundle) entries() []entry {
	var list []entry
	for i, m := range b.messages {
		list = append(list, entry{m, b.deliveries[i].page})
	}
	slices.SortFunc(list, func(x, y entry) int {
		if c := y.message.DecidedAt.Compare(x.message.DecidedAt); c != 0 {
			return c
		}
		return strings.Compare(x.message.ID, y.message.ID)
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(e entry) bool {
		again := seen[e.message.Shipment]
		seen[e.message.Shipment] = true
		return again
	})
}

// Digest words a daily mail.
func (w *Writer) Digest(entries []entry) (Content, error) {
	first := entries[0].page
	p := &page{
		words: first.words, Lang: first.Lang, Seller: first.Seller, Logo: first.Logo, Colour: first.Colour, Ink: first.Ink,
		Support: first.Support, Unsubscribe: first.unsubscribeAll, Preferences: first.Preferences,
	}
	p.Title = p.say("message.digest.title", "Count", len(entries))
	p.Body = p.say("message.digest.body")
	for _, e := range entries {
		p.Parcels = append(p.Parcels, e.page)
	}
	c := Content{Subject: p.subject()}
	var err error
	if c.Text, err = p.text(); err == nil {
		c.HTML, err = p.html()
	}
	return c, err
}
