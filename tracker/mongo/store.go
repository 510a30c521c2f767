// Package mongo keeps tracker's rows in MongoDB: the store for many hosts.
//
// It is written for MongoDB 7 and 8 as a replica set or a sharded cluster, asks for majority, journalled writes and
// majority reads, and needs neither transactions nor change streams. Every collection can be sharded by hashed _id.
// The driver stays inside this package. How rows lie in a collection is said in document.go.
package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"

	"waybill/tracker"
)

const (
	// defaultTimeout bounds a call whose context has no deadline.
	defaultTimeout = 10 * time.Second
	// selectionTimeout is how long a call waits for a primary.
	selectionTimeout = 5 * time.Second
)

// Store is a tracker.Store in a MongoDB database.
type Store struct {
	client  *driver.Client
	db      *driver.Database
	timeout time.Duration
	closing sync.Once
}

var _ tracker.Store = (*Store)(nil)

// Option changes how the store works.
type Option func(*Store, *options.ClientOptions)

// WithTimeout bounds each call whose context has no deadline, instead of ten seconds.
func WithTimeout(timeout time.Duration) Option {
	return func(s *Store, _ *options.ClientOptions) { s.timeout = timeout }
}

// WithMonitor has every command told to the monitor.
func WithMonitor(monitor *event.CommandMonitor) Option {
	return func(_ *Store, client *options.ClientOptions) { client.SetMonitor(monitor) }
}

// Open connects to the servers of the URI and makes the database's indexes where they are missing.
func Open(ctx context.Context, uri, database string, opts ...Option) (*Store, error) {
	settings := options.Client().ApplyURI(uri).
		SetAppName("waybill").
		SetServerSelectionTimeout(selectionTimeout).
		SetReadPreference(readpref.Primary()).
		SetReadConcern(readconcern.Majority()).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: new(true)}).
		SetRetryReads(true).
		SetRetryWrites(true)
	s := &Store{timeout: defaultTimeout}
	for _, opt := range opts {
		opt(s, settings)
	}
	client, err := driver.Connect(ctx, settings)
	if err != nil {
		return nil, fmt.Errorf("connect to MongoDB: %w; see that its URI reads mongodb://host:27017/?replicaSet=name", err)
	}
	s.client, s.db = client, client.Database(database)
	if err := s.createIndexes(ctx); err != nil {
		return nil, errors.Join(err, s.Close()) //nolint:contextcheck // it has to close when ctx has ended, too
	}
	return s, nil
}

func (s *Store) createIndexes(ctx context.Context) error {
	models := make([]driver.IndexModel, len(indexes))
	for i, index := range indexes {
		models[i] = driver.IndexModel{Keys: index.keys, Options: options.Index().SetSparse(index.sparse)}
	}
	for _, table := range tracker.Tables() {
		if err := s.within(ctx, func(ctx context.Context) error {
			_, err := s.db.Collection(string(table)).Indexes().CreateMany(ctx, models)
			return err
		}); err != nil {
			return fmt.Errorf("make the indexes of %s in MongoDB's database %s: %w", table, s.db.Name(), err)
		}
	}
	return nil
}

// Ping makes a write that the majority confirms.
func (s *Store) Ping(ctx context.Context) error {
	err := s.within(ctx, func(ctx context.Context) error {
		_, err := s.db.Collection("ping").UpdateByID(ctx, "ping", bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}},
			options.Update().SetUpsert(true))
		return err
	})
	if err != nil {
		return fmt.Errorf("write to MongoDB's database %s: %w", s.db.Name(), err)
	}
	return nil
}

// Close waits for the calls under way, a few seconds at most, and ends all connections.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), selectionTimeout)
		defer cancel()
		err = s.client.Disconnect(ctx)
	})
	return err
}

// collection is where a table's rows are.
func (s *Store) collection(table tracker.Table) (*driver.Collection, error) {
	if !slices.Contains(tracker.Tables(), table) {
		return nil, fmt.Errorf("MongoDB's database %s has no table %q", s.db.Name(), table)
	}
	return s.db.Collection(string(table)), nil
}

// within makes a call with a deadline, the caller's or our own, and turns its error into the port's.
func (s *Store) within(ctx context.Context, call func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	bounded := ctx
	if _, has := ctx.Deadline(); !has {
		var cancel context.CancelFunc
		bounded, cancel = context.WithTimeout(ctx, s.timeout)
		defer cancel()
	}
	err := call(bounded)
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return mapped(err)
}
