// Package limit counts requests against rates: shared by all processes in Redis, and in this process alone where there
// is no Redis or where it does not answer.
package limit

import (
	"context"
	"time"
)

// Rate is how often something may happen: Count times in a Period, Burst of them at once; 0 is all of them.
type Rate struct {
	Count  int
	Period time.Duration
	Burst  int
}

// burst is how many may come at once.
func (r Rate) burst() int {
	if r.Burst <= 0 {
		return r.Count
	}
	return r.Burst
}

// Within is a rate that never lets more than so many through in any window of a period: some at once where there are
// many, the others evenly after them.
func Within(count int, period time.Duration) Rate {
	burst := max(1, count/10)
	return Rate{Count: count - burst + 1, Period: period, Burst: burst}
}

// PerMinute is so many in a minute.
func PerMinute(count int) Rate { return Rate{Count: count, Period: time.Minute} }

// PerHour is so many in an hour.
func PerHour(count int) Rate { return Rate{Count: count, Period: time.Hour} }

// Result is the answer to one request.
type Result struct {
	Allowed bool
	// Remaining is how many more may come at once.
	Remaining int
	// Reset is after how long all of the rate is free again, Retry after how long one more may come.
	Reset, Retry time.Duration
}

// Limiter counts. An error means that it could not count, never that the rate is used up.
type Limiter interface {
	Allow(ctx context.Context, key string, rate Rate) (Result, error)
}
