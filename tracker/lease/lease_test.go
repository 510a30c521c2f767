package lease

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"waybill/tracker"
	"waybill/tracker/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ttl = 30 * time.Second

var start = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

func openStore(t *testing.T) tracker.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func TestAcquire(t *testing.T) {
	for _, c := range []struct {
		name  string
		owner string
		after time.Duration
		held  bool
	}{
		{"another owner while it holds", "b", ttl - time.Millisecond, true},
		{"another owner once it has run out", "b", ttl, false},
		{"the same owner while it holds", "a", time.Second, false},
		{"the same owner once it has run out", "a", time.Hour, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := openStore(t)
			if _, err := Acquire(t.Context(), store, "purge", "a", ttl, start); err != nil {
				t.Fatal(err)
			}
			taken, err := Acquire(t.Context(), store, "purge", c.owner, ttl, start.Add(c.after))
			if held := errors.Is(err, ErrHeld); held != c.held || (err != nil && !held) {
				t.Fatalf("err is %v, want held %v", err, c.held)
			}
			if err == nil && !taken.Until.Equal(start.Add(c.after+ttl)) {
				t.Errorf("it ends at %s", taken.Until)
			}
		})
	}
}

func TestRenewAndRelease(t *testing.T) {
	ctx, store := t.Context(), openStore(t)
	first, err := Acquire(ctx, store, "purge", "a", ttl, start)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Renew(ctx, store, ttl, start.Add(20*time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := Acquire(ctx, store, "purge", "b", ttl, start.Add(40*time.Second)); !errors.Is(err, ErrHeld) {
		t.Fatalf("a renewed lease was taken away: %v", err)
	}
	second, err := Acquire(ctx, store, "purge", "b", ttl, start.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Renew(ctx, store, ttl, start.Add(time.Minute)); !errors.Is(err, ErrHeld) {
		t.Errorf("a lost lease was renewed: %v", err)
	}
	if err := first.Release(ctx, store); err != nil {
		t.Errorf("to release a lost lease is no error, but was %v", err)
	}
	if _, err := Acquire(ctx, store, "purge", "c", ttl, start.Add(time.Minute)); !errors.Is(err, ErrHeld) {
		t.Errorf("the release of a lost lease took it from its holder: %v", err)
	}
	if err := second.Release(ctx, store); err != nil {
		t.Fatal(err)
	}
	if _, err := Acquire(ctx, store, "purge", "c", ttl, start.Add(time.Minute)); err != nil {
		t.Errorf("a released lease cannot be taken: %v", err)
	}
}

func TestOneOfManyGetsTheLease(t *testing.T) {
	store := openStore(t)
	var got atomic.Int32
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			if _, err := Acquire(context.Background(), store, "purge", strconv.Itoa(i), ttl, start); err == nil {
				got.Add(1)
			} else if !errors.Is(err, ErrHeld) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got.Load() != 1 {
		t.Fatalf("%d owners got the lease", got.Load())
	}
}

func TestBucketsAreSharedFairlyAndTakenOver(t *testing.T) {
	ctx, store := t.Context(), openStore(t)
	now := start
	clock := func() time.Time { return now }
	a, b, c := NewBuckets(store, "a", ttl, clock), NewBuckets(store, "b", ttl, clock), NewBuckets(store, "c", ttl, clock)
	refresh := func(all ...*Buckets) (sizes []int) {
		t.Helper()
		var union []uint8
		for range 2 { // in the first round not all know of all
			union, sizes = nil, nil
			for _, one := range all {
				share, err := one.Refresh(ctx)
				if err != nil {
					t.Fatal(err)
				}
				union, sizes = append(union, share...), append(sizes, len(share))
			}
		}
		slices.Sort(union)
		if len(union) != tracker.BucketCount || len(slices.Compact(union)) != tracker.BucketCount {
			t.Fatalf("the shares %v are not each bucket once", sizes)
		}
		return sizes
	}
	expect := func(what string, got, want []int) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Fatalf("%s: the shares are %v, want %v", what, got, want)
		}
	}
	expect("alone", refresh(a), []int{64})
	expect("three live", refresh(a, b, c), []int{22, 21, 21})
	now = now.Add(ttl + time.Second)
	expect("one has died", refresh(a, c), []int{32, 32})
	if err := c.Release(ctx); err != nil {
		t.Fatal(err)
	}
	expect("one has left", refresh(a), []int{64})
	now = now.Add(10 * ttl)
	expect("back from a long absence", refresh(b, a), []int{32, 32})
	rows, err := store.List(ctx, tracker.Leases, listOfWorkers, tracker.Page{})
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows are left of two living workers (%v)", len(rows), err)
	}
}

func TestSharesCoverEachBucketOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		owners := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,4}`), 1, 80, rapid.ID[string]).Draw(t, "owners")
		seen := make([]int, tracker.BucketCount)
		least, most := tracker.BucketCount, 0
		for _, owner := range owners {
			share := shareOf(owner, slices.Clone(owners))
			least, most = min(least, len(share)), max(most, len(share))
			for _, bucket := range share {
				seen[bucket]++
			}
		}
		if slices.Min(seen) != 1 || slices.Max(seen) != 1 {
			t.Fatalf("buckets are held %v times", seen)
		}
		if most-least > 1 {
			t.Fatalf("shares are between %d and %d buckets", least, most)
		}
	})
}
