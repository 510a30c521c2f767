package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"waybill/tracker"
)

// Claim is tracker.Store's, in three steps: look for what is due; move it on and sign it, as far as nobody was
// faster; read what bears the signature. Whoever dies in between leaves rows that fall due again.
func (s *Store) Claim(ctx context.Context, claim tracker.Claim) ([]tracker.Row, error) {
	collection, err := s.collection(claim.Table)
	if err != nil {
		return nil, err
	}
	if !claim.Until.After(claim.Now) {
		return nil, fmt.Errorf("claim due rows of %s: until %s is not after now %s", claim.Table, claim.Until, claim.Now)
	}
	if claim.Limit <= 0 {
		return nil, ctx.Err()
	}
	signature := primitive.NewObjectID()
	var keys []string
	err = s.within(ctx, func(ctx context.Context) error {
		if keys, err = dueKeys(ctx, collection, claim); err != nil || len(keys) == 0 {
			return err
		}
		_, err := collection.UpdateMany(ctx,
			bson.D{{Key: "_id", Value: in(keys)}, {Key: "due", Value: atMost(claim.Now)}},
			update(bson.D{{Key: "due", Value: claim.Until.UnixMilli()}, {Key: "claim", Value: signature}}, nil))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim due rows of %s: %w", claim.Table, err)
	}
	if len(keys) == 0 {
		return nil, nil
	}
	signed, err := s.find(ctx, claim.Table, bson.D{{Key: "_id", Value: in(keys)}, {Key: "claim", Value: signature}}, options.Find())
	if err != nil {
		return nil, fmt.Errorf("read the claimed rows of %s: %w", claim.Table, err)
	}
	return inOrder(signed, keys), nil
}

// dueKeys finds the keys of the rows that are due longest.
func dueKeys(ctx context.Context, collection *driver.Collection, claim tracker.Claim) ([]string, error) {
	filter := bson.D{{Key: "b", Value: in(bucketNumbers(claim.Buckets))}, {Key: "due", Value: atMost(claim.Now)}}
	return keysOf(ctx, collection, filter, options.Find().SetSort(bson.D{{Key: "due", Value: 1}}).SetLimit(int64(claim.Limit)))
}

// bucketNumbers are the buckets as numbers, since the driver takes []uint8 for bytes; nil is all. All are named, as
// the index begins with the bucket: the server merges their ranges by due.
func bucketNumbers(buckets []uint8) []int32 {
	numbers := make([]int32, 0, tracker.BucketCount)
	if buckets == nil {
		for bucket := range int32(tracker.BucketCount) {
			numbers = append(numbers, bucket)
		}
	}
	for _, bucket := range buckets {
		numbers = append(numbers, int32(bucket))
	}
	return numbers
}

func atMost(moment time.Time) bson.D { return bson.D{{Key: "$lte", Value: moment.UnixMilli()}} }

// keysOf finds keys alone.
func keysOf(ctx context.Context, collection *driver.Collection, filter bson.D, opts *options.FindOptions) ([]string, error) {
	cursor, err := collection.Find(ctx, filter, opts.SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, err
	}
	var documents []struct {
		Key string `bson:"_id"`
	}
	if err := cursor.All(ctx, &documents); err != nil {
		return nil, err
	}
	keys := make([]string, len(documents))
	for i, document := range documents {
		keys[i] = document.Key
	}
	return keys, nil
}

// Reschedule is tracker.Store's.
func (s *Store) Reschedule(ctx context.Context, table tracker.Table, dues []tracker.Due) error {
	collection, err := s.collection(table)
	if err != nil {
		return err
	}
	if len(dues) == 0 {
		return ctx.Err()
	}
	models := make([]driver.WriteModel, len(dues))
	for i, due := range dues {
		models[i] = driver.NewUpdateOneModel().
			SetFilter(bson.D{{Key: "_id", Value: due.Key}}).SetUpdate(update(dueFields(due.Key, due.At)))
	}
	err = s.within(ctx, func(ctx context.Context) error {
		_, err := collection.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		return err
	})
	if err != nil {
		return fmt.Errorf("reschedule %d rows of %s: %w", len(dues), table, err)
	}
	return nil
}

// Purge is tracker.Store's.
func (s *Store) Purge(ctx context.Context, table tracker.Table, before time.Time, limit int) (n int, err error) {
	collection, err := s.collection(table)
	if err != nil {
		return 0, err
	}
	if limit <= 0 {
		return 0, ctx.Err()
	}
	neverDue := bson.E{Key: "due", Value: bson.D{{Key: "$exists", Value: false}}}
	err = s.within(ctx, func(ctx context.Context) error {
		keys, err := keysOf(ctx, collection,
			bson.D{{Key: "ord", Value: bson.D{{Key: "$lt", Value: before.UnixMilli()}}}, neverDue},
			options.Find().SetSort(bson.D{{Key: "ord", Value: 1}}).SetLimit(int64(limit)))
		if err != nil || len(keys) == 0 {
			return err
		}
		removed, err := collection.DeleteMany(ctx, bson.D{{Key: "_id", Value: in(keys)}, neverDue})
		if err == nil {
			n = int(removed.DeletedCount)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("purge %s: %w", table, err)
	}
	return n, nil
}
