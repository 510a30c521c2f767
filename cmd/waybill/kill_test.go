package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"
)

// load posts scans until its context ends, and remembers which of them were acknowledged.
type load struct {
	shop *shop
	// numbers are the parcels; each gets scans of growing minutes.
	numbers []string

	mu sync.Mutex
	// acknowledged counts, by number, the scans of which the server said that it has them.
	acknowledged map[string]int
	failures     int
	// refusedWith is the status of the last answer that was no acknowledgement.
	refusedWith int
}

const senders = 8

func newLoad(s *shop, count int) *load {
	l := &load{shop: s, numbers: make([]string, count), acknowledged: map[string]int{}}
	for i := range l.numbers {
		l.numbers[i] = upsNumber(i)
	}
	return l
}

// loadStart is the moment of each parcel's first scan; the others follow a minute apart, so that each is one event.
var loadStart = time.Now().Add(-48 * time.Hour).Truncate(time.Minute)

// run posts from several senders at once. What is not acknowledged is sent again, as carriers do.
func (l *load) run(ctx context.Context) {
	var posts sync.WaitGroup
	for sender := range senders {
		posts.Go(func() {
			for next := 0; ctx.Err() == nil; {
				mine := l.numbers[sender*len(l.numbers)/senders : (sender+1)*len(l.numbers)/senders]
				number := mine[next%len(mine)]
				minute := next / len(mine)
				code, text := "DP", "Departed from Facility"
				if minute%2 == 1 {
					code, text = "AR", "Arrived at Facility"
				}
				status, _, err := l.shop.tryScan(alert(number, code, text, loadStart.Add(time.Duration(minute)*time.Minute)))
				l.mu.Lock()
				if err == nil && status == http.StatusAccepted {
					l.acknowledged[number]++
					next++
				} else {
					l.failures++
					if err == nil {
						l.refusedWith = status
					}
				}
				l.mu.Unlock()
			}
		})
	}
	posts.Wait()
}

// taken is how many scans were acknowledged so far.
func (l *load) taken() int {
	taken, _ := l.counts()
	return taken
}

// counts are how many scans were acknowledged, and how many were not.
func (l *load) counts() (taken, failed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range l.acknowledged {
		taken += n
	}
	return taken, l.failures
}

// check compares what was acknowledged with what the pages know: every scan is there.
func (l *load) check(t *testing.T) {
	t.Helper()
	for number, want := range l.acknowledged {
		eventually(t, fmt.Sprintf("%s has the %d scans that were acknowledged", number, want), func() bool {
			found := l.shop.track(number)
			return found != nil && len(found.Events) >= want
		})
	}
}

// chaos ends processes amid the load until it has done so often enough.
func (l *load) chaos(t *testing.T, times int, kill func(round int)) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var posting sync.WaitGroup
	posting.Go(func() { l.run(ctx) })
	for round := range times {
		before := l.taken()
		eventually(t, "scans go through", func() bool { return l.taken() > before+40+rand.IntN(80) })
		kill(round)
	}
	before := l.taken()
	eventually(t, "scans go through again", func() bool { return l.taken() > before+40 })
	stop()
	posting.Wait()
}

func TestKill9LosesNothingAndTellsNothingTwice(t *testing.T) {
	t.Parallel()
	mails, hooks := startMailServer(t), startHooks(t)
	environ := append(mails.environ(), "WAYBILL_DATA_DIR="+t.TempDir(), "WAYBILL_LOG_LEVEL=warn",
		"WAYBILL_WEBHOOKS_ALLOW_PRIVATE_NETWORKS=true",
		"WAYBILL_LIMITS_LOOKUPS_PER_MINUTE=100000", "WAYBILL_WORKERS_LEASE=2s", "WAYBILL_WORKERS_SWEEP_INTERVAL=200ms")
	p := server(t, environ, "serve")
	s := openShop(t, environ, p.Base)
	hooks.askFor(s)
	l := newLoad(s, 40)
	ids := map[string]string{}
	for _, number := range l.numbers[:10] {
		ids[number] = s.register(number)
		s.subscribe(ids[number], "email", number+"@example.com")
	}
	l.chaos(t, 4, func(int) {
		p.Kill()
		p = restart(t, environ, "serve", p.Base)
	})
	l.check(t)
	// The end of each journey is told, once, whatever was killed before.
	for number := range ids {
		s.scan(number, "FS", "DELIVERED", time.Now())
	}
	p.Kill()
	p = restart(t, environ, "serve", p.Base)
	for number := range ids {
		s.awaitTold(ids[number], "delivered")
	}
	mails.noneTwice(t)
	for number := range ids {
		eventually(t, "the shop's server is told that "+ids[number]+" was delivered", func() bool { return hooks.told(ids[number], "shipment.delivered") })
	}
	hooks.check(t)
	p.Stop()
}

// awaitTold waits until the message of a moment has come to an end.
func (s *shop) awaitTold(id, moment string) {
	s.t.Helper()
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.t.Logf("messages of %s: %+v", id, s.messages(id))
		}
	})
	eventually(s.t, "the message "+moment+" of "+id+" is sent, or its outcome known", func() bool { return s.settled(id, moment) })
}

// settled reports whether the message of a moment has come to an end: sent, or unknown since a process died over it.
func (s *shop) settled(id, moment string) bool {
	for _, m := range s.messages(id) {
		if m.Moment == moment && (m.State == "sent" || m.State == "arrived" || m.State == "unknown") {
			return true
		}
	}
	return false
}
