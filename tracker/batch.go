package tracker

import (
	"context"
	"errors"
	"sync"
)

// errClosed answers what is handed in after the end.
var errClosed = errors.New("shutting down: nothing more is taken in; try again in some seconds")

// batcher lets concurrent requests share commits. While one batch is being worked off the next one gathers, so that
// a lone request waits for nobody and a crowd pays for one fsync together.
type batcher[T any] struct {
	work func(ctx context.Context, items []T) []error
	most int

	mu      sync.Mutex
	items   []T
	answers []chan error
	busy    bool
	closed  bool
	idle    sync.Cond
}

func newBatcher[T any](most int, work func(context.Context, []T) []error) *batcher[T] {
	b := &batcher[T]{work: work, most: most}
	b.idle.L = &b.mu
	return b
}

// put hands in an item; the channel gives its outcome once. The work goes on when the caller no longer waits.
func (b *batcher[T]) put(item T) <-chan error {
	answer := make(chan error, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		answer <- errClosed
		return answer
	}
	b.items, b.answers = append(b.items, item), append(b.answers, answer)
	if !b.busy {
		b.busy = true
		go b.run()
	}
	return answer
}

// do hands in an item and waits for its outcome, at most as long as the context holds.
func (b *batcher[T]) do(ctx context.Context, item T) error {
	select {
	case err := <-b.put(item):
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run works off batches until none is left.
func (b *batcher[T]) run() {
	for {
		b.mu.Lock()
		if len(b.items) == 0 {
			b.busy = false
			b.idle.Broadcast()
			b.mu.Unlock()
			return
		}
		n := min(len(b.items), b.most)
		items, answers := b.items[:n:n], b.answers[:n:n]
		b.items, b.answers = b.items[n:], b.answers[n:]
		b.mu.Unlock()
		for i, err := range b.work(context.Background(), items) {
			answers[i] <- err
		}
	}
}

// close takes nothing more in and waits until all is worked off.
func (b *batcher[T]) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for b.busy {
		b.idle.Wait()
	}
}
