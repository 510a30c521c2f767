package pull

import (
	"context"
	"slices"
	"sync"
	"time"

	"waybill/adapters/pull/rule"
	"waybill/tracker/limit"
)

// Throttle holds an account's calls back: to its rates, and while the carrier asked for a pause. The limiter counts,
// and the pauses hold, for all workers together; without Redis each worker counts for itself (rule 13).
type Throttle struct {
	limiter limit.Limiter
	pauses  Pauses
	now     func() time.Time

	mu    sync.Mutex
	until map[string]time.Time
}

// Pauses tells all workers of the pauses that carriers ask for. It may fail: this process keeps its own too.
type Pauses interface {
	Pause(ctx context.Context, account string, wait time.Duration) error
	// Paused is how long an account still pauses; 0 where it does not.
	Paused(ctx context.Context, account string) (time.Duration, error)
}

// NewThrottle makes a Throttle. pauses may be nil: then they hold in this process alone.
func NewThrottle(limiter limit.Limiter, pauses Pauses, now func() time.Time) *Throttle {
	return &Throttle{limiter: limiter, pauses: pauses, now: now, until: map[string]time.Time{}}
}

// Take takes a call of an account; above 0 it says after how long one may be had, and none was taken.
func (t *Throttle) Take(ctx context.Context, account string, rates []rule.Rate) time.Duration {
	if wait := t.paused(ctx, account); wait > 0 {
		return wait
	}
	// The short rates first: what they hold back must not be taken from the quota of a day.
	sorted := slices.SortedFunc(slices.Values(rates), func(x, y rule.Rate) int { return int(x.Per - y.Per) })
	for _, rate := range sorted {
		key := "pull:" + account + ":" + rate.Per.String()
		result, err := t.limiter.Allow(ctx, key, limit.Within(rate.Calls, time.Duration(rate.Per)))
		if err != nil {
			return time.Second // it could not be counted: rather late than too often
		}
		if !result.Allowed {
			return max(result.Retry, time.Millisecond)
		}
	}
	return 0
}

// Pause lets no call of the account through for a while.
func (t *Throttle) Pause(ctx context.Context, account string, wait time.Duration) {
	t.mu.Lock()
	if until := t.now().Add(wait); until.After(t.until[account]) {
		t.until[account] = until
	}
	t.mu.Unlock()
	if t.pauses != nil {
		// The others learn it from the carrier too, should this fail.
		_ = t.pauses.Pause(ctx, account, wait)
	}
}

func (t *Throttle) paused(ctx context.Context, account string) time.Duration {
	t.mu.Lock()
	wait := t.until[account].Sub(t.now())
	if wait <= 0 {
		delete(t.until, account)
	}
	t.mu.Unlock()
	if wait > 0 || t.pauses == nil {
		return max(wait, 0)
	}
	wait, err := t.pauses.Paused(ctx, account)
	if err != nil {
		return 0
	}
	return wait
}
