package poll

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"waybill/adapters/pull"
	"waybill/adapters/pull/pulltest"
	"waybill/adapters/pull/rule"
	"waybill/tracker"
	"waybill/tracker/feed/redistest"
	"waybill/tracker/limit"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
)

// TestOnMongoDB goes the way of a parcel that is asked about on MongoDB: planned, claimed by one of two workers, told of,
// and left alone at its end.
func TestOnMongoDB(t *testing.T) {
	uri := mongotest.Start(t)
	store, err := mongo.Open(t.Context(), uri, mongotest.Database(t, uri))
	if err != nil {
		t.Fatal(err)
	}
	h := newHouseOn(t, store)
	h.account(tracker.CallRate{Calls: 100, Per: time.Second})
	h.carrier.Parcels[number] = &pulltest.Parcel{Scans: []pulltest.Scan{
		{At: begin.Add(time.Minute), Code: "PU"}, {At: begin.Add(40 * time.Minute), Code: "OD"}, {At: begin.Add(90 * time.Minute), Code: "DL"},
	}}
	shared := limit.NewLocal(h.clock.now)
	workers := []*Poller{h.poller(policy, shared), h.poller(policy, shared)}
	h.register(workers[0], number)
	passes := 0
	for next := h.poll(number).Next; passes < 50 && !next.IsZero(); next = h.poll(number).Next {
		passes++
		h.clock.advance(max(next.Sub(h.clock.now()), 0))
		before := h.carrier.Tally().Numbers
		var all sync.WaitGroup
		for _, worker := range workers {
			all.Go(func() {
				if _, err := worker.Pass(t.Context(), nil); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if asked := h.carrier.Tally().Numbers - before; asked > 1 {
			t.Fatalf("two workers asked about it %d times at once", asked)
		}
	}
	leg := h.leg(number)
	if len(leg.Events) != 3 || leg.Events[2].Substatus.Milestone() != tracker.Delivered {
		t.Errorf("after %d passes its leg is %+v", passes, leg.Events)
	}
	if poll := h.poll(number); !poll.Next.IsZero() || poll.Failures != 0 {
		t.Errorf("after its end it is asked about at %s", poll.Next)
	}
}

// TestWorkersShareARateInRedis: two processes that ask as much as they can, each with a client of its own, make together
// as many calls as one may.
func TestWorkersShareARateInRedis(t *testing.T) {
	server := redistest.Start(t)
	h := newHouse(t)
	// Of 80 in a day eight come at once, the next one after twenty minutes.
	const calls = 8
	h.account(tracker.CallRate{Calls: 10 * calls, Per: 24 * time.Hour})
	h.carrier.Rates = []rule.Rate{{Calls: calls, Per: rule.Duration(20 * time.Minute)}}
	workers := make([]*Poller, 2)
	for i := range workers {
		client := redis.NewClient(&redis.Options{Addr: server.Addr})
		t.Cleanup(func() { _ = client.Close() })
		workers[i] = h.poller(policy, limit.NewRedis(client))
	}
	numbers := make([]string, 16*30)
	for i := range numbers {
		numbers[i] = "7777000" + strconv.Itoa(10000+i)
	}
	h.register(workers[0], numbers...)
	h.clock.advance(10 * time.Minute)
	var all sync.WaitGroup
	for _, worker := range workers {
		all.Go(func() {
			if _, err := worker.Pass(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if tally := h.carrier.Tally(); tally.Calls != calls || tally.Over > 0 {
		t.Errorf("two workers made %d calls, %d over the limit; the carrier takes %d", tally.Calls, tally.Over, calls)
	}
}

// TestAWaitAskedOfOneHoldsAll: the carrier told one worker to wait; the other makes no call.
func TestAWaitAskedOfOneHoldsAll(t *testing.T) {
	server := redistest.Start(t)
	h, _ := oneParcel(t)
	workers := make([]*Poller, 2)
	for i := range workers {
		client := redis.NewClient(&redis.Options{Addr: server.Addr})
		t.Cleanup(func() { _ = client.Close() })
		h.pauses = pull.NewRedisPauses(client)
		workers[i] = h.poller(policy, limit.NewLocal(h.clock.now))
	}
	h.carrier.Wrong = func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	h.pass(workers[0])
	h.carrier.Wrong = nil
	before := h.carrier.Tally()
	h.register(workers[1], "999900000777")
	h.clock.advance(10 * time.Minute)
	h.pass(workers[1])
	if after := h.carrier.Tally(); before.Calls != 1 || after.Calls != before.Calls || after.Tokens != before.Tokens {
		t.Errorf("the carrier was called %d times, then %d", before.Calls, after.Calls)
	}
	if keys, err := redisKeys(t.Context(), server.Addr); err != nil || len(keys) != 1 || keys[0] != "waybill:pull:pause:fedex/main" {
		t.Errorf("in Redis stands %v (%v)", keys, err)
	}
}

func redisKeys(ctx context.Context, address string) ([]string, error) {
	client := redis.NewClient(&redis.Options{Addr: address})
	defer func() { _ = client.Close() }()
	keys, err := client.Keys(ctx, "*").Result()
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return keys, nil
}
