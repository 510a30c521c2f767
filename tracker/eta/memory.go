package eta

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

// lookEvery is how often a process looks whether its copy of the state is the newest.
const lookEvery = 30 * time.Second

// memory is a process's copy of the state.
type memory struct {
	mu      sync.Mutex
	known   *knowledge
	looked  time.Time
	loading bool
	// parts are the shards that known was made of; they belong to who loads.
	parts [shards]*shard
}

// knowledge is the state as it is asked. What it holds is never changed: a newer state makes a new one.
type knowledge struct {
	seq     int64
	mu      sync.Mutex // the model is not safe for concurrent use
	model   *transit.Model
	tallies tallies
}

// predict asks the model.
func (k *knowledge) predict(q transit.Query) transit.Prediction {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.model.Predict(q)
}

// knowledge gives the state, at most lookEvery old where the store can be reached. The first call waits for the store;
// later, while one asks, the others go on with what is there.
func (m *Model) knowledge(ctx context.Context, now time.Time) (*knowledge, error) {
	mem := &m.memory
	mem.mu.Lock()
	defer mem.mu.Unlock()
	if mem.known == nil {
		known, err := m.loadState(ctx, nil)
		if err != nil {
			return nil, err
		}
		mem.known, mem.looked = known, now
	}
	if mem.loading || now.Sub(mem.looked).Abs() < lookEvery {
		return mem.known, nil
	}
	before := mem.known
	mem.loading = true
	mem.mu.Unlock()
	known, err := m.loadState(ctx, before)
	mem.mu.Lock()
	mem.loading = false
	if err != nil {
		m.log.Warn("the state of the estimates cannot be read; they go on with what is known", "error", err)
		return before, nil
	}
	mem.known, mem.looked = known, now
	return known, nil
}

// loadState reads what has changed since before.
func (m *Model) loadState(ctx context.Context, before *knowledge) (*knowledge, error) {
	h, err := m.loadHead(ctx)
	newer := errors.Is(err, errNewer)
	if newer {
		m.once.Do(func() { m.log.Warn("estimates start from what is usual anywhere", "error", err) })
		h, m.memory.parts = &head{}, [shards]*shard{}
	} else if err != nil {
		return nil, err
	}
	known := &knowledge{seq: h.Seq, model: transit.New(), tallies: tallies{}}
	if len(h.Batch) > 0 {
		known.seq-- // some shards may have the batch already: all are looked at again when it is done
	}
	if before != nil && before.seq == known.seq {
		return before, nil
	}
	if !newer {
		if err := m.readShards(ctx); err != nil {
			return nil, err
		}
	}
	for _, s := range m.memory.parts {
		if s != nil {
			known.model.Merge(s.state)
			known.tallies.merge(s.Tallies)
		}
	}
	known.model.Refresh()
	return known, nil
}

func (m *Model) readShards(ctx context.Context) error {
	keys := make([]string, shards)
	number := make(map[string]int, shards)
	for i := range keys {
		keys[i] = shardKey(i)
		number[keys[i]] = i
	}
	rows, err := m.store.Get(ctx, tracker.Transits, keys...)
	if err != nil {
		return fmt.Errorf("read the state of the estimates: %w", err)
	}
	for _, row := range rows {
		i := number[row.Key]
		if have := m.memory.parts[i]; have != nil && have.row.Version == row.Version {
			continue
		}
		if m.memory.parts[i], err = m.shardOf(i, row); err != nil {
			return err
		}
	}
	return nil
}

// shardOf is the shard of a row. One that cannot be read is learnt anew: estimates are worth less than that they go on.
func (m *Model) shardOf(i int, row tracker.Row) (*shard, error) {
	s, err := readShard(i, row)
	if err == nil || errors.Is(err, errNewer) {
		return s, err
	}
	m.log.Error("a part of the estimates' state cannot be read: it is learnt anew", "key", row.Key, "error", err)
	s = newShard(i)
	s.row = row
	return s, nil
}
