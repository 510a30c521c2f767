package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"waybill/tracker"
)

// Apply is tracker.Store's. Inserts and changes go to each collection in one bulk; removals, which are rare, one by
// one, since only so a lost race shows.
func (s *Store) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	results := make([]error, len(writes))
	bulks := make(map[tracker.Table]*bulk)
	var removals []int
	for i := range writes {
		write := &writes[i]
		if _, results[i] = s.collection(write.Table); results[i] == nil {
			results[i] = write.Row.Check()
		}
		switch {
		case results[i] != nil:
		case write.Delete:
			removals = append(removals, i)
		default:
			if bulks[write.Table] == nil {
				bulks[write.Table] = &bulk{}
			}
			bulks[write.Table].add(i, &write.Row)
		}
	}
	err := s.within(ctx, func(ctx context.Context) error {
		for table, bulk := range bulks {
			if err := bulk.write(ctx, s.db.Collection(string(table)), results); err != nil {
				return err
			}
		}
		for _, i := range removals {
			if err := s.remove(ctx, &writes[i], &results[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("write %d rows to MongoDB: %w", len(writes), err)
	}
	return results, nil
}

func (s *Store) remove(ctx context.Context, write *tracker.Write, result *error) error {
	done, err := s.db.Collection(string(write.Table)).DeleteOne(ctx, versioned(&write.Row))
	if err == nil && done.DeletedCount == 0 {
		*result = tracker.ErrConflict
	}
	return err
}

// bulk is the writes to one collection, and the place of each in the batch.
type bulk struct {
	models []driver.WriteModel
	places []int
}

func (b *bulk) add(place int, row *tracker.Row) {
	b.places = append(b.places, place)
	if row.Version == 0 {
		b.models = append(b.models, driver.NewInsertOneModel().SetDocument(insertion(row)))
		return
	}
	b.models = append(b.models, updateModel(row))
}

// updateModel is a compare-and-set. A bulk tells how many updates found their document, not which; errors it tells
// one by one. So each is an upsert that can never insert: what does not find its version would begin a new document
// without the array "must", and "must.$[]" is an error there. In a document that exists the array is empty, and
// nothing happens to it. (MongoDB's manual on $[]: an upsert without an equality match on the array field errors.)
func updateModel(row *tracker.Row) driver.WriteModel {
	return driver.NewUpdateOneModel().SetFilter(versioned(row)).SetUpdate(change(row)).SetUpsert(true)
}

// versioned finds a row as long as it is as it was read.
func versioned(row *tracker.Row) bson.D {
	return bson.D{{Key: "_id", Value: row.Key}, {Key: "v", Value: row.Version}}
}

// write sends the bulk and sorts its errors into results.
func (b *bulk) write(ctx context.Context, to *driver.Collection, results []error) error {
	_, err := to.BulkWrite(ctx, b.models, options.BulkWrite().SetOrdered(false))
	var failed driver.BulkWriteException
	if !errors.As(err, &failed) {
		return err
	}
	if failed.WriteConcernError != nil {
		return err // perhaps written, perhaps not kept
	}
	for _, one := range failed.WriteErrors {
		if unavailable(one.WriteError) {
			return err
		}
		results[b.places[one.Index]] = writeError(one.WriteError)
	}
	return nil
}

// The codes by which a lost race shows.
const (
	badValue     = 2
	duplicateKey = 11000
)

func writeError(failed driver.WriteError) error {
	if failed.Code == duplicateKey || failed.Code == badValue && strings.Contains(failed.Message, "'must' must exist") {
		return tracker.ErrConflict
	}
	return failed
}
