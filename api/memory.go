package api

import (
	"time"

	"github.com/maypok86/otter/v2"
)

// memory keeps what was read from the store for some seconds. It forgets the least used first.
type memory[T any] struct {
	entries *otter.Cache[string, remembered[T]]
	life    time.Duration
}

type remembered[T any] struct {
	value T
	until time.Time
}

func newMemory[T any](most int, life time.Duration) *memory[T] {
	return &memory[T]{
		entries: otter.Must(&otter.Options[string, remembered[T]]{MaximumSize: most}),
		life:    life,
	}
}

func (m *memory[T]) get(key string, now time.Time) (value T, ok bool) {
	entry, ok := m.entries.GetIfPresent(key)
	if !ok || !now.Before(entry.until) {
		return value, false
	}
	return entry.value, true
}

func (m *memory[T]) put(key string, value T, now time.Time) {
	m.entries.Set(key, remembered[T]{value: value, until: now.Add(m.life)})
}

// drop forgets an entry.
func (m *memory[T]) drop(key string) { m.entries.Invalidate(key) }
