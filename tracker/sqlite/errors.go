package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"waybill/tracker"
)

// advice says what to do about the failures that an operator can end.
var advice = map[int]string{
	sqlite3.SQLITE_FULL:     "the disk is full; free some space",
	sqlite3.SQLITE_BUSY:     "another process keeps it locked; end that process",
	sqlite3.SQLITE_LOCKED:   "another process keeps it locked; end that process",
	sqlite3.SQLITE_READONLY: "it may not be written; see the rights of the file and its folder",
	sqlite3.SQLITE_CANTOPEN: "it cannot be opened; see the rights of the file and its folder",
	sqlite3.SQLITE_IOERR:    "the disk failed; see the system's log",
	sqlite3.SQLITE_CORRUPT:  "the file is damaged; restore a backup",
	sqlite3.SQLITE_NOTADB:   "it is not an SQLite database; name another file",
	sqlite3.SQLITE_NOMEM:    "memory is short",
	sqlite3.SQLITE_PROTOCOL: "its lock file is in disorder; end all processes that use it",
}

// mapped turns the driver's error into the port's: what keeps the file from answering is ErrUnavailable. The end of
// a context stays what it is, and so does an error that only a fault in this package can cause.
func mapped(err error) error {
	var failure *sqlite.Error
	switch {
	case err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, sql.ErrConnDone) || errors.Is(err, errClosed):
		return fmt.Errorf("%w: %w", tracker.ErrUnavailable, err)
	case errors.As(err, &failure):
		if what, ok := advice[failure.Code()&0xff]; ok { // the low byte is the primary code
			return fmt.Errorf("%w: %s: %w", tracker.ErrUnavailable, what, err)
		}
	}
	return err
}
