package mongo

import (
	"testing"

	"go.mongodb.org/mongo-driver/event"
	"go.uber.org/goleak"

	"waybill/tracker"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The stand-in reads whole collections where MongoDB would use an index, so a query of the suite that no index
// serves is found by listening to the commands.
func TestStore(t *testing.T) {
	uri := mongotest.Start(t)
	listener := &listener{t: t, seen: make(map[string]bool)}
	storetest.Run(t, func(t *testing.T) tracker.Store { return open(t, uri, listener) })
	for _, command := range []string{"find", "find sorted", "update", "delete", "aggregate"} {
		if !listener.seen[command] {
			t.Errorf("no %s was heard: the suite or the listener misses it", command)
		}
	}
}

func TestLegsAreTheSameInWhateverOrderScansCome(t *testing.T) {
	uri := mongotest.Start(t)
	storetest.RunIngest(t, func(t *testing.T) tracker.Store {
		return open(t, uri, &listener{t: t, seen: make(map[string]bool)})
	})
}

func TestCountsOfManyProcessesAddUp(t *testing.T) {
	uri := mongotest.Start(t)
	storetest.RunDrift(t, func(t *testing.T) tracker.Store {
		return open(t, uri, &listener{t: t, seen: make(map[string]bool)})
	})
}

func TestPickupPoints(t *testing.T) {
	uri := mongotest.Start(t)
	storetest.RunPickup(t, func(t *testing.T) tracker.Store {
		return open(t, uri, &listener{t: t, seen: make(map[string]bool)})
	})
}

func TestReturns(t *testing.T) {
	uri := mongotest.Start(t)
	storetest.RunReturns(t, func(t *testing.T) tracker.Store {
		return open(t, uri, &listener{t: t, seen: make(map[string]bool)})
	})
}

func TestCapacities(t *testing.T) {
	uri := mongotest.Start(t)
	storetest.RunCapacity(t, func(t *testing.T) tracker.Store {
		return open(t, uri, &listener{t: t, seen: make(map[string]bool)})
	})
}

// open opens a store in a database of the test's own, which closes when the test ends.
func open(t *testing.T, uri string, listener *listener) *Store {
	t.Helper()
	monitor := &event.CommandMonitor{Started: listener.started}
	store, err := Open(t.Context(), uri, mongotest.Database(t, uri), WithMonitor(monitor))
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
