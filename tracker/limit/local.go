package limit

import (
	"context"
	"hash/maphash"
	"sync"
	"time"
)

// Local counts in this process, by the generic cell rate algorithm: one time per key says all.
type Local struct {
	now    func() time.Time
	seed   maphash.Seed
	shards [64]shard
}

type shard struct {
	mu sync.Mutex
	// free is when a key's rate would be all free again.
	free map[string]time.Time
	// sweepAt is the size at which keys that are all free are forgotten.
	sweepAt int
}

const sweepFrom = 1024

// NewLocal makes a Local.
func NewLocal(now func() time.Time) *Local {
	l := &Local{now: now, seed: maphash.MakeSeed()}
	for i := range l.shards {
		l.shards[i] = shard{free: make(map[string]time.Time), sweepAt: sweepFrom}
	}
	return l
}

// Allow never fails.
func (l *Local) Allow(_ context.Context, key string, rate Rate) (Result, error) {
	now := l.now()
	// Rounded up: a nanosecond too short at each step lets one too many into a window.
	interval := (rate.Period + time.Duration(rate.Count) - 1) / time.Duration(rate.Count)
	s := &l.shards[maphash.String(l.seed, key)%uint64(len(l.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	free := s.free[key]
	if free.Before(now) {
		free = now
	}
	next := free.Add(interval)
	most := interval * time.Duration(rate.burst())
	if wait := next.Sub(now) - most; wait > 0 {
		return Result{Reset: free.Sub(now), Retry: wait}, nil
	}
	s.free[key] = next
	if len(s.free) > s.sweepAt {
		s.sweep(now)
	}
	return Result{Allowed: true, Remaining: int((most - next.Sub(now)) / interval), Reset: next.Sub(now)}, nil
}

// sweep forgets the keys that are all free. The next one comes when as many again have gathered.
func (s *shard) sweep(now time.Time) {
	for key, free := range s.free {
		if !free.After(now) {
			delete(s.free, key)
		}
	}
	s.sweepAt = max(sweepFrom, 2*len(s.free))
}
