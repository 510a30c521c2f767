package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
)

// Claim is tracker.Store's.
func (s *Store) Claim(ctx context.Context, claim tracker.Claim) ([]tracker.Row, error) {
	t, err := s.table(claim.Table)
	if err != nil {
		return nil, err
	}
	if !claim.Until.After(claim.Now) {
		return nil, fmt.Errorf("claim due rows of %s: until %s is not after now %s", claim.Table, claim.Until, claim.Now)
	}
	some, err := s.anyDue(ctx, t, claim)
	if err != nil || !some {
		return nil, err
	}
	var rows []tracker.Row
	err = s.writer.do(ctx, claim.Limit, func(tx *tx) (err error) {
		rows, err = tx.claim(t, claim)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim due rows of %s: %w", claim.Table, err)
	}
	return rows, nil
}

// anyDue spares the many claims that find nothing a write.
func (s *Store) anyDue(ctx context.Context, t *table, claim tracker.Claim) (bool, error) {
	if claim.Limit <= 0 {
		return false, nil
	}
	stmt, err := s.reader(ctx, t.due)
	if err == nil {
		var one int
		err = stmt.QueryRowContext(ctx, claim.Now.UnixMilli(), bucketMask(claim.Buckets)).Scan(&one)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for due rows of %s: %w", claim.Table, mapped(err))
	}
	return true, nil
}

func (t *tx) claim(tab *table, claim tracker.Claim) ([]tracker.Row, error) {
	found, err := t.query(tab.claim, claim.Now.UnixMilli(), bucketMask(claim.Buckets), claim.Limit)
	if err != nil {
		return nil, err
	}
	defer found.Close() //nolint:errcheck // found.Err says it
	var ids []int64
	var rows []tracker.Row
	for found.Next() {
		id, row, err := scanRow(found)
		if err != nil {
			return nil, err
		}
		row.Due = claim.Until.UnixMilli()
		ids, rows = append(ids, id), append(rows, row)
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, err := t.exec(tab.postpone, dueColumn(claim.Until.UnixMilli()), id); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// bucketMask has a bit for each bucket that is asked for.
func bucketMask(buckets []uint8) int64 {
	if buckets == nil {
		return -1
	}
	var mask uint64
	for _, bucket := range buckets {
		mask |= 1 << bucket
	}
	return int64(mask)
}

// Reschedule is tracker.Store's.
func (s *Store) Reschedule(ctx context.Context, table tracker.Table, dues []tracker.Due) error {
	t, err := s.table(table)
	if err != nil {
		return err
	}
	if len(dues) == 0 {
		return ctx.Err()
	}
	err = s.writer.do(ctx, len(dues), func(tx *tx) error {
		for _, due := range dues {
			if _, err := tx.exec(t.reschedule, dueColumn(due.At), due.Key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reschedule %d rows of %s: %w", len(dues), table, err)
	}
	return nil
}

// Purge is tracker.Store's.
func (s *Store) Purge(ctx context.Context, table tracker.Table, before time.Time, limit int) (int, error) {
	t, err := s.table(table)
	if err != nil {
		return 0, err
	}
	if limit <= 0 {
		return 0, nil
	}
	var n int
	err = s.writer.do(ctx, limit, func(tx *tx) error {
		old, err := tx.find(t.old, firstID(before.UnixMilli()), limit)
		if err != nil {
			return err
		}
		for _, row := range old {
			if err := tx.removeRow(t, row); err != nil {
				return err
			}
		}
		n = len(old)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("purge %s: %w", table, err)
	}
	return n, nil
}
