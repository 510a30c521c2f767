package workers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/notify"
	"waybill/notify/webhook"
	"waybill/tracker"
	"waybill/tracker/eta"
)

// refreshTries is how often a shipment is taken up anew when somebody else wrote it meanwhile.
const refreshTries = 8

// subscriptionsMost is how many subscriptions of a shipment are served.
const subscriptionsMost = 1000

// refresh brings a shipment's view up to date with its legs, its order and the clock, and gives its estimate.
//
// The order of its steps is what makes a crash harmless: webhooks and messages first, as they are decided from the
// difference between the stored view and the new one; then the shipment; and only when this has returned, the caller
// takes away what called for it.
func (w *Workers) refresh(ctx context.Context, id string) (*tracker.Estimate, error) {
	return w.refreshFor(ctx, id, false)
}

// refreshFor is refresh for who needs the shipment written though nothing has changed.
func (w *Workers) refreshFor(ctx context.Context, id string, write bool) (*tracker.Estimate, error) {
	var told tracker.View // what endpoints were told of beyond the stored view
	for range refreshTries {
		s, err := tracker.Load[tracker.Shipment](ctx, w.Store, id)
		if errors.Is(err, tracker.ErrNotFound) {
			return nil, nil //nolint:nilnil // purged: there is nobody left to tell
		}
		if err != nil {
			return nil, err
		}
		estimate, err := w.refreshOnce(ctx, s, told, write)
		if otherwise, ok := errors.AsType[*toldOtherwiseError](err); ok {
			told = otherwise.change.View
			continue
		}
		if !errors.Is(err, tracker.ErrConflict) {
			return estimate, err
		}
	}
	return nil, fmt.Errorf("shipment %s: written by others %d times in a row: %w", id, refreshTries, tracker.ErrConflict)
}

// refreshOnce makes one attempt; ErrConflict where somebody else wrote the shipment meanwhile, toldOtherwiseError where
// endpoints were told of another state beyond the one that is given.
func (w *Workers) refreshOnce(ctx context.Context, s *tracker.Shipment, told tracker.View, write bool) (*tracker.Estimate, error) {
	t, err := w.Finder.Shipment(ctx, s)
	if err != nil {
		return nil, err
	}
	if added, err := w.handOver(ctx, &t); err != nil {
		return nil, err
	} else if added {
		if t, err = w.Finder.Shipment(ctx, s); err != nil {
			return nil, err
		}
	}
	now := w.Now()
	before, forecasts := s.View, s.Forecasts
	if err := w.expect(ctx, &t, now); err != nil {
		return nil, err
	}
	t.View.NextLook = earlier(t.View.NextLook, eta.NextRefresh(&t.View, now))
	if told.Seq <= before.Seq {
		told = before
	}
	if err := w.count(ctx, &t, told, now); err != nil {
		return nil, err
	}
	if err := w.tell(ctx, &t, before, now); err != nil {
		return nil, err
	}
	learnt, err := w.learn(ctx, &t)
	if err != nil {
		return nil, err
	}
	if w.Poller != nil {
		if err := w.Poller.Plan(ctx, &t); err != nil {
			return nil, err
		}
	}
	predicted := !bytes.Equal(forecasts, s.Forecasts)
	return t.View.Estimate, w.keep(ctx, &t, before, write || learnt || predicted, now)
}

// expect puts into the view when the parcel is expected now, and what its silence would mean. While its carrier's feed
// is silent, silence means nothing.
func (w *Workers) expect(ctx context.Context, t *tracker.Tracking, now time.Time) error {
	outlook, err := w.Estimator.Estimate(ctx, t, now)
	if err != nil {
		return fmt.Errorf("estimate shipment %s: %w", t.Shipment.ID, err)
	}
	t.View.Watch, t.View.Lane = outlook.Watch, outlook.Lane
	_, outage := w.Patience.OutageOf(t.Shipment, &t.View)
	t.View.Watch.Silent = outage != nil
	shown := eta.Steady(t.Shipment.View.Estimate, outlook.Estimate)
	if ride, err := w.ride(ctx, t, now); err != nil {
		return err
	} else if ride != nil {
		if outlook.Estimate != nil { // how far the van has come it tells itself; why it may be late, it does not
			ride.Why.Disruption = outlook.Estimate.Why.Disruption
		}
		shown = ride
	}
	t.View = t.View.Expect(shown, t.Shipment, w.Patience, now)
	t.Shipment.Note(t.View.Estimate)
	return nil
}

