package mongo_test

import (
	"testing"

	"go.uber.org/goleak"

	"waybill/tracker"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	uri := mongotest.Start(t)
	storetest.Run(t, func(t *testing.T) tracker.Store { return open(t, uri) })
}

// open opens a store in a database of the test's own, which closes when the test ends.
func open(t testing.TB, uri string, opts ...mongo.Option) *mongo.Store {
	t.Helper()
	store, err := mongo.Open(t.Context(), uri, mongotest.Database(t, uri), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}
