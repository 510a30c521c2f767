package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waybill/tracker"
	"waybill/tracker/sqlite"
)

func TestOpenSaysWhatIsWrongWithAFile(t *testing.T) {
	folder := t.TempDir()
	for _, test := range []struct {
		name, path, want string
	}{
		{"nothing named", "", "no file is named"},
		{"a folder", folder, "it is a folder"},
		{"a folder that is missing", filepath.Join(folder, "none", "waybill.db"), "create it first"},
		{"no database", written(t, "this is a text of no database, and long enough to have a header of one"), "not an SQLite database"},
		{"another program's database", filled(t, "CREATE TABLE songs (title TEXT)"), "another program's"},
		{"a newer Waybill's database", filled(t, "CREATE TABLE x (y); PRAGMA application_id = 0x57415942; PRAGMA user_version = 99"), "newer Waybill"},
	} {
		t.Run(test.name, func(t *testing.T) {
			store, err := sqlite.Open(t.Context(), test.path)
			if err == nil {
				_ = store.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.path) {
				t.Fatalf("got %q, want %q and the path in it", err, test.want)
			}
		})
	}
}

// written makes a file of a text.
func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(strings.Repeat(text, 20)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// filled makes a database of a script.
func filled(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it holds nothing open
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFilesAreTheirOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd name ?#%.db")
	store := open(t, path)
	set(t, store, tracker.Row{Key: "a"})
	names, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(names) != 3 {
		t.Fatalf("files %q, %v", names, err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the rights %v, %v", name, info.Mode(), err)
		}
	}
}

func TestAFileIsAsItWasWhenItIsOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waybill.db")
	store := open(t, path)
	set(t, store, tracker.Row{Key: "a", Order: 7, Due: 9, Lists: []string{"l"}, Terms: []string{"red"}, Doc: []byte("kept")})
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	store = open(t, path)
	for name, read := range map[string]func() ([]tracker.Row, error){
		"Get":  func() ([]tracker.Row, error) { return store.Get(t.Context(), tracker.Legs, "a") },
		"List": func() ([]tracker.Row, error) { return store.List(t.Context(), tracker.Legs, "l", tracker.Page{}) },
		"Search": func() ([]tracker.Row, error) {
			return store.Search(t.Context(), tracker.Legs, "l", []string{"red"}, tracker.Page{})
		},
	} {
		rows, err := read()
		if err != nil || len(rows) != 1 || string(rows[0].Doc) != "kept" || rows[0].Order != 7 || rows[0].Due != 9 {
			t.Errorf("%s: %+v, %v", name, rows, err)
		}
	}
}

func TestTwoProcessesWriteOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waybill.db")
	one, other := open(t, path), open(t, path)
	set(t, one, tracker.Row{Key: "a", Doc: []byte("one")})
	rows, err := other.Get(t.Context(), tracker.Legs, "a")
	if err != nil || len(rows) != 1 {
		t.Fatalf("the other sees %+v, %v", rows, err)
	}
	rows[0].Doc = []byte("other")
	set(t, other, rows[0])
	if _, err := one.Apply(t.Context(), []tracker.Write{{Table: tracker.Legs, Row: rows[0]}}); err != nil {
		t.Fatal(err)
	}
	results, err := one.Apply(t.Context(), []tracker.Write{{Table: tracker.Legs, Row: tracker.Row{Key: "a", Version: 1}}})
	if err != nil || !errors.Is(results[0], tracker.ErrConflict) {
		t.Errorf("a write over the other's: %v, %v", results, err)
	}
	rows, err = one.Get(t.Context(), tracker.Legs, "a")
	if err != nil || string(rows[0].Doc) != "other" {
		t.Errorf("the one sees %+v, %v", rows, err)
	}
}

func TestWhatWasRemovedIsNotInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waybill.db")
	store := open(t, path)
	secret := bytes.Repeat([]byte("Erika Mustermann"), 1000) // reaches over several pages
	set(t, store, tracker.Row{Key: "a", Doc: secret})
	gone := tracker.Write{Table: tracker.Legs, Row: tracker.Row{Key: "a", Version: 1}, Delete: true}
	if err := tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{gone})); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(path + "*")
	if err != nil || len(names) != 1 {
		t.Fatalf("files left %q, %v", names, err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, []byte("Mustermann")) {
		t.Error("the file still holds what was removed")
	}
}

// set writes a leg's row.
func set(t *testing.T, store tracker.Store, row tracker.Row) {
	t.Helper()
	if err := tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{{Table: tracker.Legs, Row: row}})); err != nil {
		t.Fatal(err)
	}
}
