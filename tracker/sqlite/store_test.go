package sqlite_test

import (
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"waybill/tracker"
	"waybill/tracker/sqlite"
	"waybill/tracker/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) tracker.Store { return open(t, filepath.Join(t.TempDir(), "waybill.db")) })
}

func TestCountsOfManyProcessesAddUp(t *testing.T) {
	storetest.RunDrift(t, func(t *testing.T) tracker.Store { return open(t, filepath.Join(t.TempDir(), "waybill.db")) })
}

func TestPickupPoints(t *testing.T) {
	storetest.RunPickup(t, func(t *testing.T) tracker.Store { return open(t, filepath.Join(t.TempDir(), "waybill.db")) })
}

func TestReturns(t *testing.T) {
	storetest.RunReturns(t, func(t *testing.T) tracker.Store { return open(t, filepath.Join(t.TempDir(), "waybill.db")) })
}

func TestCapacities(t *testing.T) {
	storetest.RunCapacity(t, func(t *testing.T) tracker.Store { return open(t, filepath.Join(t.TempDir(), "waybill.db")) })
}

// open opens a store that closes when the test ends.
func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
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
