package main

import (
	"context"

	"waybill/tracker"
)

// listAll reads a whole list of records, page by page.
func listAll[T any, R interface {
	*T
	tracker.Record
}](ctx context.Context, store tracker.Store, list string) ([]*T, error) {
	const size = 500
	var all []*T
	page := tracker.Page{Limit: size}
	for {
		records, err := tracker.LoadList[T, R](ctx, store, list, page)
		if err != nil {
			return nil, err
		}
		all = append(all, records...)
		if len(records) < size {
			return all, nil
		}
		page.After = tracker.CursorOf(R(records[len(records)-1]))
	}
}

// remove deletes a record as it was read.
func remove(ctx context.Context, store tracker.Store, record tracker.Record) error {
	write, err := tracker.Encode(record)
	if err != nil {
		return err
	}
	write.Delete = true
	return tracker.ErrorOf(store.Apply(ctx, []tracker.Write{write}))
}
