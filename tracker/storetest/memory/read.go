package memory

import (
	"context"
	"slices"

	"waybill/tracker"
)

// index is rows in an order.
type index struct {
	less    func(a, b *entry) int
	entries []*entry
}

func (x *index) add(e *entry) {
	if i, found := slices.BinarySearchFunc(x.entries, e, x.less); !found {
		x.entries = slices.Insert(x.entries, i, e)
	}
}

func (x *index) remove(e *entry) {
	if i, found := slices.BinarySearchFunc(x.entries, e, x.less); found {
		x.entries = slices.Delete(x.entries, i, i+1)
	}
}

// page reads the rows of a page that are wanted.
func (x *index) page(page tracker.Page, wanted func(*entry) bool) []tracker.Row {
	from, step := len(x.entries)-1, -1
	if page.Oldest {
		from, step = 0, 1
	}
	if c := page.After; c != nil {
		cursor := &entry{tracker.Row{Key: c.Key, Order: c.Order}}
		i, found := slices.BinarySearchFunc(x.entries, cursor, x.less)
		from = i - 1
		if page.Oldest {
			from = i
			if found {
				from = i + 1
			}
		}
	}
	var rows []tracker.Row
	for i := from; i >= 0 && i < len(x.entries) && len(rows) < page.Size(); i += step {
		if wanted(x.entries[i]) {
			rows = append(rows, x.entries[i].read())
		}
	}
	return rows
}

// List is tracker.Store's.
func (s *Store) List(ctx context.Context, name tracker.Table, list string, page tracker.Page) ([]tracker.Row, error) {
	t, err := s.enter(ctx, name)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	return t.list(list).page(page, func(*entry) bool { return true }), nil
}

// list is a list's rows; an empty one where there is no such list.
func (t *table) list(name string) *index {
	if x, ok := t.lists[name]; ok {
		return x
	}
	return &index{less: oldestFirst}
}

// Search is tracker.Store's.
func (s *Store) Search(ctx context.Context, name tracker.Table, list string, terms []string, page tracker.Page) ([]tracker.Row, error) {
	t, err := s.enter(ctx, name)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	within := &t.all
	if list != "" {
		within = t.list(list)
	}
	return within.page(page, func(e *entry) bool {
		return !slices.ContainsFunc(terms, func(term string) bool { return !slices.Contains(e.Terms, term) })
	}), nil
}

// Count is tracker.Store's.
func (s *Store) Count(ctx context.Context, name tracker.Table, list string, limit int) (int, error) {
	t, err := s.enter(ctx, name)
	if err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	return min(len(t.list(list).entries), max(limit, 0)), nil
}
