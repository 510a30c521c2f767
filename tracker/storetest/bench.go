package storetest

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"waybill/tracker"
)

// Bare writes documents by key the simplest way that a store's engine has: the measure for Apply.
type Bare func(rows []tracker.Row) error

// Benchmark measures the store that open makes. Where bare is given, Apply also tells its rate as a share of bare's
// ("of-bare"), both taken in turns in the same run.
func Benchmark(b *testing.B, open func(b *testing.B) tracker.Store, bare func(b *testing.B) Bare) {
	b.Helper()
	for _, size := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("Apply/%d rows of 1 kB", size), func(b *testing.B) { benchApply(b, open(b), size, bare) })
	}
	b.Run("Apply/1 row each by 64 callers", func(b *testing.B) { benchCallers(b, open(b)) })
	store := open(b)
	const stored = 2000
	fill(b, store, stored)
	b.Run("Get/1", func(b *testing.B) {
		for b.Loop() {
			get(b, store, fmt.Sprintf("k%d", rand.IntN(stored)))
		}
	})
	b.Run("Get/64", func(b *testing.B) {
		keys := make([]string, 64)
		for b.Loop() {
			for i := range keys {
				keys[i] = fmt.Sprintf("k%d", rand.IntN(stored))
			}
			if rows, err := store.Get(b.Context(), table, keys...); err != nil || len(rows) != len(keys) {
				b.Fatalf("%d rows, %v", len(rows), err)
			}
		}
	})
	b.Run("List/50 rows", func(b *testing.B) {
		for b.Loop() {
			if rows, err := store.List(b.Context(), table, "tenant:1", tracker.Page{}); err != nil || len(rows) != 50 {
				b.Fatalf("%d rows, %v", len(rows), err)
			}
		}
	})
	b.Run("Search/3 terms", func(b *testing.B) {
		for b.Loop() {
			if rows, err := store.Search(b.Context(), table, "", []string{"t000", "t001", "t004"}, tracker.Page{}); err != nil || len(rows) == 0 {
				b.Fatalf("%d rows, %v", len(rows), err)
			}
		}
	})
	b.Run("Claim/64 rows", func(b *testing.B) { benchClaim(b, store) })
}

func benchApply(b *testing.B, store tracker.Store, size int, bare func(b *testing.B) Bare) {
	var write Bare
	if bare != nil {
		write = bare(b)
	}
	var bareTime time.Duration
	n := 0
	for b.Loop() {
		rows := make([]tracker.Row, size)
		for i := range rows {
			rows[i] = sample(n)
			n++
		}
		if write != nil {
			b.StopTimer()
			start := time.Now()
			if err := write(rows); err != nil {
				b.Fatal(err)
			}
			bareTime += time.Since(start)
			b.StartTimer()
		}
		put(b, store, rows...)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
	if write != nil {
		b.ReportMetric(bareTime.Seconds()/b.Elapsed().Seconds(), "of-bare")
	}
}

// benchCallers has many callers write a row each, which share commits where the store can.
func benchCallers(b *testing.B, store tracker.Store) {
	b.SetParallelism(64 / runtime.GOMAXPROCS(0))
	var n atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			put(b, store, sample(int(n.Add(1))))
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func benchClaim(b *testing.B, store tracker.Store) {
	at := int64(now)
	for b.Loop() {
		claim := tracker.Claim{Table: table, Now: time.UnixMilli(at), Until: time.UnixMilli(at + 1), Limit: 64}
		rows, err := store.Claim(b.Context(), claim)
		if err != nil || len(rows) != 64 {
			b.Fatalf("%d rows, %v", len(rows), err)
		}
		at++
	}
}

// fill stores so many samples.
func fill(b *testing.B, store tracker.Store, n int) {
	b.Helper()
	for start := 0; start < n; start += 500 {
		rows := make([]tracker.Row, 500)
		for i := range rows {
			rows[i] = sample(start + i)
			rows[i].Due = now
			rows[i].Terms = terms(start + i)
		}
		put(b, store, rows...)
	}
}

// sample is the n-th row: 1 kB that no compression helps, in two lists.
func sample(n int) tracker.Row {
	doc := make([]byte, 1024)
	source := rand.New(rand.NewPCG(uint64(n), 1)) //nolint:gosec // bytes for a figure
	for i := range doc {
		doc[i] = byte(source.Uint32())
	}
	return tracker.Row{
		Key: fmt.Sprintf("k%d", n), Order: now + int64(n), Doc: doc,
		Lists: []string{fmt.Sprintf("tenant:%d", n%3), fmt.Sprintf("order:%d", n/4)},
	}
}

// terms are 70 words of a sample: many that many rows have, and some of its own.
func terms(n int) []string {
	words := make([]string, 0, 70)
	for i := range 50 {
		words = append(words, fmt.Sprintf("t%03d", (n+i*i)%200))
	}
	for i := range 20 {
		words = append(words, fmt.Sprintf("own%d_%d", n, i))
	}
	return words
}
