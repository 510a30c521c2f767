// Package ledger counts facts into accounts, each fact exactly once in each of its accounts, though whoever notes and
// whoever counts may do so twice, at once, or die half-way.
//
// A fact is noted under an id that can be noted but once. Fold counts: an account names the facts that it counted
// until these are marked, and is written only as it was read. No document is written by all workers: notes are rows of
// their own, accounts are written by whoever folds.
package ledger

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"github.com/fxamacker/cbor/v2"

	"waybill/tracker"
)

// Ledger counts facts F into accounts A in one table of the store, which it has to itself.
//
//	key    "fact:<id>", "account:<key>"
//	lists  those that Keep gives an account
//	order  until when the row is kept
//	due    of facts that are not counted yet
type Ledger[F, A any] struct {
	Store tracker.Store
	Table tracker.Table
	// Count adds a fact to one of its accounts. The order in which facts come must not matter.
	Count func(key string, account *A, fact *F) error
	// Keep says in which list an account stands ("" is none) and until when it is kept (zero is for ever).
	Keep func(key string) (list string, until time.Time)
}

const (
	factPrefix    = "fact:"
	accountPrefix = "account:"
	// noteKept is how long a fact's note stays after it was counted: for as long as anybody might note it again.
	noteKept = 35 * 24 * time.Hour
)

// forEver is until when accounts without an end are kept. Few rows may share an order, so a hash parts them.
var forEver = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// note is a fact as it is stored.
type note[F any] struct {
	Accounts []string `cbor:"1,keyasint"`
	Fact     F        `cbor:"2,keyasint"`
	// Counted: all accounts have it.
	Counted bool `cbor:"3,keyasint,omitempty"`

	row tracker.Row
}

// account is what was counted, as it is stored.
type account[A any] struct {
	Held A `cbor:"1,keyasint"`
	// Pending are facts that are counted in but may not be marked so yet.
	Pending []string `cbor:"2,keyasint,omitempty"`

	row tracker.Row
}

// Note keeps a fact to be counted into accounts. The same id is taken once; again it changes nothing.
func (l *Ledger[F, A]) Note(ctx context.Context, id string, fact F, now time.Time, accounts ...string) error {
	n := &note[F]{Accounts: accounts, Fact: fact, row: tracker.Row{
		Key: factPrefix + id, Order: now.Add(noteKept).UnixMilli(), Due: now.UnixMilli(),
	}}
	write, err := l.write(n.row, n)
	if err != nil {
		return err
	}
	err = tracker.ErrorOf(l.Store.Apply(ctx, []tracker.Write{write}))
	if err != nil && !errors.Is(err, tracker.ErrConflict) { // a conflict: it is noted already
		return fmt.Errorf("note %s in %s: %w", id, l.Table, err)
	}
	return nil
}

// Noted gives the fact that was noted under an id, and its accounts; nil where none was, or its note is kept no longer.
func (l *Ledger[F, A]) Noted(ctx context.Context, id string) (fact *F, accounts []string, err error) {
	rows, err := l.Store.Get(ctx, l.Table, factPrefix+id)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s of %s: %w", id, l.Table, err)
	}
	if len(rows) == 0 {
		return nil, nil, nil
	}
	n := &note[F]{}
	if err := l.decode(rows[0], n); err != nil {
		return nil, nil, err
	}
	return &n.Fact, n.Accounts, nil
}

// Read gives accounts by key; those of which nothing was counted are empty.
func (l *Ledger[F, A]) Read(ctx context.Context, keys ...string) (map[string]*A, error) {
	read, err := l.accounts(ctx, keys)
	if err != nil {
		return nil, err
	}
	held := make(map[string]*A, len(read))
	for key, a := range read {
		held[key] = &a.Held
	}
	return held, nil
}

// List gives the accounts of a list by key, those that are kept longest first, at most so many.
func (l *Ledger[F, A]) List(ctx context.Context, list string, most int) (keys []string, held []*A, err error) {
	const pageSize = 1000
	for page := (tracker.Page{Limit: min(most, pageSize)}); len(keys) < most; {
		rows, err := l.Store.List(ctx, l.Table, list, page)
		if err != nil {
			return nil, nil, fmt.Errorf("read accounts of %s: %w", l.Table, err)
		}
		for _, row := range rows[:min(len(rows), most-len(keys))] {
			a := &account[A]{}
			if err := l.decode(row, a); err != nil {
				return nil, nil, err
			}
			keys, held = append(keys, row.Key[len(accountPrefix):]), append(held, &a.Held)
		}
		if len(rows) < page.Size() {
			break
		}
		last := rows[len(rows)-1]
		page.After = &tracker.Cursor{Order: last.Order, Key: last.Key}
	}
	return keys, held, nil
}

func (l *Ledger[F, A]) accounts(ctx context.Context, keys []string) (map[string]*account[A], error) {
	rowKeys := make([]string, len(keys))
	accounts := make(map[string]*account[A], len(keys))
	for i, key := range keys {
		rowKeys[i] = accountPrefix + key
		a := &account[A]{row: tracker.Row{Key: rowKeys[i], Order: forEver + int64(crc32.ChecksumIEEE([]byte(key)))}}
		if list, until := l.Keep(key); list != "" || !until.IsZero() {
			if list != "" {
				a.row.Lists = []string{list}
			}
			if !until.IsZero() {
				a.row.Order = until.UnixMilli()
			}
		}
		accounts[key] = a
	}
	rows, err := l.Store.Get(ctx, l.Table, rowKeys...)
	if err != nil {
		return nil, fmt.Errorf("read accounts of %s: %w", l.Table, err)
	}
	for _, row := range rows {
		a := accounts[row.Key[len(accountPrefix):]]
		lists := a.row.Lists
		if err := l.decode(row, a); err != nil {
			return nil, err
		}
		a.row = row
		a.row.Lists = lists // reads leave them out
	}
	return accounts, nil
}

func (l *Ledger[F, A]) write(row tracker.Row, doc any) (tracker.Write, error) {
	var err error
	if row.Doc, err = cbor.Marshal(doc); err != nil {
		return tracker.Write{}, fmt.Errorf("encode %s %s: %w", l.Table, row.Key, err)
	}
	return tracker.Write{Table: l.Table, Row: row}, nil
}

func (l *Ledger[F, A]) decode(row tracker.Row, doc any) error {
	if err := cbor.Unmarshal(row.Doc, doc); err != nil {
		return fmt.Errorf("decode %s %s: %w", l.Table, row.Key, err)
	}
	return nil
}
