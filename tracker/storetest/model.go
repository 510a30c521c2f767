package storetest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker"
)

// fataler is what testing.T and rapid.T share of what the helpers need.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

// model is the store as simply as it can be told: a map.
type model map[string]tracker.Row

// likeModel makes random sequences of calls to the store and to the model and compares every answer.
func likeModel(t *testing.T, store tracker.Store) {
	rapid.Check(t, func(t *rapid.T) {
		empty(t, store)
		m := make(model)
		t.Repeat(map[string]func(*rapid.T){
			"apply":      func(t *rapid.T) { m.apply(t, store) },
			"claim":      func(t *rapid.T) { m.claim(t, store) },
			"reschedule": func(t *rapid.T) { m.reschedule(t, store) },
			"purge":      func(t *rapid.T) { m.purge(t, store) },
			"search":     func(t *rapid.T) { m.search(t, store) },
			"":           func(t *rapid.T) { m.compare(t, store) },
		})
	})
}

// Few of everything, so that calls meet.
var (
	someKey   = rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "ä/é"})
	someLists = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"l", "m", `n"$.`}), 0, 3, rapid.ID)
	someTerms = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"red", "big", "x_1"}), 0, 3, rapid.ID)
	someTime  = rapid.Int64Range(1, 6)
	someDue   = rapid.Int64Range(0, 6)
)

func (m model) apply(t *rapid.T, store tracker.Store) {
	keys := rapid.SliceOfNDistinct(someKey, 1, 4, rapid.ID).Draw(t, "keys")
	writes := make([]tracker.Write, len(keys))
	want := make([]error, len(keys))
	after := maps.Clone(m)
	for i, key := range keys {
		old, exists := m[key]
		row := tracker.Row{
			Key: key, Order: someTime.Draw(t, "order"), Due: someDue.Draw(t, "due"), Lists: someLists.Draw(t, "lists"),
			Terms: someTerms.Draw(t, "terms"), Doc: []byte(rapid.StringN(0, 3, -1).Draw(t, "doc")),
		}
		if exists {
			row.Order = old.Order
			row.Version = max(0, old.Version+rapid.SampledFrom([]int64{0, 0, 0, 0, -1, 1}).Draw(t, "stale by"))
			if rapid.Bool().Draw(t, "carries Indexed along") {
				row.Indexed = old.Indexed
			}
		} else if rapid.IntRange(0, 5).Draw(t, "of a row that is gone") == 0 {
			row.Version = 1
		}
		writes[i] = tracker.Write{Table: table, Row: row, Delete: rapid.IntRange(0, 4).Draw(t, "delete") == 0}
		switch {
		case row.Version != old.Version || !exists && writes[i].Delete:
			want[i] = tracker.ErrConflict
		case writes[i].Delete:
			delete(after, key)
		default:
			row.Version++
			after[key] = row
		}
	}
	results, err := store.Apply(t.Context(), writes)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	for i := range writes {
		if !errors.Is(results[i], want[i]) {
			t.Fatalf("write %+v: got %v, want %v", writes[i], results[i], want[i])
		}
	}
	clear(m)
	maps.Copy(m, after)
}

func (m model) claim(t *rapid.T, store tracker.Store) {
	at := someTime.Draw(t, "now")
	claim := tracker.Claim{
		Table: table, Now: time.UnixMilli(at), Until: time.UnixMilli(at + someTime.Draw(t, "for")),
		Limit: rapid.IntRange(1, 6).Draw(t, "limit"),
	}
	rows, err := store.Claim(t.Context(), claim)
	if err != nil {
		t.Fatalf("claim: %v", err)
	}
	due := make([]int64, 0, len(m))
	for _, row := range m {
		if row.Due != 0 && row.Due <= at {
			due = append(due, row.Due)
		}
	}
	slices.Sort(due)
	got := make([]int64, len(rows))
	for i, row := range rows { // rows due at one moment come in any order, so their dues are compared
		claimed := m[row.Key]
		got[i] = claimed.Due
		claimed.Due = claim.Until.UnixMilli()
		m[row.Key] = claimed
	}
	if want := due[:min(len(due), claim.Limit)]; !slices.Equal(got, want) {
		t.Fatalf("claimed rows due at %v, want %v", got, want)
	}
}

