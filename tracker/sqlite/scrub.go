package sqlite

import (
	"context"
	"errors"
	"fmt"

	"waybill/tracker"
)

// mergePages is how much of an index one step of Scrub rewrites, in pages: other writers wait no longer than that.
const mergePages = 500

// Scrub is tracker.Scrubber's. Removed rows are overwritten as they go (secure_delete). What is left of them are terms: the
// index marks a removed row and drops its terms only when it merges, so it is merged whole here, in steps. Then the log is
// taken into the file and cut, as it has pages from before.
func (s *Store) Scrub(ctx context.Context) error {
	for _, name := range tracker.Tables() {
		merge := named(name, fmt.Sprintf("INSERT INTO {t}_terms ({t}_terms, rank) VALUES ('merge', -%d)", mergePages))
		for again := true; again; {
			err := s.writer.do(ctx, groupRows, func(tx *tx) (err error) {
				again, err = tx.mergeStep(merge)
				return err
			})
			if err != nil {
				return fmt.Errorf("drop removed terms of %s: %w", name, err)
			}
		}
	}
	return s.cutLog(ctx)
}

// mergeStep merges a part of an index, and reports whether there was something to merge: FTS5 tells by the count of
// changes, of which the command itself is one.
func (t *tx) mergeStep(merge string) (bool, error) {
	before, err := t.changes()
	if err != nil {
		return false, err
	}
	if _, err := t.exec(merge); err != nil {
		return false, err
	}
	after, err := t.changes()
	return after-before > 1, err
}

func (t *tx) changes() (int64, error) {
	rows, err := t.query("SELECT total_changes()")
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	var n int64
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}

// cutLog takes the log into the file and empties it. It waits for reads that began before.
func (s *Store) cutLog(ctx context.Context) error {
	for {
		var busy, frames, taken int
		err := s.readers.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &taken)
		if err != nil {
			return errors.Join(fmt.Errorf("empty the log of the database %s: %w", s.path, mapped(err)), ctx.Err())
		}
		if busy == 0 {
			return nil
		}
	}
}
