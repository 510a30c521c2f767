package eta

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

const (
	// foldMost is how many samples are folded at once; foldLease how long they are then left to who took them.
	foldMost  = 400
	foldLease = time.Minute
	purgeMost = 500
	// foldTries is how often a row is taken up anew that another folder wrote meanwhile.
	foldTries = 8
)

// Fold is Estimator's. Each sample is taken in once, though several processes fold at once and any may die at any moment:
//
//  1. The head names the samples of the next batch and its number. Only one batch is named at a time.
//  2. Each shard takes the batch in where its own number is lower, and takes that number.
//  3. The samples are marked as folded, and the head lets go of the batch.
//
// Whoever finds a batch named begins at 2 with the same samples. Every row is written only as it was read, so that the
// slower of two finds it done.
func (m *Model) Fold(ctx context.Context, now time.Time) error {
	for {
		h, err := m.loadHead(ctx)
		if errors.Is(err, errNewer) {
			m.once.Do(func() { m.log.Warn("estimates learn nothing here", "error", err) })
			return nil
		}
		if err != nil {
			return err
		}
		if version(h.Layout, h.Model) < 0 {
			m.log.Info("the estimates' state is of an older version: they are learnt anew", "layout", h.Layout, "model", h.Model)
			h.Layout, h.Model, h.Learnt, h.Refused = layout, transit.Version, 0, 0
		}
		if len(h.Batch) == 0 {
			named, err := m.nameBatch(ctx, h, now)
			if err != nil || !named {
				return errors.Join(err, m.purgeSamples(ctx, now))
			}
		}
		if err := m.foldBatch(ctx, h, now); err != nil {
			return err
		}
	}
}

func (m *Model) loadHead(ctx context.Context) (*head, error) {
	rows, err := m.store.Get(ctx, tracker.Transits, headKey)
	if err != nil {
		return nil, fmt.Errorf("read the state of the estimates: %w", err)
	}
	return readHead(rows)
}

// nameBatch has the head name the samples that are due, and reports whether there are any.
func (m *Model) nameBatch(ctx context.Context, h *head, now time.Time) (bool, error) {
	rows, err := m.store.Claim(ctx, tracker.Claim{Table: tracker.Transits, Now: now, Until: now.Add(foldLease), Limit: foldMost})
	if err != nil {
		return false, fmt.Errorf("claim what is to be learnt: %w", err)
	}
	var foreign []tracker.Due
	h.Batch = nil
	for _, row := range rows {
		if isSample(row.Key) {
			h.Batch = append(h.Batch, row.Key)
		} else {
			foreign = append(foreign, tracker.Due{Key: row.Key})
		}
	}
	if len(foreign) > 0 {
		m.log.Info("transit times of an older version are left out of the estimates", "rows", len(foreign))
		if err := m.store.Reschedule(ctx, tracker.Transits, foreign); err != nil {
			return false, err
		}
	}
	if len(h.Batch) == 0 {
		return false, nil
	}
	h.Seq++
	if err := m.save(ctx, h.write); err != nil {
		if errors.Is(err, tracker.ErrConflict) {
			return false, nil // another folds; what was claimed here falls due again
		}
		return false, err
	}
	h.row.Version++
	return true, nil
}

func isSample(key string) bool {
	return strings.HasPrefix(key, startPrefix) || strings.HasPrefix(key, endPrefix) || strings.HasPrefix(key, undoPrefix)
}

// foldBatch takes in the batch that the head names, or what is left of it.
func (m *Model) foldBatch(ctx context.Context, h *head, now time.Time) error {
	rows, err := m.store.Get(ctx, tracker.Transits, h.Batch...)
	if err != nil {
		return fmt.Errorf("read what is to be learnt: %w", err)
	}
	samples := m.readable(rows)
	learnt, undone := m.sum(samples)
	for i, d := range deltas(learnt, undone) {
		if err := m.foldShard(ctx, i, h.Seq, &d, now); err != nil {
			return err
		}
	}
	if err := m.markFolded(ctx, samples); err != nil {
		return err
	}
	h.Batch = nil
	h.Learnt += learnt.learnt - undone.learnt
	h.Refused += learnt.refused - undone.refused
	if err := m.save(ctx, h.write); err != nil && !errors.Is(err, tracker.ErrConflict) { // a conflict: another was faster
		return err
	}
	return nil
}

// readable reads samples; one that cannot be read teaches nothing, and holds up nobody.
func (m *Model) readable(rows []tracker.Row) []*sample {
	samples := make([]*sample, 0, len(rows))
	for _, row := range rows {
		one, err := readSamples([]tracker.Row{row})
		if err != nil {
			m.log.Warn("a delivery cannot be learnt from and is left out", "key", row.Key, "error", err)
			one = []*sample{{row: row}}
		}
		samples = append(samples, one...)
	}
	return samples
}

// foldShard brings a batch into a shard that does not have it.
func (m *Model) foldShard(ctx context.Context, i int, seq int64, d *delta, now time.Time) error {
	if d.empty() {
		return nil
	}
	for range foldTries {
		rows, err := m.store.Get(ctx, tracker.Transits, shardKey(i))
		if err != nil {
			return fmt.Errorf("read %s: %w", shardKey(i), err)
		}
		s := newShard(i)
		if len(rows) > 0 {
			if s, err = m.shardOf(i, rows[0]); err != nil {
				return err
			}
		}
		if s.Seq >= seq {
			return nil
		}
		s.Seq = seq
		d.into(s)
		err = m.save(ctx, func() (tracker.Write, error) { return s.write(now) })
		if !errors.Is(err, tracker.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("%s: written by others %d times in a row: %w", shardKey(i), foldTries, tracker.ErrConflict)
}

func (m *Model) save(ctx context.Context, encode func() (tracker.Write, error)) error {
	write, err := encode()
	if err != nil {
		return err
	}
	if err := tracker.ErrorOf(m.store.Apply(ctx, []tracker.Write{write})); err != nil {
		return fmt.Errorf("write %s: %w", write.Row.Key, err)
	}
	return nil
}

// markFolded marks the samples; they are due no more.
func (m *Model) markFolded(ctx context.Context, samples []*sample) error {
	var writes []tracker.Write
	for _, s := range samples {
		if s.Folded {
			continue
		}
		s.Folded, s.row.Due = true, 0
		kept := s
		if !s.Ended { // only that it was learnt is still of use; what an outcome taught may have to be taken back
			kept = &sample{Folded: true, Reported: s.Reported}
		}
		write, err := packed(s.row, kept)
		if err != nil {
			return err
		}
		writes = append(writes, write)
	}
	results, err := m.store.Apply(ctx, writes)
	if err != nil {
		return fmt.Errorf("mark deliveries as learnt: %w", err)
	}
	for _, result := range results {
		if result != nil && !errors.Is(result, tracker.ErrConflict) { // a conflict: another has marked it
			return fmt.Errorf("mark a delivery as learnt: %w", result)
		}
	}
	return nil
}

// purgeSamples forgets samples that nobody can hand in again.
func (m *Model) purgeSamples(ctx context.Context, now time.Time) error {
	for {
		n, err := m.store.Purge(ctx, tracker.Transits, now.Add(-keptFor), purgeMost)
		if err != nil || n < purgeMost {
			return err
		}
	}
}
