package eta

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"waybill/tracker"
)

const (
	// foldMost is how many samples are folded at once; foldLease how long they are then left to who took them.
	foldMost  = 200
	foldLease = time.Minute
	purgeMost = 500
)

// Fold is Estimator's. Each sample is counted once in each of its groups, though several processes fold at once and
// any may die at any moment: a group names the samples that it counted until these are marked, and is written only as
// it was read. The order of reading is what makes that hold: a group first, then the marks.
func (m *Model) Fold(ctx context.Context, now time.Time) error {
	for {
		rows, err := m.store.Claim(ctx, tracker.Claim{Table: tracker.Transits, Now: now, Until: now.Add(foldLease), Limit: foldMost})
		if err != nil {
			return fmt.Errorf("claim transit times: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		if err := m.foldBatch(ctx, rows); err != nil {
			return err
		}
	}
	for {
		n, err := m.store.Purge(ctx, tracker.Transits, now.Add(-keptFor), purgeMost)
		if err != nil || n < purgeMost {
			return err
		}
	}
}

func (m *Model) foldBatch(ctx context.Context, rows []tracker.Row) error {
	samples, err := readSamples(rows)
	if err != nil {
		return err
	}
	keys := map[string]bool{}
	for _, s := range samples {
		for _, key := range s.Groups {
			keys[key] = true
		}
	}
	groups, err := readGroups(ctx, m.store, slices.Collect(maps.Keys(keys)))
	if err != nil {
		return err
	}
	open, err := m.openSamples(ctx, samples, groups)
	if err != nil {
		return err
	}
	for key, g := range groups {
		g.fold(key, open)
	}
	if err := m.writeGroups(ctx, groups); err != nil {
		if errors.Is(err, tracker.ErrConflict) {
			return nil // another folds too; what is still open then falls due again
		}
		return err
	}
	return m.markFolded(ctx, samples, open)
}

// openSamples reads which of the samples at hand, and of those that groups name, are not marked as folded.
func (m *Model) openSamples(ctx context.Context, samples []*sample, groups map[string]*group) (map[string]*sample, error) {
	keys := map[string]bool{}
	for _, s := range samples {
		keys[s.row.Key] = true
	}
	for _, g := range groups {
		for _, key := range g.Pending {
			keys[key] = true
		}
	}
	rows, err := m.store.Get(ctx, tracker.Transits, slices.Collect(maps.Keys(keys))...)
	if err != nil {
		return nil, fmt.Errorf("read transit times again: %w", err)
	}
	fresh, err := readSamples(rows)
	if err != nil {
		return nil, err
	}
	open := map[string]*sample{}
	for _, s := range fresh {
		if !s.Folded {
			open[s.row.Key] = s
		}
	}
	return open, nil
}

// fold counts in the open samples that are of the group and were not counted yet.
func (g *group) fold(key string, open map[string]*sample) {
	var pending []string
	for id, s := range open {
		if !slices.Contains(s.Groups, key) {
			continue
		}
		pending = append(pending, id)
		if slices.Contains(g.Pending, id) {
			continue
		}
		weight := weightAt(s.At)
		g.Weights = addTo(g.Weights, buckets, bucketOf(s.Hours), weight)
		if s.Errored {
			g.Errors = addTo(g.Errors, errorBuckets, errorBucketOf(s.ErrorHours), weight)
		}
		g.Deliveries++
	}
	slices.Sort(pending)
	g.Pending = pending
}

// writeGroups gives ErrConflict where any group was changed meanwhile: its samples then stay open.
func (m *Model) writeGroups(ctx context.Context, groups map[string]*group) error {
	writes := make([]tracker.Write, 0, len(groups))
	for _, g := range groups {
		write, err := g.write()
		if err != nil {
			return err
		}
		writes = append(writes, write)
	}
	if err := tracker.ErrorOf(m.store.Apply(ctx, writes)); err != nil {
		return fmt.Errorf("write transit times: %w", err)
	}
	return nil
}

// markFolded marks the samples of this batch that were open; they are due no more.
func (m *Model) markFolded(ctx context.Context, samples []*sample, open map[string]*sample) error {
	var writes []tracker.Write
	for _, s := range samples {
		fresh := open[s.row.Key]
		if fresh == nil {
			continue
		}
		fresh.Folded, fresh.row.Due = true, 0
		write, err := fresh.write()
		if err != nil {
			return err
		}
		writes = append(writes, write)
	}
	results, err := m.store.Apply(ctx, writes)
	if err != nil {
		return fmt.Errorf("mark transit times as learnt: %w", err)
	}
	for _, result := range results {
		if result != nil && !errors.Is(result, tracker.ErrConflict) { // a conflict: another has marked it
			return fmt.Errorf("mark a transit time as learnt: %w", result)
		}
	}
	return nil
}
