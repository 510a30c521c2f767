package feed

import "sync"

// hub hands keys to those in this process who watch them: one subscription at Redis serves them all.
type hub struct {
	mu       sync.Mutex
	closed   bool
	watchers map[string]map[*watcher]struct{}
}

// watcher is one watch. Its channel holds one event: a second one before the first was taken adds nothing.
type watcher struct {
	keys   []string
	events chan struct{}
}

func (w *watcher) wake() {
	select {
	case w.events <- struct{}{}:
	default:
	}
}

func (h *hub) watch(keys []string) (<-chan struct{}, func()) {
	w := &watcher{keys: keys, events: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(w.events)
		return w.events, func() {}
	}
	if h.watchers == nil {
		h.watchers = map[string]map[*watcher]struct{}{}
	}
	for _, key := range keys {
		if h.watchers[key] == nil {
			h.watchers[key] = map[*watcher]struct{}{}
		}
		h.watchers[key][w] = struct{}{}
	}
	return w.events, func() { h.stop(w) }
}

func (h *hub) stop(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, key := range w.keys {
		delete(h.watchers[key], w)
		if len(h.watchers[key]) == 0 {
			delete(h.watchers, key)
		}
	}
}

func (h *hub) wake(keys []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, key := range keys {
		for w := range h.watchers[key] {
			w.wake()
		}
	}
}

func (h *hub) wakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, watchers := range h.watchers {
		for w := range watchers {
			w.wake()
		}
	}
}

// close closes every watcher's channel, once, though it stands under several keys.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	ended := map[*watcher]bool{}
	for _, watchers := range h.watchers {
		for w := range watchers {
			if !ended[w] {
				ended[w] = true
				close(w.events)
			}
		}
	}
	h.watchers = nil
}
