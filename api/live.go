package api

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Watcher tells which records changed; feed.Feed is one. The channel is woken after a change of one of the keys, and
// may be woken without one; stop ends it.
type Watcher interface {
	Watch(keys ...string) (changed <-chan struct{}, stop func())
}

const (
	// heartbeat keeps proxies from closing a silent stream, and finds out who has gone: only a failed write tells.
	heartbeat = 15 * time.Second
	// writeWithin is how long a watcher may take to read before it counts as gone.
	writeWithin = 10 * time.Second
)

// getTrackingLive streams the public view, anew after every change (server-sent events).
func (s *Server) getTrackingLive(c *fiber.Ctx) error {
	allowOrigins(c)
	return s.stream(c, asJSON, "tracking")
}

// stream sends a look as an event whenever it is another one than before.
func (s *Server) stream(c *fiber.Ctx, as form, event string) error {
	q, err := s.ask(c, as)
	if err != nil {
		return err
	}
	first, err := s.look(c.UserContext(), q, 0)
	if err != nil {
		return err
	}
	address := s.addressOf(c)
	if !s.watching.enter(address, &s.limits) {
		return problem("overloaded", "Too many watch already; ask again in a while, or poll.").later(heartbeat)
	}
	s.metrics.Watching(1)
	l := &live{
		server: s, question: q, event: event, conn: c.Context().Conn(), seen: c.Get("Last-Event-ID"), watch: first.watch,
	}
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Accel-Buffering", "no")
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer s.metrics.Watching(-1)
		defer s.watching.leave(address)
		l.run(w)
	})
	return nil
}

// live is one stream.
type live struct {
	server   *Server
	question question
	event    string
	conn     net.Conn
	// seen is the tag of what the watcher has.
	seen string
	// watch are the keys that are watched.
	watch []string
	// changesAt is when the clock makes another answer.
	changesAt time.Time
}

// run subscribes first and then looks, so that nothing falls between.
func (l *live) run(w *bufio.Writer) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	changed, stop := l.server.watcher.Watch(l.watch...)
	defer func() { stop() }()
	since := l.server.ticks.Add(1)
	if !l.write(w, []byte("retry: 3000\n\n")) {
		return
	}
	for {
		watch, ok := l.tell(ctx, w, since)
		if !ok {
			return
		}
		if len(watch) > len(l.watch) { // a further leg was found
			stop()
			changed, stop = l.server.watcher.Watch(watch...)
			l.watch, since = watch, l.server.ticks.Add(1)
			continue
		}
		timer := time.NewTimer(l.patience())
		select {
		case _, open := <-changed:
			timer.Stop()
			if !open {
				return
			}
			since = l.server.ticks.Add(1)
		case <-timer.C:
			if !l.write(w, []byte(": still here\n\n")) {
				return
			}
			since = 0
		case <-l.server.closing:
			timer.Stop()
			return
		}
	}
}

// patience is until the next heartbeat, or until the clock changes the answer.
func (l *live) patience() time.Duration {
	if l.changesAt.IsZero() {
		return heartbeat
	}
	return min(heartbeat, max(time.Millisecond, l.changesAt.Sub(l.server.now())))
}

// tell looks and sends what is new. ok is false where the watcher has gone.
func (l *live) tell(ctx context.Context, w *bufio.Writer, since uint64) (watch []string, ok bool) {
	look, err := l.server.look(ctx, l.question, since)
	if err != nil {
		// The store may be away for a while: the watcher keeps what it has, the next heartbeat tries again.
		l.changesAt = time.Time{}
		return nil, l.write(w, []byte(": no news can be read now\n\n"))
	}
	l.changesAt = look.until
	if look.etag == l.seen {
		return look.watch, true
	}
	l.seen = look.etag
	return look.watch, l.write(w, frame(look.etag, l.event, look.body))
}

func (l *live) write(w *bufio.Writer, data []byte) bool {
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeWithin)) // a connection without deadlines fails at the write
	if _, err := w.Write(data); err != nil {
		return false
	}
	return w.Flush() == nil
}

// frame is one event in the form of server-sent events: every line of the data is marked as such.
func frame(id, event string, data []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(data) + 64)
	b.WriteString("id: " + id + "\nevent: " + event + "\n")
	for line := range bytes.Lines(data) {
		b.WriteString("data: ")
		b.Write(bytes.TrimRight(line, "\r\n"))
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// watching counts the open streams, in all and by address.
type watching struct {
	mu        sync.Mutex
	all       int
	byAddress map[string]int
}

func (w *watching) enter(address string, most *Limits) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all >= most.MaxWatchers || w.byAddress[address] >= most.WatchersPerAddress {
		return false
	}
	if w.byAddress == nil {
		w.byAddress = map[string]int{}
	}
	w.all++
	w.byAddress[address]++
	return true
}

func (w *watching) leave(address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all--
	if w.byAddress[address]--; w.byAddress[address] == 0 {
		delete(w.byAddress, address)
	}
}
