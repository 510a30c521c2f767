package notify

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// shutAfter is how many messages in a row a provider may fail to take before it counts as down. Messages are counted,
	// not attempts: one recipient that is trouble is no outage.
	shutAfter = 5
	// shutFor is for how long nothing is sent to a provider that is down; then one message tries it.
	shutFor = time.Minute
)

// gate is a channel's breaker: while its provider is down, messages wait in the store without using up their attempts.
// It runs by the clock of its Sender, and each process has its own.
type gate struct {
	mu sync.Mutex
	// failing are the messages that failed since the last success.
	failing map[string]bool
	// opens is when one message may try a provider that is down; zero while it is up. trying: one does.
	opens  time.Time
	trying bool
}

// enter asks to send a message. Where the provider is down, wait is until when the message is held; else leave must be
// called once it was sent, or was not.
func (g *gate) enter(now time.Time) (wait time.Time, leave func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.opens.IsZero():
		return wait, func() {}
	case now.Before(g.opens):
		return g.opens, nil
	case g.trying:
		return now.Add(shutFor), nil
	}
	g.trying = true
	return wait, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.trying = false
	}
}

// note takes the outcome of a message's attempt. What the provider refuses it has read: then it is up.
func (g *gate) note(id string, failed error, now time.Time) {
	if errors.Is(failed, context.Canceled) {
		return // we ended it ourselves
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if verdict := VerdictOf(failed); failed == nil || verdict != Retry && verdict != Unsure {
		g.failing, g.opens = nil, time.Time{}
		return
	}
	if g.failing == nil {
		g.failing = map[string]bool{}
	}
	g.failing[id] = true
	if len(g.failing) >= shutAfter || !g.opens.IsZero() {
		g.opens = now.Add(shutFor)
	}
}

// shut reports whether the provider is down.
func (g *gate) shut() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.opens.IsZero()
}
