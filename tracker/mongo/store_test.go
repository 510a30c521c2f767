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
	storetest.RunIngest(t, fresh(t))
}

func TestCountsOfManyProcessesAddUp(t *testing.T) {
	storetest.RunDrift(t, fresh(t))
}

func TestPickupPoints(t *testing.T) {
	storetest.RunPickup(t, fresh(t))
}

func TestReturns(t *testing.T) {
	storetest.RunReturns(t, fresh(t))
}

func TestCapacities(t *testing.T) {
	storetest.RunCapacity(t, fresh(t))
}

// fresh starts a database and makes stores in it, each with a listener of its own.
func fresh(t *testing.T) func(*testing.T) tracker.Store {
	t.Helper()
	uri := mongotest.Start(t)
	return func(t *testing.T) tracker.Store {
		t.Helper()
		return open(t, uri, &listener{t: t, seen: make(map[string]bool)})
	}
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
