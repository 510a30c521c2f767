package drift

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/fxamacker/cbor/v2"

	"waybill/tracker"
)

// table is where all records of this package stand. Days and alerts are ordered by their time and purged by it; the
// others are bounded by themselves and ordered so far ahead that no purge reaches them.
const table = tracker.Drift

var lasting = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC)

// stored is a record with the row that it was read from; of one that is not there yet the row has its key alone.
type stored[T any] struct {
	record T
	row    tracker.Row
}

func decode[T any](row tracker.Row) (stored[T], error) {
	s := stored[T]{row: row}
	if err := cbor.Unmarshal(row.Doc, &s.record); err != nil {
		return s, fmt.Errorf("read %s %s: %w", table, row.Key, err)
	}
	return s, nil
}

// write makes the write that stores the record as it is now.
func (s *stored[T]) write(order time.Time, lists ...string) (tracker.Write, error) {
	doc, err := cbor.Marshal(s.record)
	if err != nil {
		return tracker.Write{}, fmt.Errorf("encode %s %s: %w", table, s.row.Key, err)
	}
	row := s.row
	row.Order, row.Lists, row.Doc = order.UnixMilli(), lists, doc
	return tracker.Write{Table: table, Row: row}, nil
}

// get reads records by their keys; those that are not there are zero.
func get[T any](ctx context.Context, store tracker.Store, keys ...string) (map[string]*stored[T], error) {
	found := make(map[string]*stored[T], len(keys))
	for _, key := range keys {
		found[key] = &stored[T]{row: tracker.Row{Key: key}}
	}
	rows, err := store.Get(ctx, table, keys...)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		s, err := decode[T](row)
		if err != nil {
			return nil, err
		}
		found[row.Key] = &s
	}
	return found, nil
}

// list reads a list, up to most records, the newest first.
func list[T any](ctx context.Context, store tracker.Store, name string, most int) ([]stored[T], error) {
	const size = 500
	var all []stored[T]
	page := tracker.Page{Limit: min(size, most)}
	for {
		rows, err := store.List(ctx, table, name, page)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			s, err := decode[T](row)
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
		if len(rows) < page.Limit || len(all) >= most {
			return all[:min(len(all), most)], nil
		}
		last := rows[len(rows)-1]
		page.After = &tracker.Cursor{Order: last.Order, Key: last.Key}
	}
}

// everything is for lists that are bounded by what is put into them.
const everything = math.MaxInt32

// conflictTries is how often a record is read anew when another process wrote it meanwhile.
const conflictTries = 10

// change reads records, changes them and writes them, each again for itself where another process came between. make
// gives the write of a record, !ok where nothing changed. It returns the keys that were not written.
func change[T any](
	ctx context.Context, store tracker.Store, keys []string, apply func(*stored[T]) (write tracker.Write, ok bool, err error),
) (left []string, err error) {
	left = keys
	for range conflictTries {
		records, err := get[T](ctx, store, left...)
		if err != nil {
			return left, err
		}
		var writes []tracker.Write
		for _, key := range left {
			write, ok, err := apply(records[key])
			if err != nil {
				return left, err
			}
			if ok {
				writes = append(writes, write)
			}
		}
		if left, err = applied(ctx, store, writes); err != nil || len(left) == 0 {
			return left, err
		}
	}
	return left, fmt.Errorf("%d records of %s were written by others %d times in a row: %w", len(left), table, conflictTries, tracker.ErrConflict)
}

// applied makes the writes and names those that somebody else came before.
func applied(ctx context.Context, store tracker.Store, writes []tracker.Write) (left []string, err error) {
	if len(writes) == 0 {
		return nil, nil
	}
	results, err := store.Apply(ctx, writes)
	if err != nil {
		for i := range writes {
			left = append(left, writes[i].Row.Key)
		}
		return left, err
	}
	var failures []error
	for i, result := range results {
		if result == nil {
			continue
		}
		left = append(left, writes[i].Row.Key)
		if !errors.Is(result, tracker.ErrConflict) {
			failures = append(failures, result)
		}
	}
	return left, errors.Join(failures...)
}
