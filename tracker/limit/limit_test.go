package limit

import (
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"
)

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestLocal(t *testing.T) {
	now := start
	l := NewLocal(func() time.Time { return now })
	rate := PerMinute(3)
	for i := range 3 {
		r, err := l.Allow(t.Context(), "a", rate)
		if err != nil || !r.Allowed || r.Remaining != 2-i {
			t.Fatalf("request %d: %+v, %v", i+1, r, err)
		}
	}
	r, _ := l.Allow(t.Context(), "a", rate)
	if r.Allowed || r.Retry != 20*time.Second || r.Reset != time.Minute {
		t.Errorf("the fourth at once: %+v", r)
	}
	if r, _ := l.Allow(t.Context(), "b", rate); !r.Allowed {
		t.Error("another key is used up too")
	}
	now = now.Add(20 * time.Second)
	if r, _ := l.Allow(t.Context(), "a", rate); !r.Allowed {
		t.Error("after the time it named it still refuses")
	}
}

// TestLocalNeverLetsMoreThrough: in any window of a period, at most twice the count passes (a full burst, and what flows
// back meanwhile).
func TestLocalNeverLetsMoreThrough(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		count := rapid.IntRange(1, 20).Draw(rt, "count")
		now := start
		l := NewLocal(func() time.Time { return now })
		var passed []time.Time
		for _, gap := range rapid.SliceOfN(rapid.IntRange(0, 20_000), 1, 200).Draw(rt, "gaps in ms") {
			now = now.Add(time.Duration(gap) * time.Millisecond)
			if r, _ := l.Allow(t.Context(), "k", PerMinute(count)); r.Allowed {
				passed = append(passed, now)
			}
		}
		for i := range passed {
			n := 0
			for _, at := range passed[i:] {
				if at.Sub(passed[i]) < time.Minute {
					n++
				}
			}
			if n > 2*count {
				rt.Fatalf("%d passed within a minute, of %d", n, count)
			}
		}
	})
}

// TestWithinIsNeverExceeded: no window of a period sees more than the count, in any order of asking.
func TestWithinIsNeverExceeded(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		count := rapid.IntRange(1, 40).Draw(rt, "count")
		now := start
		l := NewLocal(func() time.Time { return now })
		var passed []time.Time
		for _, gap := range rapid.SliceOfN(rapid.IntRange(0, 4_000), 1, 300).Draw(rt, "gaps in ms") {
			now = now.Add(time.Duration(gap) * time.Millisecond)
			if r, _ := l.Allow(t.Context(), "k", Within(count, time.Minute)); r.Allowed {
				passed = append(passed, now)
			}
		}
		for i := range passed {
			n := 0
			for _, at := range passed[i:] {
				if at.Sub(passed[i]) < time.Minute {
					n++
				}
			}
			if n > count {
				rt.Fatalf("%d passed within a minute, of %d", n, count)
			}
		}
	})
}

func TestLocalForgetsKeysThatAreFree(t *testing.T) {
	now := start
	l := NewLocal(func() time.Time { return now })
	for i := range 300_000 {
		now = now.Add(time.Millisecond)
		_, _ = l.Allow(t.Context(), strconv.Itoa(i), Rate{Count: 10, Period: time.Second})
	}
	kept := 0
	for i := range l.shards {
		kept += len(l.shards[i].free)
	}
	if kept > 2*sweepFrom*len(l.shards) {
		t.Errorf("%d keys are kept", kept)
	}
}

func TestFailoverCountsInRedisAndWithoutIt(t *testing.T) {
	server := miniredis.RunT(t)
	client := redis.NewClient(&redis.Options{Addr: server.Addr(), MaxRetries: -1})
	t.Cleanup(func() { _ = client.Close() })
	now := start
	clock := func() time.Time { return now }
	shared := NewRedis(client)
	f := NewFailover(shared, NewLocal(clock), clock, slog.New(slog.DiscardHandler))
	for range 2 {
		if r, err := f.Allow(t.Context(), "k", PerMinute(2)); err != nil || !r.Allowed {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if r, err := f.Allow(t.Context(), "k", PerMinute(2)); err != nil || r.Allowed || r.Retry <= 0 {
		t.Errorf("the third: %+v, %v", r, err)
	}
	server.SetError("LOADING")
	if _, err := shared.Allow(t.Context(), "k", PerMinute(2)); err == nil {
		t.Fatal("a Redis that fails is taken for an answer")
	}
	for i, want := range []bool{true, true, false} {
		if r, err := f.Allow(t.Context(), "k", PerMinute(2)); err != nil || r.Allowed != want {
			t.Errorf("request %d without Redis: %+v, %v", i+1, r, err)
		}
	}
	server.SetError("")
	now = now.Add(restAfter)
	if r, err := f.Allow(t.Context(), "k", PerMinute(2)); err != nil || r.Allowed {
		t.Errorf("with Redis again its count is forgotten: %+v, %v", r, err)
	}
	if f.restsUntil.Load() != 0 {
		t.Error("it does not know that Redis is back")
	}
}
