package webhook

import (
	"context"
	"errors"
	"hash/maphash"
	"sync"
	"time"

	"waybill/tracker"
)

const (
	// roundMost is how many deliveries are taken in hand at once for one endpoint.
	roundMost = 64
	// takeUpWithin is until when, after a round began, deliveries of it are begun; inHand is when one that is still being
	// sent counts as left by a crash. Between them lies an attempt and the writing of its outcome.
	takeUpWithin, inHand = 20 * time.Second, time.Minute
	// idle is when an endpoint with nothing in line is looked at anyway: should its wake-up ever have been lost, it is
	// made good then.
	idle = 15 * time.Minute
)

// round serves an endpoint once: tells its owner, takes up the past that was asked for, sends the head of its line. It
// reports whether there may be more to do now.
func (o *Office) round(ctx context.Context, id string) (more bool, err error) {
	e, err := tracker.Load[tracker.Endpoint](ctx, o.Store, id)
	if errors.Is(err, tracker.ErrNotFound) {
		o.forget(id)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !e.Notice.IsZero() && !e.Notice.After(o.Now()) {
		return true, o.tellOwner(ctx, e)
	}
	if e.Disabled != "" {
		return o.until(ctx, e, e.Notice) // what comes meanwhile stays in line
	}
	if more, err := o.replayNext(ctx, e); more || err != nil {
		return more, err
	}
	h := o.healthOf(id)
	room, opens := h.room(o.Now())
	if room == 0 {
		return o.until(ctx, e, opens)
	}
	most := min(room*8, roundMost)
	head, err := o.head(ctx, e, most)
	if err != nil {
		return false, err
	}
	if len(head) > 0 {
		if err := o.send(ctx, e, h, head, room); err != nil {
			return false, err
		}
	}
	if len(head) == most || len(e.Replays) > 0 {
		return true, nil
	}
	return o.rest(ctx, e)
}

// head reads the deliveries whose turn it is: the new, oldest first, and where there are few, those of the past.
func (o *Office) head(ctx context.Context, e *tracker.Endpoint, most int) ([]*tracker.WebhookDelivery, error) {
	page := tracker.Page{Limit: most, Oldest: true}
	head, err := tracker.LoadList[tracker.WebhookDelivery](ctx, o.Store, tracker.ListOfLine(e.ID), page)
	if err != nil || len(head) == most || len(e.Replays) == 0 {
		return head, err
	}
	page.Limit -= len(head)
	again, err := tracker.LoadList[tracker.WebhookDelivery](ctx, o.Store, tracker.ListOfAgain(e.ID), page)
	return append(head, again...), err
}

// rest has an endpoint looked at again much later, and only then looks whether something came in the meantime: who puts a
// delivery in line wakes the endpoint afterwards, so that one of the two is seen.
func (o *Office) rest(ctx context.Context, e *tracker.Endpoint) (more bool, err error) {
	if more, err = o.until(ctx, e, o.Now().Add(idle)); more || err != nil {
		return more, err
	}
	n, err := o.Store.Count(ctx, tracker.WebhookDeliveries, tracker.ListOfLine(e.ID), 1)
	return n > 0, err
}

// until leaves an endpoint alone until a moment. What was asked of it since it was read may have had its wake-up overwritten by
// that: then there is more to do now.
func (o *Office) until(ctx context.Context, e *tracker.Endpoint, at time.Time) (more bool, err error) {
	if err := reschedule(ctx, o.Store, at, e.ID); err != nil {
		return false, err
	}
	now, err := tracker.Load[tracker.Endpoint](ctx, o.Store, e.ID)
	if errors.Is(err, tracker.ErrNotFound) {
		return false, nil
	}
	return err == nil && now.Version() != e.Version(), err
}

// send takes deliveries in hand and sends them in as many lanes as the endpoint has room for. The deliveries of one
// shipment go through one lane, so that they arrive in their order; one that fails leaves its lane to the next.
func (o *Office) send(ctx context.Context, e *tracker.Endpoint, h *health, head []*tracker.WebhookDelivery, room int) error {
	own, err := openOwn(e, o.Keys, o.Now())
	if err != nil {
		return err
	}
	taken, err := o.take(ctx, head)
	if err != nil {
		return err
	}
	changes, err := o.changes(ctx, taken)
	if err != nil {
		return err
	}
	lanes := make([][]*tracker.WebhookDelivery, room)
	for _, d := range taken {
		lane := maphash.String(laneSeed, d.Shipment) % uint64(room) //nolint:gosec // room is 1 at least
		lanes[lane] = append(lanes[lane], d)
	}
	until := o.Now().Add(takeUpWithin)
	var all sync.WaitGroup
	for _, lane := range lanes {
		if len(lane) > 0 {
			all.Go(func() { o.lane(ctx, e, h, lane, changes, own, until) })
		}
	}
	all.Wait()
	return nil
}

// laneSeed spreads shipments over lanes.
var laneSeed = maphash.MakeSeed() //nolint:gochecknoglobals // a constant of the process

// take notes in the store that deliveries are being sent; those that another was faster with are left to it.
func (o *Office) take(ctx context.Context, head []*tracker.WebhookDelivery) ([]*tracker.WebhookDelivery, error) {
	for _, d := range head {
		d.State, d.Tries, d.NextAt = tracker.WebhookSending, d.Tries+1, o.Now().Add(inHand).UTC()
	}
	return apply(ctx, o.Store, head)
}

// apply writes many deliveries at once and gives those that nobody else wrote meanwhile.
func apply(ctx context.Context, store tracker.Store, list []*tracker.WebhookDelivery) (written []*tracker.WebhookDelivery, err error) {
	writes := make([]tracker.Write, len(list))
	for i, d := range list {
		if writes[i], err = tracker.Encode(d); err != nil {
			return nil, err
		}
	}
	results, err := store.Apply(ctx, writes)
	if err != nil {
		return nil, err
	}
	for i, result := range results {
		switch {
		case result == nil:
			tracker.Written(list[i], writes[i])
			written = append(written, list[i])
		case !errors.Is(result, tracker.ErrConflict):
			return nil, result
		}
	}
	return written, nil
}

// changes reads what the deliveries tell of, by key.
func (o *Office) changes(ctx context.Context, list []*tracker.WebhookDelivery) (map[string]*tracker.WebhookChange, error) {
	byKey := make(map[string]*tracker.WebhookChange, len(list))
	keys := make([]string, 0, len(list))
	for _, d := range list {
		if d.Change != "" {
			keys = append(keys, d.Change)
		}
	}
	rows, err := o.Store.Get(ctx, tracker.WebhookChanges, keys...)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		c, err := tracker.Decode[tracker.WebhookChange](row)
		if err != nil {
			return nil, err
		}
		byKey[row.Key] = c
	}
	return byKey, nil
}
