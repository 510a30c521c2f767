package sqlite_test

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/storetest"
)

func BenchmarkStore(b *testing.B) {
	storetest.Benchmark(b, func(b *testing.B) tracker.Store { return open(b, filepath.Join(b.TempDir(), "waybill.db")) }, bare)
}

// bare writes into a table of key and document, with the same assurances and nothing else.
func bare(b *testing.B) storetest.Bare {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE rows (key TEXT PRIMARY KEY, doc BLOB)"); err != nil {
		b.Fatal(err)
	}
	return func(rows []tracker.Row) error {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
		stmt, err := tx.Prepare("INSERT INTO rows (key, doc) VALUES (?, ?)")
		if err != nil {
			return err
		}
		for _, row := range rows {
			if _, err := stmt.Exec(row.Key, row.Doc); err != nil {
				return err
			}
		}
		return tx.Commit()
	}
}

// BenchmarkScans takes up scans in batches of 64, in turns in a store of 10,000 legs and in one of a million, of which
// 5% are active: the newest, or any. A scan is a receipt written, its leg read and written, the receipt settled.
func BenchmarkScans(b *testing.B) {
	if testing.Short() {
		b.Skip("filling a store with a million legs takes a minute")
	}
	const fewLegs, manyLegs = 10_000, 1_000_000
	few := open(b, filepath.Join(b.TempDir(), "few.db"))
	many := open(b, filepath.Join(b.TempDir(), "many.db"))
	fillLegs(b, few, fewLegs)
	fillLegs(b, many, manyLegs)
	for _, active := range []string{"newest", "any"} {
		b.Run("active="+active, func(b *testing.B) {
			var inFew, inMany time.Duration
			scans := 0
			for b.Loop() {
				inFew += scanRound(b, few, fewLegs, active)
				inMany += scanRound(b, many, manyLegs, active)
				scans += batch * round
			}
			b.ReportMetric(float64(scans)/inFew.Seconds(), "scans/s-of-10k")
			b.ReportMetric(float64(scans)/inMany.Seconds(), "scans/s-of-1M")
			b.ReportMetric(inFew.Seconds()/inMany.Seconds(), "ratio")
		})
	}
}

const began = 1_763_900_000_000

func legKey(n int) string { return fmt.Sprintf("ups:1Z%016X", uint64(n)*0x9e3779b97f4a7c15) }

func legRow(n int) tracker.Row {
	doc := make([]byte, 900+n%200)
	for i := range doc {
		doc[i] = byte(rand.Uint32())
	}
	key := legKey(n)
	return tracker.Row{Key: key, Order: began + int64(n), Lists: []string{"number:" + key[len("ups:"):]}, Doc: doc}
}

func fillLegs(b *testing.B, store tracker.Store, n int) {
	b.Helper()
	for start := 0; start < n; start += 1000 {
		writes := make([]tracker.Write, 1000)
		for i := range writes {
			writes[i] = tracker.Write{Table: tracker.Legs, Row: legRow(start + i)}
		}
		apply(b, store, writes)
	}
}

const (
	batch = 64  // scans that share their commits
	round = 100 // batches for one store before the other has its turn: enough for each to warm up the processor's caches
)

func scanRound(b *testing.B, store tracker.Store, legs int, active string) (took time.Duration) {
	b.Helper()
	for range round {
		took += scan(b, store, activeKeys(legs, active))
	}
	return took
}

// activeKeys draws the legs of a batch.
func activeKeys(legs int, active string) []string {
	keys := make(map[string]bool, batch)
	for len(keys) < batch {
		n := rand.IntN(legs / 20)
		if active == "newest" {
			n += legs - legs/20
		} else {
			n *= 20
		}
		keys[legKey(n)] = true
	}
	return slices.Collect(maps.Keys(keys))
}

// scan takes up a scan of each leg and says how long that took.
func scan(b *testing.B, store tracker.Store, keys []string) time.Duration {
	b.Helper()
	at := time.Now()
	writes, settled := make([]tracker.Write, len(keys)), make([]tracker.Due, len(keys))
	for i := range writes {
		settled[i].Key = fmt.Sprintf("%d-%016x", at.UnixMilli(), rand.Uint64())
		writes[i] = tracker.Write{Table: tracker.Receipts, Row: tracker.Row{
			Key: settled[i].Key, Order: at.UnixMilli(), Due: at.UnixMilli(), Doc: make([]byte, 1024),
			Lists: []string{"account:ups/main"},
		}}
	}
	apply(b, store, writes)
	rows, err := store.Get(b.Context(), tracker.Legs, keys...)
	if err != nil || len(rows) != len(keys) {
		b.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows {
		row.Lists = []string{"number:" + row.Key[len("ups:"):]}
		row.Doc[0]++
		row.Due = at.UnixMilli()
		writes[i] = tracker.Write{Table: tracker.Legs, Row: row}
	}
	apply(b, store, writes)
	if err := store.Reschedule(b.Context(), tracker.Receipts, settled); err != nil {
		b.Fatal(err)
	}
	return time.Since(at)
}

func apply(b *testing.B, store tracker.Store, writes []tracker.Write) {
	b.Helper()
	if err := tracker.ErrorOf(store.Apply(b.Context(), writes)); err != nil {
		b.Fatal(err)
	}
}
