package workers

import (
	"context"
	"errors"

	"waybill/notify/webhook"
	"waybill/tracker"
)

// tellCase tells the seller's endpoints and the customer how a case went on, and closes a resolved one whose time is over.
// Each step is unique by the case's count of entries, so that all may be done twice.
func (w *Workers) tellCase(ctx context.Context, key string) error {
	c, err := tracker.Load[tracker.Case](ctx, w.Store, key)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.State == tracker.CaseResolved && !c.DueAt.After(w.Now()) {
		if c, err = w.Cases.Close(ctx, c.ID); err != nil {
			return err
		}
	}
	if c.Told >= len(c.Entries) {
		return nil
	}
	s, err := tracker.Load[tracker.Shipment](ctx, w.Store, c.Shipment)
	if err != nil && !errors.Is(err, tracker.ErrNotFound) { // a removed one's case ends in silence
		return err
	}
	if err == nil {
		if err := w.tellOfCase(ctx, s, c); err != nil {
			return err
		}
	}
	c.Told = len(c.Entries)
	if err := tracker.Save(ctx, w.Store, c); !errors.Is(err, tracker.ErrConflict) { // changed meanwhile: it is due again
		return err
	}
	return nil
}

func (w *Workers) tellOfCase(ctx context.Context, s *tracker.Shipment, c *tracker.Case) error {
	err := w.inform(ctx, s, func(t *tracker.Tracking) *tracker.WebhookChange { return webhook.CaseOf(t, c) })
	if err != nil {
		return err
	}
	for i := range c.Entries[c.Told:] {
		if c.Entries[c.Told+i].News() {
			return w.People.CaseNews(ctx, s, c)
		}
	}
	return nil
}
