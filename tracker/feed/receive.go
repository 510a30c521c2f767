package feed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// silence is after how long without a message Redis is asked for a sign of life; after twice that the connection
// counts as lost, as one that was cut without a word would never fail.
const silence = 5 * time.Second

// receive listens to the other processes until the context ends.
func (f *Feed) receive(ctx context.Context) {
	for ctx.Err() == nil {
		err := f.listen(ctx)
		if f.connected.Swap(false) && ctx.Err() == nil {
			f.log.Warn("the live feed lost Redis; pages read again every few seconds until it is back", "error", err)
		}
		pause(ctx, retryAfter)
	}
}

// listen holds one subscription until it breaks.
func (f *Feed) listen(ctx context.Context) error {
	subscription := f.redis.Subscribe(ctx, channel)
	defer subscription.Close() //nolint:errcheck // it is being given up
	// A read that waits does not see the context end.
	stop := context.AfterFunc(ctx, func() { _ = subscription.Close() })
	defer stop()
	asked := false
	for {
		received, err := subscription.ReceiveTimeout(ctx, silence)
		var timeout net.Error
		switch {
		case err == nil:
			asked = false
			f.take(received)
		case errors.As(err, &timeout) && timeout.Timeout() && !asked && f.connected.Load():
			asked = true
			if err := subscription.Ping(ctx); err != nil {
				return fmt.Errorf("ping Redis: %w", err)
			}
		default:
			return fmt.Errorf("listen to the live feed: %w", err)
		}
	}
}

// take handles one thing that Redis said.
func (f *Feed) take(received any) {
	switch r := received.(type) {
	case *redis.Subscription:
		if !f.connected.Swap(true) {
			f.log.Debug("the live feed hears the other processes")
			// What was published before is lost to those who watch already.
			f.hub.wakeAll()
		}
	case *redis.Message:
		m, err := decode(r.Payload)
		if err != nil {
			f.log.Warn("a message of the live feed could not be read; is another program using its channel?",
				"channel", channel, "error", err)
			return
		}
		if m.From != f.origin {
			f.deliver(m.Keys)
		}
	}
}
