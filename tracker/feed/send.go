package feed

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

const (
	// maxQueued bounds what waits while Redis is away; maxMessage is how many keys travel in one message.
	maxQueued  = 8192
	maxMessage = 256
	// sendTimeout bounds one message, and the last one at the end.
	sendTimeout = time.Second
	// retryAfter is the pause after a failure.
	retryAfter = time.Second
)

// queue holds keys that are still to be published, each once.
type queue struct {
	wake chan struct{}

	mu     sync.Mutex
	keys   []string
	queued map[string]struct{}
}

// put adds keys; where there are too many the oldest are dropped.
func (q *queue) put(keys []string) {
	q.mu.Lock()
	if q.queued == nil {
		q.queued = map[string]struct{}{}
	}
	for _, key := range keys {
		if _, has := q.queued[key]; !has {
			q.queued[key] = struct{}{}
			q.keys = append(q.keys, key)
		}
	}
	if over := len(q.keys) - maxQueued; over > 0 {
		for _, key := range q.keys[:over] {
			delete(q.queued, key)
		}
		q.keys = q.keys[over:]
	}
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take removes the keys of the next message; none where the queue is empty.
func (q *queue) take() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.keys), maxMessage)
	keys := q.keys[:n:n]
	q.keys = q.keys[n:]
	for _, key := range keys {
		delete(q.queued, key)
	}
	return keys
}

// send publishes what is queued until the context ends, and then once more what is left.
func (f *Feed) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			f.publish(context.WithoutCancel(ctx), f.queue.take())
			return
		case <-f.queue.wake:
		}
		for ctx.Err() == nil {
			keys := f.queue.take()
			if len(keys) == 0 {
				break
			}
			if !f.publish(ctx, keys) {
				// They are still worth telling: whoever was not cut off has not heard of them.
				f.queue.put(keys)
				pause(ctx, retryAfter)
			}
		}
	}
}

// publish sends one message. It reports whether Redis took it.
func (f *Feed) publish(ctx context.Context, keys []string) bool {
	if len(keys) == 0 {
		return true
	}
	payload, err := json.Marshal(message{From: f.origin, Keys: keys})
	if err != nil {
		f.log.Error("the live feed could not encode keys", "count", len(keys), "error", err)
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := f.redis.Publish(ctx, channel, payload).Err(); err != nil {
		f.log.Debug("the live feed could not publish and will try again", "keys", len(keys), "error", err)
		return false
	}
	return true
}

// pause waits, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
