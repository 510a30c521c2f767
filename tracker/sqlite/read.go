package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"

	"waybill/tracker"
)

// keysAtOnce is how many keys a statement names at most.
const keysAtOnce = 256

// Get is tracker.Store's.
func (s *Store) Get(ctx context.Context, table tracker.Table, keys ...string) ([]tracker.Row, error) {
	t, err := s.table(table)
	if err != nil {
		return nil, err
	}
	found := make(map[string]tracker.Row, len(keys))
	for start := 0; start < len(keys); start += keysAtOnce {
		part := keys[start:min(start+keysAtOnce, len(keys))]
		rows, err := s.read(ctx, t.keysSQL(statementSize(len(part))), padded(part)...)
		if err != nil {
			return nil, fmt.Errorf("read %d rows of %s: %w", len(keys), table, err)
		}
		for _, row := range rows {
			found[row.Key] = row
		}
	}
	rows := make([]tracker.Row, 0, len(found))
	for _, key := range keys {
		if row, ok := found[key]; ok {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// statementSize is the next power of four: a handful of prepared statements serve any number of keys.
func statementSize(n int) int {
	size := 1
	for size < n {
		size *= 4
	}
	return size
}

// padded repeats the last key until a statement's places are full.
func padded(keys []string) []any {
	args := make([]any, statementSize(len(keys)))
	for i := range args {
		args[i] = keys[min(i, len(keys)-1)]
	}
	return args
}

// List is tracker.Store's.
func (s *Store) List(ctx context.Context, table tracker.Table, list string, page tracker.Page) ([]tracker.Row, error) {
	t, err := s.table(table)
	if err != nil {
		return nil, err
	}
	rows, err := s.page(ctx, t.statements(page).list, page, list)
	if err != nil {
		return nil, fmt.Errorf("read the list %q of %s: %w", list, table, err)
	}
	return rows, nil
}

// Search is tracker.Store's.
func (s *Store) Search(
	ctx context.Context, table tracker.Table, list string, terms []string, page tracker.Page,
) ([]tracker.Row, error) {
	t, err := s.table(table)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(terms, func(term string) bool { return !tracker.IsTerm(term) }) {
		return nil, ctx.Err() // no row has such a term
	}
	var rows []tracker.Row
	switch match := matching(terms); {
	case match == "" && list == "":
		rows, err = s.page(ctx, t.statements(page).all, page)
	case match == "":
		rows, err = s.page(ctx, t.statements(page).list, page, list)
	case list == "":
		rows, err = s.page(ctx, t.statements(page).terms, page, nil, match)
	default:
		rows, err = s.page(ctx, t.statements(page).termsInList, page, list, match)
	}
	if err != nil {
		return nil, fmt.Errorf("search %s for %d terms: %w", table, len(terms), err)
	}
	return rows, nil
}

// matching is FTS5's expression for rows that have all terms; quoted, no term is one of its operators.
func matching(terms []string) string {
	if len(terms) == 0 {
		return ""
	}
	return `"` + strings.Join(terms, `" AND "`) + `"`
}

// statements are those that read a page's way round.
func (t *table) statements(page tracker.Page) *pages {
	if page.Oldest {
		return &t.oldest
	}
	return &t.newest
}

// page reads a page with one of the statements of newestSQL or oldestSQL.
func (s *Store) page(ctx context.Context, query string, page tracker.Page, more ...any) ([]tracker.Row, error) {
	// beyond is where the page begins, tied from where on keys decide.
	beyond, tied, key := int64(math.MaxInt64), int64(math.MaxInt64), ""
	switch after := page.After; {
	case after == nil && page.Oldest:
		beyond, tied = math.MinInt64, math.MinInt64
	case after == nil:
	case page.Oldest:
		beyond, tied, key = firstID(after.Order)-1, firstID(after.Order)+1<<orderBits-1, after.Key
	default:
		beyond, tied, key = firstID(after.Order)+1<<orderBits, firstID(after.Order), after.Key
	}
	return s.read(ctx, query, append([]any{beyond, tied, key, page.Size()}, more...)...)
}

// Count is tracker.Store's.
func (s *Store) Count(ctx context.Context, table tracker.Table, list string, limit int) (int, error) {
	t, err := s.table(table)
	if err != nil {
		return 0, err
	}
	stmt, err := s.reader(ctx, t.count)
	if err != nil {
		return 0, fmt.Errorf("count the list %q of %s: %w", list, table, mapped(err))
	}
	var n int
	if err := stmt.QueryRowContext(ctx, list, max(limit, 0)).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the list %q of %s: %w", list, table, mapped(err))
	}
	return n, nil
}

// read has a reading connection run the statement.
func (s *Store) read(ctx context.Context, query string, args ...any) ([]tracker.Row, error) {
	stmt, err := s.reader(ctx, query)
	if err != nil {
		return nil, mapped(err)
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, mapped(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	var all []tracker.Row
	for rows.Next() {
		_, row, err := scanRow(rows)
		if err != nil {
			return nil, mapped(err)
		}
		all = append(all, row)
	}
	return all, mapped(rows.Err())
}

// reader is the prepared statement of a text.
func (s *Store) reader(ctx context.Context, query string) (*sql.Stmt, error) {
	if s.writer.isClosed() {
		return nil, errClosed
	}
	if stmt, ok := s.prepared.Load(query); ok {
		return stmt.(*sql.Stmt), nil //nolint:forcetypeassert // nothing else is kept there
	}
	stmt, err := s.readers.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if kept, raced := s.prepared.LoadOrStore(query, stmt); raced {
		return kept.(*sql.Stmt), stmt.Close() //nolint:forcetypeassert // nothing else is kept there
	}
	return stmt, nil
}
