package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"waybill/tracker"
)

// How a table lies in the file.
//
// The row's id carries its Order: Order << orderBits, plus a number that tells rows of the same millisecond apart.
// So rows lie in the order of their creation, the few that are active lie together at the end however many there
// are, lists and terms are sorted by id alone, and Purge reads a range. All that is known of a row but its document
// comes before the document: what asks for that alone never touches the document's overflow pages.
//
// due is always six bytes (never is the largest such number), so that Reschedule changes a row in place. Only rows
// that are due some day are in the index.
//
// Terms are in an FTS5 index that keeps neither texts nor positions: with 70 terms a row it takes 0.8 kB a row and
// 13,000 rows a second, where a b-tree of (term, id) takes 1.9 kB and falls below 1,000 a second at 100,000 rows.
const tableSQL = `
CREATE TABLE {t} (
  id      INTEGER PRIMARY KEY,
  key     TEXT    NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  due     INTEGER NOT NULL,
  bucket  INTEGER NOT NULL,
  indexed INTEGER NOT NULL,
  lists   TEXT    NOT NULL,
  doc     BLOB    NOT NULL
) STRICT;
CREATE INDEX {t}_due ON {t} (due, bucket) WHERE due < {never};
CREATE TABLE {t}_lists (
  list TEXT    NOT NULL,
  id   INTEGER NOT NULL,
  PRIMARY KEY (list, id)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE {t}_terms USING fts5(
  terms, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'"
);
`

const (
	// orderBits of an id tell rows of the same Order apart.
	orderBits = 20
	// never is the due of rows that are never due: the largest integer of six bytes.
	never = 1<<47 - 1
	// applicationID marks the file as Waybill's: "WAYB".
	applicationID = 0x57415942
)

// migrations bring a file from the schema of their index to the next. What has been released is never changed.
var migrations = []string{
	schemaOf(
		tracker.Receipts, tracker.Legs, tracker.Shipments, tracker.Orders, tracker.Messages, tracker.Subscriptions,
		tracker.Suppressions, tracker.Accounts, tracker.Keys, tracker.Tenants, tracker.DataKeys, tracker.Idempotency,
		tracker.Transits, tracker.DeadTasks, tracker.Leases, tracker.Counters,
	),
	schemaOf(tracker.Routes, tracker.Rounds, tracker.Scores),
	schemaOf(tracker.Drift, tracker.Replays),
	schemaOf(tracker.Disruptions),
	schemaOf(tracker.Webhooks, tracker.WebhookChanges, tracker.WebhookDeliveries),
	schemaOf(tracker.Preferences),
	schemaOf(tracker.Polls, tracker.PullAccounts),
	schemaOf(tracker.Users, tracker.Logins, tracker.Sessions, tracker.Attempts, tracker.Audit),
	schemaOf(tracker.Cases),
	schemaOf(tracker.PickupPoints, tracker.PickupStays, tracker.PickupBindings),
	schemaOf(tracker.Returns),
	schemaOf(tracker.Capacities),
	schemaOf(tracker.Allocations),
	schemaOf(tracker.Proofs),
	schemaOf(tracker.Wishes),
}

func schemaOf(tables ...tracker.Table) string {
	var script strings.Builder
	for _, name := range tables {
		script.WriteString(named(name, tableSQL))
	}
	return script.String()
}

// named fills a statement's placeholders in.
func named(name tracker.Table, statement string) string {
	return strings.NewReplacer(
		"{t}", string(name),
		"{never}", strconv.Itoa(never),
		"{bits}", strconv.Itoa(orderBits),
	).Replace(statement)
}

// migrate brings the file to the newest schema, in one transaction.
func migrate(ctx context.Context, conn *sql.Conn) (err error) {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return mapped(err)
	}
	defer func() {
		end := "COMMIT"
		if err != nil {
			end = "ROLLBACK"
		}
		if _, endErr := conn.ExecContext(context.WithoutCancel(ctx), end); err == nil && endErr != nil {
			err = mapped(endErr)
		}
	}()
	from, err := schemaVersion(ctx, conn)
	if err != nil {
		return err
	}
	if from == len(migrations) {
		return nil
	}
	script := fmt.Sprintf("%s\nPRAGMA user_version = %d; PRAGMA application_id = %d;",
		strings.Join(migrations[from:], "\n"), len(migrations), applicationID)
	if _, err := conn.ExecContext(ctx, script); err != nil {
		return fmt.Errorf("bring the schema from version %d to %d: %w", from, len(migrations), mapped(err))
	}
	return nil
}

// schemaVersion reads which schema the file has, 0 for a new file, and refuses files that are not ours to change.
func schemaVersion(ctx context.Context, conn *sql.Conn) (int, error) {
	var version, application, objects int
	for query, value := range map[string]*int{
		"PRAGMA user_version":                &version,
		"PRAGMA application_id":              &application,
		"SELECT count(*) FROM sqlite_schema": &objects,
	} {
		if err := conn.QueryRowContext(ctx, query).Scan(value); err != nil {
			return 0, mapped(err)
		}
	}
	switch {
	case objects > 0 && application != applicationID:
		return 0, errors.New("it is another program's SQLite database; name another file")
	case version > len(migrations):
		return 0, fmt.Errorf("a newer Waybill wrote it (schema %d, this one knows up to %d); use that one, or restore a backup from before",
			version, len(migrations))
	}
	return version, nil
}