// count gives the view its sequence number, the next one where it says something new, and tells the seller's endpoints.
// The first look at a shipment counts as news: that it was registered.
func (w *Workers) count(ctx context.Context, t *tracker.Tracking, told tracker.View, now time.Time) error {
	t.View.Seq = told.Seq
	first := told.Seq == 0
	if !first && t.View.Same(told) {
		return nil
	}
	t.View.Seq++
	causedAt, backfill := cause(t)
	in := webhook.Input{Tracking: t, Before: told, First: first, Backfill: backfill, Now: now}
	if err := w.hook(ctx, in, causedAt); err != nil {
		return fmt.Errorf("tell webhooks of shipment %s: %w", t.Shipment.ID, err)
	}
	return nil
}

// tell stores the messages that a change calls for. Those that are there already were decided before (rule 10).
func (w *Workers) tell(ctx context.Context, t *tracker.Tracking, before tracker.View, now time.Time) error {
	messages, err := w.decide(ctx, t, before, now)
	if err != nil {
		return fmt.Errorf("decide messages of shipment %s: %w", t.Shipment.ID, err)
	}
	if len(messages) == 0 {
		return nil
	}
	writes := make([]tracker.Write, len(messages))
	for i, message := range messages {
		if writes[i], err = tracker.Encode(message); err != nil {
			return err
		}
	}
	results, err := w.Store.Apply(ctx, writes)
	if err != nil {
		return fmt.Errorf("store messages of shipment %s: %w", t.Shipment.ID, err)
	}
	for i, result := range results {
		if errors.Is(result, tracker.ErrConflict) {
			result = w.revive(ctx, messages[i])
		}
		if result != nil {
			return fmt.Errorf("store message %s: %w", messages[i].ID, result)
		}
	}
	w.announce(nil)
	return nil
}

// revive has a message sent that was decided before, but suppressed since it was not true then.
func (w *Workers) revive(ctx context.Context, again *tracker.Message) error {
	before, err := tracker.Load[tracker.Message](ctx, w.Store, again.ID)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil // erased meanwhile
	}
	if err != nil {
		return err
	}
	revived := notify.Revived(before, again)
	if revived == nil {
		return nil
	}
	if err := tracker.Save(ctx, w.Store, revived); !errors.Is(err, tracker.ErrConflict) {
		return err
	}
	return nil // whoever wrote it meanwhile saw to it
}

// decide gathers who may be told and asks notify what they are to be told.
func (w *Workers) decide(ctx context.Context, t *tracker.Tracking, before tracker.View, now time.Time) ([]*tracker.Message, error) {
	in := notify.Input{Shipment: t.Shipment, Before: before, After: t.View, Now: now}
	if in.CausedAt, in.Backfill = cause(t); in.Backfill {
		return nil, nil
	}
	var err error
	list := tracker.ListOfShipment(t.Shipment.ID)
	in.Subscriptions, err = tracker.LoadList[tracker.Subscription](ctx, w.Store, list, tracker.Page{Limit: subscriptionsMost})
	if err != nil || len(in.Subscriptions) == 0 {
		return nil, err
	}
	in.Tenant, err = tracker.TenantOf(ctx, w.Store, t.Shipment.Tenant)
	if err != nil && !errors.Is(err, tracker.ErrNotFound) {
		return nil, err
	}
	if in.Preferences, err = notify.PreferencesOf(ctx, w.Store, in.Subscriptions); err != nil {
		return nil, err
	}
	return notify.Decide(in), nil
}

// cause says what the legs and the order have in store that was not told yet: since when, and whether all of it is
// history. It is read from the very records that the view was made of, so that a live scan which came in
// between is not taken for history.
func cause(t *tracker.Tracking) (receivedAt time.Time, backfill bool) {
	var effects []*tracker.Effect
	for _, leg := range t.Legs {
		effects = append(effects, leg.Effect)
	}
	if t.Order != nil {
		effects = append(effects, t.Order.Effect)
	}
	some, live := false, false
	for _, effect := range effects {
		if effect != nil {
			some, live = true, live || !effect.Backfill
			receivedAt = earlier(receivedAt, effect.ReceivedAt)
		}
	}
	return receivedAt, some && !live
}

// keep stores the view where it says something new, its time had come or something was noted on the shipment, and tells
// those who watch.
func (w *Workers) keep(ctx context.Context, t *tracker.Tracking, before tracker.View, noted bool, now time.Time) error {
	s, news := t.Shipment, t.View.Seq != before.Seq
	looked := !before.NextLook.IsZero() && !before.NextLook.After(now)
	sooner := !t.View.NextLook.IsZero() && (before.NextLook.IsZero() || t.View.NextLook.Before(before.NextLook))
	moved := t.View.StopsAway() != before.StopsAway()
	if !news && !looked && !sooner && !noted && !moved {
		return nil
	}
	s.View = t.View
	if news {
		s.UpdatedAt = now.UTC()
	}
	if err := tracker.Save(ctx, w.Store, s); err != nil {
		return err
	}
	if news || moved {
		w.Feed.Publish(s.ID)
	}
	return nil
}

// earlier is the earlier of two moments, of which zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
