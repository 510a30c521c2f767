package pull

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisPauses keeps pauses in Redis.
type RedisPauses struct{ client redis.UniversalClient }

// NewRedisPauses makes a RedisPauses.
func NewRedisPauses(client redis.UniversalClient) *RedisPauses { return &RedisPauses{client: client} }

// redisPatience is how long Redis may take before a call goes on without it.
const redisPatience = 100 * time.Millisecond

func pauseKey(account string) string { return "waybill:pull:pause:" + account }

// Pause implements Pauses.
func (p *RedisPauses) Pause(ctx context.Context, account string, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, redisPatience)
	defer cancel()
	if err := p.client.Set(ctx, pauseKey(account), 1, wait).Err(); err != nil {
		return fmt.Errorf("keep a pause in redis: %w", err)
	}
	return nil
}

// Paused implements Pauses.
func (p *RedisPauses) Paused(ctx context.Context, account string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, redisPatience)
	defer cancel()
	left, err := p.client.PTTL(ctx, pauseKey(account)).Result()
	if err != nil {
		return 0, fmt.Errorf("look for a pause in redis: %w", err)
	}
	return max(left, 0), nil // below 0: there is none
}
