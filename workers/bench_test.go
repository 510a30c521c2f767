package workers

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"waybill/tracker"
	"waybill/tracker/feed/redistest"
	"waybill/tracker/sqlite"
)

// benchHouses are the engines that figures are taken on.
func benchHouses(b *testing.B, run func(b *testing.B, h *house)) {
	b.Run("embedded", func(b *testing.B) {
		client := redis.NewClient(&redis.Options{Addr: miniredis.RunT(b).Addr()})
		b.Cleanup(func() { _ = client.Close() })
		run(b, newHouseOver(b, client, onDisk(b)))
	})
	b.Run("redis", func(b *testing.B) { run(b, newHouseOver(b, redistest.Start(b).Client(), onDisk(b))) })
}

// onDisk is the store as it is run embedded.
func onDisk(b *testing.B) tracker.Store {
	b.Helper()
	store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "waybill.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	return store
}

// BenchmarkEffects is how many scans a second one worker brings from the leg to the view, the estimate and the message.
func BenchmarkEffects(b *testing.B) {
	benchHouses(b, func(b *testing.B, h *house) {
		for i := range b.N {
			h.register(fmt.Sprintf("N%d", i))
			h.scan(fmt.Sprintf("N%d", i), "picked_up")
		}
		b.ResetTimer()
		h.run(1)
		h.await("all effects are done", func() bool {
			rows, err := h.store.Claim(b.Context(), tracker.Claim{
				Table: tracker.Legs, Now: h.clock.now().Add(time.Hour), Until: h.clock.now().Add(2 * time.Hour), Limit: 1,
			})
			return err == nil && len(rows) == 0
		})
		b.StopTimer()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "effects/s")
	})
}

// BenchmarkScanToMessage is how long after a scan was posted its message is sent, while one comes every 20 ms.
func BenchmarkScanToMessage(b *testing.B) {
	benchHouses(b, func(b *testing.B, h *house) {
		var mu sync.Mutex
		posted, took := map[string]time.Time{}, []time.Duration{}
		h.sender.onSent = func(m *tracker.Message) {
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(posted[m.Shipment]))
		}
		ids := h.registerMany(b.N)
		h.run(1)
		b.ResetTimer()
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for i, id := range ids {
			<-ticker.C
			mu.Lock()
			posted[id] = time.Now()
			mu.Unlock()
			h.scan(fmt.Sprintf("N%d", i), "delivered")
		}
		h.await("all are told", func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(took) >= b.N
		})
		b.StopTimer()
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "p99-ms")
	})
}

// BenchmarkQueue is how many keys a second go through asynq alone, in tasks as the relay makes them.
func BenchmarkQueue(b *testing.B) {
	benchHouses(b, func(b *testing.B, h *house) {
		w := h.workers()
		keys := slices.Repeat([]string{"test:N1"}, taskMost)
		for i := 0; i < b.N; i += taskMost {
			if err := w.enqueueTask(b.Context(), kindFollow, standard, keys); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "keys/s")
	})
}
