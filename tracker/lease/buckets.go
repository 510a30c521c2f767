package lease

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"waybill/tracker"
)

const (
	// listOfWorkers is the list of the leases by which workers show that they live.
	listOfWorkers = "workers"
	workerPrefix  = "worker:"
	// maxWorkers is how many workers are looked at: more than there are buckets would have nothing to do.
	maxWorkers = 1000
)

// Buckets shares the store's hash buckets among the workers that live. Each worker holds one lease, its sign of
// life; from the list of those every worker computes by itself which buckets are its own, so that a change needs no
// negotiation. While two disagree for a moment both may claim from a bucket, which the store's Claim makes harmless.
type Buckets struct {
	store tracker.Store
	ttl   time.Duration
	now   func() time.Time
	lease *Lease
}

// NewBuckets makes the share of one worker. owner is unique to it ("host-pid-random"); ttl is how long it counts as
// living after its last Refresh.
func NewBuckets(store tracker.Store, owner string, ttl time.Duration, now func() time.Time) *Buckets {
	return &Buckets{
		store: store, ttl: ttl, now: now,
		lease: &Lease{Name: workerPrefix + owner, Owner: owner, lists: []string{listOfWorkers}},
	}
}

// Refresh shows that the worker lives and gives the buckets that are its own now. Call it every third of ttl.
func (b *Buckets) Refresh(ctx context.Context) ([]uint8, error) {
	now := b.now()
	if _, err := acquire(ctx, b.store, b.lease, b.ttl, now); err != nil {
		return nil, fmt.Errorf("show that the worker lives: %w", err)
	}
	rows, err := b.store.List(ctx, tracker.Leases, listOfWorkers, tracker.Page{Limit: maxWorkers})
	if err != nil {
		return nil, fmt.Errorf("list the workers that live: %w", err)
	}
	var living []string
	for _, row := range rows {
		other, err := read(row)
		if err != nil {
			return nil, err
		}
		switch {
		case now.Before(other.Until):
			living = append(living, other.Owner)
		case now.After(other.Until.Add(b.ttl)):
			// Long dead: its row would stay for ever. Should it live after all, it makes a new one.
			if err := other.Release(ctx, b.store); err != nil {
				return nil, err
			}
		}
	}
	return shareOf(b.lease.Owner, living), nil
}

// Release tells the others at once that the worker is gone.
func (b *Buckets) Release(ctx context.Context) error { return b.lease.Release(ctx, b.store) }

// shareOf deals the buckets out to all owners in turn, as cards are.
func shareOf(owner string, living []string) []uint8 {
	slices.SortFunc(living, strings.Compare)
	at, ok := slices.BinarySearch(living, owner)
	if !ok {
		return nil
	}
	var share []uint8
	for bucket := at; bucket < tracker.BucketCount; bucket += len(living) {
		share = append(share, uint8(bucket)) //nolint:gosec // below BucketCount, which is 64
	}
	return share
}
