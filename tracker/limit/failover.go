package limit

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	// patience is how long the shared limiter may take before the local one counts instead.
	patience = 100 * time.Millisecond
	// restAfter is how long a shared limiter that failed is left alone, so that its slowness is not everybody's.
	restAfter = 5 * time.Second
)

// Failover counts with the shared limiter and, while that does not answer, with the local one: Redis down is slow, not
// closed (rule 13).
type Failover struct {
	shared Limiter
	local  *Local
	now    func() time.Time
	log    *slog.Logger
	// restsUntil is when the shared limiter is tried again, in Unix nanoseconds; 0 while it works.
	restsUntil atomic.Int64
}

// NewFailover makes a Failover.
func NewFailover(shared Limiter, local *Local, now func() time.Time, log *slog.Logger) *Failover {
	return &Failover{shared: shared, local: local, now: now, log: log}
}

// Allow never fails.
func (f *Failover) Allow(ctx context.Context, key string, rate Rate) (Result, error) {
	rests := f.restsUntil.Load()
	if f.now().UnixNano() < rests {
		return f.local.Allow(ctx, key, rate)
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	result, err := f.shared.Allow(limited, key, rate)
	if err == nil {
		if rests != 0 && f.restsUntil.CompareAndSwap(rests, 0) {
			f.log.Info("requests are counted over all processes again")
		}
		return result, nil
	}
	if f.restsUntil.Swap(f.now().Add(restAfter).UnixNano()) == 0 {
		f.log.Warn("the shared limiter does not answer; each process counts for itself", "error", err)
	}
	return f.local.Allow(ctx, key, rate)
}
