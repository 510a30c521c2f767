// Package memory is a tracker.Store in the memory of one process, without files and without a disk to wait for: for tests
// that let days and months pass. It passes the suite that the real stores pass.
package memory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"waybill/tracker"
)

// Store is a tracker.Store in memory.
type Store struct {
	mu     sync.Mutex
	tables map[tracker.Table]*table
	closed bool
}

var _ tracker.Store = (*Store)(nil)

// table is a table's rows and the orders in which they are read.
type table struct {
	rows  map[string]*entry
	all   index
	lists map[string]*index
	due   index
}

// entry is a row as it is stored. Its lists and terms are kept whole.
type entry struct{ tracker.Row }

// New makes an empty store.
func New() *Store {
	s := &Store{tables: map[tracker.Table]*table{}}
	for _, name := range tracker.Tables() {
		s.tables[name] = &table{
			rows: map[string]*entry{}, all: index{less: oldestFirst}, lists: map[string]*index{}, due: index{less: soonestFirst},
		}
	}
	return s
}

func oldestFirst(a, b *entry) int {
	return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Key, b.Key))
}

func soonestFirst(a, b *entry) int {
	return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Key, b.Key))
}

// enter locks the store for a call; the caller unlocks it where err is nil.
func (s *Store) enter(ctx context.Context, name tracker.Table) (*table, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	t, ok := s.tables[name]
	if ok && !s.closed {
		return t, nil
	}
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	return nil, fmt.Errorf("there is no table %q", name)
}

var errClosed = fmt.Errorf("%w: the store is closed", tracker.ErrUnavailable)

// Ping is tracker.Store's.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.enter(ctx, tracker.Leases)
	if err == nil {
		s.mu.Unlock()
	}
	return err
}

// Close is tracker.Store's.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// Get is tracker.Store's.
func (s *Store) Get(ctx context.Context, name tracker.Table, keys ...string) ([]tracker.Row, error) {
	t, err := s.enter(ctx, name)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var rows []tracker.Row
	for _, key := range keys {
		if e, ok := t.rows[key]; ok {
			rows = append(rows, e.read())
		}
	}
	return rows, nil
}

// read is the row as reads give it.
func (e *entry) read() tracker.Row {
	row := e.Row
	row.Lists, row.Terms, row.Doc, row.Indexed = nil, nil, slices.Clone(e.Doc), e.Index()
	return row
}

// Apply is tracker.Store's.
func (s *Store) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	if _, err := s.enter(ctx, tracker.Leases); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	results := make([]error, len(writes))
	for i := range writes {
		w := &writes[i]
		t, ok := s.tables[w.Table]
		if !ok {
			results[i] = fmt.Errorf("there is no table %q", w.Table)
		} else if results[i] = w.Row.Check(); results[i] == nil {
			results[i] = t.apply(w)
		}
	}
	return results, nil
}

func (t *table) apply(w *tracker.Write) error {
	old, exists := t.rows[w.Row.Key]
	if exists != (w.Row.Version > 0) || exists && old.Version != w.Row.Version || w.Delete && !exists {
		return tracker.ErrConflict
	}
	if exists {
		t.remove(old)
	}
	if w.Delete {
		return nil
	}
	e := &entry{w.Row}
	e.Version, e.Doc = e.Version+1, slices.Clone(e.Doc)
	e.Lists, e.Terms = slices.Clone(e.Lists), slices.Clone(e.Terms)
	if exists {
		e.Order = old.Order
	}
	t.add(e)
	return nil
}

func (t *table) add(e *entry) {
	t.rows[e.Key] = e
	t.all.add(e)
	for _, name := range e.Lists {
		if t.lists[name] == nil {
			t.lists[name] = &index{less: oldestFirst}
		}
		t.lists[name].add(e)
	}
	if e.Due != 0 {
		t.due.add(e)
	}
}

func (t *table) remove(e *entry) {
	delete(t.rows, e.Key)
	t.all.remove(e)
	for _, name := range e.Lists {
		t.lists[name].remove(e)
	}
	t.due.remove(e)
}

// move sets when a row falls due.
func (t *table) move(e *entry, due int64) {
	t.due.remove(e)
	if e.Due = due; due != 0 {
		t.due.add(e)
	}
}

// Next is when the first row of a table falls due; zero where none does.
func (s *Store) Next(name tracker.Table) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tables[name]; len(t.due.entries) > 0 {
		return time.UnixMilli(t.due.entries[0].Due)
	}
	return time.Time{}
}

// Claim is tracker.Store's.
func (s *Store) Claim(ctx context.Context, claim tracker.Claim) ([]tracker.Row, error) {
	t, err := s.enter(ctx, claim.Table)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	if !claim.Until.After(claim.Now) {
		return nil, errors.New("a claim ends after it begins")
	}
	var rows []tracker.Row
	var claimed []*entry
	for _, e := range t.due.entries {
		if e.Due > claim.Now.UnixMilli() || len(claimed) >= claim.Limit {
			break
		}
		if claim.Buckets == nil || slices.Contains(claim.Buckets, tracker.Bucket(e.Key)) {
			claimed = append(claimed, e)
		}
	}
	for _, e := range claimed {
		t.move(e, claim.Until.UnixMilli())
		rows = append(rows, e.read())
	}
	return rows, nil
}

// Reschedule is tracker.Store's.
func (s *Store) Reschedule(ctx context.Context, name tracker.Table, dues []tracker.Due) error {
	t, err := s.enter(ctx, name)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	for _, due := range dues {
		if e, ok := t.rows[due.Key]; ok {
			t.move(e, due.At)
		}
	}
	return nil
}

// Purge is tracker.Store's.
func (s *Store) Purge(ctx context.Context, name tracker.Table, before time.Time, limit int) (int, error) {
	t, err := s.enter(ctx, name)
	if err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	var old []*entry
	for _, e := range t.all.entries {
		if e.Order >= before.UnixMilli() || len(old) >= limit {
			break
		}
		if e.Due == 0 {
			old = append(old, e)
		}
	}
	for _, e := range old {
		t.remove(e)
	}
	return len(old), nil
}
