package storetest

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"waybill/tracker"
)

func rowCases() []testCase {
	return []testCase{
		{"Get answers in the order of its keys and leaves missing ones out", func(t *testing.T, store tracker.Store) {
			put(t, store, numbered(3, nil)...)
			rows, err := store.Get(t.Context(), table, "r002", "missing", "r000", "r001")
			expectKeys(t, "Get", rows, err, "r002", "r000", "r001")
			rows, err = store.Get(t.Context(), table)
			expectKeys(t, "Get of no keys", rows, err)
		}},
		{"Get takes many keys", func(t *testing.T, store tracker.Store) {
			rows := numbered(300, nil)
			put(t, store, rows...)
			got, err := store.Get(t.Context(), table, keysOf(rows)...)
			expectKeys(t, "Get", got, err, keysOf(rows)...)
		}},
		{"a read gives back what was written but lists and terms", wholeRow},
		{"every write raises the version by one", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Doc: []byte("1")})
			for want := int64(1); want <= 3; want++ {
				row := get(t, store, "a")
				if row.Version != want {
					t.Fatalf("version %d, want %d", row.Version, want)
				}
				put(t, store, row)
			}
		}},
		{"to insert a row that exists is a conflict and changes nothing", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Doc: []byte("first")})
			expectConflict(t, store, tracker.Write{Table: table, Row: tracker.Row{Key: "a", Doc: []byte("second")}})
			expectDoc(t, store, "a", "first")
		}},
		{"to write over a change is a conflict and changes nothing", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Doc: []byte("first")})
			stale := get(t, store, "a")
			changed := stale
			changed.Doc = []byte("second")
			put(t, store, changed)
			expectConflict(t, store, tracker.Write{Table: table, Row: stale})
			expectConflict(t, store, tracker.Write{Table: table, Row: stale, Delete: true})
			expectDoc(t, store, "a", "second")
		}},
		{"a row that was removed is not brought back by a change", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a"})
			row := get(t, store, "a")
			remove := tracker.Write{Table: table, Row: row, Delete: true}
			if err := tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{remove})); err != nil {
				t.Fatal(err)
			}
			expectConflict(t, store, tracker.Write{Table: table, Row: row})
			expectConflict(t, store, remove)
			rows, err := store.Get(t.Context(), table, "a")
			expectKeys(t, "Get", rows, err)
			put(t, store, tracker.Row{Key: "a"})
		}},
		{"to remove a row that never was is a conflict", func(t *testing.T, store tracker.Store) {
			expectConflict(t, store, tracker.Write{Table: table, Row: tracker.Row{Key: "a"}, Delete: true})
			expectConflict(t, store, tracker.Write{Table: table, Row: tracker.Row{Key: "a", Version: 7}, Delete: true})
		}},
		{"the same key in two tables is two rows", func(t *testing.T, store tracker.Store) {
			put(t, store, tracker.Row{Key: "a", Doc: []byte("here")})
			rows, err := store.Get(t.Context(), tracker.Legs, "a")
			expectKeys(t, "Get of the other table", rows, err)
		}},
		{"keys and lists may hold any characters", oddNames},
		{"a document of a megabyte is kept whole", func(t *testing.T, store tracker.Store) {
			doc := bytes.Repeat([]byte{0, 0xff, '"', '$'}, 1<<18)
			put(t, store, tracker.Row{Key: "a", Doc: doc})
			if got := get(t, store, "a").Doc; !bytes.Equal(got, doc) {
				t.Fatalf("a document of %d bytes came back with %d", len(doc), len(got))
			}
		}},
		{"a row that no store takes is refused by itself", refused},
	}
}

func wholeRow(t *testing.T, store tracker.Store) {
	written := tracker.Row{
		Key: "a", Order: 1_763_900_000_123, Due: 1_763_900_000_456, Doc: []byte{0, 1, 0xff},
		Lists: []string{"tenant:acme", "order:acme/1001"}, Terms: []string{"123", "abc_d"},
	}
	put(t, store, written, tracker.Row{Key: "b", Order: -5, Due: -7}, tracker.Row{Key: "c", Due: math.MaxInt64})
	got := get(t, store, "a")
	if got.Key != "a" || got.Version != 1 || got.Order != written.Order || got.Due != written.Due ||
		!bytes.Equal(got.Doc, written.Doc) || got.Lists != nil || got.Terms != nil {
		t.Fatalf("wrote %+v, read %+v", written, got)
	}
	if b := get(t, store, "b"); b.Order != -5 || b.Due != -7 || len(b.Doc) != 0 {
		t.Fatalf("a row from before 1970 came back as %+v", b)
	}
}

func oddNames(t *testing.T, store tracker.Store) {
	names := []string{
		`"quoted"`, `it's`, `a.b.c`, `$set`, `$`, `{"a":1}`, `*`, `%`, `_`, `a b`, "tab\tand\nline", `back\slash`, `ünïcödé`, `小包`, `📦`,
		`order:acme/№ 7`, "-- ; DROP", `AND OR NOT`, "Zed", "zed", " zed", "\u00e9", "e\u0301", "nul\x00byte", "nul",
	}
	rows := make([]tracker.Row, len(names))
	for i, name := range names {
		rows[i] = tracker.Row{Key: name, Order: int64(i), Lists: []string{name}, Doc: []byte(name)}
	}
	put(t, store, rows...)
	for _, name := range names {
		expectDoc(t, store, name, name)
		listed, err := store.List(t.Context(), table, name, tracker.Page{})
		expectKeys(t, "List "+name, listed, err, name)
		next, err := store.List(t.Context(), table, name, tracker.Page{After: &tracker.Cursor{Order: listed[0].Order, Key: name}})
		expectKeys(t, "List after "+name, next, err)
	}
}

func refused(t *testing.T, store tracker.Store) {
	bad := []tracker.Row{
		{Key: ""},
		{Key: "not\xffutf8"},
		{Key: string(bytes.Repeat([]byte("k"), tracker.MaxName+1))},
		{Key: "list", Lists: []string{""}},
		{Key: "term", Terms: []string{"Capital"}},
		{Key: "term", Terms: []string{""}},
		{Key: "doc", Doc: make([]byte, tracker.MaxDoc+1)},
		{Key: "order", Order: tracker.MaxOrder},
	}
	results, err := store.Apply(t.Context(), sets(append(bad, tracker.Row{Key: "good"})...))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range bad {
		if results[i] == nil || errors.Is(results[i], tracker.ErrConflict) || errors.Is(results[i], tracker.ErrUnavailable) {
			t.Errorf("row %.20q was not refused but: %v", row.Key, results[i])
		}
	}
	if results[len(bad)] != nil {
		t.Errorf("the good row was refused: %v", results[len(bad)])
	}
	get(t, store, "good")
}

func expectConflict(t *testing.T, store tracker.Store, write tracker.Write) {
	t.Helper()
	results, err := store.Apply(t.Context(), []tracker.Write{write})
	if err != nil {
		t.Fatalf("write %q: %v", write.Row.Key, err)
	}
	if !errors.Is(results[0], tracker.ErrConflict) {
		t.Fatalf("write %q: got %v, want a conflict", write.Row.Key, results[0])
	}
}

func expectDoc(t *testing.T, store tracker.Store, key, want string) {
	t.Helper()
	if got := get(t, store, key).Doc; string(got) != want {
		t.Fatalf("the document of %q is %q, want %q", key, got, want)
	}
}
