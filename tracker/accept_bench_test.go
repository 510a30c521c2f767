package tracker_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/sqlite"
	"waybill/tracker/storetest"
)

// numberer reads every receipt as the first scan of a number of its own.
type numberer struct{ last atomic.Int64 }

func (n *numberer) Read(*tracker.Receipt) tracker.Reading {
	return tracker.Reading{Carrier: "ups", Shipments: []tracker.ReadShipment{{
		Number: fmt.Sprintf("1Z%016d", n.last.Add(1)),
		Events: []tracker.Event{{Kind: "PU", Code: "PU", Text: "Picked up", Substatus: "picked_up", Time: tracker.StampAt(noon)}},
	}}}
}

func (n *numberer) Version(string) string { return "1" }

// BenchmarkAccept takes scans in from many callers at once, each acknowledged when its receipt and its leg are
// committed. The floor is the store's own bulk writing of the same rows, in commits of 512.
func BenchmarkAccept(b *testing.B) {
	for _, callers := range []int{64, 512} {
		b.Run(fmt.Sprintf("%d_callers", callers), func(b *testing.B) {
			const scans = 20_000
			var accepted, bulk time.Duration
			for b.Loop() {
				store := openBench(b)
				accepted += acceptAll(b, store, callers, scans)
				bulk += rewriteAll(b, store, openBench(b))
			}
			b.ReportMetric(float64(scans*b.N)/accepted.Seconds(), "scans/s")
			b.ReportMetric(float64(bulk)/float64(accepted), "of_bulk")
		})
	}
}

func openBench(b *testing.B) tracker.Store {
	b.Helper()
	store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "waybill.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	return store
}

func acceptAll(b *testing.B, store tracker.Store, callers, scans int) time.Duration {
	b.Helper()
	in := storetest.NewIngest(b, store, &numberer{}, time.Now)
	body := make([]byte, 300)
	for i := range body {
		body[i] = byte('a' + i*i%26)
	}
	var left atomic.Int64
	left.Store(int64(scans))
	start := time.Now()
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				receipt := payload("")
				receipt.Body = body
				if outcome, err := in.Accept(context.Background(), receipt); err != nil || !outcome.Settled {
					b.Errorf("%+v, %v", outcome, err)
				}
			}
		})
	}
	all.Wait()
	return time.Since(start)
}

// rewriteAll writes all receipts and legs of one store to another, 512 of each kind a commit, and says how long the
// writing alone took.
func rewriteAll(b *testing.B, from, to tracker.Store) time.Duration {
	b.Helper()
	var took time.Duration
	for _, table := range []tracker.Table{tracker.Receipts, tracker.Legs} {
		page := tracker.Page{Limit: 512}
		for {
			rows, err := from.Search(b.Context(), table, "", nil, page)
			if err != nil {
				b.Fatal(err)
			}
			if len(rows) == 0 {
				break
			}
			writes := make([]tracker.Write, len(rows))
			for i, row := range rows {
				page.After = &tracker.Cursor{Order: row.Order, Key: row.Key}
				row.Version, row.Indexed = 0, 0
				row.Lists = []string{"carrier:ups"}
				if table == tracker.Receipts {
					row.Lists = append(row.Lists, "account:ups/main")
				}
				writes[i] = tracker.Write{Table: table, Row: row}
			}
			start := time.Now()
			if err := tracker.ErrorOf(to.Apply(b.Context(), writes)); err != nil {
				b.Fatal(err)
			}
			took += time.Since(start)
		}
	}
	return took
}
