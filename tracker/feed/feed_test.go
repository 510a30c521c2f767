package feed

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"waybill/tracker"
	"waybill/tracker/feed/redistest"
)

var _ tracker.Feed = (*Feed)(nil)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, client redis.UniversalClient) *Feed {
	t.Helper()
	f := New(Options{Redis: client, Log: slog.New(slog.DiscardHandler), Tick: 100 * time.Millisecond})
	t.Cleanup(f.Close)
	return f
}

// awaitConnected uses the wake-up that every new subscription brings.
func awaitConnected(t *testing.T, f *Feed) {
	t.Helper()
	events, stop := f.Watch("anything")
	defer stop()
	for !f.Connected() {
		receive(t, events)
	}
}

func receive(t *testing.T, events <-chan struct{}) {
	t.Helper()
	select {
	case _, open := <-events:
		if !open {
			t.Fatal("the channel was closed")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was told within ten seconds")
	}
}

// await waits for a condition.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline, tick := time.After(10*time.Second), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("not within ten seconds: %s", what)
		case <-tick.C:
		}
	}
}

func miniClient(t *testing.T) (*miniredis.Miniredis, redis.UniversalClient) {
	t.Helper()
	server := miniredis.RunT(t)
	client := redis.NewClient(&redis.Options{Addr: server.Addr()})
	t.Cleanup(func() { _ = client.Close() })
	return server, client
}

func TestPublishReachesWatchersOfOtherProcesses(t *testing.T) {
	_, client := miniClient(t)
	here, there := start(t, client), start(t, client)
	awaitConnected(t, there)
	events, stop := there.Watch("WB1", "WB2")
	defer stop()
	here.Publish("other", "WB2")
	receive(t, events)
}

func TestPublishReachesOwnWatchersOnce(t *testing.T) {
	_, client := miniClient(t)
	f, other := start(t, client), start(t, client)
	awaitConnected(t, f)
	awaitConnected(t, other)
	var mu sync.Mutex
	var heard []string
	f.OnPublish(func(keys []string) {
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, keys...)
	})
	events, stop := f.Watch("end")
	defer stop()
	ends, stopOther := other.Watch("WB1")
	defer stopOther()
	f.Publish("WB1")
	receive(t, ends)
	other.Publish("end") // arrives after what was said before it
	receive(t, events)
	// Watchers may hear of it a moment before the hook does.
	await(t, "the hook hears the end", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return slices.Contains(heard, "end")
	})
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(heard, []string{"WB1", "end"}) {
		t.Fatalf("heard %v, want WB1 once and end", heard)
	}
}

func TestEventsThatNobodyTookAreOne(t *testing.T) {
	f := start(t, deadClient(t))
	events, stop := f.Watch("WB1")
	defer stop()
	for range 100 {
		f.Publish("WB1")
	}
	receive(t, events)
	if len(events) != 0 {
		t.Fatal("a second event was kept")
	}
}

func TestStopEndsAWatchAndCloseEndsAll(t *testing.T) {
	f := start(t, deadClient(t))
	stopped, stop := f.Watch("WB1")
	open, stopOpen := f.Watch("WB1", "WB2")
	stop()
	stop()
	f.Publish("WB1")
	if len(stopped) != 0 {
		t.Error("a stopped watch was told")
	}
	receive(t, open)
	f.Close()
	if _, more := <-open; more {
		t.Error("Close left a watch open")
	}
	stopOpen()
	late, _ := f.Watch("WB1")
	if _, more := <-late; more {
		t.Error("a watch on a closed feed is open")
	}
}

