package simulate

import (
	"context"
	"sync"
	"time"
)

// Clock tells the simulation's time: it starts with the real one and runs as many times faster as its speed says.
type Clock struct {
	actual func() time.Time

	mu      sync.Mutex
	speed   float64
	virtual time.Time // what it showed
	at      time.Time // at this real moment
	changed chan struct{}
}

// NewClock makes a clock that shows the real time now and runs at a speed above 0: simulated seconds per second.
func NewClock(actual func() time.Time, speed float64) *Clock {
	now := actual()
	return &Clock{actual: actual, speed: speed, virtual: now, at: now, changed: make(chan struct{})}
}

// Now is the simulation's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	return c.virtual.Add(time.Duration(float64(c.actual().Sub(c.at)) * c.speed))
}

// Speed is how many simulated seconds go by in a second.
func (c *Clock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// SetSpeed changes the speed from now on; waiting sleepers take it up.
func (c *Clock) SetSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.virtual, c.at, c.speed = c.now(), c.actual(), speed
	close(c.changed)
	c.changed = make(chan struct{})
}

// Sleep waits until the clock shows a moment.
func (c *Clock) Sleep(ctx context.Context, until time.Time) error {
	for {
		c.mu.Lock()
		left := time.Duration(float64(until.Sub(c.now())) / c.speed)
		changed := c.changed
		c.mu.Unlock()
		if left <= 0 {
			return ctx.Err()
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-changed:
		case <-ctx.Done():
		}
		timer.Stop()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
