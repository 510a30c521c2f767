package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"waybill/tracker"
)

// Get is tracker.Store's.
func (s *Store) Get(ctx context.Context, table tracker.Table, keys ...string) ([]tracker.Row, error) {
	found, err := s.find(ctx, table, bson.D{{Key: "_id", Value: in(keys)}}, options.Find())
	if err != nil {
		return nil, fmt.Errorf("read %d rows of %s: %w", len(keys), table, err)
	}
	return inOrder(found, keys), nil
}

// inOrder brings rows into the order of their keys.
func inOrder(found []tracker.Row, keys []string) []tracker.Row {
	byKey := make(map[string]tracker.Row, len(found))
	for _, row := range found {
		byKey[row.Key] = row
	}
	rows := make([]tracker.Row, 0, len(found))
	for _, key := range keys {
		if row, ok := byKey[key]; ok {
			rows = append(rows, row)
		}
	}
	return rows
}

// List is tracker.Store's.
func (s *Store) List(ctx context.Context, table tracker.Table, list string, page tracker.Page) ([]tracker.Row, error) {
	rows, err := s.page(ctx, table, bson.D{{Key: "lists", Value: list}}, page)
	if err != nil {
		return nil, fmt.Errorf("read the list %q of %s: %w", list, table, err)
	}
	return rows, nil
}

// Search is tracker.Store's.
func (s *Store) Search(
	ctx context.Context, table tracker.Table, list string, terms []string, page tracker.Page,
) ([]tracker.Row, error) {
	var filter bson.D
	if list != "" {
		filter = append(filter, bson.E{Key: "lists", Value: list})
	}
	if len(terms) > 0 {
		filter = append(filter, bson.E{Key: "terms", Value: bson.D{{Key: "$all", Value: array(terms)}}})
	}
	rows, err := s.page(ctx, table, filter, page)
	if err != nil {
		return nil, fmt.Errorf("search %s for %d terms: %w", table, len(terms), err)
	}
	return rows, nil
}

// page reads those that fit, newest first or oldest first.
func (s *Store) page(ctx context.Context, table tracker.Table, filter bson.D, page tracker.Page) ([]tracker.Row, error) {
	beyond, within, direction := "$lt", "$lte", -1
	if page.Oldest {
		beyond, within, direction = "$gt", "$gte", 1
	}
	if after := page.After; after != nil {
		filter = append(filter,
			bson.E{Key: "ord", Value: bson.D{{Key: within, Value: after.Order}}}, // bounds the index; $or only filters
			bson.E{Key: "$or", Value: bson.A{
				bson.D{{Key: "ord", Value: bson.D{{Key: beyond, Value: after.Order}}}},
				bson.D{{Key: "_id", Value: bson.D{{Key: beyond, Value: after.Key}}}},
			}})
	}
	if filter == nil {
		filter = bson.D{}
	}
	return s.find(ctx, table, filter, options.Find().
		SetSort(bson.D{{Key: "ord", Value: direction}, {Key: "_id", Value: direction}}).
		SetLimit(int64(page.Size())))
}

// Count is tracker.Store's.
func (s *Store) Count(ctx context.Context, table tracker.Table, list string, limit int) (n int, err error) {
	if limit <= 0 {
		return 0, ctx.Err()
	}
	collection, err := s.collection(table)
	if err != nil {
		return 0, err
	}
	err = s.within(ctx, func(ctx context.Context) error {
		found, err := collection.CountDocuments(ctx, bson.D{{Key: "lists", Value: list}}, options.Count().SetLimit(int64(limit)))
		n = int(found)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("count the list %q of %s: %w", list, table, err)
	}
	return n, nil
}

// find reads rows.
func (s *Store) find(
	ctx context.Context, table tracker.Table, filter bson.D, opts *options.FindOptions,
) (rows []tracker.Row, err error) {
	collection, err := s.collection(table)
	if err != nil {
		return nil, err
	}
	err = s.within(ctx, func(ctx context.Context) error {
		cursor, err := collection.Find(ctx, filter, opts.SetProjection(projection))
		if err != nil {
			return err
		}
		rows, err = decode(ctx, cursor)
		return err
	})
	return rows, err
}

func decode(ctx context.Context, cursor *driver.Cursor) ([]tracker.Row, error) {
	var documents []document
	if err := cursor.All(ctx, &documents); err != nil {
		return nil, err
	}
	rows := make([]tracker.Row, len(documents))
	for i := range documents {
		rows[i] = documents[i].row()
	}
	return rows, nil
}

// in is the condition of being one of some values.
func in[T any](values []T) bson.D {
	if values == nil {
		values = []T{}
	}
	return bson.D{{Key: "$in", Value: values}}
}
