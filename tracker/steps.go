package tracker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// stepNames are the steps of an order before any carrier has the parcel, by the words of the API.
var stepNames = map[string]Substatus{
	"confirmed": "order_confirmed", "back_ordered": "back_ordered", "picked": "picked", "packed": "packed",
	"cancelled": "cancelled",
}

// ParseStep reads the word for an order's step: confirmed, back_ordered, picked, packed, cancelled.
func ParseStep(word string) (Substatus, error) {
	if step, ok := stepNames[word]; ok {
		return step, nil
	}
	return "", fmt.Errorf("step %q is not one of confirmed, back_ordered, picked, packed, cancelled", word)
}

// Word is the step in the words of the API.
func (step *OrderStep) Word() string {
	for word, substatus := range stepNames {
		if substatus == step.Substatus {
			return word
		}
	}
	return string(step.Substatus)
}

// Ordering keeps sellers' orders.
type Ordering struct {
	store Store
	feed  Feed
	now   func() time.Time
}

// NewOrdering makes an Ordering.
func NewOrdering(store Store, feed Feed, now func() time.Time) *Ordering {
	return &Ordering{store: store, feed: feed, now: now}
}

// Create makes an order, or gives the one that is there already.
func (o *Ordering) Create(ctx context.Context, tenant, number string, items []Item) (*Order, error) {
	now := o.now().UTC()
	order := &Order{Tenant: tenant, Number: number, Items: items, CreatedAt: now, UpdatedAt: now}
	err := Save(ctx, o.store, order)
	if errors.Is(err, ErrConflict) {
		return Load[Order](ctx, o.store, tenant+"/"+number)
	}
	return order, err
}

// AddSteps brings steps onto an order, making the order where it is new. Steps that it has are not added again.
func (o *Ordering) AddSteps(ctx context.Context, tenant, number string, steps ...OrderStep) (*Order, error) {
	for range casTries {
		order, err := o.Create(ctx, tenant, number, nil)
		if err != nil {
			return nil, err
		}
		if !order.add(steps) {
			return order, nil
		}
		now := o.now().UTC()
		order.UpdatedAt = now
		if order.Effect == nil {
			order.Effect = &Effect{Since: now, ReceivedAt: now}
		}
		err = Save(ctx, o.store, order)
		if errors.Is(err, ErrConflict) {
			continue
		}
		if err == nil {
			o.feed.Publish("order:" + order.place().key)
		}
		return order, err
	}
	return nil, fmt.Errorf("order %s: written by others %d times in a row: %w", number, casTries, ErrConflict)
}

// add merges steps by identity: kind and local minute. A later note or date for the same step replaces the earlier.
func (o *Order) add(steps []OrderStep) (changed bool) {
	for _, step := range steps {
		same := func(have OrderStep) bool {
			return have.Substatus == step.Substatus && floorDiv(have.At.Local, 60) == floorDiv(step.At.Local, 60)
		}
		i := slices.IndexFunc(o.Steps, same)
		switch {
		case i < 0:
			o.Steps = append(o.Steps, step)
			changed = true
		case o.Steps[i].Expected != step.Expected || o.Steps[i].Note != step.Note:
			o.Steps[i].Expected, o.Steps[i].Note = step.Expected, step.Note
			changed = true
		}
	}
	slices.SortFunc(o.Steps, func(a, b OrderStep) int {
		// Steps told for one moment stand in the order of the status model: confirmed before packed.
		return cmp.Or(a.At.Instant().Compare(b.At.Instant()), cmp.Compare(statusIndex[a.Substatus], statusIndex[b.Substatus]))
	})
	return changed
}