func (m model) reschedule(t *rapid.T, store tracker.Store) {
	var dues []tracker.Due
	for _, key := range rapid.SliceOfNDistinct(someKey, 0, 4, rapid.ID).Draw(t, "keys") {
		due := tracker.Due{Key: key, At: someDue.Draw(t, "due")}
		dues = append(dues, due)
		if row, ok := m[key]; ok {
			row.Due = due.At
			m[key] = row
		}
	}
	if err := store.Reschedule(t.Context(), table, dues); err != nil {
		t.Fatalf("reschedule: %v", err)
	}
}

func (m model) purge(t *rapid.T, store tracker.Store) {
	before, want := someTime.Draw(t, "before"), 0
	for key, row := range m {
		if row.Order < before && row.Due == 0 {
			delete(m, key)
			want++
		}
	}
	if n, err := store.Purge(t.Context(), table, time.UnixMilli(before), 100); err != nil || n != want {
		t.Fatalf("purged %d, want %d: %v", n, want, err)
	}
}

func (m model) search(t *rapid.T, store tracker.Store) {
	terms, size := someTerms.Draw(t, "terms"), rapid.IntRange(1, 4).Draw(t, "page size")
	list := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"l", "m"}), 0, 1).Draw(t, "list"), "")
	want := m.rows(func(row tracker.Row) bool {
		return (list == "" || slices.Contains(row.Lists, list)) &&
			!slices.ContainsFunc(terms, func(term string) bool { return !slices.Contains(row.Terms, term) })
	})
	page := tracker.Page{Limit: size, Oldest: rapid.Bool().Draw(t, "oldest first")}
	if page.Oldest {
		slices.Reverse(want)
	}
	for {
		rows, err := store.Search(t.Context(), table, list, terms, page)
		part := want[:min(size, len(want))]
		expectKeys(t, fmt.Sprintf("search for %q in %q", terms, list), rows, err, keysOf(part)...)
		if want = want[len(part):]; len(rows) < size {
			return
		}
		page.After = cursorOf(rows[len(rows)-1])
	}
}

// compare reads all there is, row by row and list by list.
func (m model) compare(t *rapid.T, store tracker.Store) {
	want := m.rows(func(tracker.Row) bool { return true })
	rows, err := store.Search(t.Context(), table, "", nil, tracker.Page{})
	expectKeys(t, "all rows", rows, err, keysOf(want)...)
	for i, row := range rows {
		if row.Version != want[i].Version || row.Due != want[i].Due || row.Order != want[i].Order || !bytes.Equal(row.Doc, want[i].Doc) {
			t.Fatalf("got %+v, want %+v", row, want[i])
		}
		kept := m[row.Key]
		kept.Indexed = row.Indexed
		m[row.Key] = kept
	}
	for _, list := range []string{"l", `n"$.`} {
		want := m.rows(func(row tracker.Row) bool { return slices.Contains(row.Lists, list) })
		rows, err := store.List(t.Context(), table, list, tracker.Page{})
		expectKeys(t, "list "+list, rows, err, keysOf(want)...)
		if n, err := store.Count(t.Context(), table, list, 100); err != nil || n != len(want) {
			t.Fatalf("counted %d in %s, want %d: %v", n, list, len(want), err)
		}
	}
}

// rows are the model's rows that fit, newest first.
func (m model) rows(fit func(tracker.Row) bool) []tracker.Row {
	var rows []tracker.Row
	for _, row := range m {
		if fit(row) {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, newestFirst)
	return rows
}

func newestFirst(a, b tracker.Row) int {
	return cmp.Or(cmp.Compare(b.Order, a.Order), strings.Compare(b.Key, a.Key))
}
