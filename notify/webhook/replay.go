package webhook

import (
	"context"
	"errors"

	"waybill/tracker"
)

// replayMost is how many records of the past are put in line at once.
const replayMost = 100

// replayNext puts more of the past in line where what was put there is through, and reports whether it did.
func (o *Office) replayNext(ctx context.Context, e *tracker.Endpoint) (more bool, err error) {
	if len(e.Replays) == 0 {
		return false, nil
	}
	n, err := o.Store.Count(ctx, tracker.WebhookDeliveries, tracker.ListOfAgain(e.ID), 1)
	if err != nil || n > 0 {
		return false, err
	}
	if e.Replays[0].Done {
		return true, o.endReplay(ctx, e)
	}
	return true, o.replay(ctx, e)
}

// endReplay takes the replay that is through off the endpoint.
func (o *Office) endReplay(ctx context.Context, e *tracker.Endpoint) error {
	return o.changeReplay(ctx, e, func(now *tracker.Endpoint) { now.Replays = now.Replays[1:] })
}

// changeReplay changes what is noted of the first replay, unless another office was faster.
func (o *Office) changeReplay(ctx context.Context, e *tracker.Endpoint, change func(*tracker.Endpoint)) error {
	job := e.Replays[0]
	err := Change(ctx, o.Store, e.ID, func(now *tracker.Endpoint) error {
		if len(now.Replays) == 0 || now.Replays[0] != job {
			return errUnchanged
		}
		change(now)
		return nil
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// replay puts the next part of what an endpoint is to be sent again in line, oldest first, and notes how far it came.
// After a crash the part is put in line again, which changes nothing.
func (o *Office) replay(ctx context.Context, e *tracker.Endpoint) error {
	job := e.Replays[0]
	page := tracker.Page{Limit: replayMost, Oldest: true, After: &tracker.Cursor{Order: job.From.UnixMilli() - 1, Key: lastKey}}
	if job.Key != "" {
		page.After = &tracker.Cursor{Order: job.Order, Key: job.Key}
	}
	var list []*tracker.WebhookDelivery
	var last *tracker.Cursor
	var done bool
	var err error
	if job.Failed {
		list, last, done, err = o.failedSince(ctx, e, &job, page)
	} else {
		list, last, done, err = o.changesSince(ctx, e, &job, page)
	}
	if err != nil {
		return err
	}
	if err := o.lineUp(ctx, list); err != nil {
		return err
	}
	return o.changeReplay(ctx, e, func(now *tracker.Endpoint) {
		now.Replays[0].Done = done
		if last != nil {
			now.Replays[0].Order, now.Replays[0].Key = last.Order, last.Key
		}
	})
}

// lastKey is after every key of a moment.
const lastKey = "\U0010ffff"

// failedSince are the deliveries of a time that failed for good.
func (o *Office) failedSince(
	ctx context.Context, e *tracker.Endpoint, job *tracker.WebhookReplay, page tracker.Page,
) (list []*tracker.WebhookDelivery, last *tracker.Cursor, done bool, err error) {
	failed, err := tracker.LoadList[tracker.WebhookDelivery](ctx, o.Store, tracker.ListOfFailed(e.ID), page)
	done = len(failed) < page.Limit
	for _, d := range failed {
		if d.CreatedAt.After(job.To) {
			return list, last, true, err
		}
		list, last = append(list, d), tracker.CursorOf(d)
	}
	return list, last, done, err
}

// changesSince are the deliveries of all changes of a time that the endpoint wants, whether they were delivered, failed,
// or came before it was made.
func (o *Office) changesSince(
	ctx context.Context, e *tracker.Endpoint, job *tracker.WebhookReplay, page tracker.Page,
) (list []*tracker.WebhookDelivery, last *tracker.Cursor, done bool, err error) {
	changes, err := tracker.LoadList[tracker.WebhookChange](ctx, o.Store, tracker.ListOfTenant(e.Tenant), page)
	if err != nil {
		return nil, nil, false, err
	}
	done = len(changes) < page.Limit
	for _, c := range changes {
		if c.At.After(job.To) {
			done = true
			break
		}
		list, last = append(list, Deliveries(c, []*tracker.Endpoint{e})...), tracker.CursorOf(c)
	}
	known, err := o.known(ctx, list)
	for i, d := range list {
		if there, ok := known[tracker.WebhookDeliveryKey(d.Endpoint, d.Event)]; ok {
			list[i] = there
		}
	}
	return list, last, done, err
}

// known reads those of the deliveries that are there already.
func (o *Office) known(ctx context.Context, list []*tracker.WebhookDelivery) (map[string]*tracker.WebhookDelivery, error) {
	keys := make([]string, len(list))
	for i, d := range list {
		keys[i] = tracker.WebhookDeliveryKey(d.Endpoint, d.Event)
	}
	rows, err := o.Store.Get(ctx, tracker.WebhookDeliveries, keys...)
	if err != nil {
		return nil, err
	}
	known := make(map[string]*tracker.WebhookDelivery, len(rows))
	for _, row := range rows {
		if known[row.Key], err = tracker.Decode[tracker.WebhookDelivery](row); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// lineUp puts deliveries in line behind the new. What is in line, or being sent, is so already.
func (o *Office) lineUp(ctx context.Context, list []*tracker.WebhookDelivery) error {
	var again []*tracker.WebhookDelivery
	for _, d := range list {
		if d.Version() > 0 && (d.State == tracker.WebhookPending || d.State == tracker.WebhookSending) {
			continue
		}
		d.PutBehind()
		again = append(again, d)
	}
	if len(again) == 0 {
		return nil
	}
	_, err := apply(ctx, o.Store, again)
	return err
}
