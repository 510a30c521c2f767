package mongo

import (
	"testing"

	"waybill/tracker"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/storetest"
)

func BenchmarkStore(b *testing.B) {
	uri := mongotest.StartReal(b)
	storetest.Benchmark(b, func(b *testing.B) tracker.Store {
		store, err := Open(b.Context(), uri, mongotest.Database(b, uri))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = store.Close() })
		return store
	}, nil)
}
