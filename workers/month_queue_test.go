package workers

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// TestADayThroughTheQueue has a day of the simulated month go through relay and asynq, on a Redis in memory: what left in
// the whole month is right all the same. An idle asynq costs seconds for each simulated hour, whatever the parcels.
func TestADayThroughTheQueue(t *testing.T) {
	t.Parallel()
	warmUp(t)
	synctest.Test(t, func(t *testing.T) {
		m := newMonth(t, 140)
		m.run(10*day + 7*hour)
		before := len(m.posts)
		m.queue(day)
		if len(m.posts) == before {
			t.Error("nothing was sent through the queue")
		}
		m.run(23 * day)
		m.check()
	})
}

// queue lets time pass while workers run as they do in a process, with relay and queue.
func (m *month) queue(d time.Duration) {
	m.t.Helper()
	server := miniredis.NewMiniRedis()
	server.ClockTTL(true)
	client := redis.NewClient(&redis.Options{
		Addr:     "127.0.0.1:6379", // nobody dials it, but a name would be looked up, outside of the bubble
		Protocol: 2, DisableIdentity: true,
		Dialer: func(context.Context, string, string) (net.Conn, error) { return server.Dial() },
	})
	m.hire()
	m.body.lives = 1 << 30
	o := m.workers.Options
	o.Redis, o.Concurrency, o.Lease = client, 4, 10*time.Minute
	o.RelayInterval, o.TimerInterval, o.SweepInterval, o.QueueInterval = time.Minute, time.Minute, 10*time.Minute, 30*time.Second
	w, err := New(o)
	if err != nil {
		m.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(m.t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	for end := time.Now().Add(d); time.Now().Before(end); {
		<-time.After(5 * time.Second)
		m.doDue()
	}
	stop()
	if err := <-done; err != nil {
		m.t.Error(err)
	}
	if err := client.Close(); err != nil {
		m.t.Error(err)
	}
	server.Close()
	m.hire()
}