// deadClient speaks to an address where nobody listens.
func deadClient(t *testing.T) redis.UniversalClient {
	t.Helper()
	server := miniredis.RunT(t)
	address := server.Addr()
	server.Close()
	client := redis.NewClient(&redis.Options{Addr: address, MaxRetries: -1, DialerRetries: 1})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestWithoutRedisLocalWatchersAreToldAndAllAreTicked(t *testing.T) {
	f := start(t, deadClient(t))
	told, stopTold := f.Watch("WB1")
	defer stopTold()
	f.Publish("WB1")
	receive(t, told)
	ticked, stopTicked := f.Watch("nobody publishes this")
	defer stopTicked()
	receive(t, ticked)
	receive(t, ticked)
	if f.Connected() {
		t.Error("the feed says that it hears other processes")
	}
}

func TestRedisComesBack(t *testing.T) {
	server := redistest.Start(t)
	here, there := start(t, server.Client()), start(t, server.Client())
	awaitConnected(t, here)
	awaitConnected(t, there)
	server.Down()
	waitUntil(t, "both notice", func() bool { return !here.Connected() && !there.Connected() })
	here.Publish("WB-while-down")
	events, stop := there.Watch("WB-while-down")
	defer stop()
	heard := make(chan struct{}, 1)
	there.OnPublish(func(keys []string) {
		if slices.Contains(keys, "WB-while-down") {
			select {
			case heard <- struct{}{}:
			default:
			}
		}
	})
	server.Up()
	receive(t, events) // by the tick, or because it is back
	waitUntil(t, "both are back", func() bool { return here.Connected() && there.Connected() })
	here.Publish("WB-while-down")
	receive(t, heard)
}

// waitUntil looks again and again, on a ticker, until a condition holds.
func waitUntil(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	for ticker := time.NewTicker(5 * time.Millisecond); !holds(); {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		case <-ticker.C:
		}
	}
}

func TestQueueDropsTheOldestAndKeepsEachKeyOnce(t *testing.T) {
	q := queue{wake: make(chan struct{}, 1)}
	for i := range maxQueued + 10 {
		q.put([]string{strconv.Itoa(i), strconv.Itoa(i)})
	}
	first := q.take()
	if len(first) != maxMessage || first[0] != "10" || first[1] != "11" {
		t.Fatalf("took %d keys from %v, want %d from 10, each once", len(first), first[:2], maxMessage)
	}
	q.put([]string{"10"})
	total := len(first)
	for keys := q.take(); len(keys) > 0; keys = q.take() {
		total += len(keys)
	}
	if total != maxQueued+1 {
		t.Fatalf("took %d keys in all, want %d", total, maxQueued+1)
	}
}

func TestManyKeysShareAMessage(t *testing.T) {
	server, client := miniClient(t)
	f := start(t, client)
	awaitConnected(t, f)
	subscriber := server.NewSubscriber()
	defer subscriber.Close()
	subscriber.Subscribe(channel)
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = fmt.Sprintf("WB%d", i)
	}
	f.Publish(keys...)
	got := 0
	for range 4 {
		select {
		case raw := <-subscriber.Messages():
			m, err := decode(raw.Message)
			if err != nil {
				t.Fatal(err)
			}
			got += len(m.Keys)
		case <-time.After(10 * time.Second):
			t.Fatalf("only %d keys came", got)
		}
	}
	if got != len(keys) {
		t.Fatalf("%d keys came in four messages, want %d", got, len(keys))
	}
}

func TestASilentConnectionIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &Feed{log: slog.New(slog.DiscardHandler), redis: silentClient(t)}
		f.connected.Store(true)
		began := time.Now()
		if err := f.listen(t.Context()); err == nil {
			t.Fatal("listen returned without error")
		}
		if waited := time.Since(began); waited < silence || waited > 3*silence {
			t.Fatalf("gave up after %s, want between one and three times %s", waited, silence)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"from":"a","keys":["WB1"]}`)
	f.Add(`{"from":1}`)
	f.Add(strings.Repeat("[", 100))
	f.Fuzz(func(t *testing.T, payload string) {
		m, err := decode(payload)
		if err != nil && (m.From != "" || m.Keys != nil) {
			t.Fatalf("an unreadable message gave %+v", m)
		}
	})
}
