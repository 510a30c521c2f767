package drift

import (
	"cmp"
	"context"
	"slices"

	"waybill/tracker"
)

// memory is a store for simulations of many weeks: what this package asks of one, without a disk. That both real stores
// do as well is tested with them (storetest.RunDrift).
type memory struct {
	tracker.Store
	rows map[string]tracker.Row
	// away makes every write fail.
	away bool
}

func (m *memory) Get(_ context.Context, _ tracker.Table, keys ...string) (rows []tracker.Row, err error) {
	for _, key := range keys {
		if row, ok := m.rows[key]; ok {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func (m *memory) Apply(_ context.Context, writes []tracker.Write) ([]error, error) {
	if m.away {
		return nil, tracker.ErrUnavailable
	}
	results := make([]error, len(writes))
	for i, w := range writes {
		switch {
		case w.Row.Version != m.rows[w.Row.Key].Version:
			results[i] = tracker.ErrConflict
		case w.Delete:
			delete(m.rows, w.Row.Key)
		default:
			w.Row.Version++
			m.rows[w.Row.Key] = w.Row
		}
	}
	return results, nil
}

func (m *memory) List(_ context.Context, _ tracker.Table, list string, page tracker.Page) (rows []tracker.Row, err error) {
	for _, row := range m.rows {
		if slices.Contains(row.Lists, list) {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b tracker.Row) int {
		return cmp.Or(cmp.Compare(b.Order, a.Order), cmp.Compare(b.Key, a.Key))
	})
	if page.After != nil {
		i := slices.IndexFunc(rows, func(r tracker.Row) bool { return r.Key == page.After.Key })
		rows = rows[i+1:]
	}
	return rows[:min(len(rows), page.Size())], nil
}

func (m *memory) Count(ctx context.Context, table tracker.Table, list string, limit int) (int, error) {
	rows, err := m.List(ctx, table, list, tracker.Page{Limit: limit})
	return len(rows), err
}
