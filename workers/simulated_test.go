package workers

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"waybill/tracker"
	"waybill/tracker/feed"
)

// TestSilenceInSimulatedTime runs relay, queue and timers by their own clocks, while a parcel falls silent. An idle asynq
// costs two seconds of real time for each simulated hour, so patience is short here.
func TestSilenceInSimulatedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := miniredis.NewMiniRedis()
		server.ClockTTL(true)
		client := redis.NewClient(&redis.Options{
			Addr:     "127.0.0.1:6379", // nobody dials it, but a name would be looked up, outside of the bubble
			Protocol: 2, DisableIdentity: true,
			Dialer: func(context.Context, string, string) (net.Conn, error) { return server.Dial() },
		})
		h := newHouseOn(t, client)
		h.clock.ahead.Store(0) // timers run by the bubble's own clock
		w := h.workers()
		w.Patience = tracker.Patience{Late: 30 * time.Minute, Expire: 90 * time.Minute}
		w.RelayInterval, w.TimerInterval, w.SweepInterval = time.Minute, time.Minute, 10*time.Minute
		w.QueueInterval, w.Lease = 10*time.Second, 10*time.Minute
		w.duties = w.makeDuties()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- w.Run(ctx) }()
		id := h.register("N1").ID
		h.scan("N1", "picked_up")
		for _, c := range []struct {
			after     time.Duration
			milestone tracker.Milestone
			late      bool
		}{
			{5 * time.Minute, tracker.InTransit, false},
			{29 * time.Minute, tracker.InTransit, false},
			{33 * time.Minute, tracker.InTransit, true},
			{89 * time.Minute, tracker.InTransit, true},
			{93 * time.Minute, tracker.Expired, false},
		} {
			<-time.After(time.Until(h.shipment(id).CreatedAt.Add(c.after)))
			if v := h.shipment(id).View; v.Milestone != c.milestone || v.Late != c.late {
				t.Errorf("after %s it is %s, late %v; want %s, late %v", c.after, v.Milestone, v.Late, c.milestone, c.late)
			}
		}
		if n := h.messages(id, tracker.MomentDelayed); n != 1 {
			t.Errorf("the delay was told %d times", n)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		h.feed.Close()
		w.Feed.(*feed.Feed).Close()
		_ = client.Close()
		server.Close()
	})
}
