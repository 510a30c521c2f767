package ledger

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
	// foldMost is how many facts are counted at once; foldLease how long they are then left to who took them.
	foldMost  = 200
	foldLease = time.Minute
	purgeMost = 500
)

// Fold counts what was noted since the last time, and drops what is no longer kept. It may run anywhere, any number of
// times. The order of reading is what makes a fact count once: an account first, then the marks of the facts.
func (l *Ledger[F, A]) Fold(ctx context.Context, now time.Time) error {
	for {
		rows, err := l.Store.Claim(ctx, tracker.Claim{Table: l.Table, Now: now, Until: now.Add(foldLease), Limit: foldMost})
		if err != nil {
			return fmt.Errorf("claim facts of %s: %w", l.Table, err)
		}
		if len(rows) == 0 {
			break
		}
		if err := l.foldBatch(ctx, rows); err != nil {
			return err
		}
	}
	for {
		n, err := l.Store.Purge(ctx, l.Table, now, purgeMost)
		if err != nil || n < purgeMost {
			return err
		}
	}
}

func (l *Ledger[F, A]) foldBatch(ctx context.Context, rows []tracker.Row) error {
	notes, err := l.notes(rows)
	if err != nil {
		return err
	}
	keys := map[string]bool{}
	for _, n := range notes {
		for _, key := range n.Accounts {
			keys[key] = true
		}
	}
	accounts, err := l.accounts(ctx, slices.Collect(maps.Keys(keys)))
	if err != nil {
		return err
	}
	open, err := l.open(ctx, notes, accounts)
	if err != nil {
		return err
	}
	writes := make([]tracker.Write, 0, len(accounts))
	for key, a := range accounts {
		if err := l.count(key, a, open); err != nil {
			return err
		}
		write, err := l.write(a.row, a)
		if err != nil {
			return err
		}
		writes = append(writes, write)
	}
	switch err := tracker.ErrorOf(l.Store.Apply(ctx, writes)); {
	case errors.Is(err, tracker.ErrConflict):
		return nil // another folds too; what is still open then falls due again
	case err != nil:
		return fmt.Errorf("write accounts of %s: %w", l.Table, err)
	}
	return l.mark(ctx, notes, open)
}

func (l *Ledger[F, A]) notes(rows []tracker.Row) ([]*note[F], error) {
	notes := make([]*note[F], len(rows))
	for i, row := range rows {
		notes[i] = &note[F]{}
		if err := l.decode(row, notes[i]); err != nil {
			return nil, err
		}
		notes[i].row = row
	}
	return notes, nil
}

// open reads which of the facts at hand, and of those that accounts name, are not marked as counted.
func (l *Ledger[F, A]) open(ctx context.Context, notes []*note[F], accounts map[string]*account[A]) (map[string]*note[F], error) {
	keys := map[string]bool{}
	for _, n := range notes {
		keys[n.row.Key] = true
	}
	for _, a := range accounts {
		for _, key := range a.Pending {
			keys[key] = true
		}
	}
	rows, err := l.Store.Get(ctx, l.Table, slices.Collect(maps.Keys(keys))...)
	if err != nil {
		return nil, fmt.Errorf("read facts of %s again: %w", l.Table, err)
	}
	fresh, err := l.notes(rows)
	if err != nil {
		return nil, err
	}
	open := map[string]*note[F]{}
	for _, n := range fresh {
		if !n.Counted {
			open[n.row.Key] = n
		}
	}
	return open, nil
}

// count takes in the open facts that are of the account and were not counted yet.
func (l *Ledger[F, A]) count(key string, a *account[A], open map[string]*note[F]) error {
	var pending []string
	for _, id := range slices.Sorted(maps.Keys(open)) {
		n := open[id]
		if !slices.Contains(n.Accounts, key) {
			continue
		}
		pending = append(pending, id)
		if slices.Contains(a.Pending, id) {
			continue
		}
		if err := l.Count(key, &a.Held, &n.Fact); err != nil {
			return fmt.Errorf("count %s into %s of %s: %w", id, key, l.Table, err)
		}
	}
	a.Pending = pending
	return nil
}

// mark marks the facts of this batch that were open; they are due no more.
func (l *Ledger[F, A]) mark(ctx context.Context, notes []*note[F], open map[string]*note[F]) error {
	var writes []tracker.Write
	for _, n := range notes {
		fresh := open[n.row.Key]
		if fresh == nil {
			continue
		}
		fresh.Counted, fresh.row.Due = true, 0
		write, err := l.write(fresh.row, fresh)
		if err != nil {
			return err
		}
		writes = append(writes, write)
	}
	results, err := l.Store.Apply(ctx, writes)
	if err != nil {
		return fmt.Errorf("mark facts of %s as counted: %w", l.Table, err)
	}
	for _, result := range results {
		if result != nil && !errors.Is(result, tracker.ErrConflict) { // a conflict: another has marked it
			return fmt.Errorf("mark a fact of %s as counted: %w", l.Table, result)
		}
	}
	return nil
}
