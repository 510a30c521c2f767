package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"waybill/tracker"
)

// Apply is tracker.Store's.
func (s *Store) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	if len(writes) == 0 {
		return nil, ctx.Err()
	}
	results := make([]error, len(writes))
	err := s.writer.do(ctx, len(writes), func(tx *tx) error {
		for i := range writes {
			var err error
			if results[i], err = s.apply(tx, &writes[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("write %d rows to %s: %w", len(writes), s.path, err)
	}
	return results, nil
}

// apply makes one write. result is what becomes of it alone; err ends the transaction.
func (s *Store) apply(tx *tx, write *tracker.Write) (result, err error) {
	t, result := s.table(write.Table)
	if result == nil {
		result = write.Row.Check()
	}
	if result != nil {
		return result, nil
	}
	switch row := &write.Row; {
	case write.Delete:
		return tx.deleteRow(t, row)
	case row.Version == 0:
		return tx.insertRow(t, row)
	case row.Indexed == row.Index():
		return affectedOne(tx.exec(t.update, dueColumn(row.Due), docColumn(row), row.Key, row.Version))
	default:
		return tx.updateIndexed(t, row)
	}
}

func (t *tx) insertRow(tab *table, row *tracker.Row) (result, err error) {
	first := firstID(row.Order)
	inserted, err := t.exec(tab.insert, first, first+1<<orderBits, row.Key, dueColumn(row.Due),
		int64(tracker.Bucket(row.Key)), int64(row.Index()), listsColumn(row.Lists), docColumn(row)) //nolint:gosec // bits
	if err != nil {
		return nil, err
	}
	if n, err := inserted.RowsAffected(); err != nil || n == 0 {
		return tracker.ErrConflict, err
	}
	id, err := inserted.LastInsertId()
	if err != nil {
		return nil, err
	}
	if id>>orderBits != row.Order {
		return nil, fmt.Errorf("row %q of %s: too many rows have the order %d already", row.Key, tab.name, row.Order)
	}
	return nil, t.index(tab, id, row, stored{})
}

// updateIndexed writes a row whose lists or terms may have changed.
func (t *tx) updateIndexed(tab *table, row *tracker.Row) (result, err error) {
	found, err := t.find(tab.find, row.Key, row.Version)
	if err != nil || len(found) == 0 {
		return tracker.ErrConflict, err
	}
	if err := t.index(tab, found[0].id, row, found[0]); err != nil {
		return nil, err
	}
	return affectedOne(t.exec(tab.updateIndexed, dueColumn(row.Due), docColumn(row),
		int64(row.Index()), listsColumn(row.Lists), found[0].id)) //nolint:gosec // bits
}

func (t *tx) deleteRow(tab *table, row *tracker.Row) (result, err error) {
	found, err := t.find(tab.find, row.Key, row.Version)
	if err != nil || len(found) == 0 {
		return tracker.ErrConflict, err
	}
	return nil, t.removeRow(tab, found[0])
}

// removeRow takes a row out of its table, its lists and its terms.
func (t *tx) removeRow(tab *table, row stored) error {
	if err := t.index(tab, row.id, &tracker.Row{}, row); err != nil {
		return err
	}
	_, err := t.exec(tab.remove, row.id)
	return err
}

// stored is what the file knows of a row's place in lists and terms.
type stored struct {
	id      int64
	indexed uint64
	lists   []string
}

// find reads the rows that a statement on key and version, or on ids, finds.
func (t *tx) find(query string, args ...any) ([]stored, error) {
	rows, err := t.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	var found []stored
	for rows.Next() {
		var row stored
		var indexed int64
		var lists string
		if err := rows.Scan(&row.id, &indexed, &lists); err != nil {
			return nil, err
		}
		row.indexed = uint64(indexed) //nolint:gosec // bits
		if err := json.Unmarshal([]byte(lists), &row.lists); err != nil {
			return nil, fmt.Errorf("the lists of row %d: %w", row.id, err)
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

// index moves a row from where it stood to where it shall stand, touching only what differs.
func (t *tx) index(tab *table, id int64, row *tracker.Row, before stored) error {
	for _, list := range before.lists {
		if !slices.Contains(row.Lists, list) {
			if _, err := t.exec(tab.removeList, list, id); err != nil {
				return err
			}
		}
	}
	for _, list := range row.Lists {
		if !slices.Contains(before.lists, list) {
			if _, err := t.exec(tab.addList, list, id); err != nil {
				return err
			}
		}
	}
	had, has := termsHalf(before.indexed), termsHalf(row.Index())
	var err error
	switch {
	case len(row.Terms) > 0 && has != had:
		_, err = t.exec(tab.setTerms, id, strings.Join(row.Terms, " "))
	case len(row.Terms) == 0 && before.indexed != 0 && has != had:
		_, err = t.exec(tab.removeTerms, id)
	}
	return err
}

// termsHalf is the part of Row.Index that notes the terms.
func termsHalf(indexed uint64) uint32 { return uint32(indexed) } //nolint:gosec // the lower half is meant
