// Package sqlite keeps tracker's rows in one SQLite file: the store for a single host, without any set-up.
//
// All writes go through one connection, and those that come while a commit is under way share the next one
// (see writer.go). Reads have connections of their own and never wait for writes. Another process may open the
// same file at the same time. How rows lie in the file is said in schema.go.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver

	"waybill/tracker"
)

// Store is a tracker.Store in an SQLite file.
type Store struct {
	path    string
	tables  map[tracker.Table]*table
	writer  *writer
	readers *sql.DB
	// prepared holds the readers' statements by their text.
	prepared sync.Map
}

var _ tracker.Store = (*Store)(nil)

// Open opens the file, which is created (for its owner alone) where it is missing; its folder must exist.
// It fails where the file is not Waybill's, or was written by a newer Waybill.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	tables := make(map[tracker.Table]*table)
	for _, name := range tracker.Tables() {
		tables[name] = newTable(name)
	}
	w, err := openWriter(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %w", path, err)
	}
	readers, err := sql.Open("sqlite", dsn(path, readerSettings...))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database %s for reading: %w", path, err), w.close())
	}
	readers.SetMaxOpenConns(max(4, runtime.NumCPU()))
	readers.SetMaxIdleConns(max(4, runtime.NumCPU()))
	return &Store{path: path, tables: tables, writer: w, readers: readers}, nil
}

// Ping commits a transaction that changes nothing.
func (s *Store) Ping(ctx context.Context) error {
	return s.writer.do(ctx, 1, func(tx *tx) error {
		_, err := tx.exec(fmt.Sprintf("PRAGMA user_version = %d", len(migrations)))
		return err
	})
}

// Close waits for the commit under way and closes the file.
func (s *Store) Close() error {
	err := s.writer.close()
	s.prepared.Range(func(_, stmt any) bool {
		err = errors.Join(err, stmt.(*sql.Stmt).Close()) //nolint:forcetypeassert // nothing else is kept there
		return true
	})
	return errors.Join(err, s.readers.Close())
}

// table is what the store knows of a table: its statements.
func (s *Store) table(name tracker.Table) (*table, error) {
	t, ok := s.tables[name]
	if !ok {
		return nil, fmt.Errorf("the database %s has no table %q", s.path, name)
	}
	return t, nil
}

// readerSettings hold for the connections that read. Their caches are small, as every commit empties them.
var readerSettings = []string{"_query_only=1", "_pragma=cache_size(-4096)"}

// dsn is the driver's name of the file with the settings that hold for every connection.
func dsn(path string, settings ...string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		absolute = path // the working directory is gone; SQLite says so better
	}
	query := "_busy_timeout=5000&" + strings.Join(settings, "&")
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: query}).String()
}
