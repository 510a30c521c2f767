package limit

import (
	"context"
	"fmt"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

// Redis counts for all processes together.
type Redis struct{ limiter *redis_rate.Limiter }

// NewRedis makes a Redis.
func NewRedis(client redis.UniversalClient) *Redis {
	return &Redis{limiter: redis_rate.NewLimiter(client)}
}

// Allow fails where Redis does not answer.
func (r *Redis) Allow(ctx context.Context, key string, rate Rate) (Result, error) {
	result, err := r.limiter.Allow(ctx, key, redis_rate.Limit{Rate: rate.Count, Burst: rate.burst(), Period: rate.Period})
	if err != nil {
		return Result{}, fmt.Errorf("count in redis: %w", err)
	}
	return Result{
		Allowed: result.Allowed > 0, Remaining: result.Remaining, Reset: result.ResetAfter, Retry: max(result.RetryAfter, 0),
	}, nil
}
